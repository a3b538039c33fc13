namespace SupportCluster.Domain;

/// <summary>What a signed-in person, or the machine, may be.</summary>
public enum Role
{
    /// <summary>The service itself: clocks, effects, imports.</summary>
    System,

    /// <summary>A designated contact, bound to one support ID.</summary>
    Contact,

    /// <summary>A global support representative of the front desk.</summary>
    Representative,
    Engineer,
    Manager,
    Admin,

    /// <summary>A screen on a wall: figures and queues, no customer's case.</summary>
    Wallboard,
}

/// <summary>Who does something.</summary>
/// <param name="Id">Subject of the sign-in; an engineer's is the engineer id, a contact's the contact id.</param>
/// <param name="SupportId">For a contact.</param>
public sealed record Actor(string Id, Role Role, SupportId? SupportId = null)
{
    public static Actor System { get; } = new("system", Role.System);
}
