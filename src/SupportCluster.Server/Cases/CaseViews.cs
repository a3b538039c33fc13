using System.Globalization;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Milestones;
using SupportCluster.Domain.Policy;
using SupportCluster.Protocol.Cases;
using SupportCluster.Server.Api;
using SupportCluster.Storage;
using Wire = SupportCluster.Protocol;
using static SupportCluster.Server.Api.Words;

namespace SupportCluster.Server.Cases;

/// <summary>Renders cases for their readers: a customer never gets what is internal.</summary>
public static class CaseViews
{
    private static readonly Dictionary<Type, string> EventTypes = typeof(CaseEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false)
        .Cast<JsonDerivedTypeAttribute>().ToDictionary(a => a.DerivedType, a => ((string)a.TypeDiscriminator!)[..((string)a.TypeDiscriminator!).LastIndexOf('.')]);

    /// <param name="policy">For the time left on a milestone's clock; null leaves it out.</param>
    public static CaseView View(CaseState s, bool forCustomer, SupportPolicy? policy, Instant now)
    {
        ArgumentNullException.ThrowIfNull(s);
        return new(
            s.Number.Value,
            forCustomer ? s.PublicVersion : s.Version,
            s.Terms.SupportId.Value,
            s.Terms.Customer,
            s.Report.Title,
            s.Report.Description,
            s.Terms.Product,
            s.Terms.ProductLine,
            s.Terms.Region,
            s.Queue.Value,
            s.Severity,
            s.Status.To<Wire.CaseStatus>(),
            s.Terms.Offer,
            s.Report.Contact.Value,
            s.Terms.Language,
            s.Terms.PriorityCall,
            s.ReportedAt,
            [.. s.Milestones.Select(m => View(m, s, forCustomer, policy, now))],
            s.Terms.PolicyVersion,
            s.Terms.Zone,
            s.Owner?.Value,
            s.AcknowledgedAt,
            s.ClosedAt,
            s.RestoredAt,
            s.Waiting.IsEmpty ? null : new(s.Waiting[^1].Reason == HoldReason.Contact ? "contact" : "customer", s.Waiting[^1].Since, s.Waiting[^1].Text),
            s.Solution is { } solution ? new(solution.Kind.To<Wire.SolutionKind>(), solution.Text, solution.At, solution.Update, solution.AcceptedAt) : null,
            s.Workaround,
            s.Report.Named.IsDefaultOrEmpty ? null : [.. s.Report.Named.Select(n => n.Value)],
            s.Missing.IsDefaultOrEmpty ? null : s.Missing,
            forCustomer || s.Flags.IsDefaultOrEmpty ? null : s.Flags,
            s.IsImported ? s.SourceKey : null,
            forCustomer || s.Ring is not { } ring ? null : new(ring.Engineer.Value, ring.Since, ring.Until, ring.FallbackLanguage == true),
            forCustomer || s.Handoff is not { } handoff ? null : new(handoff.From.Value, Word(handoff.Reason), handoff.AskedAt, handoff.EndsAt, handoff.Seeking, handoff.DutyManager),
            Escalations(s, forCustomer),
            s.IsContinuous,
            s.Hours?.ResumesAt);
    }

    /// <summary>What the case has raised itself, and what was raised within, is not the customer's to see.</summary>
    private static EscalationView[]? Escalations(CaseState s, bool forCustomer)
    {
        EscalationView[] open = [.. (s.Escalations ?? []).Where(e => !forCustomer || e.Cause == Domain.Escalations.EscalationCause.Customer)
            .Select(e => new EscalationView(e.Cause.To<EscalationCause>(), e.Since, e.By, e.Reason, e.Level.To<EscalationLevel>(), e.Told, e.NextAt, e.TakenUpBy))];
        return open.Length == 0 ? null : open;
    }

    public static CaseSummary Summary(CaseDirectoryEntry e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return new(e.Number, e.SupportId, e.Title, e.Product, e.Region, e.Queue, e.Severity, Enum.Parse<Wire.CaseStatus>(e.Status, ignoreCase: true), e.Offer, e.PriorityCall, e.Language, e.OpenedAt, e.Owner, e.NextDeadline);
    }

