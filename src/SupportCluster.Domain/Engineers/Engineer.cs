using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Handoffs;
using SupportCluster.Domain.Policy;
using SupportCluster.Domain.Rosters;

namespace SupportCluster.Domain.Engineers;

/// <summary>How many cases an engineer has at a time; null for the policy's figures.</summary>
public sealed record EngineerCapacity(int Cases, int Severity1);

/// <summary>Who an engineer is and what the engineer takes (HB-5.5).</summary>
/// <param name="Skills">Product lines or products.</param>
/// <param name="Centre">Code of the centre that the engineer works at (HB-3.5); null for none.</param>
/// <param name="Schedule">When the engineer works; null for the opening hours of the centre.</param>
/// <param name="Levels">By skill, from 1 (the least, and what is meant where none is stated) to 5.</param>
public sealed record EngineerProfile(
    string Name,
    string Region,
    ImmutableArray<string> Skills,
    ImmutableArray<string> Languages,
    EngineerCapacity? Capacity,
    string? Centre = null,
    EngineerSchedule? Schedule = null,
    IReadOnlyDictionary<string, int>? Levels = null)
{
    /// <summary>The best level of a skill.</summary>
    public const int MaxLevel = 5;

    /// <summary>The level of a skill: 0 for one that the engineer does not have.</summary>
    public int Level(string skill) => !Skills.Contains(skill) ? 0 : Levels?.GetValueOrDefault(skill, 1) ?? 1;
}

/// <summary>A case that the engineer has, or has reserved room for.</summary>
/// <param name="Assigned">False while the case has not yet said yes.</param>
/// <param name="ReservedAt">When room was reserved.</param>
/// <param name="RingsUntil">For a case that rings at the engineer: until when; room is held as long.</param>
public sealed record EngineerCase(CaseNumber Number, Guid Reservation, int Severity, bool Assigned, Instant ReservedAt, long SeverityVersion = 0, Instant? RingsUntil = null)
{
    /// <summary>When the case is asked what became of the reservation; null once it said yes.</summary>
    public Instant? AskAt => Assigned ? null : (RingsUntil ?? ReservedAt) + Engineer.ReservationOverdue;
}

/// <summary>What happened to an engineer's load. Discriminators are stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ProfileSet), "engineer-profile-set.v1")]
[JsonDerivedType(typeof(Reserved), "engineer-reserved.v1")]
[JsonDerivedType(typeof(Assigned), "engineer-assigned.v1")]
[JsonDerivedType(typeof(Dropped), "engineer-dropped.v1")]
[JsonDerivedType(typeof(SeverityChanged), "engineer-severity-changed.v1")]
[JsonDerivedType(typeof(ShiftPlanned), "engineer-shift-planned.v1")]
public abstract record EngineerEvent(Instant At, string By)
{
    public sealed record ProfileSet(Instant At, string By, EngineerId Id, EngineerProfile Profile) : EngineerEvent(At, By);

    /// <summary>Room was made for a case that is about to be taken, or that rings.</summary>
    public sealed record Reserved(Instant At, string By, CaseNumber Case, Guid Reservation, int Severity, Instant? RingsUntil = null) : EngineerEvent(At, By);

    /// <summary>The case said yes.</summary>
    public sealed record Assigned(Instant At, string By, CaseNumber Case, Guid Reservation) : EngineerEvent(At, By);

    /// <summary>The room is free again: the case said no, was given back, or ended.</summary>
    public sealed record Dropped(Instant At, string By, CaseNumber Case, Guid Reservation) : EngineerEvent(At, By);

    public sealed record SeverityChanged(Instant At, string By, CaseNumber Case, int Severity, long CaseVersion) : EngineerEvent(At, By);

    /// <summary>The end of the present shift, or of the next one, is known; the cases held are told ahead of it. Null when no shift is planned, or the present one does not end.</summary>
    public sealed record ShiftPlanned(Instant At, string By, HandoffNotice? Notice) : EngineerEvent(At, By);
}

