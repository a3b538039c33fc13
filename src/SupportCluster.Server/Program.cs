using Microsoft.AspNetCore.Http.Json;
using Scalar.AspNetCore;
using SupportCluster.Protocol;
using SupportCluster.Server.Api;
using SupportCluster.Server.Cases;
using SupportCluster.Server.Contracts;
using SupportCluster.Server.Engineers;
using SupportCluster.Server.Hosting;
using SupportCluster.Server.Importing;
using SupportCluster.Server.Live;
using SupportCluster.Server.Policies;
using SupportCluster.Server.Queues;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

#pragma warning disable RS0030 // The host is the one place that chooses the clock.
var time = TimeProvider.System;
#pragma warning restore RS0030

// A restore ends one run and begins the next, in the same process, on the restored store.
Restart restart;
do
{
    restart = new Restart();
    if (await Run(args, time, restart) is var code and not 0)
    {
        return code;
    }
}
while (restart.Asked);

return 0;

static async Task<int> Run(string[] args, TimeProvider time, Restart restart)
{
    try
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var options = ServerOptions.Read(builder.Configuration);
        if (ServerOptions.Urls(builder.Configuration).Count == 0)
        {
            builder.WebHost.UseUrls(ServerOptions.DefaultUrl);
        }

        var policy = PolicyFile.Read(options.Policy);
        using var folder = DataFolder.Take(options.DataFolder);
        await using var store = SqliteStore.Open(folder, new TimeProviderClock(time), TestSwitches.Store(builder.Configuration));
        var personas = SignInSetup.HasAuthority(builder.Configuration) ? null : Personas.InFolder(folder.FullPath, time);

        builder.Services.AddSingleton(folder).AddSingleton(restart);
        builder.Services.AddSupportClusterClock(time);
        builder.Services.AddSupportClusterStorage(store);
        builder.Host.UseSupportClusterNode(policy, TestSwitches.Guards(builder.Configuration));
        builder.Services.AddSignIn(builder.Configuration, personas);
        builder.Services.AddSingleton<CaseAccess>().AddSingleton<ContractDesk>().AddSingleton<ImportCount>();
        builder.Services.AddSupportClusterLive();
        builder.Services.AddSingleton<ITopicKind, CaseTopic>().AddSingleton<ITopicKind, QueueTopic>();
        builder.Services.Configure<JsonOptions>(o => WireJson.ApplyStrict(o.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi();
        builder.WebHost.ConfigureKestrel(o => (o.Limits.MaxRequestBodySize, o.AddServerHeader) = (1024 * 1024, false));

        await using var app = builder.Build();
        app.UseExceptionHandler(handler => handler.Run(Problems.Handle));
        app.UseStatusCodePages(context => Problems.Unmatched(context.HttpContext));
        app.UseAuthentication();
        app.UseAuthorization();

        var api = app.MapGroup("/api");
        api.MapGet("/me", (HttpContext http) => Who.Of(http.User)).RequireAuthorization().WithTags("sign-in").WithSummary("Who is signed in").Produces<SignedIn>();
        api.MapIntake();
        api.MapCases();
        api.MapContracts();
        api.MapEngineers();
        api.MapQueues();
        api.MapPolicy();
        api.MapImport();
        api.MapStore();
        app.MapSupportClusterHub();
        app.MapStartPage(open: personas is not null);
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference().AllowAnonymous();
        if (personas is not null)
        {
            Personas.Map(app);
        }

        await app.StartAsync();
        Banner.Print(app, folder, personas is not null);
        await app.WaitForShutdownAsync();
        return 0;
    }
    catch (Exception e) when (e is ConfigurationMistakeException or StoreException || e is IOException && e.Message.StartsWith("Failed to bind", StringComparison.Ordinal))
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 1;
    }
}

/// <summary>The server's entry point, named for tests.</summary>
public sealed partial class Program;
