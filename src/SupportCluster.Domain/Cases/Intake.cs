using System.Collections.Immutable;
using SupportCluster.Domain.Policy;

namespace SupportCluster.Domain.Cases;

/// <summary>What a problem is about (HB-5.1, HB-8.1).</summary>
public enum ProblemSubject
{
    Technical,
    Configuration,
    GeneralProductQuestion,
    Integration,
    Training,
    ProjectImplementation,
    LicenceKey,
    HostIdTransfer,
    ContactDetails,
}

/// <summary>What intake makes of a report (HB-3.1, HB-3.2, HB-5.1, HB-5.2).</summary>
/// <param name="Missing">Information that is asked for.</param>
/// <param name="Flags">Points for the representative, see <see cref="IntakeFlags"/>.</param>
/// <param name="Automatic">Acknowledged at once (HB-4.2).</param>
public sealed record IntakeOutcome(ImmutableArray<string> Missing, ImmutableArray<string> Flags, bool Automatic);

/// <summary>The intake of problems.</summary>
public static class Intake
{
    /// <summary>Longest title, in characters.</summary>
    public const int MaxTitle = 200;

    /// <summary>The severity that criteria imply: the strongest of them; a severity 1 only when no workaround is at once available (HB-3.2). Null without criteria.</summary>
    public static int? ProposedSeverity(SupportPolicy policy, IEnumerable<string> criteria, bool workaroundAvailable)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var severities = criteria.Select(c => policy.Document.Intake.Criteria.GetValueOrDefault(c)?.Severity).OfType<int>().ToList();
        return severities.Count == 0 ? null : severities.Min() is 1 && workaroundAvailable ? 2 : severities.Min();
    }

    /// <summary>Checks a report. The customer's severity is never changed, only remarked on.</summary>
    public static (IntakeOutcome? Outcome, Refusal? Refusal) Check(SupportPolicy policy, ProblemReport report, ProblemSubject subject, Actor actor)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(actor);
        if ((Case.Required(report.Title, "/title") ?? Case.Required(report.Description, "/description") ?? Case.Severity(report.Severity)) is { } wrong)
        {
            return (null, wrong);
        }

        if (report.Title.Length > MaxTitle || report.Title.Any(char.IsControl))
        {
            return (null, Refusal.Malformed("title-malformed", $"A title is one line of at most {MaxTitle} characters.", "/title"));
        }

        if (Referral(policy, subject) is { } referred)
        {
            return (null, referred);
        }

        for (var i = 0; i < report.Criteria.Length; i++)
        {
            if (!policy.Document.Intake.Criteria.ContainsKey(report.Criteria[i]))
            {
                return (null, Refusal.Malformed("criterion-unknown", $"'{report.Criteria[i]}' is not one of {string.Join(", ", policy.Document.Intake.Criteria.Keys)}.", $"/criteria/{i}", "HB-3.2"));
            }
        }

        var missing = policy.Document.Intake.Information.Where(i => !IsGiven(report, i)).Select(i => char.ToLowerInvariant(i.ToString()[0]) + i.ToString()[1..]).ToImmutableArray();
        var flags = ImmutableArray.CreateBuilder<string>();
        if (report.Severity == 1 && report.WorkaroundAvailable)
        {
            flags.Add(IntakeFlags.WorkaroundAtHand);
        }

        if (ProposedSeverity(policy, report.Criteria, report.WorkaroundAvailable) is { } proposed && proposed != report.Severity)
        {
            flags.Add(IntakeFlags.SeverityDiffers);
        }

        // On-line, by an entitled contact, complete; what is missing does not stop a severity 1 (HB-4.2, HB-5.2).
        var automatic = actor.Role == Role.Contact && report.Channel == Channel.Online && (missing.IsEmpty || report.Severity == 1);
        return (new(missing, flags.DrainToImmutable(), automatic), null);
    }

    /// <summary>Where a subject that is no problem is sent instead; null for a problem (HB-5.1).</summary>
    public static Refusal? Referral(SupportPolicy policy, ProblemSubject subject)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var name = char.ToLowerInvariant(subject.ToString()[0]) + subject.ToString()[1..];
        return policy.Document.Intake.ReferredSubjects.TryGetValue(name, out var where)
            ? Refusal.ByRule("not-a-problem", subject is ProblemSubject.LicenceKey or ProblemSubject.HostIdTransfer or ProblemSubject.ContactDetails ? "HB-8.1" : "HB-5.1",
                $"This is not a problem with licensed software: please turn to {where}.", ("referredTo", where)) with
            { Pointer = "/subject" }
            : null;
    }

    private static bool IsGiven(ProblemReport report, RequiredInformation information) => information switch
    {
        RequiredInformation.SerialNumber => Given(report.SerialNumber),
        RequiredInformation.SystemType => Given(report.Environment?.SystemType),
        RequiredInformation.OperatingSystem => Given(report.Environment?.OperatingSystem),
        RequiredInformation.NetworkPlatform => Given(report.Environment?.NetworkPlatform),
        RequiredInformation.Database => Given(report.Environment?.Database),
        RequiredInformation.Configuration => Given(report.Environment?.Configuration),
        RequiredInformation.Revision => Given(report.Environment?.Revision),
        RequiredInformation.HostId => Given(report.Environment?.HostId),
        RequiredInformation.Evidence => report.Environment?.Evidence is { IsDefaultOrEmpty: false },
        _ => throw new ArgumentOutOfRangeException(nameof(information)),
    };

    private static bool Given(string? text) => !string.IsNullOrWhiteSpace(text);
}
