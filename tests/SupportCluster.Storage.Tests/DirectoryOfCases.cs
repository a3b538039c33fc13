using CsCheck;
using NodaTime;
using Xunit;

namespace SupportCluster.Storage.Tests;

public abstract class DirectoryOfCases(Engine engine)
{
    [Fact]
    public async Task Lists_are_newest_first_and_paged_without_gap_or_repetition()
    {
        await using var test = await TestStore.New(engine);
        for (var number = 1; number <= 25; number++)
        {
            await Open(test, Writes.Entry(Writes.Case(number)));
        }

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await test.Store.ListCases(new CaseFilter(Open: true), 7, after);
            seen.AddRange(page.Items.Select(i => i.Number));
            after = page.Next;

            // Written between two pages: it is newer than all, so it comes into none of the following.
            await Open(test, Writes.Entry(Writes.Case(100 + seen.Count)));
        }
        while (after is not null);

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => Writes.Case(i).Id), seen);
    }

    [Fact]
    public async Task A_page_that_ends_the_list_has_no_next()
    {
        await using var test = await TestStore.New(engine);
        await Open(test, Writes.Entry(Writes.Case(1)));
        await Open(test, Writes.Entry(Writes.Case(2)));
        Assert.Null((await test.Store.ListCases(new CaseFilter(), 2)).Next);
        await Assert.ThrowsAsync<ArgumentException>(() => test.Store.ListCases(new CaseFilter(), 2, "elsewhere"));
    }

    [Fact]
    public async Task Every_combination_of_filters_finds_what_a_naive_filter_finds()
    {
        await using var test = await TestStore.New(engine);
        var entries = new List<CaseDirectoryEntry>();
        for (var number = 0; number < 240; number++)
        {
            entries.Add(Writes.Entry(
                Writes.Case(number),
                supportId: $"S-{number % 7}",
                queue: number % 3 == 0 ? "emea/backup" : "apj/files",
                region: number % 3 == 0 ? "emea" : "apj",
                product: number % 11 == 0 ? "files" : "backup",
                status: (number % 4) switch { 0 => "reported", 1 => "queued", 2 => "inProgress", _ => "closed" },
                open: number % 4 != 3,
                owner: number % 4 == 2 ? $"eng-{number % 5}" : null,
                severity: 1 + number % 4) with
            { Escalations = number % 9 == 0 ? 1 + number % 2 : 0 });
        }

        await Task.WhenAll(entries.Select(e => Open(test, e)));
        var some =
            from support in OneOf<string?>(null, "S-1", "S-2", "S-none")
            from queue in OneOf<string?>(null, "emea/backup", "apj/files")
            from owner in OneOf<string?>(null, "eng-1", "eng-2")
            from status in OneOf<string?>(null, "queued", "inProgress", "closed")
            from open in OneOf<bool?>(null, true, false)
            from severity in OneOf<int?>(null, 1, 2, 3)
            from product in OneOf<string?>(null, "files", "backup")
            from region in OneOf<string?>(null, "emea", "apj")
            from offer in OneOf<string?>(null, "premium")
            from text in OneOf<string?>(null, "backup", "nothing")
            from escalated in OneOf<bool?>(null, null, true, false)
            select new CaseFilter(support, queue, region, owner, status, open, severity, product, offer, text, escalated);
        await some.SampleAsync(
            async filter =>
            {
                var found = await test.Store.ListCases(filter, 1000);
                var expected = entries.Where(e => Meets(filter, e)).Select(e => e.Number).Order();
                Assert.Equal(expected, found.Items.Select(i => i.Number).Order());
            },
            iter: 400);

        Assert.Equal(
            entries.Where(e => e is { Open: true, Queue: "apj/files", Owner: null, Status: not "reported" }).Select(e => e.Number).Order(),
            (await test.Store.WaitingIn("apj/files")).Select(e => e.Number).Order());
    }

    [Fact]
    public async Task The_directory_follows_every_change_of_a_case()
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        var opened = Writes.Entry(key, status: "queued", severity: 3);
        await Open(test, opened);
        Assert.Equal(new StoreFigures(1, 1, 0, 1, 0), await test.Store.Figures());

        var taken = opened with { Status = "inProgress", Owner = "eng-aoife", Severity = 1, Queue = "apj/backup", Region = "apj", Title = "Backup fails at night", NextDeadline = null };
        await test.Store.Write(Writes.Next(key, 1, entry: taken));
        Assert.Equal([taken], (await test.Store.ListCases(new CaseFilter(Owner: "eng-aoife", Queue: "apj/backup"), 5)).Items);
        Assert.Empty((await test.Store.ListCases(new CaseFilter(Queue: "emea/backup"), 5)).Items);
        Assert.Empty(await test.Store.WaitingIn("apj/backup"));
        Assert.Equal(new StoreFigures(1, 1, 1, 2, 0), await test.Store.Figures());

        // A write without an entry leaves it as it is.
        await test.Store.Write(Writes.Next(key, 2));
        Assert.Equal([taken], (await test.Store.ListCases(new CaseFilter(Open: true), 5)).Items);

        var pressed = taken with { BreachedSince = Writes.Monday, ClockStart = Writes.Monday - Duration.FromHours(1), ClockMilestone = 1, Flags = CaseFlags.Handoff | CaseFlags.Rings, Escalations = 2, Untaken = 1 };
        await test.Store.Write(Writes.Next(key, 3, entry: pressed));
        Assert.Equal([pressed], (await test.Store.ListCases(new CaseFilter(Open: true), 5)).Items);

        var closed = taken with { Status = "closed", Open = false, Owner = null };
        await test.Store.Write(Writes.Next(key, 4, entry: closed));
        Assert.Equal([closed], (await test.Store.ListCases(new CaseFilter(Open: false), 5)).Items);
        Assert.Empty((await test.Store.ListCases(new CaseFilter(Owner: "eng-aoife"), 5)).Items);
        Assert.Equal(new StoreFigures(1, 0, 0, 5, 0), await test.Store.Figures());
    }

    [Theory]
    [InlineData("İstanbul'daki yazıcı ÇALIŞMIYOR", "istanbul", true)]
    [InlineData("İstanbul'daki yazıcı ÇALIŞMIYOR", "yazıcı çalışmıyor", true)]
    [InlineData("İstanbul'daki yazıcı ÇALIŞMIYOR", "YAZICI", true)]
    [InlineData("İstanbul'daki yazıcı ÇALIŞMIYOR", "calis", true)]
    [InlineData("İstanbul'daki yazıcı ÇALIŞMIYOR", "calis yazici", false)] // only the last word may be a beginning
    [InlineData("Größenänderung in der Hauptstraße", "größen", true)]
    [InlineData("Größenänderung in der Hauptstraße", "HAUPTSTRASSE", true)]
    [InlineData("Größenänderung in der Hauptstraße", "grossenanderung haupt", true)]
    [InlineData("Größenänderung in der Hauptstraße", "straße", false)]
    [InlineData("Gro\u0308ße", "größe", true)]
    [InlineData("夜間バックアップが失敗する", "失敗", true)]
    [InlineData("夜間バックアップが失敗する", "バックアップ", true)]
    [InlineData("夜間バックアップが失敗する", "敗", true)]
    [InlineData("夜間バックアップが失敗する", "る", true)]
    [InlineData("夜間バックアップが失敗する", "敗失", false)]
    [InlineData("夜間バックアップが失敗する", "失敗 夜間", true)]
    [InlineData("エラーコードＡＢＣ12 発生", "abc12", true)]
    [InlineData("Error \"0x80070005\" (access denied)", "0x8007", true)]
    [InlineData("Error \"0x80070005\" (access denied)", "\"access\" OR *", false)]
    [InlineData("Error \"0x80070005\" (access denied)", "access -denied", true)]
    [InlineData("Error \"0x80070005\" (access denied)", "  ", false)] // no word, so nothing, not everything
    public async Task Words_are_found_in_the_languages_of_the_customers(string text, string words, bool found)
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        await test.Store.Write(Writes.Next(key, 0, entry: Writes.Entry(key), text: text));
        Assert.Equal(found ? [key.Id] : [], (await test.Store.ListCases(new CaseFilter(Text: words), 5)).Items.Select(i => i.Number));
    }

    [Fact]
    public async Task New_text_replaces_the_old()
    {
        await using var test = await TestStore.New(engine);
        var key = Writes.Case(1);
        await test.Store.Write(Writes.Next(key, 0, entry: Writes.Entry(key), text: "printer jams"));
        await test.Store.Write(Writes.Next(key, 1, text: "scanner jams"));
        await test.Store.Write(Writes.Next(key, 2));
        Assert.Empty((await test.Store.ListCases(new CaseFilter(Text: "printer"), 5)).Items);
        Assert.Single((await test.Store.ListCases(new CaseFilter(Text: "scanner jams"), 5)).Items);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static bool Meets(CaseFilter filter, CaseDirectoryEntry entry)
        => (filter.SupportId is null || filter.SupportId == entry.SupportId)
        && (filter.Queue is null || filter.Queue == entry.Queue)
        && (filter.Region is null || filter.Region == entry.Region)
        && (filter.Owner is null || filter.Owner == entry.Owner)
        && (filter.Status is null || filter.Status == entry.Status)
        && (filter.Open is null || filter.Open == entry.Open)
        && (filter.Severity is null || filter.Severity == entry.Severity)
        && (filter.Product is null || filter.Product == entry.Product)
        && (filter.Offer is null || filter.Offer == entry.Offer)
        && (filter.Escalated is null || filter.Escalated == entry.Escalations > 0)
        && filter.Text is null or "backup";

    private static async Task Open(TestStore test, CaseDirectoryEntry entry)
        => Assert.Equal(StoreWriteResult.Written, await test.Store.Write(Writes.Next(new AggregateKey("case", entry.Number), 0, severity: entry.Severity, entry: entry, text: entry.Title)));
}

public sealed class DirectoryOfCasesOnSqlite() : DirectoryOfCases(Engine.Sqlite);

public sealed class DirectoryOfCasesOnPostgres() : DirectoryOfCases(Engine.Postgres);
