using System.CommandLine;
using SupportCluster.Storage.Postgres;

namespace SupportCluster.Cli.Commands;

/// <summary>The tables of a PostgreSQL database: the one command that speaks to the database itself, before any server does.</summary>
internal static class SchemaCommand
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        var postgres = new Option<string?>("--postgres") { Description = "Connection string of the database (SUPPORTCTL_POSTGRES)." };
        var script = new Option<bool>("--script") { Description = "Print the SQL that makes the tables in an empty database, and touch nothing." };
        yield return cli.Command(
            "schema",
            "Create or upgrade the tables of a PostgreSQL database.",
            async call =>
            {
                if (call.Get(script))
                {
                    call.Output.Write(new { PostgresSchema.Version, Sql = PostgresSchema.Script() }, s => call.Output.Line(s.Sql));
                    return;
                }

                var connection = call.Get(postgres) ?? call.Terminal.Environment("SUPPORTCTL_POSTGRES")
                    ?? throw new UsageException("Which database? --postgres or SUPPORTCTL_POSTGRES takes a connection string such as 'Host=db;Database=support;Username=support'.");
                var before = await PostgresSchema.Migrate(connection, call.Cancellation);
                call.Output.Write(
                    new { Before = before, PostgresSchema.Version },
                    s => call.Output.Line(s.Before == s.Version ? $"The schema has version {s.Version} already." : $"The schema has version {s.Version} now; it was {(s.Before == 0 ? "not there" : $"{s.Before}")}."));
            },
            postgres, script);
    }
}
