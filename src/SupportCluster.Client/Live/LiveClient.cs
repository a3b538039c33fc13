using System.Runtime.CompilerServices;
using System.Text.Json;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Live;
using SupportCluster.Protocol.Queues;

namespace SupportCluster.Client.Live;

/// <summary>
/// Follows topics over one connection, which it keeps up for ever. A stream ends when it is cancelled, when this client is disposed of,
/// or with <see cref="WatchRefusedException"/>; everything else is ridden out, and told as <see cref="UpdateKind.Stale"/> meanwhile.
/// </summary>
public sealed class LiveClient : IAsyncDisposable
{
    private readonly LiveConnection connection;

    /// <param name="time">For waiting between attempts; the system's when absent.</param>
    public LiveClient(SupportClusterOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
#pragma warning disable RS0030 // A client is a host of its own: whoever has no clock in mind gets the real one.
        connection = new LiveConnection(options, time ?? TimeProvider.System);
#pragma warning restore RS0030
    }

    /// <summary>Follows a case.</summary>
    /// <param name="number">The case number.</param>
    /// <param name="cursor">From a former update: what happened after it is told first.</param>
    public async IAsyncEnumerable<CaseUpdate> WatchCase(string number, string? cursor = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        CaseView? view = null;
        await foreach (var frame in Watch($"case:{number}", cursor, ct))
        {
            switch (frame)
            {
                case Frame.Snapshot snapshot:
                    (cursor, view) = (snapshot.Cursor, Read<CaseView>(snapshot.View));
                    yield return new CaseUpdate(UpdateKind.Snapshot, cursor, view, [], snapshot.Reset);
                    break;
                case Frame.Change change:
                    (cursor, view) = (change.Cursor, change.View is { } newer ? Read<CaseView>(newer) : view);
                    yield return new CaseUpdate(UpdateKind.Change, cursor, view, Read<HistoryEntry[]>(change.Changes));
                    break;
                case Frame.UpToDate:
                    yield return new CaseUpdate(UpdateKind.UpToDate, cursor, view, []);
                    break;
                case Frame.Stale stale:
                    yield return new CaseUpdate(UpdateKind.Stale, cursor, view, [], StaleSince: stale.Since);
                    break;
                default:
                    throw new InvalidOperationException($"A {frame.GetType().Name} is not known.");
            }
        }
    }

    /// <summary>Follows a queue. Begins with its state: without that, changes say little.</summary>
    /// <param name="queue"><c>region/product line</c>.</param>
    public async IAsyncEnumerable<QueueUpdate> WatchQueue(string queue, [EnumeratorCancellation] CancellationToken ct = default)
    {
        QueueView? view = null;
        string? cursor = null;
        await foreach (var frame in Watch($"queue:{queue}", null, ct))
        {
            switch (frame)
            {
                case Frame.Snapshot snapshot:
                    (cursor, view) = (snapshot.Cursor, Read<QueueView>(snapshot.View));
                    yield return new QueueUpdate(UpdateKind.Snapshot, cursor, view, [], snapshot.Reset);
                    break;
                case Frame.Change change:
                    var changes = Read<QueueChange[]>(change.Changes);
                    (cursor, view) = (change.Cursor, QueueFold.Apply(view!, changes));
                    yield return new QueueUpdate(UpdateKind.Change, cursor, view, changes);
                    break;
                case Frame.UpToDate:
                    yield return new QueueUpdate(UpdateKind.UpToDate, cursor, view, []);
                    break;
                case Frame.Stale stale:
                    yield return new QueueUpdate(UpdateKind.Stale, cursor, view, [], StaleSince: stale.Since);
                    break;
                default:
                    throw new InvalidOperationException($"A {frame.GetType().Name} is not known.");
            }
        }
    }

    /// <summary>Follows any topic, as the frames that tell of it. Each change follows the frame before.</summary>
    public IAsyncEnumerable<Frame> Watch(string topic, string? cursor = null, CancellationToken ct = default) => connection.Follow(topic, cursor, ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static T Read<T>(JsonElement json) => json.Deserialize<T>(WireJson.Tolerant) ?? throw new JsonException("The server sent null.");
}
