using NodaTime;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Wallboards;

/// <summary>A wallboard as it stands.</summary>
/// <param name="Board">The open cases; their tallies are summed in <paramref name="Day"/>.</param>
/// <param name="Wanted">What milestones are measured against.</param>
public sealed record WallboardState(string Code, CaseBoard Board, WallboardDay? Day = null, WallboardRules? Wanted = null);

/// <summary>What a wall shows of a centre (the cases of its region), a region or the world. Its key is their code.</summary>
public interface IWallboardGrain : ITopicGrain;

/// <summary>Asks the directory once a second while it is watched, and tells when the answer differs: the more happens, the more it leaves out.</summary>
[GrainType("wallboard")]
public sealed class WallboardGrain(DurableServices services) : MemoryTopicGrain(services), IWallboardGrain
{
    private const int MostUrgent = 20;

    /// <summary>How many times it asks under the policy that it knows.</summary>
    private const int SamePolicy = 10;

    private CaseBoard board = new([], [], []);
    private WallboardDay? day;
    private WallboardRules? wanted;
    private string? region;
    private DateTimeZone zone = DateTimeZone.Utc;
    private int refreshes;

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override bool IsTold => false;

    protected override object View => new WallboardState(Key, board, day, wanted);

    protected override async Task Refresh(bool first)
    {
        var rules = wanted;
        if (refreshes++ % SamePolicy == 0)
        {
            var policy = await Services.Policies.Current(GrainFactory);
            region = Key == SupportPolicy.World ? null : policy.Centres.TryGetValue(Key, out var centre) ? centre.Region : Key;
            zone = ZoneOf(policy);
            rules = policy.Wallboard;
        }

        var now = Services.Clock.GetCurrentInstant();
        var read = await Services.Store.Board(region, MostUrgent, WallboardDay.Since(zone, now));
        var today = WallboardDay.Of(read.Tallies, zone, now);
        if (!read.Counts.SequenceEqual(board.Counts) || !read.Urgent.SequenceEqual(board.Urgent) || today != day || rules != wanted)
        {
            (board, day, wanted) = (read with { Tallies = [] }, today, rules);
            Replaced();
        }
    }

    /// <summary>Where its day begins at midnight: at the centre, of a region at its first centre by code, else in UTC.</summary>
    private DateTimeZone ZoneOf(SupportPolicy policy)
    {
        var code = policy.Centres.ContainsKey(Key) ? Key : policy.Centres.Where(c => c.Value.Region == Key).Select(c => c.Key).Min(StringComparer.Ordinal);
        return code is not null && policy.Centre(code) is { } centre ? centre.Calendar.Zone : DateTimeZone.Utc;
    }
}
