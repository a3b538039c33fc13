using System.Diagnostics;

namespace SupportCluster.Server.Tests.StartUp;

/// <summary>A node that is asked to stop lets a balancer turn away before it does.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task Asked_to_stop_it_says_that_it_is_not_ready_and_goes_on_serving_and_then_ends()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.Started(folder.Path, "--SupportCluster:DrainFor", "PT10M");
        using var http = new HttpClient { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.OK, (await Ready()).Status);

        Terminate(server.Id);
        (HttpStatusCode Status, string Text) answer;
        do
        {
            answer = await Ready();
        }
        while (answer.Status == HttpStatusCode.OK);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the node is stopping"), answer);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/figures", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);

        // Asked again it stops at once.
        Terminate(server.Id);
        Assert.Equal(0, await server.Ended());

        async Task<(HttpStatusCode Status, string Text)> Ready()
        {
            var got = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return (got.StatusCode, await got.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    private static void Terminate(int process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
