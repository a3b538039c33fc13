using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;
using SupportCluster.Grains.Policies;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Wallboards;

/// <summary>A wallboard as it stands.</summary>
public sealed record WallboardState(string Code, CaseBoard Board);

/// <summary>What a wall shows of a centre (the cases of its region), a region or the world. Its key is their code.</summary>
public interface IWallboardGrain : ITopicGrain;

/// <summary>Asks the directory once a second while it is watched, and tells when the answer differs: the more happens, the more it leaves out.</summary>
[GrainType("wallboard")]
public sealed class WallboardGrain(DurableServices services) : MemoryTopicGrain(services), IWallboardGrain
{
    private const int MostUrgent = 20;
    private CaseBoard board = CaseBoard.Empty;
    private string? region;

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override bool IsTold => false;

    protected override object View => new WallboardState(Key, board);

    protected override async Task Refresh(bool first)
    {
        if (first)
        {
            var policy = await Services.Policies.Get(await GrainFactory.GetGrain<IPolicyGrain>(IPolicyGrain.Current).CurrentVersion());
            region = Key == SupportPolicy.World ? null : policy.Centres.TryGetValue(Key, out var centre) ? centre.Region : Key;
        }

        var now = await Services.Store.Board(region, MostUrgent);
        if (!now.Same(board))
        {
            board = now;
            Replaced();
        }
    }
}
