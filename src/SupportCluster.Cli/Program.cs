using SupportCluster.Cli;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

return await Supportctl.Run(
    args,
    new Terminal
    {
        In = Console.In,
        Out = Console.Out,
        Error = Console.Error,
        IsInteractive = !Console.IsOutputRedirected && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
        Environment = Environment.GetEnvironmentVariable,
#pragma warning disable RS0030 // The one place where the program chooses its clock.
        Time = TimeProvider.System,
#pragma warning restore RS0030
    },
    interrupted.Token);
