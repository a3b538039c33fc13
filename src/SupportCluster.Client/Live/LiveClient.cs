using System.Runtime.CompilerServices;
using System.Text.Json;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Cases;
using SupportCluster.Protocol.Centres;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Protocol.Live;
using SupportCluster.Protocol.Queues;
using SupportCluster.Protocol.Wallboards;

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
        await foreach (var u in Follow<CaseView, HistoryEntry>($"case:{number}", cursor, null, ct))
        {
            yield return new CaseUpdate(u.Kind, u.Cursor, u.View, u.Changes, u.Reset, u.StaleSince);
        }
    }

    /// <summary>Follows a queue. Begins with its state: without that, changes say little.</summary>
    /// <param name="queue"><c>region/product line</c>.</param>
    public async IAsyncEnumerable<QueueUpdate> WatchQueue(string queue, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await foreach (var u in Follow<QueueView, QueueChange>($"queue:{queue}", null, ViewFolds.Apply, ct))
        {
            yield return new QueueUpdate(u.Kind, u.Cursor, u.View, u.Changes, u.Reset, u.StaleSince);
        }
    }

    /// <summary>Follows a customer's open cases, newest first. Begins with its state.</summary>
    public IAsyncEnumerable<TopicUpdate<CustomerView, CustomerChange>> WatchCustomer(string supportId, CancellationToken ct = default) =>
        Follow<CustomerView, CustomerChange>($"customer:{supportId}", null, ViewFolds.Apply, ct);

    /// <summary>Joins those who have a case open, and follows who they are; each update is a snapshot of all. Staff only.</summary>
    public IAsyncEnumerable<TopicUpdate<ReadersView, JsonElement>> WatchReaders(string number, CancellationToken ct = default) =>
        Follow<ReadersView, JsonElement>($"readers:{number}", null, null, ct);

    /// <summary>Follows an engineer: profile, capacity, and the cases held.</summary>
    /// <param name="id">The engineer's id.</param>
    /// <param name="cursor">From a former update: what happened after it is told first.</param>
    public IAsyncEnumerable<TopicUpdate<EngineerView, EngineerChange>> WatchEngineer(string id, string? cursor = null, CancellationToken ct = default) =>
        Follow<EngineerView, EngineerChange>($"engineer:{id}", cursor, null, ct);

    /// <summary>Follows the engineers of a centre. Begins with its state.</summary>
    /// <param name="code">The centre's code, such as <c>dublin</c>.</param>
    public IAsyncEnumerable<TopicUpdate<CentreView, CentreChange>> WatchCentre(string code, CancellationToken ct = default) =>
        Follow<CentreView, CentreChange>($"centre:{code}", null, ViewFolds.Apply, ct);

    /// <summary>Follows a wallboard: at most one update a second, each a snapshot of the whole; <see cref="TopicUpdate{TView, TChange}.Reset"/> only says that it replaces the one before.</summary>
    /// <param name="code">The code of a centre or region, or <c>world</c>.</param>
    public IAsyncEnumerable<TopicUpdate<WallboardView, JsonElement>> WatchWallboard(string code, CancellationToken ct = default) =>
        Follow<WallboardView, JsonElement>($"wallboard:{code}", null, null, ct);

    /// <summary>Follows any topic, as the frames that tell of it. Each change follows the frame before.</summary>
    public IAsyncEnumerable<Frame> Watch(string topic, string? cursor = null, CancellationToken ct = default) => connection.Follow(topic, cursor, ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>Reads the frames of a topic.</summary>
    /// <param name="fold">Applies changes to the view before them, for topics that do not send the view with their changes.</param>
    private async IAsyncEnumerable<TopicUpdate<TView, TChange>> Follow<TView, TChange>(
        string topic, string? cursor, Func<TView, IReadOnlyList<TChange>, TView>? fold, [EnumeratorCancellation] CancellationToken ct)
        where TView : class
    {
        TView? view = null;
        await foreach (var frame in Watch(topic, cursor, ct))
        {
            switch (frame)
            {
                case Frame.Snapshot snapshot:
                    (cursor, view) = (snapshot.Cursor, Read<TView>(snapshot.View));
                    yield return new(UpdateKind.Snapshot, cursor, view, [], snapshot.Reset);
                    break;
                case Frame.Change change:
                    var changes = Read<TChange[]>(change.Changes);
                    (cursor, view) = (change.Cursor, change.View is { } newer ? Read<TView>(newer) : fold is not null && view is not null ? fold(view, changes) : view);
                    yield return new(UpdateKind.Change, cursor, view, changes);
                    break;
                case Frame.UpToDate:
                    yield return new(UpdateKind.UpToDate, cursor, view, []);
                    break;
                case Frame.Stale stale:
                    yield return new(UpdateKind.Stale, cursor, view, [], StaleSince: stale.Since);
                    break;
                default:
                    throw new InvalidOperationException($"A {frame.GetType().Name} is not known.");
            }
        }
    }

    private static T Read<T>(JsonElement json) => json.Deserialize<T>(WireJson.Tolerant) ?? throw new JsonException("The server sent null.");
}
