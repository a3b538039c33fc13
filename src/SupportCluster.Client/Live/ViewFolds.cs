using NodaTime;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Centres;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Client.Live;

/// <summary>Applies changes to views that are not sent with them, in the order in which the server lists.</summary>
internal static class ViewFolds
{
    /// <summary>A queue in the handbook's order (HB-5.4): severity, priority call, nearest deadline, age.</summary>
    internal static QueueView Apply(QueueView queue, IEnumerable<QueueChange> changes) => queue with
    {
        Cases =
        [
            .. Apply(queue.Cases, entry => entry.Number, changes.Select(c => (c.Entry, c.Left)))
                .OrderBy(entry => entry.Severity)
                .ThenBy(entry => !entry.PriorityCall)
                .ThenBy(entry => entry.NextDeadline ?? Instant.MaxValue)
                .ThenBy(entry => entry.ReportedAt)
                .ThenBy(entry => entry.Number, StringComparer.Ordinal),
        ],
    };

    /// <summary>A customer's open cases, newest first.</summary>
    internal static CustomerView Apply(CustomerView customer, IEnumerable<CustomerChange> changes) => customer with
    {
        Cases =
        [
            .. Apply(customer.Cases, entry => entry.Number, changes.Select(c => (c.Entry, c.Left)))
                .OrderByDescending(entry => entry.ReportedAt)
                .ThenByDescending(entry => entry.Number, StringComparer.Ordinal),
        ],
    };

    /// <summary>A centre's engineers by id, and its opening as it was told last.</summary>
    internal static CentreView Apply(CentreView centre, IEnumerable<CentreChange> changes) => centre with
    {
        Opening = changes.LastOrDefault(c => c.Opening is not null)?.Opening ?? centre.Opening,
        Engineers = [.. Apply(centre.Engineers, engineer => engineer.Id, changes.Select(c => (c.Engineer, c.Left))).OrderBy(engineer => engineer.Id, StringComparer.Ordinal)],
    };

    private static Dictionary<string, T>.ValueCollection Apply<T>(IEnumerable<T> items, Func<T, string> key, IEnumerable<(T? Item, string? Left)> changes)
        where T : class
    {
        var known = items.ToDictionary(key, StringComparer.Ordinal);
        foreach (var (item, left) in changes)
        {
            if (left is not null)
            {
                known.Remove(left);
            }

            if (item is not null)
            {
                known[key(item)] = item;
            }
        }

        return known.Values;
    }
}
