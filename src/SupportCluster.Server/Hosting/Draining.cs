using System.Runtime.InteropServices;

namespace SupportCluster.Server.Hosting;

/// <summary>
/// Ends the node in two steps: asked by SIGTERM or SIGINT it first only says that it is not ready, for as long as is configured, and goes on serving; then it stops. Asked
/// again it stops at once.
/// </summary>
public sealed class Draining(ServerOptions options, TimeProvider time, IHostApplicationLifetime lifetime) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> signals = [];
    private ITimer? stop;

    /// <summary>Whether the node has been asked to stop.</summary>
    public bool Begun { get; private set; }

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Asked));
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Asked));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        signals.ForEach(s => s.Dispose());
        stop?.Dispose();
    }

    private void Asked(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Begun || options.DrainFor == TimeSpan.Zero)
        {
            lifetime.StopApplication();
            return;
        }

        Begun = true;
        stop = time.CreateTimer(_ => lifetime.StopApplication(), null, options.DrainFor, Timeout.InfiniteTimeSpan);
    }
}
