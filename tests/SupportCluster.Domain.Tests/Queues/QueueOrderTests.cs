using CsCheck;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Queues;
using Xunit;

namespace SupportCluster.Domain.Tests.Queues;

/// <summary>HB-5.4: severity, then priority call, then nearest deadline, then age.</summary>
public sealed class QueueOrderTests
{
    private static readonly WaitingCase Case = new(
        CaseNumber.Of(4, 5), new("northwind"), "x", "vault", 2, PriorityCall: false, "en", TheDefaultPolicy.Utc("2026-03-02T09:00Z"), TheDefaultPolicy.Utc("2026-03-02T11:00Z"));

    [Fact]
    public void The_order_is_severity_then_priority_then_deadline_then_age_then_number()
    {
        WaitingCase[] ordered =
        [
            Case with { Severity = 1, NextDeadline = null },
            Case with { PriorityCall = true, NextDeadline = null },
            Case with { NextDeadline = TheDefaultPolicy.Utc("2026-03-02T10:00Z"), ReportedAt = TheDefaultPolicy.Utc("2026-03-02T09:30Z") },
            Case with { ReportedAt = TheDefaultPolicy.Utc("2026-03-02T08:00Z"), Number = CaseNumber.Of(4, 9) },
            Case with { Number = CaseNumber.Of(4, 4) },
            Case,
            Case with { NextDeadline = null },
            Case with { Severity = 3, PriorityCall = true, NextDeadline = TheDefaultPolicy.Utc("2026-03-02T09:01Z") },
        ];

        Gen.Shuffle(ordered).Sample(shuffled => shuffled.Order(QueueOrder.Instance).SequenceEqual(ordered));
    }

    [Fact]
    public void Only_the_same_case_is_equal() => Assert.Equal(0, QueueOrder.Instance.Compare(Case, Case with { Title = "y" }));
}
