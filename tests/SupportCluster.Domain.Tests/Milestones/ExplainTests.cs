using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Milestones;

/// <summary>Every deadline can explain itself, in data and in one sentence.</summary>
public sealed class ExplainTests
{
    [Fact]
    public void A_response_over_Christmas_names_the_holidays_that_it_passed_over()
    {
        var response = WhatIf("basic", 1, "2026-12-24T17:30Z", MilestoneKind.InitialResponse);

        Assert.Equal(("HB-4.3", "1 h", "Mon-Fri 08:00-18:00", "Europe/Dublin"), (response.Rule, response.Target, response.Hours, response.Zone));
        Assert.Equal(
            ["2026-12-24 PT30M ", "2026-12-25 PT0S Christmas Day", "2026-12-26 PT0S closed", "2026-12-27 PT0S closed", "2026-12-28 PT0S Saint Stephen's Day, in lieu", "2026-12-29 PT30M "],
            response.Days.Select(d => $"{NodaTime.Text.LocalDatePattern.Iso.Format(d.Date)} {(d.Counted == Duration.Zero ? "PT0S" : "PT30M")} {d.Skipped}"));
        Assert.Equal(
            "Initial response is due at Tue 2026-12-29 08:30 Europe/Dublin: \"1 h\" from Thu 2026-12-24 17:30 Europe/Dublin, in local business hours (Mon-Fri 08:00-18:00), 4 closed days passed over (Christmas Day, Saint Stephen's Day, in lieu).",
            response.Summary);
    }

    [Fact]
    public void What_if_shows_all_four_milestones_from_one_instant()
    {
        var (all, refusal) = Explain.WhatIf(TheDefaultPolicy.Policy, "global", 1, "Asia/Tokyo", "JP", TheDefaultPolicy.Utc("2026-03-02T09:00Z"));

        Assert.Null(refusal);
        Assert.Equal(Enum.GetValues<MilestoneKind>(), all.Select(e => e.Milestone));
        Assert.Equal(["2026-03-02T09:15Z", "2026-03-02T09:15Z", "2026-03-02T17:00Z", "2026-03-10T09:00Z"], all.Select(e => Text(e.Deadline)));
        Assert.Equal(["HB-4.2", "HB-4.3", "HB-4.3", "HB-4.3"], all.Select(e => e.Rule));
    }

    [Theory]
    [InlineData("platinum", 1, "Europe/Dublin", "offer-unknown", "/offer")]
    [InlineData("basic", 0, "Europe/Dublin", "severity-malformed", "/severity")]
    [InlineData("basic", 5, "Europe/Dublin", "severity-malformed", "/severity")]
    [InlineData("basic", 1, "Mars/Olympus", "zone-unknown", "/zone")]
    [InlineData("basic", 1, "", "zone-unknown", "/zone")]
    public void What_does_not_exist_is_refused(string offer, int severity, string zone, string code, string pointer)
    {
        var (deadlines, refusal) = Explain.WhatIf(TheDefaultPolicy.Policy, offer, severity, zone, null, TheDefaultPolicy.Utc("2026-03-02T09:00Z"));

        Assert.Empty(deadlines);
        Assert.Equal((code, pointer), (refusal!.Code, refusal.Pointer));
    }

    [Theory]
    [InlineData("essential", 2, MilestoneKind.ServiceRestoration, "Essential Support promises no service restoration for severity 2.")]
    [InlineData("essential", 4, MilestoneKind.SolutionProposal, "Solution proposal has no deadline: a next software update meets it.")]
    [InlineData("essential", 3, MilestoneKind.InitialResponse, "Initial response is due at Tue 2026-03-03 09:00 Europe/Dublin: \"next business day, same time of day\" from Mon 2026-03-02 09:00 Europe/Dublin, in business days (Mon-Fri 08:00-18:00).")]
    [InlineData("essential", 3, MilestoneKind.SolutionProposal, "Solution proposal is due at Sun 2026-03-22 09:00 Europe/Dublin: \"20 days and/or next software update\" from Mon 2026-03-02 09:00 Europe/Dublin, in calendar days at the same local time.")]
    [InlineData("essential", 1, MilestoneKind.ServiceRestoration, "Service restoration is due at Mon 2026-03-02 17:00 Europe/Dublin: \"8 h\" from Mon 2026-03-02 09:00 Europe/Dublin, round the clock.")]
    public void One_sentence_says_it(string offer, int severity, MilestoneKind kind, string sentence) =>
        Assert.Equal(sentence, WhatIf(offer, severity, "2026-03-02T09:00Z", kind).Summary);

