using System.Security.Claims;
using SupportCluster.Protocol;

namespace SupportCluster.Server.SignIn;

/// <summary>Answers who is signed in.</summary>
internal static class Who
{
    internal static SignedIn Of(ClaimsPrincipal user)
    {
        var role = user.FindFirstValue(ClaimNames.Role)!;
        var subject = user.FindFirstValue(ClaimNames.Subject)!;
        return new(subject, role, user.FindFirstValue(ClaimNames.SupportId), role == RoleNames.Engineer ? subject : null, user.FindFirstValue(ClaimNames.Region), user.FindFirstValue(ClaimNames.Shows));
    }
}
