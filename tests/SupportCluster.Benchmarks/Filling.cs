using System.Diagnostics;
using System.Globalization;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Benchmarks;

/// <summary>Fills a store with cases that grains can wake: a few are made by the domain, the others are those under other numbers.</summary>
internal static class Filling
{
    /// <summary>Ends when so many cases are there.</summary>
    /// <param name="make">The write of a case; called for each variant once.</param>
    internal static async Task Fill(SqliteStore store, int cases, int variants, Func<int, CaseNumber, StoreWrite> make)
    {
        var templates = Enumerable.Range(0, variants).Select(v => make(v, CaseNumber.Of(4, v))).ToArray();
        var started = Stopwatch.GetTimestamp();
        var there = (int)(await store.Figures()).Cases;
        foreach (var part in Enumerable.Range(there, Math.Max(0, cases - there)).Chunk(2_000))
        {
            await Task.WhenAll(part.Select(n => store.Write(Lives.For(templates[n % variants], CaseNumber.Of(4, n)))));
            if (part[^1] % 100_000 >= 98_000)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{part[^1] + 1:N0} cases after {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s"));
            }
        }
    }

    /// <summary>A case of one of many customers, open or through its life.</summary>
    internal static StoreWrite Usual(int variant, CaseNumber number, bool open)
    {
        var at = Node.Clock.GetCurrentInstant();
        var history = Enumerable.Range(0, open ? 3 : Lives.Length).Select(step =>
        {
            var (command, actor) = Lives.Step(step);
            return (command, actor.Role == Role.Contact ? actor with { SupportId = Lives.Terms(variant).SupportId } : actor, at);
        });
        return Lives.Write(number, history.Prepend((Lives.Open(number, Lives.Terms(variant)), Actor.System, at)));
    }
}
