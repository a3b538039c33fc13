using System.Globalization;
using Xunit;

[assembly: AssemblyFixture(typeof(SupportCluster.Storage.Tests.TestServer.End))]

namespace SupportCluster.Storage.Tests;

/// <summary>The PostgreSQL server of this run of the tests, started with the first test that needs it.</summary>
internal static class TestServer
{
    private static readonly Lazy<PostgresServer> Shared = new(() => PostgresServer.Start());
    private static int _databases;

    /// <summary>The server, for tests that look at it from outside.</summary>
    internal static PostgresServer Get()
    {
        PostgresServer.Need();
        return Shared.Value;
    }

    /// <summary>An empty database of its own for a test.</summary>
    internal static (string Name, string ConnectionString) NewDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        return (name, Get().CreateDatabase(name));
    }

    /// <summary>Ends the server with the last test.</summary>
    public sealed class End : IDisposable
    {
        public void Dispose()
        {
            if (Shared.IsValueCreated)
            {
                Shared.Value.Dispose();
            }
        }
    }
}
