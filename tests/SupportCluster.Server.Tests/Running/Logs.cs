using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SupportCluster.Server.Tests.Running;

/// <summary>Keeps everything that a server logs, with its exceptions.</summary>
internal sealed class Logs(LogLevel least = LogLevel.Information) : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = new();

    internal IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, lines, least);

    public void Dispose()
    {
    }

    private sealed class Category(string name, ConcurrentQueue<string> lines, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {name}: {formatter(state, exception)} {exception}");
    }
}
