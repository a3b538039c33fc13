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
        yield return new Command("sign-ins", "Sign-ins of people.") { Revoke(cli) };
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

    private static Command Revoke(Supportctl cli)
    {
        var subject = new Argument<string>("subject") { Description = "The person's subject, as its tokens have it." };
        var reason = new Option<string>("--reason") { Description = "Why; kept with who did it.", Required = true };
        return cli.Command(
            "revoke",
            "End all sign-ins of a person: its tokens up to now, and its connections within a second.",
            async call => call.Output.Write(
                await call.Client.RevokeSignIns(call.Get(subject), new(call.Required(reason)), call.Cancellation),
                done => call.Output.Line($"Tokens of {done.Subject} that were issued up to {Output.UtcWithSeconds(done.Until)} are refused.")),
            subject, reason);
    }

    private static Command WhoAmI(Supportctl cli) => cli.Command(
        "whoami",
        "Show who is signed in.",
        async call => call.Output.Write(
            await call.Client.Me(call.Cancellation),
            me => call.Output.Pairs(
                ("server", call.Connection.Server), ("subject", me.Subject), ("role", me.Role), ("support id", me.SupportId), ("engineer", me.Engineer), ("region", me.Region))));
}
