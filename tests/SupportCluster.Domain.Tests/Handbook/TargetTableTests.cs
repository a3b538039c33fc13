using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Handbook;

/// <summary>HB-4.3 row by row, for all six offers: what the handbook's table says, written out as instants.</summary>
public sealed class TargetTableTests
{
    /// <summary>Opened on Monday 2 March 2026 at 09:00 in Dublin.</summary>
    [Theory]
    [InlineData("basic", 1, "2026-03-02T10:00Z", "2026-03-03T17:00Z", "2026-03-12T09:00Z")]
    [InlineData("basic", 2, "2026-03-02T13:00Z", null, "2026-03-12T09:00Z")]
    [InlineData("basic", 3, "2026-03-03T18:00Z", null, "2026-03-27T09:00Z")]
    [InlineData("basic", 4, "2026-03-04T18:00Z", null, null)]
    [InlineData("essential", 1, "2026-03-02T09:30Z", "2026-03-02T17:00Z", "2026-03-10T09:00Z")]
    [InlineData("essential", 2, "2026-03-02T11:00Z", null, "2026-03-12T09:00Z")]
    [InlineData("essential", 3, "2026-03-03T09:00Z", null, "2026-03-22T09:00Z")]
    [InlineData("essential", 4, "2026-03-03T18:00Z", null, null)]
    [InlineData("rps", 1, "2026-03-02T09:15Z", "2026-03-02T17:00Z", "2026-03-10T09:00Z")]
    [InlineData("rps", 2, "2026-03-02T11:00Z", null, "2026-03-12T09:00Z")]
    [InlineData("rps", 3, "2026-03-03T09:00Z", null, "2026-03-22T09:00Z")]
    [InlineData("rps", 4, "2026-03-03T18:00Z", null, null)]
    [InlineData("datacenter", 1, "2026-03-02T09:15Z", "2026-03-02T17:00Z", "2026-03-10T09:00Z")]
    [InlineData("datacenter", 2, "2026-03-02T11:00Z", null, "2026-03-12T09:00Z")]
    [InlineData("datacenter", 3, "2026-03-03T09:00Z", null, "2026-03-22T09:00Z")]
    [InlineData("datacenter", 4, "2026-03-03T18:00Z", null, null)]
    [InlineData("national", 1, "2026-03-02T09:15Z", "2026-03-02T17:00Z", "2026-03-10T09:00Z")]
    [InlineData("national", 2, "2026-03-02T11:00Z", null, "2026-03-12T09:00Z")]
    [InlineData("national", 3, "2026-03-03T09:00Z", null, "2026-03-22T09:00Z")]
    [InlineData("national", 4, "2026-03-03T18:00Z", null, null)]
    [InlineData("global", 1, "2026-03-02T09:15Z", "2026-03-02T17:00Z", "2026-03-10T09:00Z")]
    [InlineData("global", 2, "2026-03-02T11:00Z", null, "2026-03-12T09:00Z")]
    [InlineData("global", 3, "2026-03-03T09:00Z", null, "2026-03-22T09:00Z")]
    [InlineData("global", 4, "2026-03-03T18:00Z", null, null)]
    public void In_Dublin_on_a_Monday_morning(string offer, int severity, string response, string? restoration, string? solution) =>
        Promised(Opened(offer, severity, "2026-03-02T09:00Z"), response, restoration, solution);

    /// <summary>
    /// Opened on Friday 2 November 2018 at 17:30 in São Paulo (UTC-3), half an hour before closing. In the night to Sunday the clocks go forward
    /// from 00:00 to 01:00 (UTC-2), so that Monday 08:00 is 10:00Z.
    /// </summary>
    [Theory]
    [InlineData("basic", 1, "2018-11-05T10:30Z", "2018-11-06T17:30Z", "2018-11-12T19:30Z")]
    [InlineData("basic", 2, "2018-11-05T13:30Z", null, "2018-11-12T19:30Z")]
    [InlineData("basic", 3, "2018-11-05T20:00Z", null, "2018-11-27T19:30Z")]
    [InlineData("basic", 4, "2018-11-06T20:00Z", null, null)]
    [InlineData("essential", 1, "2018-11-02T21:00Z", "2018-11-03T04:30Z", "2018-11-10T19:30Z")]
    [InlineData("essential", 2, "2018-11-02T22:30Z", null, "2018-11-12T19:30Z")]
    [InlineData("essential", 3, "2018-11-05T19:30Z", null, "2018-11-22T19:30Z")]
    [InlineData("essential", 4, "2018-11-05T20:00Z", null, null)]
    [InlineData("rps", 1, "2018-11-02T20:45Z", "2018-11-03T04:30Z", "2018-11-10T19:30Z")]
    [InlineData("datacenter", 1, "2018-11-02T20:45Z", "2018-11-03T04:30Z", "2018-11-10T19:30Z")]
    [InlineData("national", 2, "2018-11-02T22:30Z", null, "2018-11-12T19:30Z")]
    [InlineData("global", 3, "2018-11-05T19:30Z", null, "2018-11-22T19:30Z")]
    [InlineData("global", 4, "2018-11-05T20:00Z", null, null)]
    public void In_Sao_Paulo_before_a_weekend_that_skips_a_midnight(string offer, int severity, string response, string? restoration, string? solution) =>
        Promised(Opened(offer, severity, "2018-11-02T20:30Z", "America/Sao_Paulo", "BR"), response, restoration, solution);

