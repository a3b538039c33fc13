using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using SupportCluster.Domain.Policy;
using SupportCluster.Protocol.Cases;
using SupportCluster.Server.Api;
using Wire = SupportCluster.Protocol;

namespace SupportCluster.Server.Cases;

/// <summary>Renders explanations of deadlines.</summary>
internal static class Explanations
{
    internal static IReadOnlyList<DeadlineExplanation> Of(CaseState state, SupportPolicy policy) => [.. Explain.OfCase(state, policy).Select(Render)];

    internal static (IReadOnlyList<DeadlineExplanation>? Explanations, Refusal? Refusal) WhatIf(SupportPolicy policy, WhatIf question, Instant now)
    {
        ArgumentNullException.ThrowIfNull(question);
        var (deadlines, refusal) = Explain.WhatIf(policy, question.Offer, question.Severity, question.Zone, question.Country, question.At ?? now);
        return refusal is not null ? (null, refusal) : ([.. deadlines.Select(Render)], null);
    }

    private static DeadlineExplanation Render(DeadlineExplained d) => new(
        d.Milestone.To<Wire.Milestone>(),
        d.Severity,
        d.Offer,
        d.Target,
        d.Rule,
        d.Clock == MilestoneClockKind.RoundTheClock ? "roundTheClock" : "localBusinessHours",
        d.Zone,
        d.Hours,
        d.Start,
        d.Deadline,
        d.Summary,
        [.. d.Days.Select(day => new Wire.Cases.ExplainedDay(NodaTime.Text.LocalDatePattern.Iso.Format(day.Date), day.Counted, day.Skipped))],
        [.. d.Holds.Select(h => new ExplainedHold(h.Reason switch { HoldReason.Contact => "contact", HoldReason.ClosedHours => "closedHours", _ => "customer" }, h.From, h.To))],
        d.Warnings,
        d.State.To<Wire.MilestoneState>(),
        d.Generation,
        d.DaysLeftOut == 0 ? null : d.DaysLeftOut);
}
