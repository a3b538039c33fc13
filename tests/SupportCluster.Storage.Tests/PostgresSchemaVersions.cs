using Npgsql;
using SupportCluster.Storage.Postgres;
using Xunit;

namespace SupportCluster.Storage.Tests;

/// <summary>Databases as they may be found: empty, older, newer, of others, or not at all.</summary>
public sealed class PostgresSchemaVersions
{
    [Fact]
    public async Task A_store_of_version_1_is_read_and_written()
    {
        var (name, database) = TestServer.NewDatabase();
        TestServer.Get().SqlFile(name, Path.Combine(AppContext.BaseDirectory, "Golden", "postgres-1.sql"));
        await using var test = await TestStore.Connect(database);
        await SchemaVersions.ReadAndWriteGolden(test.Store);
    }

    [Fact]
    public async Task An_older_schema_is_brought_forward_in_one_transaction()
    {
        var server = new Server(TestServer.NewDatabase().ConnectionString, TestStore.Patient);
        await using var connection = await server.Connect(TestContext.Current.CancellationToken);
        Assert.Equal(0, await Migrate([PostgresSchema.Steps[0]]));

        // The second step fails half-way: nothing of it stays.
        const string second = "CREATE TABLE test (x integer); INSERT INTO store_version VALUES (2);";
        await Assert.ThrowsAsync<PostgresException>(() => Migrate([PostgresSchema.Steps[0], second + "SELECT 1 / 0"]));
        Assert.Equal(1, await PostgresSchema.Check(connection, server, 2, TestContext.Current.CancellationToken));
        Assert.Equal(1, await Migrate([PostgresSchema.Steps[0], second]));
        Assert.Equal(2, await Migrate([PostgresSchema.Steps[0], second]));

        // And what has been brought forward is too new for this version.
        var refused = await Assert.ThrowsAsync<StoreException>(() => Migrate([PostgresSchema.Steps[0]]));
        Assert.Equal(StoreProblem.NewerSchema, refused.Code);

        Task<int> Migrate(string[] steps) => PostgresSchema.Migrate(connection, server, steps, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        var (name, database) = TestServer.NewDatabase();
        await PostgresSchema.Migrate(database, TestContext.Current.CancellationToken);
        TestServer.Get().Sql(name, "INSERT INTO store_version VALUES (999)");
        var refused = await Assert.ThrowsAsync<StoreException>(() => TestStore.Connect(database));
        Assert.Equal(StoreProblem.NewerSchema, refused.Code);
        Assert.Contains("999", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_tables_is_refused_unless_migrating_is_on_and_the_script_makes_them()
    {
        var (name, database) = TestServer.NewDatabase();
        var refused = await Assert.ThrowsAsync<StoreException>(() => PostgresStore.Open(database, migrate: false, TestStore.Patient, cancel: TestContext.Current.CancellationToken));
        Assert.Equal(StoreProblem.OlderSchema, refused.Code);
        Assert.Contains("supportctl schema", refused.Message, StringComparison.Ordinal);

        TestServer.Get().Sql(name, PostgresSchema.Script());
        await using var store = await PostgresStore.Open(database, migrate: false, TestStore.Patient, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(StoreWriteResult.Written, await store.Write(Writes.Next(Writes.Case(1), 0)));
    }

    [Fact]
    public async Task Tables_of_another_program_are_refused_only_when_their_names_clash()
    {
        var (name, database) = TestServer.NewDatabase();
        TestServer.Get().Sql(name, "CREATE TABLE theirs (x integer); CREATE TABLE events (x integer)");
        var refused = await Assert.ThrowsAsync<StoreException>(() => TestStore.Connect(database));
        Assert.Equal(StoreProblem.NotAStore, refused.Code);
        Assert.Contains("events", refused.Message, StringComparison.Ordinal);

        TestServer.Get().Sql(name, "DROP TABLE events");
        await using var test = await TestStore.Connect(database);
        Assert.Equal(StoreWriteResult.Written, await test.Store.Write(Writes.Next(Writes.Case(1), 0)));
    }

    [Fact]
    public async Task A_database_in_another_encoding_is_refused()
    {
        TestServer.Get().Sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
        var refused = await Assert.ThrowsAsync<StoreException>(() => TestStore.Connect(TestServer.Get().ConnectionString("latin")));
        Assert.Equal(StoreProblem.NotAStore, refused.Code);
        Assert.Contains("UTF8", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=cases;Username=us;Password=a-secret-of-the-tests", "127.0.0.1:1/cases")]
    [InlineData("Host=127.0.0.1;Port=one;Password=a-secret-of-the-tests", "connection string")]
    [InlineData("a-secret-of-the-tests", "connection string")]
    public async Task An_unreachable_server_is_named_without_the_password(string connectionString, string named)
    {
        var refused = await Assert.ThrowsAsync<StoreException>(() => TestStore.Connect(connectionString));
        Assert.Equal(StoreProblem.Unreachable, refused.Code);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_database_is_told()
    {
        var refused = await Assert.ThrowsAsync<StoreException>(() => TestStore.Connect(TestServer.Get().ConnectionString("missing")));
        Assert.Equal(StoreProblem.Unreachable, refused.Code);
        Assert.Contains("create it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commits_are_flushed_even_where_the_database_says_otherwise_and_a_server_without_fsync_is_refused()
    {
        var (name, database) = TestServer.NewDatabase();
        TestServer.Get().Sql("postgres", $"ALTER DATABASE {name} SET synchronous_commit = off");
        var server = new Server(database, TestStore.Patient);
        await using (var writer = new WriterConnection(server, fence: true))
        {
            await PostgresSchema.Migrate(database, TestContext.Current.CancellationToken);
            await writer.Open();
            Assert.Equal("on", await writer.Setting("synchronous_commit"));
        }

        using var careless = PostgresServer.Start(("fsync", "off"));
        var refused = await Assert.ThrowsAsync<StoreException>(() => TestStore.Connect(careless.ConnectionString("postgres")));
        Assert.Equal(StoreProblem.NotDurable, refused.Code);
    }
}
