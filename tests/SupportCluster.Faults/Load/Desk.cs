using System.Collections.Concurrent;
using System.Globalization;
using SupportCluster.Faults.Servers;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Load;

/// <summary>Gives commands, records each with what became of it, and remembers how the cases stood when they were last heard of.</summary>
internal sealed class Desk(IService service, Api api, int seed)
{
    private const int MostAttempts = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private readonly ConcurrentQueue<Command> commands = new();
    private readonly ConcurrentQueue<(string Persona, string Path, object? Body, Command Command)> toRepeat = new();
    private readonly ConcurrentDictionary<string, CaseView> cases = new();
    private readonly Lock gate = new();
    private readonly Random chance = new(seed);
    private long markers;

    /// <summary>Failures of the server that it must not have: an error without a reason.</summary>
    internal ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>Every command is sent twice at once, to two servers, as impatient people and helpful balancers do.</summary>
    internal bool Doubles { get; set; }

    internal IReadOnlyCollection<Command> Commands => commands;

    /// <summary>How the cases stood when they were last heard of, as staff sees them.</summary>
    internal IReadOnlyDictionary<string, CaseView> Cases => (IReadOnlyDictionary<string, CaseView>)cases;

    /// <summary>A text that no other command carries.</summary>
    internal string Marker() => string.Create(CultureInfo.InvariantCulture, $"m{seed}-{Interlocked.Increment(ref markers)}");

    /// <summary>Random, but the same for the same seed and order of asking.</summary>
    internal int Chance(int below)
    {
        lock (gate)
        {
            return chance.Next(below);
        }
    }

    /// <summary>Gives a command: repeats it under its key while its outcome is unknown, or leaves it alone.</summary>
    /// <param name="persona">Who gives it.</param>
    /// <param name="by">The same, as the journal names people.</param>
    /// <param name="insist">Does not leave it alone before there is an answer.</param>
    /// <param name="silent">A server that is known not to answer, and not asked.</param>
    internal async Task<Reply> Give(CommandKind kind, string persona, string by, string path, string? number, string? marker, object? body, CancellationToken cancel, bool insist = false, int? silent = null)
    {
        var key = Guid.CreateVersion7(RealTime.Provider.GetUtcNow());
        var persists = insist || Chance(100) < 60;
        Reply answer;
        Reply? twin = null;
        var attempts = 0;
        var pause = FirstPause;
        do
        {
            if (attempts > 0)
            {
                await RealTime.Think(pause, cancel);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            await service.Up(cancel);
            var server = Chance(service.Addresses.Count);
            server = server == silent ? (server + 1) % service.Addresses.Count : server;
            if (Doubles && attempts == 0)
            {
                var both = await Task.WhenAll(api.Send(persona, path, body, key, server, cancel), api.Send(persona, path, body, key, (server + 1) % service.Addresses.Count, cancel));
                (answer, twin) = both[0].Outcome == Outcome.Acknowledged || both[1].Outcome == Outcome.Refused ? (both[0], both[1]) : (both[1], both[0]);
            }
            else
            {
                answer = await api.Send(persona, path, body, key, server, cancel);
            }

            attempts++;
            if (answer is { Outcome: Outcome.Unknown, Code: not (null or "outcome-unknown") })
            {
                Errors.Enqueue($"{kind} {key}: {answer.Status} {answer.Code}");
            }
        }
        while (answer.Outcome == Outcome.Unknown && persists && attempts < (insist ? 10 * MostAttempts : MostAttempts));

        var asStaff = !persona.StartsWith("contact.", StringComparison.Ordinal);
        var command = new Command(kind, key, by, answer.View?.Number ?? number, marker, answer.Outcome, attempts, answer.Code,
            asStaff ? answer.View?.Version : null, asStaff ? answer.View?.Owner : null, AnsweredAt: RealTime.Now);
        Heard(answer.View, asStaff);
        if (twin is { Outcome: Outcome.Acknowledged } && answer.Outcome == Outcome.Acknowledged)
        {
            commands.Enqueue(Again(command, twin));
        }
        else if (answer.Outcome == Outcome.Acknowledged && Chance(100) < 10)
        {
            // Recorded when it has been repeated, in the course of the next round.
            toRepeat.Enqueue((persona, path, body, command));
        }
        else
        {
            commands.Enqueue(command);
        }

        return answer;
    }

    /// <summary>Records a command that was given through the client library.</summary>
    internal void Record(Command command, CaseView? view, bool asStaff)
    {
        commands.Enqueue(command);
        Heard(view, asStaff);
    }

    /// <summary>Repeats acknowledged commands as somebody does who has lost the answer. The service must know them, also after a kill.</summary>
    internal async Task RepeatAcknowledged(CancellationToken cancel)
    {
        while (toRepeat.TryDequeue(out var repeat))
        {
            var again = await api.Send(repeat.Persona, repeat.Path, repeat.Body, repeat.Command.Key, Chance(service.Addresses.Count), cancel);
            commands.Enqueue(Again(repeat.Command, again));
        }
    }

    private static Command Again(Command command, Reply again)
    {
        var otherCase = again.View is { } view && view.Number != command.Case;
        return command with { AnsweredAgain = otherCase ? Outcome.Refused : again.Outcome, CodeAgain = otherCase ? $"case {again.View!.Number} instead" : again.Code };
    }

    private void Heard(CaseView? view, bool asStaff)
    {
        if (view is not null && asStaff)
        {
            cases[view.Number] = view;
        }
        else if (view is not null)
        {
            cases.TryAdd(view.Number, view);
        }
    }
}
