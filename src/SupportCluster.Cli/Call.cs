using System.CommandLine;
using SupportCluster.Client;

namespace SupportCluster.Cli;

/// <summary>One run of one command: its arguments, the server and where the answer goes.</summary>
internal sealed class Call(ParseResult arguments, Connection connection, SupportClusterClient client, Output output, Terminal terminal, CancellationToken cancellation)
{
    internal Connection Connection { get; } = connection;

    internal SupportClusterClient Client { get; } = client;

    internal Output Output { get; } = output;

    internal Terminal Terminal { get; } = terminal;

    internal CancellationToken Cancellation { get; } = cancellation;

    internal T? Get<T>(Option<T> option) => arguments.GetValue(option);

    internal T Get<T>(Argument<T> argument) => arguments.GetRequiredValue(argument);

    internal T? Optional<T>(Argument<T> argument) => arguments.GetValue(argument);

    internal T Required<T>(Option<T> option) => arguments.GetRequiredValue(option);

    /// <summary>The value given, or null for an option that was left out.</summary>
    internal IReadOnlyList<string>? List(Option<string[]> option) => arguments.GetValue(option) is { Length: > 0 } values ? values : null;

    internal bool Given(Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>A text given as an option, from standard input for <c>-</c>.</summary>
    internal async Task<string> Text(Option<string> option) =>
        Required(option) is var text && text == "-" ? (await Terminal.In.ReadToEndAsync(Cancellation)).TrimEnd() : text;
}
