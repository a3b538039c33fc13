using SupportCluster.Domain.Cases;
using Xunit;
using static SupportCluster.Domain.Tests.GivenCase;

namespace SupportCluster.Domain.Tests.Cases;

/// <summary>HB-3.2, HB-5.1, HB-5.2, HB-8.1.</summary>
public sealed class IntakeTests
{
    private static readonly Policy.SupportPolicy Rules = TheDefaultPolicy.Policy;

    [Theory]
    [InlineData(ProblemSubject.Technical, null, null)]
    [InlineData(ProblemSubject.Configuration, null, null)]
    [InlineData(ProblemSubject.GeneralProductQuestion, "professional services", "HB-5.1")]
    [InlineData(ProblemSubject.Integration, "professional services", "HB-5.1")]
    [InlineData(ProblemSubject.ProjectImplementation, "professional services", "HB-5.1")]
    [InlineData(ProblemSubject.Training, "education", "HB-5.1")]
    [InlineData(ProblemSubject.LicenceKey, "Customer Service", "HB-8.1")]
    [InlineData(ProblemSubject.HostIdTransfer, "Customer Service", "HB-8.1")]
    [InlineData(ProblemSubject.ContactDetails, "Customer Service", "HB-8.1")]
    public void What_is_no_problem_is_pointed_elsewhere(ProblemSubject subject, string? where, string? rule)
    {
        var refusal = Intake.Check(Rules, Report(2), subject, Contact).Refusal;

        Assert.Equal((where, rule), (refusal?.Facts!["referredTo"], refusal?.Rule));
        Assert.Equal(where is null ? (null, null) : ("not-a-problem", "/subject"), (refusal?.Code, refusal?.Pointer));
    }

    [Fact]
    public void Missing_information_is_asked_for_and_waits_for_a_representative()
    {
        var outcome = Intake.Check(Rules, Report(2, complete: false), ProblemSubject.Technical, Contact).Outcome!;

        Assert.Equal(["serialNumber", "systemType", "operatingSystem", "networkPlatform", "database", "configuration", "revision", "evidence"], outcome.Missing);
        Assert.False(outcome.Automatic);
    }

    [Fact]
    public void Missing_information_does_not_stop_a_severity_1()
    {
        var outcome = Intake.Check(Rules, Report(1, complete: false), ProblemSubject.Technical, Contact).Outcome!;

        Assert.NotEmpty(outcome.Missing);
        Assert.True(outcome.Automatic);
    }

    [Fact]
    public void Blank_information_is_missing()
    {
        var outcome = Intake.Check(Rules, Report(2) with { SerialNumber = " ", Environment = new("server", "", "Ethernet", "none", "2 nodes", "1.0", null, ["log.txt"]) }, ProblemSubject.Technical, Contact).Outcome!;

        Assert.Equal(["serialNumber", "operatingSystem"], outcome.Missing);
    }

    [Theory]
    [InlineData(Channel.Phone)]
    [InlineData(Channel.Email)]
    public void A_report_by_phone_or_email_waits_for_a_representative(Channel channel) =>
        Assert.False(Intake.Check(Rules, Report(1, channel), ProblemSubject.Technical, Rep).Outcome!.Automatic);

    [Fact]
    public void A_severity_1_with_a_workaround_is_flagged_and_stays_1()
    {
        var report = Report(1, criteria: "production-down") with { WorkaroundAvailable = true };
        var given = Opened(Rules, Opened("essential", 1, "2026-03-02T09:00Z").State.Terms, report, "2026-03-02T09:00Z", Contact);

        Assert.Equal(1, given.State.Severity);
        Assert.Equal([IntakeFlags.WorkaroundAtHand, IntakeFlags.SeverityDiffers], given.State.Flags);
    }

    [Theory]
    [InlineData(false, 1, "production-down")]
    [InlineData(false, 1, "data-at-risk")]
    [InlineData(false, 1, "service-lost")]
    [InlineData(false, 1, "business-disrupted")]
    [InlineData(false, 1, "test-milestone-missed")]
    [InlineData(false, 1, "network-endangered")]
    [InlineData(true, 2, "production-down")]
    [InlineData(false, 2, "major-malfunction")]
    [InlineData(false, 3, "limited-effect")]
    [InlineData(false, 4, "no-effect")]
    [InlineData(false, 4, "documentation")]
    [InlineData(false, 4, "suggestion")]
    [InlineData(false, 2, "suggestion", "major-malfunction", "limited-effect")]
    [InlineData(true, 3, "limited-effect")]
    public void The_criteria_propose_a_severity(bool workaround, int proposed, params string[] criteria) =>
        Assert.Equal(proposed, Intake.ProposedSeverity(Rules, criteria, workaround));

    [Fact]
    public void Without_criteria_nothing_is_proposed_or_flagged()
    {
        Assert.Null(Intake.ProposedSeverity(Rules, [], false));
        Assert.Empty(Intake.Check(Rules, Report(3), ProblemSubject.Technical, Contact).Outcome!.Flags);
    }

    [Fact]
    public void A_report_with_a_mistake_is_refused_with_its_place()
    {
        Assert.Equal("/title", Refused(Report(2) with { Title = " " }).Pointer);
        Assert.Equal("/title", Refused(Report(2) with { Title = "two\nlines" }).Pointer);
        Assert.Equal("/title", Refused(Report(2) with { Title = new('x', 201) }).Pointer);
        Assert.Equal("/description", Refused(Report(2) with { Description = "" }).Pointer);
        Assert.Equal("/severity", Refused(Report(5)).Pointer);
        Assert.Equal("/criteria/1", Refused(Report(2, criteria: ["suggestion", "boredom"])).Pointer);

        static Refusal Refused(ProblemReport report) => Intake.Check(Rules, report, ProblemSubject.Technical, Contact).Refusal!;
    }
}
