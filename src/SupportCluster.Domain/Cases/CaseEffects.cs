using System.Text.Json.Serialization;
using SupportCluster.Domain.Escalations;

namespace SupportCluster.Domain.Cases;

/// <summary>What another aggregate must hear of. Delivered at least once, applied idempotently by case and version.</summary>
/// <param name="Version">The case's version after the change.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "effect")]
[JsonDerivedType(typeof(ToQueue), "to-queue.v1")]
[JsonDerivedType(typeof(ReleaseEngineer), "release-engineer.v1")]
[JsonDerivedType(typeof(SeverityToEngineer), "severity-to-engineer.v1")]
[JsonDerivedType(typeof(Notify), "notify.v1")]
public abstract record CaseEffect(long Version)
{
    /// <summary>The queue learns how the case stands now: waiting there, or not.</summary>
    public sealed record ToQueue(long Version, QueueKey Queue) : CaseEffect(Version);

    /// <summary>The engineer no longer has the case.</summary>
    public sealed record ReleaseEngineer(long Version, EngineerId Engineer, Guid Reservation) : CaseEffect(Version);

    /// <summary>The engineer's case has another severity.</summary>
    public sealed record SeverityToEngineer(long Version, EngineerId Engineer, int Severity) : CaseEffect(Version);

    /// <summary>A level of an escalation is told (HB-7.2).</summary>
    public sealed record Notify(long Version, string Recipient, Notification Notification) : CaseEffect(Version);

    /// <summary>Effects of a change from one state to the next.</summary>
    public static IEnumerable<CaseEffect> Between(CaseState? before, CaseState after)
    {
        ArgumentNullException.ThrowIfNull(after);
        var waited = before?.WaitsForEngineer == true;
        if (waited && before!.Queue != after.Queue)
        {
            yield return new ToQueue(after.Version, before.Queue);
        }

        if (waited != after.WaitsForEngineer || (waited && (before!.Queue != after.Queue || !Shown(before!).Equals(Shown(after)))))
        {
            yield return new ToQueue(after.Version, after.Queue);
        }

        // While the next owner is sought the queue rings, as it does for a case that waits in it.
        if (!waited && !after.WaitsForEngineer && before is not null && (before.SeeksEngineer != after.SeeksEngineer || (after.SeeksEngineer && before.Ring != after.Ring)))
        {
            yield return new ToQueue(after.Version, after.Queue);
        }

        if (before?.Ring is { } ring && after.Ring?.Reservation != ring.Reservation && after.Reservation != ring.Reservation)
        {
            yield return new ReleaseEngineer(after.Version, ring.Engineer, ring.Reservation);
        }

        foreach (var open in after.Escalations ?? [])
        {
            if (before?.Escalation(open.Cause) is not { } known || (known.Since, known.Step) != (open.Since, open.Step))
            {
                yield return new Notify(after.Version, open.Told, new(after.Number, after.Version, open.Cause, open.Level, after.Severity, after.Terms.Region, after.LastAt, open.NextAt));
            }
        }

        if (before?.Owner is { } owner)
        {
            if (after.Owner != owner || after.Reservation != before.Reservation)
            {
                yield return new ReleaseEngineer(after.Version, owner, before.Reservation ?? Guid.Empty);
            }
            else if (after.Severity != before.Severity)
            {
                yield return new SeverityToEngineer(after.Version, owner, after.Severity);
            }
        }
    }

    private static object Shown(CaseState s) => (s.Severity, s.Terms.PriorityCall, s.NextDeadline, s.SeeksEngineer, s.Ring);
}
