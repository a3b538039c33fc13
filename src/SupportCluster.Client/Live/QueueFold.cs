using NodaTime;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Client.Live;

/// <summary>Applies changes to a queue. The order is the handbook's (HB-5.4), the same by which the server lists: severity, priority call, nearest deadline, age.</summary>
internal static class QueueFold
{
    internal static QueueView Apply(QueueView queue, IEnumerable<QueueChange> changes)
    {
        var cases = queue.Cases.ToDictionary(entry => entry.Number, StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change.Left is not null)
            {
                cases.Remove(change.Left);
            }

            if (change.Entry is not null)
            {
                cases[change.Entry.Number] = change.Entry;
            }
        }

        return queue with
        {
            Cases =
            [
                .. cases.Values
                    .OrderBy(entry => entry.Severity)
                    .ThenBy(entry => !entry.PriorityCall)
                    .ThenBy(entry => entry.NextDeadline ?? Instant.MaxValue)
                    .ThenBy(entry => entry.ReportedAt)
                    .ThenBy(entry => entry.Number, StringComparer.Ordinal),
            ],
        };
    }
}
