using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using NodaTime.Testing;
using SupportCluster.Storage.Reminders;
using Xunit;

namespace SupportCluster.Storage.Tests;

public abstract class Waking(Engine engine)
{
    private static readonly Instant Nine = Writes.Monday;

    [Fact]
    public async Task The_nearest_due_come_first_and_the_end_is_exclusive()
    {
        await using var test = await TestStore.New(engine);
        await Arm(test, 1, Nine + Duration.FromMinutes(3), 4);
        await Arm(test, 2, Nine + Duration.FromMinutes(1), 2);
        await Arm(test, 3, Nine + Duration.FromMinutes(2), 1);
        await Arm(test, 4, null, 1);

        var due = await test.Store.Due(Nine + Duration.FromMinutes(3), 10);
        Assert.Equal([Writes.Case(2), Writes.Case(3)], due.Select(d => d.Key));
        Assert.Equal(new DueAggregate(Writes.Case(2), 1, Nine + Duration.FromMinutes(1), 2), due[0]);
        Assert.Equal([Writes.Case(2)], (await test.Store.Due(Nine + Duration.FromHours(1), 1)).Select(d => d.Key));
        Assert.Equal(3, (await test.Store.Due(Nine + Duration.FromHours(1), 10)).Count);
    }

    [Fact]
    public async Task The_overdue_come_by_severity_then_by_instant_and_the_limit_is_inclusive()
    {
        await using var test = await TestStore.New(engine);
        await Arm(test, 1, Nine, 0);
        await Arm(test, 2, Nine, 4);
        await Arm(test, 3, Nine, 1);
        await Arm(test, 4, Nine - Duration.FromHours(1), 1);
        await Arm(test, 5, Nine + Duration.FromTicks(1), 1);

        Assert.Equal(new[] { 4, 3, 2, 1 }.Select(Writes.Case), (await test.Store.Overdue(Nine, 10)).Select(d => d.Key));
        Assert.Equal(new[] { 4, 3, 2 }.Select(Writes.Case), (await test.Store.Overdue(Nine, 3)).Select(d => d.Key));
    }

    [Fact]
    public async Task A_due_instant_moves_with_the_write_and_goes_with_null()
    {
        await using var test = await TestStore.New(engine);
        await Arm(test, 1, Nine, 1);
        await test.Store.Write(Writes.Next(Writes.Case(1), 1, Nine + Duration.FromHours(2), 3));
        Assert.Empty(await test.Store.Overdue(Nine, 10));
        Assert.Equal([new DueAggregate(Writes.Case(1), 2, Nine + Duration.FromHours(2), 3)], await test.Store.Due(Nine + Duration.FromHours(3), 10));
        await test.Store.Write(Writes.Next(Writes.Case(1), 2));
        Assert.Empty(await test.Store.Due(Nine + Duration.FromHours(3), 10));
    }

    [Fact]
    public async Task A_range_is_open_at_its_begin_closed_at_its_end_and_wraps()
    {
        await using var test = await TestStore.New(engine);
        var hashes = new SortedDictionary<uint, AggregateKey>();
        for (var number = 1; number <= 200; number++)
        {
            await Arm(test, number, Nine, number % 5);
            hashes.Add(GrainId.Create("case", Writes.Case(number).Id).GetUniformHashCode(), Writes.Case(number));
        }

        var ring = hashes.Keys.ToArray();
        var (low, high) = (ring[50], ring[150]);
        Assert.Equal(ring.Where((_, i) => i is >= 51 and < 151), await InRange(low, high));
        Assert.Equal(ring.Where((_, i) => i is < 51 or >= 151), await InRange(high, low));
        Assert.Equal(ring, await InRange(low, low));
        Assert.Equal(ring, await InRange(0, 0));
        Assert.Equal(ring.Take(101), await InRange(uint.MaxValue, ring[100]));
        Assert.Empty(await InRange(low, low + 1));
        var overdue = (await test.Store.Overdue(Nine, 1000, (high, low))).Select(d => (d.Severity, Hash: GrainId.Create(d.Key.Type, d.Key.Id).GetUniformHashCode())).ToList();
        Assert.Equal(ring.Where((_, i) => i is < 51 or >= 151), overdue.Select(d => d.Hash).Order());
        Assert.Equal(overdue.Select(d => (d.Severity + 4) % 5).Order(), overdue.Select(d => (d.Severity + 4) % 5));

        async Task<IEnumerable<uint>> InRange(uint begin, uint end)
            => (await test.Store.Due(Nine + Duration.FromTicks(1), 1000, (begin, end))).Select(d => GrainId.Create(d.Key.Type, d.Key.Id).GetUniformHashCode()).Order();
    }

