using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;

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
                Add("language", e.FallbackLanguage == true ? "fallback" : null);
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
            case CaseEvent.HoursLimited e:
                facts["limit"] = Word(e.Limit);
                Add("stopsAt", e.StopsAt is { } stops ? At(stops) : null);
                return true;
            case CaseEvent.HoursUnlimited:
                return true;
            case CaseEvent.WorkStopped e:
                (facts["limit"], facts["resumesAt"]) = (Word(e.Limit), At(e.ResumesAt));
                Clocks(e.Clocks);
                return true;
            case CaseEvent.WorkResumed e:
                Add("limit", e.Limit is { } limit ? Word(limit) : null);
                Add("stopsAt", e.StopsAt is { } close ? At(close) : null);
                Clocks(e.Clocks);
                return true;
            case CaseEvent.ContinuousServiceDeclined e:
                text = e.Reason;
                return true;
            case CaseEvent.ContinuousServiceTakenBack e:
                text = e.Text;
                return true;
            default:
                return false;
        }

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                facts[name] = value;
            }
        }

        void Clocks(ImmutableArray<ClockSetting> clocks)
        {
            foreach (var clock in clocks)
            {
                facts[Word(clock.Kind)] = clock.Deadline is { } deadline ? At(deadline) : Word(clock.State);
            }
        }
    }

    private static string At(Instant at) => NodaTime.Text.InstantPattern.ExtendedIso.Format(at);

    private static string Word(Enum word) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
