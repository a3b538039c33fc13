using NodaTime;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Rosters;

namespace SupportCluster.Domain.Tests;

/// <summary>Engineers of the default policy's centres.</summary>
internal static class GivenEngineer
{
    internal static Engineer At(string centre, string id = "eng-aoife", string? pattern = null, string[]? skills = null, string[]? languages = null,
        EngineerSchedule? schedule = null, EngineerCapacity? capacity = null, IReadOnlyDictionary<string, int>? levels = null) =>
        new(new(id), new EngineerProfile(id, TheDefaultPolicy.Policy.Centres[centre].Region, [.. skills ?? ["backup"]], [.. languages ?? ["en"]], capacity, centre,
            schedule ?? (pattern is null ? null : new EngineerSchedule(pattern)), levels), [], Instant.MinValue);
}
