using System.CommandLine;
using SupportCluster.Cli.Commands;

namespace SupportCluster.Cli;

/// <summary>The command line: which commands there are, and what is the same for all.</summary>
internal sealed class Supportctl
{
    private readonly Terminal terminal;

    private readonly Option<string?> server = new("--server") { Description = "The server's address, or those of several nodes with commas between (SUPPORTCTL_SERVER); " + Connection.DefaultServer + " by default.", Recursive = true };
    private readonly Option<string?> token = new("--token") { Description = "Bearer token (SUPPORTCTL_TOKEN).", Recursive = true };
    private readonly Option<string?> persona = new("--as") { Description = "Development persona, such as eng.aoife: a token is fetched for it.", Recursive = true };
    private readonly Option<bool> json = new("--json") { Description = "Answers and errors as JSON.", Recursive = true };

    private Supportctl(Terminal terminal) => this.terminal = terminal;

    /// <summary>Runs one command line; the answer is the exit code.</summary>
    internal static async Task<int> Run(string[] arguments, Terminal terminal, CancellationToken cancellation = default)
    {
        var supportctl = new Supportctl(terminal);
        var parsed = supportctl.Root().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var json = parsed.GetValue(supportctl.json);
        if (parsed.Errors.Count > 0)
        {
            var command = string.Join(' ', Names(parsed.CommandResult));
            return Failures.Report(new UsageException($"{string.Join(" ", parsed.Errors.Select(e => e.Message))} See: {command} --help"), terminal, json);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false }, cancellation);
        }
        catch (Exception failure) when (failure is not InvalidOperationException and not NullReferenceException)
        {
            return Failures.Report(failure, terminal, json);
        }
    }

    /// <summary>A command that ends with exit code 0 unless it throws.</summary>
    internal Command Command(string name, string description, Func<Call, Task> action, params ReadOnlySpan<Symbol> symbols) =>
        CommandWithCode(name, description, async call =>
        {
            await action(call);
            return ExitCode.Ok;
        }, symbols);

    /// <summary>A command that chooses its exit code.</summary>
    internal Command CommandWithCode(string name, string description, Func<Call, Task<int>> action, params ReadOnlySpan<Symbol> symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            var connection = new Connection(terminal, parsed.GetValue(server), parsed.GetValue(token), parsed.GetValue(persona));
            using var client = connection.Client();
            return await action(new Call(parsed, connection, client, new Output(terminal, parsed.GetValue(json)), terminal, cancellation));
        });
        return command;
    }

    private RootCommand Root()
    {
        var root = new RootCommand("Support cases from a terminal.") { server, token, persona, json };
        IEnumerable<Command> commands =
        [
            .. CaseCommands.All(this), .. IntakeCommands.All(this), .. QueueCommands.All(this), .. ContractCommands.All(this), .. EngineerCommands.All(this),
            .. PolicyCommands.All(this), .. ImportCommands.All(this), .. StoreCommands.All(this), .. SchemaCommand.All(this), .. SignInCommands.All(this), .. WallDisplayCommands.All(this),
        ];
        foreach (var command in commands)
        {
            root.Add(command);
        }

        return root;
    }

    private static IEnumerable<string> Names(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? [.. Names(parent), command.Command.Name] : ["supportctl"];
}
