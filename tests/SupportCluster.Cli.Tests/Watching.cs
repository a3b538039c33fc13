using System.Text.Json;
using NodaTime;
using SupportCluster.Cli.Commands;
using SupportCluster.Client.Live;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Centres;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Protocol.Queues;
using SupportCluster.Protocol.Wallboards;
using Xunit;

namespace SupportCluster.Cli.Tests;

public sealed class Watching
{
    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 9, 15);
    private static readonly CaseView View = JsonSerializer.Deserialize<CaseView>(CaseJson.View, WireJson.Tolerant)!;

    [Fact]
    public void Each_change_is_a_line_with_its_time_and_actor()
    {
        var update = new CaseUpdate(UpdateKind.Change, "e.4", View, [new HistoryEntry(4, At, "case-taken", "eng-aoife"), new HistoryEntry(5, At, "noted", "eng-aoife", Internal: true, Text: "Look")]);
        Assert.Equal(["   4  2026-03-02 09:15:00Z  case-taken by eng-aoife", "   5  2026-03-02 09:15:00Z  noted by eng-aoife [internal]: Look"], Lines(o => WatchCommand.Print(o, update)));
    }

    [Fact]
    public void Stale_current_and_reset_are_told()
    {
        Assert.Equal(["Not current since 2026-03-02 09:15:00Z: the server is not reached, trying again."], Lines(o => WatchCommand.Print(o, new CaseUpdate(UpdateKind.Stale, "e.4", View, [], StaleSince: At))));
        Assert.Equal(["Current."], Lines(o => WatchCommand.Print(o, new CaseUpdate(UpdateKind.UpToDate, "e.4", View, []))));
        Assert.Equal("Changes were skipped. The present state:", Lines(o => WatchCommand.Print(o, new CaseUpdate(UpdateKind.Snapshot, "e.9", View, [], Reset: true)))[0]);
    }

    [Fact]
    public void A_queue_tells_who_came_and_who_left()
    {
        var entry = new QueueEntry("4001122337", "northwind", "Backup hangs", "vault", 1, true, "en", At, At);
        var update = new QueueUpdate(UpdateKind.Change, "e.2", new QueueView("emea/backup", [entry]), [new QueueChange(entry), new QueueChange(Left: "4001122337")]);
        Assert.Equal(["+ 4 0011 2233 7  severity 1, priority call, northwind, vault, due 2026-03-02 09:15Z: Backup hangs", "- 4 0011 2233 7"], Lines(o => WatchCommand.Print(o, update)));
    }

    [Fact]
    public void Customers_engineers_centres_and_wallboards_are_told_line_by_line()
    {
        var entry = new CaseSummary("4001122337", "northwind", "Backup hangs", "vault", "emea", "emea/backup", 1, CaseStatus.Queued, "global", true, "en", At, NextDeadline: At);
        var engineer = new EngineerView("eng-aoife", 3, "Aoife", "emea", ["backup"], ["en"], new(8, 2), [new("4001122337", 1)], "dublin");
        var board = new WallboardView("world", 3, new(1, 2, 0, 0), [new("emea/backup", 1, 1, At)], [new("4001122337", 1, "emea/backup", At)]);

        Assert.Equal(
            ["+ 4 0011 2233 7  severity 1, queued, vault, due 2026-03-02 09:15Z: Backup hangs", "- 4 0011 2233 7"],
            Lines(o => WatchCommand.Print(o, new TopicUpdate<CustomerView, CustomerChange>(UpdateKind.Change, "e.2", new("northwind", [entry]), [new(entry), new(Left: "4001122337")]))));
        Assert.Equal(
            ["2026-03-02 09:15:00Z  engineer-reserved 4 0011 2233 7 (eng-aoife)"],
            Lines(o => WatchCommand.Print(o, new TopicUpdate<EngineerView, EngineerChange>(UpdateKind.Change, "e.2", engineer, [new(3, At, "engineer-reserved", "eng-aoife", "4001122337")]))));
        Assert.Equal(
            ["dublin: 1 engineers", "  eng-aoife  Aoife, 1 of 8 cases: 4 0011 2233 7"],
            Lines(o => WatchCommand.Print(o, new TopicUpdate<CentreView, CentreChange>(UpdateKind.Snapshot, "e.2", new("dublin", [engineer]), []))));
        Assert.Equal(
            ["world: 3 open; severity 1: 1, 2: 2, 3: 0, 4: 0", "  emea/backup: 1 waiting, 1 of severity 1, next due 2026-03-02 09:15Z", "  4 0011 2233 7  severity 1, emea/backup, no owner, due 2026-03-02 09:15Z"],
            Lines(o => WatchCommand.Print(o, new TopicUpdate<WallboardView, JsonElement>(UpdateKind.Snapshot, "e.2", board, [], Reset: true))));
    }

    [Fact]
    public void With_json_an_update_is_one_line()
    {
        var line = Assert.Single(Lines(o => WatchCommand.Print(o, new CaseUpdate(UpdateKind.Snapshot, "e.4", View, [])), json: true));
        using var update = JsonDocument.Parse(line);
        Assert.Equal("snapshot", update.RootElement.GetProperty("kind").GetString());
        Assert.Equal("4001122337", update.RootElement.GetProperty("case").GetProperty("number").GetString());
    }

    [Fact]
    public async Task What_is_neither_case_nor_queue_is_a_wrong_command_line()
    {
        using var run = TerminalRun.Answering("{}");
        Assert.Equal(2, await run.Run("watch", "everything"));
        Assert.Equal(2, await run.Run("watch", "contract:northwind"));
        Assert.Equal(2, await run.Run("watch", "case:12"));
        Assert.Equal(2, await run.Run("watch", "centre:"));
    }

    private static string[] Lines(Action<Output> print, bool json = false)
    {
        using var text = new StringWriter();
        var terminal = new Terminal { In = TextReader.Null, Out = text, Error = TextWriter.Null, Environment = _ => null, Time = new QuickTime() };
        print(new Output(terminal, json));
        return text.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
