using System.Text.Json.Serialization;
using SupportCluster.Domain;
using SupportCluster.Domain.Engineers;
using SupportCluster.Grains.Engineers;
using SupportCluster.Grains.Live;
using SupportCluster.Protocol.Engineers;
using SupportCluster.Server.Live;

namespace SupportCluster.Server.Engineers;

/// <summary>The topic <c>engineer:&lt;id&gt;</c>: profile, capacity and the cases held, for staff.</summary>
public sealed class EngineerTopic(IGrainFactory grains) : WholeTopic<EngineerStanding, EngineerEvent>("engineer", viewWithChanges: true)
{
    private static readonly Dictionary<Type, string> EventTypes = typeof(EngineerEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false)
        .Cast<JsonDerivedTypeAttribute>().ToDictionary(a => a.DerivedType, a => ((string)a.TypeDiscriminator!)[..((string)a.TypeDiscriminator!).LastIndexOf('.')]);

    public override ITopicGrain Grain(string key) => grains.GetGrain<IEngineerGrain>(key);

    protected override async ValueTask<Refusal?> Refuse(Actor actor, string key)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.Role is Role.Contact or Role.Wallboard ? NotFor("Engineers are watched by staff")
            : await grains.GetGrain<IEngineerGrain>(key).Read() is null ? EngineerEndpoints.NotFound(key)
            : null;
    }

    protected override object View(EngineerStanding state) => EngineerEndpoints.View(state);

    protected override object Change(EngineerEvent change, long version)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new EngineerChange(version, change.At, EventTypes[change.GetType()], change.By, change switch
        {
            EngineerEvent.Reserved e => e.Case.Value,
            EngineerEvent.Assigned e => e.Case.Value,
            EngineerEvent.Dropped e => e.Case.Value,
            EngineerEvent.SeverityChanged e => e.Case.Value,
            EngineerEvent.ProfileSet or EngineerEvent.ShiftPlanned => null,
            _ => throw new InvalidOperationException($"Unknown event {change.GetType().Name}."),
        });
    }
}
