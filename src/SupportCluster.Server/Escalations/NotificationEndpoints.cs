using SupportCluster.Domain.Escalations;
using SupportCluster.Grains.Escalations;
using SupportCluster.Protocol.Cases;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Escalations;

/// <summary>Who was told of escalations, over REST (HB-7.2).</summary>
public static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder api) =>
        api.MapGet("/notifications/{recipient}", Show).For(RoleNames.Manager, RoleNames.Admin).WithTags("centres").WithSummary("What somebody was told of escalations by mail").Produces<NotificationsView>();

    private static async Task<NotificationsView> Show(string recipient, IGrainFactory grains)
    {
        var known = await grains.GetGrain<INotifierGrain>(recipient).Read();
        return new(recipient,
        [
            .. (known?.Pending ?? []).Reverse().Select(n => View(n, null)),
            .. (known?.Ended ?? []).Reverse().Select(e => View(e.Notification, e)),
        ]);
    }

    private static NotificationView View(Notification n, EndedNotification? ended) => new(
        n.Case.Value, n.Cause.To<Protocol.Cases.EscalationCause>(), n.Level.To<Protocol.Cases.EscalationLevel>(), n.At, ended?.GivenUp is null ? ended?.At : null, ended?.GivenUp);
}
