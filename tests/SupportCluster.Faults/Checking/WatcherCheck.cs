using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Faults.Checking;

/// <summary>Reads what a watcher was told like the watcher: each frame follows the one before, or says that it does not.</summary>
internal static class WatcherCheck
{
    internal static IEnumerable<Violation> Check(WatchedCase watched, IReadOnlyDictionary<string, CaseWalk> cases, Duration skew)
    {
        var where = $"{watched.Watcher} of case {watched.Number}";
        if (!cases.TryGetValue(watched.Number, out var walk))
        {
            yield return new(Promises.FramesAreTrue, where, "there is no such case in the journal");
            yield break;
        }

        if (watched.Customer is { } customer && customer != walk.Recorded.View.SupportId)
        {
            // Somebody else's case: there is nothing to see, and nothing may be seen.
            if (watched.Sights.Count > 0)
            {
                yield return new(Promises.FramesAllowed, where, $"a contact of {customer} was told of a case of {walk.Recorded.View.SupportId}");
            }

            yield break;
        }

        // A contact counts only what it may see.
        // A contact is told that its case was given back, not why.
        var journal = walk.Recorded.History.Where(e => !watched.AsContact || !e.Internal)
            .Select((e, i) => e with { Version = i + 1, Text = watched.AsContact && e.Type == "case-released" ? null : e.Text }).Select(Text).ToList();
        var final = watched.AsContact ? walk.Recorded.Public : walk.Recorded.View;
        long? version = null;
        string? cursor = null;
        CaseView? view = null;
        foreach (var sight in watched.Sights)
        {
            foreach (var violation in Follows(where, sight.Kind, sight.Cursor, sight.Since, sight.Reset, cursor).Concat(Allowed(where, watched, sight, walk)))
            {
                yield return violation;
            }

            foreach (var entry in sight.Changes ?? [])
            {
                if (entry.Version != version + 1)
                {
                    yield return new(Promises.FramesContiguous, where, $"version {entry.Version} came after version {version?.ToString() ?? "none"}");
                }

                if (entry.Version < 1 || entry.Version > journal.Count || journal[(int)entry.Version - 1] != Text(entry))
                {
                    yield return new(Promises.FramesAreTrue, where, $"version {entry.Version}, {entry.Type} at {entry.At}, is not in the journal as it was told");
                }

                if (entry.At > sight.At + skew)
                {
                    yield return new(Promises.NeverEarly, where, $"version {entry.Version}, {entry.Type} at {entry.At}, was seen at {sight.At}");
                }

                version = entry.Version;
            }

            if (sight is { Kind: SightKind.Change, View: { } after } && after.Version != version)
            {
                yield return new(Promises.FramesAreTrue, where, $"changes up to version {version} came with the view of version {after.Version}");
            }

            (version, view) = sight.View is { } newer ? (newer.Version, newer) : (version, view);
            cursor = sight.Cursor ?? cursor;
        }

        if (final is not null && (view is null || Text(view) != Text(final)))
        {
            yield return new(Promises.WatcherIsCurrent, where, view is null ? "ends with nothing" : $"ends with {Difference(view, final)}");
        }
    }

    internal static IEnumerable<Violation> Check(WatchedQueue watched, IReadOnlyList<QueueView> queues)
    {
        var where = $"{watched.Watcher} of queue {watched.Queue}";
        string? cursor = null;
        var cases = new Dictionary<string, QueueEntry>();
        foreach (var sight in watched.Sights)
        {
            foreach (var violation in Follows(where, sight.Kind, sight.Cursor, sight.Since, sight.Reset, cursor))
            {
                yield return violation;
            }

            cursor = sight.Cursor ?? cursor;
            cases = sight.Kind == SightKind.Snapshot ? sight.View!.Cases.ToDictionary(c => c.Number) : cases;
            foreach (var change in sight.Changes ?? [])
            {
                if (change.Entry is { } entry)
                {
                    cases[entry.Number] = entry;
                }

                if (change.Left is { } left && !cases.Remove(left))
                {
                    yield return new(Promises.FramesContiguous, where, $"case {left} left and had not been there");
                }
            }
        }

        var final = (queues.FirstOrDefault(q => q.Queue == watched.Queue)?.Cases ?? []).ToDictionary(c => c.Number);
        if (final.Count != cases.Count || final.Any(f => cases.GetValueOrDefault(f.Key) != f.Value))
        {
            yield return new(Promises.WatcherIsCurrent, where, $"ends with {string.Join(", ", cases.Keys.Order())}, the queue has {string.Join(", ", final.Keys.Order())}");
        }
    }

    private static IEnumerable<Violation> Follows(string where, SightKind kind, string? at, string? since, bool reset, string? cursor)
    {
        switch (kind)
        {
            case SightKind.Snapshot when reset != (cursor is not null):
                yield return new(Promises.FramesContiguous, where, reset ? "a reset came first" : $"a snapshot after cursor {cursor} did not say that it is a reset");
                break;
            case SightKind.Change when cursor is null || (since is not null && since != cursor):
                yield return new(Promises.FramesContiguous, where, $"a change follows cursor {since}, the frame before had {cursor ?? "none"}");
                break;
            case SightKind.UpToDate when at != cursor:
                yield return new(Promises.FramesContiguous, where, $"it is said to be current at {at}, the frame before had {cursor ?? "none"}");
                break;
        }
    }

    /// <summary>A contact sees the cases of the contact's own customer, and nothing that is internal.</summary>
    private static IEnumerable<Violation> Allowed(string where, WatchedCase watched, CaseSight sight, CaseWalk walk)
    {
        if (!watched.AsContact)
        {
            yield break;
        }

        if (watched.Customer is { } customer && sight.View is { } view && view.SupportId != customer)
        {
            yield return new(Promises.FramesAllowed, where, $"a contact of {customer} was shown a case of {view.SupportId}");
        }

        foreach (var entry in (sight.Changes ?? []).Where(e => e.Internal || walk.Recorded.History.Any(h => h.Internal && h.Text is not null && h.Text == e.Text)))
        {
            yield return new(Promises.FramesAllowed, where, $"a contact was told of {entry.Type} at {entry.At}, which is internal");
        }
    }

    private static string Difference(CaseView seen, CaseView present)
    {
        var (a, b) = (JsonNode.Parse(Text(seen))!.AsObject(), JsonNode.Parse(Text(present))!.AsObject());
        return string.Join("; ", a.Select(m => m.Key).Union(b.Select(m => m.Key)).Where(m => !JsonNode.DeepEquals(a[m], b[m])).Select(m => $"{m} {a[m]?.ToJsonString() ?? "absent"} instead of {b[m]?.ToJsonString() ?? "absent"}"));
    }

    private static string Text(HistoryEntry entry) => JsonSerializer.Serialize(entry with { Facts = entry.Facts?.OrderBy(f => f.Key, StringComparer.Ordinal).ToDictionary() }, WireJson.Tolerant);

    /// <summary>The view without the time left, which depends on when it is read.</summary>
    private static string Text(CaseView view)
    {
        var json = JsonSerializer.SerializeToNode(view, WireJson.Tolerant)!;
        foreach (var milestone in json["milestones"]!.AsArray())
        {
            ((JsonObject)milestone!).Remove("timeLeft");
        }

        return json.ToJsonString();
    }
}
