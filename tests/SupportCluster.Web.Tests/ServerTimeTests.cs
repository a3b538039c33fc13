using NodaTime;
using SupportCluster.Web.Shared;
using Xunit;

namespace SupportCluster.Web.Tests;

/// <summary>How a page finds the server's time on a machine whose clock is wrong.</summary>
public sealed class ServerTimeTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 2, 12, 0);

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    [InlineData(4)]
    [InlineData(-31_536_000)]
    public void A_clock_that_is_off_is_put_right_to_a_second(int seconds)
    {
        var time = new ServerTime(new Machine(Noon + Duration.FromSeconds(seconds)));
        Ask(time, Noon);

        Assert.InRange((Now(time) - Noon).TotalSeconds, -1, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    [InlineData(999)]
    public void A_clock_that_may_be_right_is_left_alone_so_that_nothing_jumps(int milliseconds)
    {
        var machine = new Machine(Noon + Duration.FromMilliseconds(milliseconds));
        var time = new ServerTime(machine);
        for (var i = 0; i < 100; i++, machine.Now += Duration.FromMilliseconds(617))
        {
            Ask(time, machine.Now);
        }

        Assert.Equal(machine.Now, Now(time));
    }

    [Fact]
    public void A_clock_that_is_put_right_later_is_followed()
    {
        var machine = new Machine(Noon + Duration.FromMinutes(5));
        var time = new ServerTime(machine);
        Ask(time, Noon);
        machine.Now = Noon;
        Ask(time, Noon);

        Assert.InRange((Now(time) - Noon).TotalSeconds, -1, 1);
    }

    [Fact]
    public void A_slow_answer_moves_no_clock_that_may_be_right()
    {
        var time = new ServerTime(new Machine(Noon));
        time.Learn(Noon + Duration.FromSeconds(7), new(Noon, Noon + Duration.FromSeconds(20)));

        Assert.Equal(Noon, Now(time));
    }

    /// <summary>An answer at once, whose date is cut off to the second.</summary>
    private static void Ask(ServerTime time, Instant server) => time.Learn(Instant.FromUnixTimeSeconds(server.ToUnixTimeSeconds()), new(Now(time), Now(time)));

    private static Instant Now(ServerTime time) => Instant.FromDateTimeOffset(time.GetUtcNow());

    private sealed class Machine(Instant now) : TimeProvider
    {
        internal Instant Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
    }
}