    [Fact]
    public void Calendar_days_need_no_calendar()
    {
        var solution = WhatIf("basic", 1, "2026-03-02T09:00Z", MilestoneKind.SolutionProposal);

        Assert.Equal(MilestoneClockKind.RoundTheClock, solution.Clock);
        Assert.Null(solution.Calendar);
        Assert.Empty(solution.Days);
    }

    [Fact]
    public void A_hold_that_moved_a_deadline_is_shown_and_one_after_it_is_not()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:00Z", Rep, new CaseCommand.AskCustomer("Which release?"));
        var onHold = Of(given, MilestoneKind.ServiceRestoration);
        Assert.Equal("Service restoration is on hold since Mon 2026-03-02 10:00 Europe/Dublin (the customer was asked): \"8 h\" from Mon 2026-03-02 09:00 Europe/Dublin goes on when the hold ends.", onHold.Summary);

        given.When("2026-03-02T12:00Z", Contact, new CaseCommand.Answer("2.1."));
        given.Tick("2026-03-02T19:00Z");
        given.When("2026-03-02T20:00Z", Rep, new CaseCommand.AskCustomer("And now?"));
        var missed = Of(given, MilestoneKind.ServiceRestoration);

        Assert.Equal(["2026-03-02T10:00Z"], missed.Holds.Select(h => Text(h.From)));
        Assert.Equal(
            "Service restoration is due at Mon 2026-03-02 19:00 Europe/Dublin: \"8 h\" from Mon 2026-03-02 09:00 Europe/Dublin, round the clock, time on hold excluded (the customer was asked); it was missed.",
            missed.Summary);
        Assert.Empty(Of(given, MilestoneKind.InitialResponse).Holds);
    }

    [Fact]
    public void After_a_raise_the_rule_is_the_changes_and_an_applied_cap_is_told()
    {
        var given = Opened("essential", 2, "2026-03-02T09:00Z");
        given.When("2026-03-02T10:50Z", Contact, new CaseCommand.ChangeSeverity(1, "The site is down."));
        var response = Of(given, MilestoneKind.InitialResponse);
        var solution = Of(given, MilestoneKind.SolutionProposal);

        Assert.Equal(("HB-4.10", true, "2026-03-02T11:00Z"), (response.Rule, response.CapApplied, Text(response.Cap)));
        Assert.EndsWith("round the clock, but not later than the deadline before the change.", response.Summary, StringComparison.Ordinal);
        Assert.Equal(("HB-4.10", false), (solution.Rule, solution.CapApplied));
        Assert.Equal("HB-4.2", Of(given, MilestoneKind.Acknowledgement).Rule);
    }

    [Fact]
    public void Before_acknowledgement_the_clocks_wait_and_after_a_reopening_they_are_the_tables_again()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z", channel: Channel.Phone);
        Assert.Equal("Initial response is promised as \"30 min\" and its clock starts at acknowledgement.", Of(given, MilestoneKind.InitialResponse).Summary);

        var reopened = Opened("essential", 1, "2026-03-02T09:00Z");
        reopened.When("2026-03-02T09:10Z", Contact, new CaseCommand.Close("It went away."));
        Assert.Equal("Service restoration no longer applies: the case was closed first.", Of(reopened, MilestoneKind.ServiceRestoration).Summary);
        reopened.When("2026-03-03T09:00Z", Contact, new CaseCommand.Reopen("It is back."));
        Assert.Equal("HB-4.3", Of(reopened, MilestoneKind.ServiceRestoration).Rule);
    }

    private static DeadlineExplained Of(GivenCase given, MilestoneKind kind) => Explain.OfCase(given.State, given.Policy).Single(e => e.Milestone == kind);

    private static DeadlineExplained WhatIf(string offer, int severity, string at, MilestoneKind kind) =>
        Explain.WhatIf(TheDefaultPolicy.WithHolidays, offer, severity, "Europe/Dublin", "IE", TheDefaultPolicy.Utc(at)).Deadlines.Single(e => e.Milestone == kind);
}
