using System.Collections.Concurrent;
using Spectre.Console;
using SupportCluster.Cli.Commands;
using SupportCluster.Importing;
using SupportCluster.Protocol.Importing;

namespace SupportCluster.Cli.Importing;

/// <summary>Sends what was read: the contracts, then the cases in batches, then asks what is stored.</summary>
internal sealed class ImportRun(Call call, string source, ImportReading reading)
{
    private readonly ConcurrentBag<ImportedCaseResult> results = [];

    /// <summary>Reports what would be sent.</summary>
    internal int Check()
    {
        var events = reading.Cases.Sum(c => c.Events.Count);
        call.Output.Write(
            new { Source = source, reading.Rows, Cases = reading.Cases.Count, Events = events, Contracts = reading.Contracts.Count, reading.Refused },
            _ => call.Output.Line($"{reading.Rows} rows: {reading.Cases.Count} cases with {events} events, {reading.Contracts.Count} contracts. Nothing was sent."));
        ReportRefused();
        return reading.Refused.Count > 0 ? ExitCode.Refused : ExitCode.Ok;
    }

    internal async Task<int> Send(int batchSize)
    {
        await WithProgress(reading.Cases.Count, advance => ImportSending.Send(call.Client, source, reading, batchSize, answered =>
        {
            foreach (var result in answered)
            {
                results.Add(result);
            }

            advance(answered.Count);
        }, call.Cancellation));

        var refused = results.Where(r => r.Outcome == "refused").OrderBy(r => reading.Lines.GetValueOrDefault(r.Key)).ToList();
        var outcomes = results.GroupBy(r => r.Outcome).ToDictionary(g => g.Key, g => g.Count());
        var summary = await call.Client.ImportSummary(source, call.Cancellation);
        call.Output.Write(
            new { Outcomes = outcomes, RefusedCases = refused, RefusedRows = reading.Refused, Summary = summary },
            _ =>
            {
                call.Output.Line($"Cases {string.Join(", ", outcomes.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}: {o.Value}"))}; rows added: {results.Sum(r => r.Events)}");
                ImportCommands.Print(call.Output, summary);
            });
        ReportRefused();
        if (!call.Output.IsJson)
        {
            foreach (var r in refused)
            {
                Error($"line {reading.Lines.GetValueOrDefault(r.Key)}: case {r.Key} refused{(r.EventKey is { } key ? $" at its row {key}" : "")}: {r.Detail ?? r.Code}");
            }
        }

        return refused.Count + reading.Refused.Count > 0 ? ExitCode.Refused : ExitCode.Ok;
    }

    private void ReportRefused()
    {
        if (call.Output.IsJson)
        {
            return;
        }

        foreach (var r in reading.Refused)
        {
            Error($"line {r.Line}: {(r.WholeCase ? $"case {r.Case} is left out with its {r.Rows} rows: " : r.Case is { } key ? $"row of case {key} is left out: " : "row is left out: ")}{r.Reason}");
        }
    }

    private void Error(string text) => call.Terminal.Error.WriteLine(Output.Clean($"supportctl: {text}"));

    /// <summary>A moving bar for a person; for a log file a line for every tenth; nothing beside JSON.</summary>
    private async Task WithProgress(int total, Func<Action<int>, Task> work)
    {
        if (call.Output.IsJson)
        {
            await work(_ => { });
        }
        else if (call.Terminal.IsInteractive)
        {
            await call.Output.Console.Progress().StartAsync(async context =>
            {
                var bar = context.AddTask("Cases", maxValue: total);
                await work(n => bar.Increment(n));
            });
        }
        else
        {
            var done = 0;
            var gate = new Lock();
            await work(n =>
            {
                lock (gate)
                {
                    var before = done;
                    done += n;
                    if (done * 10L / total > before * 10L / total)
                    {
                        call.Output.Line($"{done} of {total} cases sent");
                    }
                }
            });
        }
    }
}
