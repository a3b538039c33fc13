using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol.Cases;
using SupportCluster.Server.Live;

namespace SupportCluster.Server.Cases;

/// <summary>The topic <c>readers:&lt;number&gt;</c>: who of the support organisation has a case open. Watching it is being one of them.</summary>
public sealed class ReadersTopic(IGrainFactory grains, CaseAccess access) : WholeTopic<ReadersState, object>(IReadersGrain.Type)
{
    public override string? Normalise(string key) => CaseNumber.TryParse(key, out var number) ? number.Value : null;

    public override ITopicGrain Grain(string key) => grains.GetGrain<IReadersGrain>(key);

    protected override async ValueTask<Refusal?> Refuse(Actor actor, string key)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.Role is Role.Contact or Role.Wallboard ? NotFor("Who has a case open is for the support organisation") : (await access.Find(key, actor)).Refusal;
    }

    protected override object View(ReadersState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new ReadersView(state.Case, [.. state.Readers.Select(r => new CaseReader(r.Reader.Person, r.Reader.Role, r.Since))]);
    }

    protected override object Change(object change, long version) => throw new InvalidOperationException("Readers are told as a whole.");
}
