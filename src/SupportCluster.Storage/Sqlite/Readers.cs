using System.Collections.Concurrent;

namespace SupportCluster.Storage.Sqlite;

/// <summary>
/// The connections for reading. Reads never wait for the writer, and run on the thread pool: a caller in a grain awaits and
/// its thread goes on with other grains.
/// </summary>
internal sealed class Readers : IDisposable
{
    private readonly ConcurrentBag<Connection> _idle = [];
    private readonly SemaphoreSlim _free;
    private readonly string _path;
    private readonly int _count;
    private volatile bool _closed;

    internal Readers(string path, int count)
    {
        _path = path;
        _count = count;
        _free = new SemaphoreSlim(count, count);
    }

    /// <param name="where">What the message names when it fails; the file when null.</param>
    internal Task<T> Read<T>(Func<Connection, T> read, string? where = null) => Task.Run(async () =>
    {
        await _free.WaitAsync();
        try
        {
            if (_closed)
            {
                throw new StoreException(StoreProblem.Closed, $"{_path} has been closed: the server is stopping.");
            }

            var connection = _idle.TryTake(out var idle) ? idle : Open();
            try
            {
                // One transaction: everything that a read returns is of the same moment.
                connection.Kept("BEGIN").Run();
                return read(connection);
            }
            finally
            {
                connection.RollBack();
                _idle.Add(connection);
            }
        }
        catch (SqliteException e)
        {
            throw e.ToStoreException(where is null ? _path : $"{where} in {_path}", Path.GetDirectoryName(_path)!);
        }
        finally
        {
            _free.Release();
        }
    });

    /// <summary>Waits for the reads under way, refuses later ones.</summary>
    public void Dispose()
    {
        _closed = true;
        for (var i = 0; i < _count; i++)
        {
            _free.Wait();
        }

        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }

        _free.Release(_count);
    }

    private Connection Open()
    {
        var connection = Connection.Open(_path, create: false);
        try
        {
            connection.Execute("PRAGMA query_only = 1; PRAGMA cache_size = -16384");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
