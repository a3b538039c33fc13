using System.Text;
using Npgsql;

namespace SupportCluster.Storage.Postgres;

/// <summary>
/// Writes in groups: whatever waits while a transaction commits goes into the next one, so that a write costs a share of a flush to
/// disk under load and a whole one when nothing else is going on. A few groups are under way at once, never with the same aggregate,
/// so the writes of one aggregate follow each other.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private const int MostRepeats = 5;

    private readonly Server _server;
    private readonly PostgresStoreOptions _options;
    private readonly Lock _mutex = new();
    private readonly HashSet<AggregateKey> _busyKeys = [];
    private readonly HashSet<string> _busySources = new(StringComparer.Ordinal);
    private readonly Stack<WriterConnection> _idle;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<PendingWrite> _waiting = [];
    private bool _closing;

    /// <param name="first">A connection that is open already, so that a store that opens is known to be able to write.</param>
    internal Writer(Server server, PostgresStoreOptions options, WriterConnection first)
    {
        _server = server;
        _options = options;
        _idle = new(Enumerable.Range(1, Math.Max(1, options.Writers) - 1).Select(_ => new WriterConnection(server, options.Fence)).Append(first));
    }

    internal Task<StoreWriteResult> Write(StoreWrite write)
    {
        var pending = new PendingWrite(write);
        lock (_mutex)
        {
            if (_closing)
            {
                throw _server.Closed();
            }

            _waiting.Add(pending);
            Start();
        }

        return pending.Result.Task;
    }

    /// <summary>Writes what waits, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_mutex)
        {
            _closing = true;
            CheckDrained();
        }

        await _drained.Task;
        foreach (var connection in _idle)
        {
            await connection.DisposeAsync();
        }
    }

    // Called with the mutex held. One group at a time is started: those that follow start when a write finds a connection idle.
    private void Start()
    {
        if (_idle.Count > 0 && Take() is { Count: > 0 } group)
        {
            var connection = _idle.Pop();
            _ = Task.Run(() => Run(connection, group));
        }
    }

    private async Task Run(WriterConnection connection, List<PendingWrite> group)
    {
        while (true)
        {
            await Commit(connection, group);
            lock (_mutex)
            {
                foreach (var pending in group)
                {
                    _busyKeys.Remove(pending.Write.Key);
                    if (pending.Write.Directory?.SourceKey is { } source)
                    {
                        _busySources.Remove(source);
                    }
                }

                group = Take();
                if (group.Count == 0)
                {
                    _idle.Push(connection);
                    CheckDrained();
                    return;
                }
            }
        }
    }

    private void CheckDrained()
    {
        if (_closing && _waiting.Count == 0 && _idle.Count == Math.Max(1, _options.Writers))
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>What may be written now: of each aggregate the write that came first, unless the one before it is under way.</summary>
    private List<PendingWrite> Take()
    {
        var group = new List<PendingWrite>();
        var left = new List<PendingWrite>();
        foreach (var pending in _waiting)
        {
            // A later write of an aggregate must not overtake one that has to wait for its source key, so its key is taken first.
            if (group.Count < _options.LargestGroup && _busyKeys.Add(pending.Write.Key))
            {
                if (pending.Write.Directory?.SourceKey is not { } source || _busySources.Add(source))
                {
                    group.Add(pending);
                    continue;
                }

                _held.Add(pending.Write.Key);
            }

            left.Add(pending);
        }

        _busyKeys.ExceptWith(_held);
        _held.Clear();
        _waiting = left;

        // Nodes that write the same aggregates lock them in the same order.
        group.Sort((a, b) => Compare(a.Write.Key, b.Write.Key));
        return group;
    }

    private readonly List<AggregateKey> _held = [];

    private static int Compare(AggregateKey a, AggregateKey b)
        => string.CompareOrdinal(a.Type, b.Type) is not 0 and var order ? order : string.CompareOrdinal(a.Id, b.Id);

    private async Task Commit(WriterConnection connection, List<PendingWrite> group)
    {
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                await connection.Run(group);
                break;
            }
            catch (PostgresException e) when (Server.IsWorthRepeating(e) && repeats < MostRepeats)
            {
                // Rolled back as a whole; begun again, it sees what the other node has written.
            }
            catch (Exception e) when (e is EncoderFallbackException || e is PostgresException reported && Server.ConcernsData(reported))
            {
                if (group.Count == 1)
                {
                    Fail(group, e, group[0].Write.Key.ToString());
                    return;
                }

                // Damaged or impossible data of one aggregate: it is found by halving, and the others are written without it.
                var half = group.Count / 2;
                await Commit(connection, group[..half]);
                await Commit(connection, group[half..]);
                return;
            }
            catch (Exception e)
            {
                Fail(group, e, null);
                return;
            }
        }

        foreach (var pending in group)
        {
            pending.Result.SetResult(pending.Outcome);
        }
    }

    private void Fail(List<PendingWrite> group, Exception e, string? where)
    {
        foreach (var pending in group)
        {
            pending.Result.SetException(_server.Failure(e, where));
        }
    }
}
