using System.Globalization;
using NodaTime;
using SupportCluster.Protocol.Cases;
using SupportCluster.Web.Shared;
using static SupportCluster.Web.Shared.Texts;

namespace SupportCluster.Web.Cases;

/// <summary>Why a deadline is what it is, in the reader's language: in English as the server says it, in others from what it says it of.</summary>
internal static class Why
{
    internal static string Of(DeadlineExplanation e)
    {
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en")
        {
            return e.Summary;
        }

        var milestone = Words.Of(e.Milestone);
        var promise = Words.Promise(e.Target);
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(e.Zone);
        if (e.Target.Length == 0)
        {
            return T("{0}: nothing is promised for severity {1}.", milestone, e.Severity);
        }

        if (e.StartedAt is not { } start)
        {
            return T("{0}: “{1}” is promised, and the clock starts at acknowledgement.", milestone, promise);
        }

        if (e.Deadline is not { } deadline)
        {
            return T("{0}: “{1}” from {2}.", milestone, promise, Shown.At(start, zone));
        }

        var closed = e.Days.Count(d => d.Skipped is not null and not "on hold");
        return string.Concat(
            T("{0} is due at {1}: “{2}” from {3}, {4}", milestone, Shown.At(deadline, zone), promise, Shown.At(start, zone), T(Counting(e))),
            closed == 0 ? "" : T(", {0} closed days passed over", closed),
            e.Holds.Count == 0 ? "" : T(", time on hold excluded"),
            e.State is { } state ? T(" (now: {0})", Words.Of(state).ToLower(CultureInfo.CurrentUICulture)) : "",
            ".");
    }

    private static string Counting(DeadlineExplanation e) => e switch
    {
        _ when e.Target.Contains("business day", StringComparison.Ordinal) => "in business hours",
        _ when e.Target.Contains("days", StringComparison.Ordinal) => "in calendar days",
        { Clock: "roundTheClock" } => "round the clock",
        _ => "in business hours",
    };
}
