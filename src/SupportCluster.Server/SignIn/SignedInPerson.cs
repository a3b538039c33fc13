using System.Security.Claims;
using SupportCluster.Domain;

namespace SupportCluster.Server.SignIn;

/// <summary>Names of the claims that a token carries.</summary>
public static class ClaimNames
{
    public const string Subject = "sub";
    public const string Role = "role";

    /// <summary>For contacts: the one support ID that they are bound to.</summary>
    public const string SupportId = "support_id";

    /// <summary>For managers.</summary>
    public const string Region = "region";

    /// <summary>For wall displays: the code of the wallboard that they show.</summary>
    public const string Shows = "shows";

    /// <summary>For wall displays: the hash of the link that they signed in with.</summary>
    public const string Link = "link";
}

/// <summary>Names of the roles, as tokens carry them.</summary>
public static class RoleNames
{
    public const string Contact = "contact";
    public const string Representative = "representative";
    public const string Engineer = "engineer";
    public const string Manager = "manager";
    public const string Admin = "admin";
    public const string Wallboard = "wallboard";

    /// <summary>Everyone of the support organisation.</summary>
    public static readonly string[] Staff = [Representative, Engineer, Manager, Admin];

    /// <summary>Everyone but screens on walls.</summary>
    public static readonly string[] People = [Contact, .. Staff];
}

/// <summary>Reads who is signed in.</summary>
public static class SignedInPerson
{
    /// <summary>The actor of a token; throws when it lacks what every token has been checked to have.</summary>
    public static Actor Actor(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var role = user.FindFirstValue(ClaimNames.Role) switch
        {
            RoleNames.Contact => Role.Contact,
            RoleNames.Representative => Role.Representative,
            RoleNames.Engineer => Role.Engineer,
            RoleNames.Manager => Role.Manager,
            RoleNames.Admin => Role.Admin,
            RoleNames.Wallboard => Role.Wallboard,
            var other => throw new InvalidOperationException($"Unknown role '{other}'."),
        };
        return new(user.FindFirstValue(ClaimNames.Subject)!, role, role == Role.Contact ? new SupportId(user.FindFirstValue(ClaimNames.SupportId)!) : null);
    }

    /// <summary>Whether a token's claims make a person that the service knows: one subject, one known role, and one support ID for a contact.</summary>
    public static bool IsComplete(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return One(ClaimNames.Subject) is not null && One(ClaimNames.Role) is { } role
            && (role == RoleNames.Contact ? One(ClaimNames.SupportId) is not null : RoleNames.Staff.Contains(role) || role == RoleNames.Wallboard);

        string? One(string claim) => user.FindAll(claim).ToList() is [{ Value: var value }] && !string.IsNullOrWhiteSpace(value) ? value : null;
    }
}
