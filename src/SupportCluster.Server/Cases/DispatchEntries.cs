using System.Globalization;
using NodaTime;
using SupportCluster.Domain.Cases;

namespace SupportCluster.Server.Cases;

/// <summary>What history entries say about how a case finds its engineers.</summary>
internal static class DispatchEntries
{
    /// <summary>Adds an event's facts and gives its text; false for an event about something else.</summary>
    internal static bool Fill(CaseEvent happened, Dictionary<string, string> facts, ref string? text)
    {
        switch (happened)
        {
            case CaseEvent.RingStarted e:
                (facts["engineer"], facts["severity"], facts["until"]) = (e.Engineer.Value, e.Severity.ToString(CultureInfo.InvariantCulture), At(e.Until));
                if (e.FallbackLanguage == true)
                {
                    facts["language"] = "fallback";
                }

                return true;
            case CaseEvent.RingDeclined e:
                (text, facts["engineer"]) = (e.Reason, e.Engineer.Value);
                return true;
            case CaseEvent.RingExpired e:
                facts["engineer"] = e.Engineer.Value;
                return true;
            case CaseEvent.RingEnded e:
                (facts["engineer"], facts["why"]) = (e.Engineer.Value, Word(e.Why));
                return true;
            default:
                return false;
        }
    }

    private static string At(Instant at) => NodaTime.Text.InstantPattern.ExtendedIso.Format(at);

    private static string Word(Enum word) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
