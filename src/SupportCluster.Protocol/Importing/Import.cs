using NodaTime;

namespace SupportCluster.Protocol.Importing;

/// <summary>Brings cases of another system in, with their history. A case or event that is there already is left as it is.</summary>
/// <param name="Source">Slug that names the other system.</param>
public sealed record ImportBatch(string Source, IReadOnlyList<ImportedCase> Cases);

/// <summary>A case of another system.</summary>
/// <param name="Key">Its key there.</param>
/// <param name="Events">Its rows, oldest first; the first is the report.</param>
public sealed record ImportedCase(
    string Key,
    string SupportId,
    string Product,
    string ProductLine,
    string Title,
    int Severity,
    IReadOnlyList<ImportedEvent> Events,
    string? Contact = null,
    string? Language = null);

/// <summary>What a row of another system's log says.</summary>
public enum ImportedStep
{
    /// <summary>Waits in a queue.</summary>
    Queued,

    /// <summary>An engineer works on it.</summary>
    Working,

    /// <summary>Waits for the customer.</summary>
    WaitingForCustomer,

    /// <summary>Ended (resolved or closed).</summary>
    Ended,

    /// <summary>Changes nothing.</summary>
    Noted,
}

/// <summary>A row of another system's log.</summary>
/// <param name="Key">Its place in the case's history there: increasing from row to row.</param>
/// <param name="At">The row's own instant.</param>
/// <param name="Status">What the other system called it.</param>
/// <param name="Owner">Who had it there; absent for a machine.</param>
/// <param name="OwnerCountry">ISO 3166 code.</param>
/// <param name="Team">The team or queue there.</param>
public sealed record ImportedEvent(int Key, Instant At, ImportedStep Step, string Status, string? Owner = null, string? OwnerCountry = null, string? Team = null, string? Text = null);

/// <summary>What became of a batch, case by case, in its order.</summary>
public sealed record ImportResult(IReadOnlyList<ImportedCaseResult> Cases);

/// <summary>What became of one case.</summary>
/// <param name="Outcome"><c>created</c>, <c>extended</c>, <c>unchanged</c> or <c>refused</c>.</param>
/// <param name="Events">Rows that were added.</param>
public sealed record ImportedCaseResult(string Key, string Outcome, int Events, string? Number = null, string? Code = null, string? Detail = null, int? EventKey = null);

/// <summary>A system that cases were imported from.</summary>
public sealed record ImportSource(string Source);

/// <summary>What is stored of a source, counted from the stored cases and their journals.</summary>
/// <param name="WaitedForCustomer">Cases that waited for the customer at least once.</param>
/// <param name="SeveralCountries">Cases with two or more owner countries.</param>
/// <param name="RegionChanges">Changes of region between consecutive owner countries.</param>
public sealed record ImportSummary(
    string Source,
    long Cases,
    long Events,
    long OpenCases,
    IReadOnlyDictionary<string, long> BySeverity,
    IReadOnlyList<OfferOutcome> Milestones,
    long WaitedForCustomer,
    long Waits,
    long Reopened,
    long Owners,
    IReadOnlyDictionary<string, long> OwnerCountries,
    long SeveralCountries,
    long RegionChanges);

/// <summary>Milestones of one offer.</summary>
public sealed record OfferOutcome(string Offer, Milestone Milestone, long Met, long Missed, long Excused, long Open, long NotApplicable);
