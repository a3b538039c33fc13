using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Live;
using SupportCluster.Server.Live;

namespace SupportCluster.Live.Tests;

/// <summary>A hub that does what a test says, to see how the client takes it.</summary>
public sealed class ScriptedHub : IAsyncDisposable
{
    private readonly WebApplication app;

    private ScriptedHub(WebApplication app, Script script)
    {
        this.app = app;
        Does = script;
    }

    public Script Does { get; }

    public static async Task<ScriptedHub> Start(Func<Script.Call, Task> watch)
    {
        var script = new Script(watch);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(script);
        builder.Services.AddSignalR().AddJsonProtocol(json =>
        {
            json.PayloadSerializerOptions.Converters.Add(new FrameJson());
            WireJson.Apply(json.PayloadSerializerOptions);
        });
        var app = builder.Build();
        app.MapHub<Hub>("/hub");
        await app.StartAsync();
        return new ScriptedHub(app, script);
    }

    public LiveClient Client() => new(new SupportClusterOptions { Address = new Uri(app.Urls.First()) }, RealClock.Provider);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>What the hub does when somebody watches, and what it was asked.</summary>
    public sealed class Script(Func<Script.Call, Task> watch)
    {
        private int calls;

        public Channel<Call> Calls { get; } = System.Threading.Channels.Channel.CreateUnbounded<Call>();

        public Channel<string> Unwatched { get; } = System.Threading.Channels.Channel.CreateUnbounded<string>();

        internal async Task Watch(string topic, string? cursor, ISupportHubClient client, Action abort)
        {
            var call = new Call(Interlocked.Increment(ref calls), topic, cursor, client, abort);
            Calls.Writer.TryWrite(call);
            await watch(call);
        }

        /// <param name="Number">Counts from 1.</param>
        public sealed record Call(int Number, string Topic, string? Cursor, ISupportHubClient Client, Action Abort);
    }

    private sealed class Hub(Script script) : Hub<ISupportHubClient>, ISupportHub
    {
        public Task Watch(string topic, string? cursor) => script.Watch(topic, cursor, Clients.Caller, Context.Abort);

        public Task Unwatch(string topic)
        {
            script.Unwatched.Writer.TryWrite(topic);
            return Task.CompletedTask;
        }
    }
}