    [Fact]
    public void Eight_days_that_end_in_Sao_Paulos_skipped_half_hour_end_after_it() =>
        Assert.Equal("2018-11-04T03:00Z", Due(Opened("essential", 1, "2018-10-27T03:30Z", "America/Sao_Paulo", "BR").Solution));

    [Fact]
    public void Eight_days_that_end_in_Beiruts_skipped_half_hour_end_after_it() =>
        Assert.Equal("2026-03-28T22:00Z", Due(Opened("essential", 1, "2026-03-20T22:30Z", "Asia/Beirut", "LB").Solution));

    [Fact]
    public void One_hour_from_Friday_17_45_in_Beirut_is_over_on_Monday_08_45_summer_time() =>
        Assert.Equal("2026-03-30T05:45Z", Due(Opened("basic", 1, "2026-03-27T15:45Z", "Asia/Beirut", "LB").Response));

    /// <summary>Thursday 29 October 2026, 23:30, happens twice in Cairo; what ends there ends at the second.</summary>
    [Fact]
    public void Eight_days_that_end_in_Cairos_repeated_hour_end_at_its_second_time() =>
        Assert.Equal("2026-10-29T21:30Z", Due(Opened("essential", 1, "2026-10-21T20:30Z", "Africa/Cairo", "EG").Solution));

    [Fact]
    public void The_same_time_of_day_that_Cairo_skips_on_Friday_is_the_end_of_the_gap() =>
        Assert.Equal("2026-04-23T22:00Z", Due(Opened("essential", 3, "2026-04-22T22:30Z", "Africa/Cairo", "EG").Response));

    /// <summary>Christmas Day is a Friday in 2026, Saint Stephen's Day is kept on Monday 28 December.</summary>
    [Theory]
    [InlineData("basic", 1, "2026-12-29T08:30Z", "2026-12-30T15:30Z", "2027-01-03T17:30Z")]
    [InlineData("basic", 3, "2026-12-29T18:00Z", null, "2027-01-18T17:30Z")]
    [InlineData("essential", 1, "2026-12-24T18:00Z", "2026-12-25T01:30Z", "2027-01-01T17:30Z")]
    [InlineData("essential", 3, "2026-12-29T17:30Z", null, "2027-01-13T17:30Z")]
    public void Public_holidays_of_the_site_are_no_business_days_but_calendar_days(string offer, int severity, string response, string? restoration, string? solution) =>
        Promised(Opened(offer, severity, "2026-12-24T17:30Z", policy: TheDefaultPolicy.WithHolidays), response, restoration, solution);

    /// <summary>HB-4.2: 15 minutes whatever the severity; Basic counts local business hours.</summary>
    [Theory]
    [InlineData("basic", "2026-03-09T08:15Z")]
    [InlineData("essential", "2026-03-07T12:15Z")]
    [InlineData("rps", "2026-03-07T12:15Z")]
    [InlineData("datacenter", "2026-03-07T12:15Z")]
    [InlineData("national", "2026-03-07T12:15Z")]
    [InlineData("global", "2026-03-07T12:15Z")]
    public void A_report_by_phone_on_Saturday_noon_is_acknowledged_within_15_minutes(string offer, string due)
    {
        for (var severity = 1; severity <= 4; severity++)
        {
            var given = Opened(offer, severity, "2026-03-07T12:00Z", channel: Channel.Phone);

            Assert.Equal(due, Due(given.Acknowledgement));
            Assert.Equal(MilestoneState.Pending, given.Response.State);
        }
    }

    [Fact]
    public void A_complete_report_on_line_is_acknowledged_at_once_and_by_the_service()
    {
        var given = Opened("basic", 3, "2026-03-07T12:00Z");

        Assert.Equal(["Reported", "Acknowledged", "MilestoneMet", "WorkStopped"], given.History.Select(e => e.GetType().Name));
        Assert.Equal(["ada", "system", "system", "system"], given.History.Select(e => e.By));
        Assert.Equal(CaseStatus.Queued, given.State.Status);
    }

