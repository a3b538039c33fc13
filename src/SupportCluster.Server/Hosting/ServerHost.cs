using SupportCluster.Grains.Durable;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Server.Hosting;

/// <summary>What one run of the server is built on: opened before the host is, so that a fault is one clear message.</summary>
/// <param name="Personas">Null when tokens come from an authority.</param>
public sealed record ServerParts(TimeProvider Time, ServerOptions Options, Domain.Policy.PolicyDocument Policy, NodeStore Store, Personas? Personas, GuardSwitches Guards, Restart Restart);

/// <summary>One run of the server on its data folder; whoever runs it in another process (a test) uses the same composition and chooses the clock.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    private readonly ServerParts parts;

    private ServerHost(ServerParts parts, WebApplication app) => (this.parts, App) = (parts, app);

    /// <summary>The application: not yet started.</summary>
    public WebApplication App { get; }

    /// <summary>Checks the configuration, takes the data folder, opens the store and puts the application together.</summary>
    /// <param name="adjust">Called last, before the application is built.</param>
    /// <exception cref="ConfigurationMistakeException">A setting or the policy is wrong.</exception>
    /// <exception cref="StoreException">The folder or the store cannot be used; neither was changed.</exception>
    public static ServerHost Build(string[] args, TimeProvider time, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [.. args.SelectMany(a => a == "--demo" ? new[] { "--SupportCluster:Demo", "true" } : [a])], ContentRootPath = AppContext.BaseDirectory });
        time = TestSwitches.Clock(builder.Configuration, time);
        var options = ServerOptions.Read(builder.Configuration);
        if (ServerOptions.Urls(builder.Configuration).Count == 0)
        {
            builder.WebHost.UseUrls(ServerOptions.DefaultUrl);
        }

        var policy = PolicyFile.Read(options.Policy);
        var guards = TestSwitches.Guards(builder.Configuration);
        var store = NodeStore.Open(options, time, builder.Configuration);
        try
        {
            var personas = SignInSetup.HasAuthority(builder.Configuration) ? null : Personas.InFolder(options.DataFolder, time);
            var parts = new ServerParts(time, options, policy, store, personas, guards, new Restart());
            return new(parts, Program.Compose(builder, parts, adjust));
        }
        catch
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>Runs the server until it is stopped. A restore ends one run and begins the next, in the same process, on the restored store.</summary>
    /// <returns>The exit code: 1, and one message on standard error, when it could not start.</returns>
    public static async Task<int> RunUntilStopped(string[] args, TimeProvider time)
    {
        try
        {
            bool again;
            do
            {
                // One that cannot start is not taken down again: nobody was served, the process ends, and a silo that is stopped
                // in the middle of its start would only log what it had not come to.
                var started = Build(args, time);
                await started.Start();
                await using var host = started;
                Banner.Print(host.App, host.parts);
                await host.App.WaitForShutdownAsync();
                again = host.parts.Restart.Asked;
            }
            while (again);

            return 0;
        }
        catch (Exception e) when (e is ConfigurationMistakeException or StoreException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private async Task Start()
    {
        try
        {
            await App.StartAsync();
        }
        catch (Exception e) when (e.Source?.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal) == true)
        {
            throw new ConfigurationMistakeException($"The server cannot listen as configured: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await parts.Store.DisposeAsync();
    }
}
