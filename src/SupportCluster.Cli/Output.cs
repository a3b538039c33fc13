using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Spectre.Console;
using SupportCluster.Protocol;

namespace SupportCluster.Cli;

/// <summary>Writes answers: for people as lines and tables, with <c>--json</c> as the server's own JSON.</summary>
internal sealed class Output
{
    private static readonly JsonSerializerOptions Indented = CreateIndented();
    private static readonly InstantPattern UtcMinutes = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm'Z'");
    private static readonly InstantPattern UtcSeconds = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss'Z'");
    private static readonly ZonedDateTimePattern ZonedMinutes = ZonedDateTimePattern.CreateWithInvariantCulture("ddd uuuu-MM-dd HH:mm", DateTimeZoneProviders.Tzdb);

    private readonly Terminal terminal;

    internal Output(Terminal terminal, bool json)
    {
        this.terminal = terminal;
        IsJson = json;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal.IsInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal.IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(terminal.Out),
        });
        if (!terminal.IsInteractive)
        {
            // A pipe has no edge to break lines at.
            Console.Profile.Width = 1000;
        }
    }

    internal bool IsJson { get; }

    internal IAnsiConsole Console { get; }

    /// <summary>Writes an answer as JSON, or lets the other write it for people.</summary>
    internal void Write<T>(T answer, Action<T> forPeople)
    {
        if (IsJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(answer, Indented));
        }
        else
        {
            forPeople(answer);
        }
    }

    /// <summary>Writes a document that people read as JSON in any case.</summary>
    internal void Write(JsonElement document) => terminal.Out.WriteLine(JsonSerializer.Serialize(document, Indented));

    /// <summary>Writes one line of JSON, for answers that come one after the other.</summary>
    internal void JsonLine<T>(T value) => terminal.Out.WriteLine(JsonSerializer.Serialize(value, WireJson.Tolerant));

    internal void Line(string text = "") => terminal.Out.WriteLine(Clean(text));

    /// <summary>Names and values under each other; absent values are passed over.</summary>
    internal void Pairs(params ReadOnlySpan<(string Name, string? Value)> pairs)
    {
        var width = 0;
        foreach (var (name, value) in pairs)
        {
            width = value is null ? width : Math.Max(width, name.Length);
        }

        foreach (var (name, value) in pairs)
        {
            if (value is not null)
            {
                Line($"{name.PadRight(width)}  {value}");
            }
        }
    }

    internal void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var table = new Table().Border(terminal.IsInteractive ? TableBorder.Rounded : TableBorder.None);
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Clean(cell ?? ""), cell == "missed" ? new Style(Color.Red) : Style.Plain)));
        }

        if (table.Rows.Count == 0)
        {
            Line("Nothing.");
            return;
        }

        Console.Write(table);
    }

    /// <summary>How to get the next page, where there is one.</summary>
    internal void More(string? next)
    {
        if (next is not null)
        {
            Line($"More: --after {next}");
        }
    }

    internal static string? Utc(Instant? at) => at is { } instant ? UtcMinutes.Format(instant) : null;

    internal static string UtcWithSeconds(Instant at) => UtcSeconds.Format(at);

    /// <summary>The local time of a zone; UTC where this machine does not know the zone.</summary>
    internal static string? In(Instant? at, string zone) =>
        at is not { } instant ? null
        : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is { } known ? ZonedMinutes.Format(instant.InZone(known))
        : UtcMinutes.Format(instant);

    /// <summary>An enum's word for people: <c>waiting for customer</c>.</summary>
    internal static string Word(Enum value) =>
        string.Concat(value.ToString().Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>An elapsed time: <c>2 d 3 h</c>, <c>45 min</c>.</summary>
    internal static string Elapsed(Duration time)
    {
        var minutes = (long)Math.Abs(time.TotalMinutes);
        var text = minutes >= 1440 ? $"{minutes / 1440} d {minutes % 1440 / 60} h"
            : minutes >= 60 ? $"{minutes / 60} h {minutes % 60} min"
            : $"{minutes} min";
        return time < Duration.Zero ? "-" + text : text;
    }

    /// <summary>Texts come from other people: what would steer the terminal is replaced.</summary>
    internal static string Clean(string text) =>
        text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) ? string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '\ufffd' : c)) : text;

    private static JsonSerializerOptions CreateIndented()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true };
        WireJson.Apply(options);
        return options;
    }
}
