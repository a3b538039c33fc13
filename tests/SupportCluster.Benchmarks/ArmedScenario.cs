using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Protocol.Cases;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Benchmarks;

/// <summary>
/// A real server over 100,000 armed cases: when it is ready, and how it records 10,000 milestones that are missed in the same second while
/// people go on working over HTTP. Options: <c>--cases</c> 100000 and <c>--due</c> 10000 (quick: a tenth), <c>--people</c> 8, each with a command every 20 ms at most.
/// </summary>
internal static class ArmedScenario
{
    private const int Severity = 3;

    internal static async Task Run(Options options)
    {
        var cases = options.Number("cases", options.Quick ? 10_000 : 100_000);
        var due = options.Number("due", options.Quick ? 1_000 : 10_000);
        var root = options.Root();
        try
        {
            var path = Path.Combine(root, "node");
            var at = await Fill(path, cases, due);
            using var server = await ServerProcess.Start(path);
            Wanted.AtMost($"s until ready with {cases} armed cases", server.ReadyAfter.TotalSeconds, 10);

            await using var reader = new SqliteConnection($"Data Source={Path.Combine(path, "supportcluster.db")};Mode=ReadOnly");
            await reader.OpenAsync();
            using var done = new CancellationTokenSource();
            var people = Work(server, options.Number("people", 8), done.Token);
            var early = 0L;
            TimeSpan took;
            while (true)
            {
                var before = Node.Clock.GetCurrentInstant();
                var left = Count(reader, "SELECT count(*) FROM aggregates WHERE severity = $severity AND due = $at", at);
                var now = Node.Clock.GetCurrentInstant();
                early = now < at ? Math.Max(early, due - left) : early;
                took = (before - at).ToTimeSpan();
                if (left == 0 || took > TimeSpan.FromMinutes(2))
                {
                    break;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), Node.Time);
            }

            await done.CancelAsync();
            var answered = await people;
            var missed = Count(reader, "SELECT count(*) FROM events WHERE at = $at AND $severity > 0", at);
            Console.WriteLine(Measured.Heading);
            Print("people's commands before", answered.Where(a => a.Begun < at), TimeSpan.FromSeconds(5));
            var during = Print("people's commands while all falls due", answered.Where(a => a.Begun >= at && a.Begun < at + Duration.FromTimeSpan(took)), took);
            Wanted.AtLeast("milestones recorded as of their instant", missed, due);
            Wanted.AtMost("recorded early", early, 0);
            Wanted.AtMost("s until all are recorded", took.TotalSeconds, 10);
            Wanted.AtMost("p99 ms of people's commands meanwhile", during.P99.TotalMilliseconds, 250);
        }
        finally
        {
            options.Clear(root);
        }
    }

    private static Measured Print(string what, IEnumerable<(Instant Begun, long Ticks)> answered, TimeSpan length)
    {
        var measured = Measured.Of(answered.Select(a => a.Ticks), length);
        measured.Print(what, 8);
        return measured;
    }

    /// <returns>The instant at which the many fall due: late enough for the server to be up.</returns>
    private static async Task<Instant> Fill(string path, int cases, int due)
    {
        using var folder = DataFolder.Take(path);
        await using var store = SqliteStore.Open(folder, Node.Clock);
        var start = Node.Clock.GetCurrentInstant();
        await Filling.Fill(store, cases - due, 60, (variant, number) =>
            Lives.Write(number, [(Lives.Open(number), Actor.System, start - Duration.FromMinutes(variant / 2))]));

        // Not acknowledged within a quarter of an hour; the warnings before that were given.
        var at = Instant.FromUnixTimeSeconds(Node.Clock.GetCurrentInstant().ToUnixTimeSeconds() + 45 + (due / 500));
        await Filling.Fill(store, cases, 1, (_, number) => Lives.Write(number,
        [
            (Lives.Open(number, severity: Severity, automatic: false), Actor.System, at - Duration.FromMinutes(15)),
            (new CaseCommand.Tick(), Actor.System, at - Duration.FromSeconds(1)),
        ]));
        return at;
    }

    private static async Task<IReadOnlyCollection<(Instant Begun, long Ticks)>> Work(ServerProcess server, int people, CancellationToken until)
    {
        var answered = new ConcurrentQueue<(Instant, long)>();
        await Task.WhenAll(Enumerable.Range(0, people).Select(async person =>
        {
            string? token = null;
            using var client = new SupportClusterClient(new() { Address = new(server.Url), Token = _ => new(token) }, Node.Time);
            token = (await client.DevelopmentToken(new("manager.emea"), CancellationToken.None)).Token;
            for (var n = 0; !until.IsCancellationRequested; n++)
            {
                var begun = Node.Clock.GetCurrentInstant();
                var before = Stopwatch.GetTimestamp();
                await client.Note(CaseNumber.Of(4, (n % 100 * people) + person).Value, new AddNote(Lives.Text(160)), CancellationToken.None);
                answered.Enqueue((begun, Stopwatch.GetTimestamp() - before));
                await Task.Delay(TimeSpan.FromMilliseconds(20), Node.Time, CancellationToken.None);
            }
        }));
        return answered;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA2100", Justification = "Literals of this file.")]
    private static long Count(SqliteConnection connection, string sql, Instant at)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$severity", Severity);
        command.Parameters.AddWithValue("$at", at.ToUnixTimeTicks());
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
