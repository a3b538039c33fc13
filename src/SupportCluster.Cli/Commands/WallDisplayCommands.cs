using System.CommandLine;
using SupportCluster.Protocol.Wallboards;

namespace SupportCluster.Cli.Commands;

/// <summary>The links by which wall displays sign in.</summary>
internal static class WallDisplayCommands
{
    internal static IEnumerable<Command> All(Supportctl cli)
    {
        yield return new Command("wall-display", "Wall displays and the links by which they sign in.") { Add(cli), List(cli), Revoke(cli) };
    }

    private static Command Add(Supportctl cli)
    {
        var id = Id();
        var shows = new Option<string>("--shows") { Description = "The code of a centre or region, or world.", Required = true };
        return cli.Command(
            "add",
            "Make a wall display; its link is shown once.",
            async call => call.Output.Write(
                await call.Client.MakeWallDisplay(new MakeWallDisplay(call.Get(id), call.Required(shows)), call.Cancellation),
                made =>
                {
                    call.Output.Line(made.Link);
                    call.Output.Line($"Open this on the display {made.Display.Id}. Whoever has it sees the wallboard; it is not shown again.");
                }),
            id, shows);
    }

    private static Command List(Supportctl cli) => cli.Command(
        "list",
        "List the wall displays.",
        async call => call.Output.Write(
            await call.Client.WallDisplays(call.Cancellation),
            page => call.Output.Table(
                ["display", "shows", "made", "by", "revoked", "by"],
                page.Items.Select(d => new[] { d.Id, d.Shows, Output.Utc(d.MadeAt), d.MadeBy, Output.Utc(d.RevokedAt), d.RevokedBy }))));

    private static Command Revoke(Supportctl cli)
    {
        var id = Id();
        return cli.Command(
            "revoke",
            "Revoke the link of a wall display for ever; it goes dark within a second.",
            async call => call.Output.Write(
                await call.Client.RevokeWallDisplay(call.Get(id), call.Cancellation),
                display => call.Output.Line($"The link of {display.Id} was revoked at {Output.Utc(display.RevokedAt)} by {display.RevokedBy}.")),
            id);
    }

    private static Argument<string> Id() => new("display") { Description = "The display's id, such as dublin-lobby." };
}