    /// <summary>An event as a history entry under the reader's version.</summary>
    public static HistoryEntry Entry(CaseEvent happened, long version, bool forCustomer)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var (text, facts) = Content(happened);
        text = forCustomer && happened is CaseEvent.Released ? null : text;
        return new(version, happened.At, EventTypes[happened.GetType()], happened.By, happened.IsInternal, text, facts.Count == 0 ? null : facts);
    }

    private static MilestoneView View(MilestoneClock m, CaseState s, bool forCustomer, SupportPolicy? policy, Instant now)
    {
        Duration? left = null;
        if (policy is not null && m is { State: MilestoneState.Running, Setting: { Deadline: { } deadline, Target: { } target } })
        {
            var calendar = new Deadlines(policy, s.Terms.Zone, s.Terms.Country).CalendarOf(target, m.Setting.Clock);
            left = deadline > now ? calendar.Elapsed(now, deadline) : Duration.Zero;
        }

        return new(
            m.Kind.To<Wire.Milestone>(),
            m.Generation,
            m.State.To<Wire.MilestoneState>(),
            m.Setting.Target?.ToString() ?? "none",
            m.Setting.Start,
            m.Setting.Deadline,
            left,
            m.MetAt,
            m.MissedAt,
            !forCustomer && m is { State: MilestoneState.Running } && m.Warned < m.Setting.Warnings.Length ? m.Setting.Warnings[m.Warned] : null,
            m.Excuse is { } x ? new(x.Cause.To<Wire.ExcuseCause>(), x.Reason, x.By, x.At) : null,
            m.Earlier.IsEmpty ? null : [.. m.Earlier.Select(e => new EarlierGenerationView(e.Generation, e.Target?.ToString() ?? "none", e.Start, e.Deadline, e.EndedAt))]);
    }

    private static (string? Text, Dictionary<string, string> Facts) Content(CaseEvent happened)
    {
        var facts = new Dictionary<string, string>();
        string? text = null;
        switch (happened)
        {
            case CaseEvent.Reported e:
                text = e.Report.Description;
                facts["title"] = e.Report.Title;
                facts["severity"] = Number(e.Report.Severity);
                facts["contact"] = e.Report.Contact.Value;
                facts["channel"] = Word(e.Report.Channel);
                facts["product"] = e.Terms.Product;
                facts["offer"] = e.Terms.Offer;
                Add("missing", e.Missing.IsDefaultOrEmpty ? null : string.Join(", ", e.Missing));
                Add("criteria", e.Report.Criteria.IsDefaultOrEmpty ? null : string.Join(", ", e.Report.Criteria));
                break;
            case CaseEvent.Acknowledged e:
                facts["severity"] = Number(e.Severity);
                facts["queue"] = e.Queue.Value;
                Clocks(e.Clocks);
                break;
            case CaseEvent.Taken e:
                facts["engineer"] = e.Engineer.Value;
                break;
            case CaseEvent.Released e:
                text = e.Reason;
                break;
            case CaseEvent.ReservationVoided e:
                facts["reservation"] = e.Reservation.ToString();
                break;
            case CaseEvent.Responded e:
                (text, facts["channel"]) = (e.Text, Word(e.Channel));
                break;
            case CaseEvent.NoteAdded e:
                text = e.Text;
                break;
            case CaseEvent.CustomerAsked e:
                text = e.Text;
                Clocks(e.Clocks);
                break;
            case CaseEvent.CustomerAnswered e:
                text = e.Text;
                Clocks(e.Clocks);
                break;
            case CaseEvent.ContactUnavailable e:
                text = e.Reason;
                Clocks(e.Clocks);
                break;
            case CaseEvent.ContactAvailable e:
                text = e.Text;
                Clocks(e.Clocks);
                break;
            case CaseEvent.SeverityChanged e:
                (text, facts["from"], facts["to"]) = (e.Reason, Number(e.From), Number(e.To));
                Clocks(e.Clocks);
                break;
            case CaseEvent.OfferChanged e:
                (facts["from"], facts["to"]) = (e.From, e.To);
                Clocks(e.Clocks);
                break;
            case CaseEvent.WorkaroundGiven e:
                text = e.Text;
                break;
            case CaseEvent.ServiceRestored e:
                text = e.Text;
                break;
            case CaseEvent.SolutionProposed e:
                (text, facts["kind"]) = (e.Text, Word(e.Kind));
                Add("update", e.Update);
                facts["closesAt"] = At(e.CloseAt);
                break;
            case CaseEvent.SolutionAskedAfter e:
                facts["time"] = Number(e.Time);
                break;
            case CaseEvent.SolutionAccepted e:
                text = e.Text;
                break;
            case CaseEvent.SolutionRejected e:
                text = e.Reason;
                break;
            case CaseEvent.Closed e:
                (text, facts["how"]) = (e.Reason, Word(e.How));
                break;
            case CaseEvent.Reopened e:
                text = e.Reason;
                Clocks(e.Clocks);
                break;
            case CaseEvent.NoKnownFix e:
                text = e.Reason;
                break;
            case CaseEvent.MilestoneWarned e:
                Milestone(e.Milestone, e.Generation);
                facts["deadline"] = At(e.Deadline);
                break;
            case CaseEvent.MilestoneMet e:
                Milestone(e.Milestone, e.Generation);
                if (e.Late)
                {
                    facts["late"] = "true";
                }

                break;
            case CaseEvent.MilestoneMissed e:
                Milestone(e.Milestone, e.Generation);
                facts["deadline"] = At(e.Deadline);
                Add("excusedBy", e.Excuse?.By);
                break;
            case CaseEvent.MilestoneExcused e:
                Milestone(e.Milestone, e.Generation);
                (text, facts["cause"]) = (e.Excuse.Reason, Word(e.Excuse.Cause));
                break;
            case CaseEvent.SourceRecorded e:
                (text, facts["row"], facts["step"], facts["status"]) = (e.Text, Number(e.Key), Word(e.Step), e.Status);
                Add("owner", e.Owner);
                Add("ownerCountry", e.OwnerCountry);
                Add("team", e.Team);
                break;
            default:
                if (!DispatchEntries.Fill(happened, facts, ref text))
                {
                    throw new InvalidOperationException($"Unknown event {happened.GetType().Name}.");
                }

                break;
        }

        return (text, facts);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                facts[name] = value;
            }
        }

        void Milestone(MilestoneKind kind, int generation) => (facts["milestone"], facts["generation"]) = (Word(kind), Number(generation));

        void Clocks(System.Collections.Immutable.ImmutableArray<ClockSetting> clocks)
        {
            foreach (var clock in clocks)
            {
                Add(Word(clock.Kind), clock.Deadline is { } deadline ? At(deadline) : Word(clock.State));
            }
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string At(Instant at) => NodaTime.Text.InstantPattern.ExtendedIso.Format(at);
}
