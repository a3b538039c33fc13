using NodaTime;
using Xunit;

namespace SupportCluster.Storage.Tests;

public sealed class WritingAndReading
{
    [Fact]
    public async Task What_was_written_is_read_back()
    {
        await using var test = TestStore.New();
        var key = Writes.Case(1);
        var request = Guid.Parse("01940000-0000-7000-8000-000000000001");
        var due = Writes.Monday + Duration.FromTicks(1);
        var result = await test.Store.Write(new StoreWrite(key, 0, Writes.Json("first"), [Writes.Event(1, request, 42), Writes.Event(2)], due, 2, Writes.Entry(key), "words"));

        Assert.Equal(StoreWriteResult.Written, result);
        var read = await test.Store.Read(key);
        Assert.NotNull(read);
        Assert.Equal(2, read.Version);
        Assert.Equal("{\"text\":\"first\"}", read.State.Text());
        Assert.Equal(due, read.Due);
        Assert.Equal([new RecentRequest(request, 1, 42, Writes.Monday + Duration.FromSeconds(1))], read.RecentRequests);
        var page = await test.Store.ListCases(new CaseFilter(), 10);
        Assert.Equal([Writes.Entry(key)], page.Items);
        Assert.Equal(new StoreFigures(1, 1, 0, 2, 1), await test.Store.Figures());
    }

    [Fact]
    public async Task What_does_not_exist_is_null()
    {
        await using var test = TestStore.New();
        Assert.Null(await test.Store.Read(Writes.Case(1)));
        Assert.Empty(await test.Store.ReadEvents(Writes.Case(1), 0, 10));
    }
}