    /// <summary>HB-4.4: initial response from acknowledgement on; the acknowledgement opens the case, so restoration and solution as well.</summary>
    [Fact]
    public void Clocks_start_at_acknowledgement_not_at_the_report()
    {
        var given = Opened("essential", 1, "2026-03-02T09:00Z", channel: Channel.Phone);
        given.When("2026-03-02T09:10Z", Rep, new CaseCommand.Acknowledge(null, null));

        Promised(given, "2026-03-02T09:40Z", "2026-03-02T17:10Z", "2026-03-10T09:10Z");
        Assert.Equal(MilestoneState.Met, given.Acknowledgement.State);
    }

    /// <summary>HB-4.3: only severity 1 is promised restoration.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Restoration_is_promised_for_severity_1_only(int severity) =>
        Assert.Equal(MilestoneState.NotApplicable, Opened("global", severity, "2026-03-02T09:00Z").Restoration.State);

    /// <summary>HB-4.3: channels of the first response, every offer and severity.</summary>
    [Theory]
    [InlineData("basic", 1, false)]
    [InlineData("basic", 2, false)]
    [InlineData("basic", 3, false)]
    [InlineData("basic", 4, false)]
    [InlineData("essential", 1, true)]
    [InlineData("essential", 2, true)]
    [InlineData("essential", 3, false)]
    [InlineData("essential", 4, false)]
    [InlineData("rps", 1, true)]
    [InlineData("rps", 2, true)]
    [InlineData("rps", 3, false)]
    [InlineData("rps", 4, false)]
    [InlineData("datacenter", 1, true)]
    [InlineData("datacenter", 2, true)]
    [InlineData("datacenter", 3, false)]
    [InlineData("datacenter", 4, false)]
    [InlineData("national", 1, true)]
    [InlineData("national", 2, true)]
    [InlineData("national", 3, false)]
    [InlineData("national", 4, false)]
    [InlineData("global", 1, true)]
    [InlineData("global", 2, true)]
    [InlineData("global", 3, false)]
    [InlineData("global", 4, false)]
    public void The_first_response_is_a_call_back_or_where_promised_a_live_transfer(string offer, int severity, bool live)
    {
        foreach (var channel in Enum.GetValues<Channel>())
        {
            var given = Opened(offer, severity, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:05Z");
            var respond = new CaseCommand.Respond(channel, "We have seen it.");
            if (channel == Channel.CallBack || (live && channel == Channel.LiveTransfer))
            {
                given.When("2026-03-02T09:06Z", Aoife, respond);
                Assert.Equal(MilestoneState.Met, given.Response.State);
            }
            else
            {
                var refusal = given.Refused("2026-03-02T09:06Z", Aoife, respond);
                Assert.Equal(("channel-not-allowed", "HB-4.3"), (refusal.Code, refusal.Rule));
                Assert.Equal(live ? "live transfer or call-back" : "call-back", refusal.Facts!["allowed"]);
            }
        }
    }

    [Fact]
    public void After_the_first_response_any_channel_will_do()
    {
        var given = Opened("basic", 1, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:05Z");
        given.When("2026-03-02T09:06Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "We have seen it."));

        Assert.Equal(["Responded"], given.When("2026-03-02T10:06Z", Aoife, new CaseCommand.Respond(Channel.Email, "Try this.")).Select(e => e.GetType().Name));
    }

    /// <summary>HB-4.3: severity 4 has no deadline; naming a coming update meets it. Severity 3: the day figure is the deadline.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Naming_a_coming_update_meets_the_solution_proposal(int severity)
    {
        var given = Opened("essential", severity, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:05Z");

        Assert.Equal("update-missing", given.Refused("2026-03-05T10:00Z", Aoife, new CaseCommand.ProposeSolution(SolutionKind.PlannedForComingVersion, "Planned.", " ")).Code);
        given.When("2026-03-05T10:00Z", Aoife, new CaseCommand.ProposeSolution(SolutionKind.PlannedForComingVersion, "Planned.", "2.1 MP1"));
        Assert.Equal(MilestoneState.Met, given.Solution.State);
    }

    [Fact]
    public void A_severity_4_is_never_missed_for_want_of_a_solution()
    {
        var given = Opened("global", 4, "2026-03-02T09:00Z").TakenByAoife("2026-03-02T09:05Z");
        given.When("2026-03-02T09:06Z", Aoife, new CaseCommand.Respond(Channel.CallBack, "We have seen it."));

        Assert.Empty(given.Tick("2028-03-02T09:00Z"));
        Assert.Equal(MilestoneState.Running, given.Solution.State);
        Assert.Null(given.State.NextDue);
    }

    private static void Promised(GivenCase given, string response, string? restoration, string? solution)
    {
        Assert.Equal(response, Due(given.Response));
        Assert.Equal(restoration, Due(given.Restoration));
        Assert.Equal(solution, Due(given.Solution));
    }
}
