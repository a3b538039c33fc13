using System.Globalization;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Faults.Load;
using SupportCluster.Protocol.Contracts;

namespace SupportCluster.Faults.Sun;

/// <summary>Who works in a run that follows the sun, and who reports.</summary>
internal sealed class SunPeople
{
    internal const int Capacity = 6;
    internal const int CapacityForSeverity1 = 3;
    private const int EngineersARegion = 8;

    private SunPeople(SunShifts shifts) => Engineers =
    [
        .. SunPolicy.Centres.Index().SelectMany(c => Enumerable.Range(0, EngineersARegion).Select(i =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{c.Item.Region}-{i}");
            return new SunEngineerPlan($"eng.{name}", $"eng-{name}", c.Item.Region, c.Item.Centre, [SunPolicy.Lines[i % 3], SunPolicy.Lines[(i + 1) % 3]], shifts.Of(c.Index, i));
        })),
    ];

    internal IReadOnlyList<SunEngineerPlan> Engineers { get; }

    internal static IReadOnlyList<string> Managers { get; } = [.. SunPolicy.Centres.Select(c => $"manager.{c.Region}")];

    internal static IReadOnlyList<string> Queues { get; } = [.. SunPolicy.Centres.SelectMany(c => SunPolicy.Lines.Select(line => $"{c.Region}/{line}"))];

    /// <summary>A customer is one in each region, so that a case stands where the log says.</summary>
    internal static string Customer(LoggedCase logged) => string.Create(CultureInfo.InvariantCulture, $"line-{logged.Customer}-{logged.Region}");

    internal static string Contact(LoggedCase logged) => $"contact.{Customer(logged)}.pat";

    /// <summary>Sets up contracts and engineers. Shifts begin with the present minute.</summary>
    /// <param name="lasts">For how many minutes there are shifts.</param>
    internal static async Task<SunPeople> SetUp(Api api, IReadOnlyList<LoggedCase> cases, int lasts, CancellationToken cancel)
    {
        using var admin = new SupportClusterClient(api.Options("admin"), RealTime.Provider);
        foreach (var logged in cases.DistinctBy(Customer))
        {
            await admin.ApplyContract(Customer(logged), new(
                new(Customer(logged), logged.Zone, logged.Region, logged.Country, logged.Language),
                SunPolicy.Offers[logged.Customer % SunPolicy.Offers.Length],
                [.. SunPolicy.Lines.Select(line => new LicensedProduct($"{line}-exec", line))],
                new(new(2020, 1, 1), new(2099, 12, 31)),
                Contacts: [new(Contact(logged), "Pat", "contact@example.com")]), cancel);
        }

        var now = RealTime.Now;
        var people = new SunPeople(new(Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 60 * 60), lasts));
        foreach (var engineer in people.Engineers)
        {
            var zone = DateTimeZoneProviders.Tzdb[SunPolicy.Centres.First(c => c.Centre == engineer.Centre).Zone];
            await admin.ApplyEngineer(engineer.Id, new(engineer.Id, engineer.Region, engineer.Skills, ["en"], new(Capacity, CapacityForSeverity1), engineer.Centre, new(SunShifts.Pattern(engineer.Shifts, zone))), cancel);
        }

        return people;
    }
}

/// <summary>An engineer of a run that follows the sun.</summary>
internal sealed record SunEngineerPlan(string Persona, string Id, string Region, string Centre, IReadOnlyList<string> Skills, IReadOnlyList<Interval> Shifts);