/// <summary>An engineer: profile and load. Capacity is the engineer's, ownership the case's.</summary>
/// <param name="LastCaseAt">When a case last came, rang or went: who waits longest since then is rung first. Null for never.</param>
/// <param name="Shift">The shift whose end the cases held are told of; null when none is planned.</param>
/// <param name="ProfileChangedAt">Since when the cases held are still to be told what a changed profile means for them.</param>
public sealed record Engineer(
    EngineerId Id,
    EngineerProfile Profile,
    ImmutableArray<EngineerCase> Cases,
    Instant LastAt,
    Instant? LastCaseAt = null,
    HandoffNotice? Shift = null,
    Instant? ProfileChangedAt = null)
{
    /// <summary>After how long a reservation without an answer is asked about.</summary>
    public static readonly Duration ReservationOverdue = Duration.FromSeconds(10);

    /// <summary>When a reservation is to be asked about, or the cases held are to be told of shifts.</summary>
    public Instant? NextDue => new[] { Cases.Min(c => c.AskAt), TellAt }.Min();

    /// <summary>When the cases held are to be told of the end of the shift, or of what a changed profile means for them.</summary>
    public Instant? TellAt => new[] { Shift?.At, ProfileChangedAt }.Min();

    public EngineerCapacity CapacityUnder(SupportPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Profile.Capacity ?? new(policy.Document.Capacity.Cases, policy.Document.Capacity.Severity1);
    }

    /// <summary>Takes this product by skill: the product itself or its line (HB-5.5). Language is a best effort and does not decide (HB-3.4).</summary>
    public bool HasSkillFor(string product, string productLine) => Profile.Skills.Contains(product) || Profile.Skills.Contains(productLine);

    /// <summary>Sets the profile; the same again changes nothing.</summary>
    public static Decision<EngineerEvent> SetProfile(Engineer? state, EngineerId id, EngineerProfile profile, Actor actor, SupportPolicy policy, Instant clock)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(policy);
        if (!Slug.IsValid(id.Value))
        {
            return Refusal.Malformed("engineer-id-malformed", $"An engineer's id is {Slug.Form}.", "");
        }

        if (string.IsNullOrWhiteSpace(profile.Name))
        {
            return Refusal.Malformed("engineer-name-missing", "An engineer has a name.", "/name");
        }

        if (Name.Check([(profile.Name, "/name"), .. profile.Skills.Select((skill, i) => ((string?)skill, $"/skills/{i}")), .. profile.Languages.Select((language, i) => ((string?)language, $"/languages/{i}"))]) is { } malformed)
        {
            return malformed;
        }

        if (!policy.Document.Regions.ContainsKey(profile.Region))
        {
            return Refusal.Malformed("region-unknown", $"'{profile.Region}' is not one of {string.Join(", ", policy.Document.Regions.Keys)}.", "/region");
        }

        if (profile.Centre is { } centre)
        {
            if (!policy.Centres.TryGetValue(centre, out var rules))
            {
                return Refusal.Malformed("centre-unknown", $"'{centre}' is not one of {string.Join(", ", policy.Centres.Keys)}.", "/centre", "HB-3.5");
            }

            if (rules.Region != profile.Region)
            {
                return Refusal.Malformed("centre-of-another-region", $"The centre '{centre}' belongs to {rules.Region}, the engineer to {profile.Region}.", "/centre", "HB-3.5");
            }
        }

        if (profile.Skills.Length == 0)
        {
            return Refusal.Malformed("skills-missing", "An engineer has at least one skill: a product line or a product.", "/skills", "HB-5.5");
        }

        if (profile.Levels?.FirstOrDefault(l => l.Value is < 1 or > EngineerProfile.MaxLevel || !profile.Skills.Contains(l.Key)) is { Key: not null } level)
        {
            return Refusal.Malformed("level-malformed", $"A level is from 1 to {EngineerProfile.MaxLevel}, of one of the engineer's skills; '{level.Key}' is {level.Value}.", "/levels", "HB-5.5");
        }

        if (profile.Schedule is { } schedule && ScheduleCheck.Find(schedule, "/schedule") is { } badSchedule)
        {
            return badSchedule;
        }

        if (profile.Capacity is { } capacity && (capacity.Cases < 1 || capacity.Severity1 < 0 || capacity.Severity1 > capacity.Cases))
        {
            return Refusal.Malformed("capacity-malformed", "A capacity is at least 1 case, of them 0 or more of severity 1.", "/capacity");
        }

        var now = state is null ? clock : Instant.Max(clock, state.LastAt);
        return state is not null && Same(state.Profile, profile) ? new List<EngineerEvent>() : new List<EngineerEvent> { new EngineerEvent.ProfileSet(now, actor.Id, id, profile) };
    }

    /// <summary>Makes room for a case, or says why there is none (HB-5.5).</summary>
    /// <param name="ringsUntil">For a case that is about to ring: until when room is held at least.</param>
    public Decision<EngineerEvent> Reserve(CaseNumber number, Guid reservation, int severity, string product, string productLine, SupportPolicy policy, Instant clock, Instant? ringsUntil = null)
    {
        if (Cases.Any(c => c.Number == number))
        {
            return new List<EngineerEvent>();
        }

        if (!HasSkillFor(product, productLine))
        {
            return Refusal.ByRule("skill-missing", "HB-5.5", $"{Id} has no skill for '{product}' or '{productLine}'.", ("product", product), ("productLine", productLine));
        }

        return RefuseCapacity(severity, policy) is { } full ? full
            : new List<EngineerEvent> { new EngineerEvent.Reserved(Instant.Max(clock, LastAt), Id.Value, number, reservation, severity, ringsUntil) };
    }

    /// <summary>Why there is no room for one more case of a severity; null when there is. What rings counts like what is held.</summary>
    public Refusal? RefuseCapacity(int severity, SupportPolicy policy)
    {
        var capacity = CapacityUnder(policy);
        if (Cases.Length >= capacity.Cases)
        {
            return Refusal.ByRule("capacity-reached", "HB-5.5", $"{Id} has {Cases.Length} of {capacity.Cases} cases.", ("cases", $"{Cases.Length}"), ("capacity", $"{capacity.Cases}"));
        }

        var severity1 = Cases.Count(c => c.Severity == 1);
        return severity == 1 && severity1 >= capacity.Severity1
            ? Refusal.ByRule("capacity-reached", "HB-5.5", $"{Id} has {severity1} of {capacity.Severity1} cases of severity 1.", ("cases", $"{severity1}"), ("capacity", $"{capacity.Severity1}"))
            : null;
    }

    /// <summary>Folds an event into the state.</summary>
    public static Engineer Evolve(Engineer? state, EngineerEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        if (happened is EngineerEvent.ProfileSet p)
        {
            return state is null ? new(p.Id, p.Profile, [], p.At) : state with { Profile = p.Profile, LastAt = p.At, ProfileChangedAt = state.Cases.Any(c => c.Assigned) ? p.At : null };
        }

        var s = state ?? throw new InvalidOperationException("An engineer starts with a profile.");
        return happened switch
        {
            EngineerEvent.Reserved e => s with { Cases = s.Cases.Add(new(e.Case, e.Reservation, e.Severity, false, e.At, RingsUntil: e.RingsUntil)), LastAt = e.At, LastCaseAt = e.At },
            EngineerEvent.Assigned e => s with { Cases = [.. s.Cases.Select(c => c.Reservation == e.Reservation && c.Number == e.Case ? c with { Assigned = true, RingsUntil = null } : c)], LastAt = e.At, LastCaseAt = e.At },
            EngineerEvent.Dropped e => s with { Cases = [.. s.Cases.Where(c => c.Number != e.Case || c.Reservation != e.Reservation)], LastAt = e.At, LastCaseAt = e.At },
            EngineerEvent.ShiftPlanned e => s with { Shift = e.Notice, LastAt = e.At, ProfileChangedAt = null },
            EngineerEvent.SeverityChanged e => s with { Cases = [.. s.Cases.Select(c => c.Number == e.Case ? c with { Severity = e.Severity, SeverityVersion = e.CaseVersion } : c)], LastAt = e.At },
            _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
        };
    }

    private static bool Same(EngineerProfile a, EngineerProfile b) => a.Name == b.Name && a.Region == b.Region && a.Capacity == b.Capacity && a.Centre == b.Centre
        && a.Skills.SequenceEqual(b.Skills) && a.Languages.SequenceEqual(b.Languages) && EngineerSchedule.Same(a.Schedule, b.Schedule)
        && a.Skills.All(s => a.Level(s) == b.Level(s));
}