    [Fact]
    public async Task The_reminder_table_serves_what_is_due_within_15_minutes()
    {
        await using var test = await TestStore.New(engine);
        await Arm(test, 1, Nine + Duration.FromMinutes(14), 1);
        await Arm(test, 2, Nine + Duration.FromMinutes(16), 1);
        await Arm(test, 3, Nine - Duration.FromMinutes(5), 1);
        var table = Table(test);

        var rows = (await table.ReadRows(0, 0)).Reminders;
        Assert.Equal([Grain(3), Grain(1)], rows.Select(r => r.GrainId));
        Assert.All(rows, row => Assert.Equal(("due", TimeSpan.FromMinutes(1)), (row.ReminderName, row.Period)));
        Assert.Equal(new DateTime(2026, 11, 23, 9, 14, 0, DateTimeKind.Utc), rows[1].StartAt);
        Assert.Equal(DateTimeKind.Utc, rows[1].StartAt.Kind);

        var one = await table.ReadRow(Grain(2), "due");
        Assert.Equal(new DateTime(2026, 11, 23, 9, 16, 0, DateTimeKind.Utc), one!.StartAt);
        Assert.Null(await table.ReadRow(Grain(2), "other"));
        Assert.Null(await table.ReadRow(Grain(9), "due"));
        Assert.Single((await table.ReadRows(Grain(2))).Reminders);
        Assert.Empty((await table.ReadRows(Grain(9))).Reminders);
    }

    [Fact]
    public async Task The_tag_of_a_reminder_changes_with_the_version_and_with_the_instant_alone()
    {
        await using var test = await TestStore.New(engine);
        await Arm(test, 1, Nine, 1);
        var table = Table(test);
        var first = (await table.ReadRow(Grain(1), "due"))!.ETag;
        Assert.Equal(first, (await table.ReadRows(0, 0)).Reminders[0].ETag);

        await test.Store.Write(new StoreWrite(Writes.Case(1), 1, Writes.Json("effect"), [], Nine + Duration.FromSeconds(5), 1));
        var moved = (await table.ReadRow(Grain(1), "due"))!.ETag;
        await test.Store.Write(Writes.Next(Writes.Case(1), 1, Nine + Duration.FromSeconds(5), 1));
        var written = (await table.ReadRow(Grain(1), "due"))!.ETag;
        Assert.Distinct([first, moved, written]);
    }

    [Fact]
    public async Task A_store_that_fails_makes_the_reminder_service_keep_what_it_has()
    {
        var test = await TestStore.New(engine);
        var table = Table(test);
        await test.DisposeAsync();
        Assert.Null(await table.ReadRows(0, 0));
    }

    [Fact]
    public async Task Reminders_are_not_registered()
    {
        await using var test = await TestStore.New(engine);
        await Assert.ThrowsAsync<NotSupportedException>(() => Table(test).UpsertRow(new ReminderEntry { GrainId = Grain(1), ReminderName = "due", StartAt = new DateTime(2026, 11, 23, 9, 0, 0, DateTimeKind.Utc), Period = TimeSpan.FromMinutes(1) }));
        await Assert.ThrowsAsync<NotSupportedException>(() => Table(test).RemoveRow(Grain(1), "due", "1.0"));
    }

    private static StoreReminderTable Table(TestStore test) => new(test.Store, new FakeClock(Nine), NullLogger<StoreReminderTable>.Instance);

    private static GrainId Grain(int number) => GrainId.Create("case", Writes.Case(number).Id);

    private static Task<StoreWriteResult> Arm(TestStore test, int number, Instant? due, int severity) => test.Store.Write(Writes.Next(Writes.Case(number), 0, due, severity));
}

public sealed class WakingOnSqlite() : Waking(Engine.Sqlite);

public sealed class WakingOnPostgres() : Waking(Engine.Postgres);
