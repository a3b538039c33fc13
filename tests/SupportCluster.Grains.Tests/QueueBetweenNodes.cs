using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Queues;
using SupportCluster.Grains.Queues;

namespace SupportCluster.Grains.Tests;

/// <summary>What goes between nodes goes as JSON: nothing else would show that in a test with one node.</summary>
public sealed class QueueBetweenNodes
{
    [Fact]
    public void A_queue_that_another_node_asks_for_keeps_its_order()
    {
        var nine = Instant.FromUtc(2026, 3, 2, 9, 0);
        var cases = ImmutableSortedSet.CreateRange(QueueOrder.Instance, Enumerable.Range(1, 3).Select(n => new WaitingCase(CaseNumber.Of(4, n), SupportId.Create("northwind"), "It broke", "vault", 4 - n, false, "en", nine, null)));
        var state = new QueueState(new QueueKey("emea/backup"), cases);

        var received = JsonSerializer.Deserialize<QueueState>(JsonSerializer.SerializeToUtf8Bytes(state, DomainJson.Stored), DomainJson.Stored)!;

        Assert.Equal(cases, received.Cases);
        Assert.Equal([1, 2, 3], received.Cases.Select(c => c.Severity));
        Assert.Same(QueueOrder.Instance, received.Cases.KeyComparer);
    }
}
