using System.Reflection;
using System.Security.Claims;
using System.Text.Json;
using System.Threading.Channels;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol.Live;
using SupportCluster.Server.Live;

namespace SupportCluster.Live.Tests;

/// <summary>A change of the tests' topics: an amount, which a customer may or may not see.</summary>
/// <param name="Public">The customer's version after it.</param>
[GenerateSerializer, Immutable]
public sealed record Added(long Amount, bool Internal, long Public);

/// <summary>The state of the tests' topics: whoever sums up the amounts of all changes has the same.</summary>
[GenerateSerializer, Immutable]
public sealed record Total(long Version, long Sum, long PublicVersion, long PublicSum, string Padding = "")
{
    public Total With(Added added) => this with
    {
        Version = Version + 1,
        Sum = Sum + added.Amount,
        PublicVersion = added.Public,
        PublicSum = PublicSum + (added.Internal ? 0 : added.Amount),
    };

    public Added Next(long amount, bool @internal = false) => new(amount, @internal, PublicVersion + (@internal ? 0 : 1));
}

/// <summary>A kind of topic whose grain the test gives.</summary>
public sealed class TotalKind(Func<string, ITopicGrain> grain, string prefix = "total") : ITopicKind
{
    public string Prefix { get; } = prefix;

    public bool ViewWithChanges { get; set; } = true;

    /// <summary>Switched off to show that the customer's tests notice.</summary>
    public bool Hides { get; set; } = true;

    /// <summary>How many views were rendered.</summary>
    public int Views { get; private set; }

    public Func<Total, Total> Rendering { get; set; } = total => total;

    public string? Normalise(string key) => key.Length is > 0 and < 40 && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? key.Replace("-", "", StringComparison.Ordinal) : null;

    public ITopicGrain Grain(string key) => grain(key);

    public ValueTask<TopicAccess> Authorize(ClaimsPrincipal user, string key) => ValueTask.FromResult(
        key.StartsWith("secret", StringComparison.Ordinal) ? TopicAccess.Refused(LiveCodes.NotFound, "There is no such total.")
        : TopicAccess.Allowed(user.IsInRole("contact") ? Audience.Customer : Audience.Staff));

    public long VersionOf(TopicState state, Audience audience) => audience == Audience.Staff ? state.Version : ((Total)state.View).PublicVersion;

    public JsonElement ViewOf(TopicState state, Audience audience)
    {
        Views++;
        var total = Rendering((Total)state.View);
        return audience == Audience.Staff
            ? JsonSerializer.SerializeToElement(new { sum = total.Sum, padding = total.Padding })
            : JsonSerializer.SerializeToElement(new { sum = total.PublicSum, padding = total.Padding });
    }

    public long? VersionOf(TopicChange change, Audience audience) => audience == Audience.Staff ? change.Version
        : ((Added)change.Content) is { } added && (!added.Internal || !Hides) ? added.Public : null;

    public JsonElement? JsonOf(TopicChange change, Audience audience) => JsonSerializer.SerializeToElement(((Added)change.Content).Amount);
}

/// <summary>What a reader makes of its frames: fails at a gap, a duplicate or a swap, and knows how often it was reset.</summary>
public sealed class Ledger(string? cursor = null, long sum = 0)
{
    public string? Cursor { get; private set; } = cursor;

    public long Sum { get; private set; } = sum;

    public int Resets { get; private set; }

    public bool Stale { get; private set; }

    public List<long> Amounts { get; } = [];

    public void Take(Frame frame)
    {
        Stale = frame is Frame.Stale;
        switch (frame)
        {
            case Frame.Snapshot snapshot:
                Resets += snapshot.Reset ? 1 : 0;
                Sum = snapshot.View.GetProperty("sum").GetInt64();
                Cursor = snapshot.Cursor;
                break;
            case Frame.Change change:
                Assert.Equal(Cursor, change.Since);
                var amounts = change.Changes.EnumerateArray().Select(amount => amount.GetInt64()).ToArray();
                Assert.NotEmpty(amounts);
                Amounts.AddRange(amounts);
                Sum += amounts.Sum();
                Cursor = change.Cursor;
                if (change.View is { } view)
                {
                    Assert.Equal(view.GetProperty("sum").GetInt64(), Sum);
                }

                break;
            case Frame.UpToDate upToDate:
                Assert.Equal(Cursor, upToDate.Cursor);
                break;
            default:
                break;
        }
    }
}

/// <summary>Waiting in tests: for what comes, with a limit that only a failing test reaches.</summary>
public static class Await
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task<T> Next<T>(this Channel<T> channel, TimeSpan? limit = null)
    {
        using var late = new CancellationTokenSource(limit ?? Limit);
        return await channel.Reader.ReadAsync(late.Token);
    }

    public static async Task<T> Next<T, TBase>(this Channel<TBase> channel)
        where T : TBase => Assert.IsType<T>(await channel.Next(), exactMatch: false);

    public static void Empty<T>(this Channel<T> channel) => Assert.False(channel.Reader.TryRead(out var item), item?.ToString());
}

/// <summary>A grain's scheduler: what comes after awaiting it runs one at a time.</summary>
public sealed class GrainTurns : System.Runtime.CompilerServices.INotifyCompletion
{
    private readonly TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    public bool IsCompleted => false;

    public GrainTurns GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => Task.Factory.StartNew(continuation, CancellationToken.None, TaskCreationOptions.None, scheduler);
}

/// <summary>An activation that is no more than its address.</summary>
public class FakeActivation : DispatchProxy
{
    public static readonly SiloAddress Silo = SiloAddress.New(System.Net.IPAddress.Loopback, 11111, 1);

    public static IGrainContext Create() => Create<IGrainContext, FakeActivation>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name switch
    {
        "get_GrainId" => GrainId.Create("total", "1"),
        "get_Address" => new GrainAddress { SiloAddress = Silo, GrainId = GrainId.Create("total", "1"), ActivationId = ActivationId.NewId() },
        var name => throw new NotSupportedException(name),
    };
}
