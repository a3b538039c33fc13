using System.CommandLine;
using SupportCluster.Client;

namespace SupportCluster.Cli.Commands;

/// <summary>Who asks.</summary>
internal static class SignInCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return Login(cli);
        yield return WhoAmI(cli);
    }

    private static Command Login(Supportctl cli) => cli.Command(
        "login",
        "Remember a server and a token: login --as <persona>, or login --token <token>.",
        async call =>
        {
            var signIn = await call.Connection.NewSignIn(call.Cancellation);
            using var client = new SupportClusterClient(call.Connection.Options with { Token = _ => ValueTask.FromResult<string?>(signIn.Token) }, call.Terminal.Time);
            var me = await client.Me(call.Cancellation);
            var file = new SignInFile(call.Terminal);
            file.Write(signIn);
            call.Output.Write(me, who => call.Output.Line($"Signed in to {signIn.Server} as {who.Subject} ({who.Role}); remembered in {file.FilePath}."));
        });

    private static Command WhoAmI(Supportctl cli) => cli.Command(
        "whoami",
        "Show who is signed in.",
        async call => call.Output.Write(
            await call.Client.Me(call.Cancellation),
            me => call.Output.Pairs(
                ("server", call.Connection.Server), ("subject", me.Subject), ("role", me.Role), ("support id", me.SupportId), ("engineer", me.Engineer), ("region", me.Region))));
}
