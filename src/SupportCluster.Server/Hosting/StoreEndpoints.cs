using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Server.Hosting;

/// <summary>Asks the program to start anew in the same process, on a restored store.</summary>
public sealed class Restart
{
    /// <summary>Whether to start anew after the present run has stopped.</summary>
    public bool Asked { get; set; }
}

/// <summary>Backup and restore while running.</summary>
public static class StoreEndpoints
{
    public static void MapStore(this IEndpointRouteBuilder api)
    {
        api.MapPost("/backup", Backup).For(RoleNames.Admin).WithTags("store").WithSummary("A consistent copy of the store, as a file").Produces(StatusCodes.Status200OK, contentType: "application/vnd.sqlite3");
        api.MapPost("/restore", Restore).For(RoleNames.Admin).WithTags("store").WithSummary("Restarts the server on a backup; the former store is kept beside it")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.DisableRequestSizeLimitAttribute()).Accepts<byte[]>("application/octet-stream").Produces(StatusCodes.Status202Accepted);
    }

    private static readonly Refusal Elsewhere = Refusal.State(StoreProblem.BackupElsewhere, "The data is in PostgreSQL: back it up and restore it with pg_dump and pg_restore, as docs/operations.md says.");

    private static async Task<IResult> Backup(HttpContext http, NodeStore node, IClock clock)
    {
        if (node.Folder is not { } folder)
        {
            return Problems.Result(Elsewhere);
        }

        var stamp = NodaTime.Text.InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'").Format(clock.GetCurrentInstant());
        var path = Path.Combine(folder.FullPath, $"backup-{Guid.CreateVersion7():N}.tmp");
        await node.Store.Backup(path, http.RequestAborted);
        // Removed once it is open: the copy lives as long as the answer.
        var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        return Results.File(file, "application/vnd.sqlite3", $"supportcluster-{stamp}.db");
    }

    private static async Task<IResult> Restore(HttpContext http, NodeStore node, Restart restart, IHostApplicationLifetime lifetime)
    {
        if (node.Folder is not { } folder)
        {
            return Problems.Result(Elsewhere);
        }

        var incoming = Path.Combine(folder.FullPath, $"restore-{Guid.CreateVersion7():N}.tmp");
        try
        {
            await using (var file = File.Create(incoming))
            {
                await http.Request.Body.CopyToAsync(file, http.RequestAborted);
                file.Flush(flushToDisk: true);
            }

            _ = SqliteStore.Validate(incoming);
            File.Move(incoming, Path.Combine(folder.FullPath, DataFolder.RestoreName), overwrite: true);
        }
        catch (StoreException e)
        {
            return Problems.Result(new Refusal(e.Code, RefusalKind.Rule, e.Message.Replace(incoming, "The file", StringComparison.Ordinal)));
        }
        finally
        {
            File.Delete(incoming);
        }

        restart.Asked = true;
        http.Response.OnCompleted(() =>
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        });
        return Results.Accepted();
    }
}
