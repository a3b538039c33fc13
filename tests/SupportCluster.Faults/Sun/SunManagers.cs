using SupportCluster.Client;
using SupportCluster.Faults.Load;
using SupportCluster.Protocol.Cases;

namespace SupportCluster.Faults.Sun;

/// <summary>The manager of each region takes up some escalations before the next level is told; in the end managers close what is left.</summary>
internal sealed class SunManagers(SunFloor floor)
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(400);

    internal Task Work(CancellationToken stop) => Task.WhenAll(SunPeople.Managers.Select(async manager =>
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var (c, view) in floor.Open().Where(o => manager.EndsWith(o.View.Region, StringComparison.Ordinal)))
            {
                foreach (var open in view.Escalations ?? [])
                {
                    var what = $"{open.Cause} {open.Since}";
                    if (!stop.IsCancellationRequested && open.TakenUpBy is null && floor.Happens(0.5, c, what) && RealTime.Now > open.Since + floor.Seconds(1, 9, c, what) && c.Again(what, 5))
                    {
                        await floor.Desk.Give(CommandKind.TakeUp, manager, manager, $"api/cases/{c.Number}/take-up", c.Number, null, new TakeUpEscalation(open.Cause), default);
                    }
                }
            }

            await RealTime.Think(Glance, default);
        }
    }));

    /// <summary>Closes everything that is open, also what nobody knows to have been reported.</summary>
    internal async Task CloseAll(CancellationToken cancel)
    {
        using var admin = new SupportClusterClient(floor.Api.Options("admin"), RealTime.Provider);
        while ((await admin.Cases(new CaseQuery(Open: true, Limit: 200), cancel)).Items is { Count: > 0 } open)
        {
            await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (c, ct) =>
            {
                var manager = $"manager.{c.Region}";
                await floor.Give(CommandKind.Close, manager, manager, c.Number, "close", m => new CloseCase(m), ct, insist: true);
            });
        }
    }
}
