using Npgsql;

namespace SupportCluster.Storage.Postgres;

/// <summary>Reads, each one statement, so that everything it returns is of the same moment.</summary>
internal sealed class Readers(Server server, PostgresStoreOptions options) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _pool = server.Pool(options.Readers);
    private volatile bool _closed;

    /// <param name="where">What the message names when it fails; the database when null.</param>
    internal async Task<IReadOnlyList<T>> Read<T>(string sql, IEnumerable<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> row, string? where = null)
    {
        NpgsqlParameter[] values = [.. parameters];
        for (var again = false; ; again = true)
        {
            if (_closed)
            {
                throw server.Closed();
            }

            try
            {
#pragma warning disable CA2100 // Texts of this program; what comes from outside is in parameters.
                await using var command = _pool.CreateCommand(sql);
#pragma warning restore CA2100
                foreach (var value in values)
                {
                    // A parameter belongs to one command for ever.
                    command.Parameters.Add(value.Clone());
                }

                await using var reader = await command.ExecuteReaderAsync();
                var rows = new List<T>();
                while (await reader.ReadAsync())
                {
                    rows.Add(row(reader));
                }

                return rows;
            }
            catch (Exception e) when (!again && Server.IsConnectionLost(e) && e is not { InnerException: TimeoutException })
            {
                // The server has been started again since the connection was put aside: none of those that wait is any good.
                _pool.Clear();
            }
            catch (Exception e)
            {
                throw _closed ? server.Closed() : server.Failure(e, where);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _closed = true;
        return _pool.DisposeAsync();
    }
}
