using System.Collections.Immutable;
using System.Security.Claims;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Live;

/// <summary>The connections of this node by the person who is signed in: so many each, and ended when that person's rights end.</summary>
internal sealed class LiveReaders(LiveOptions options, RevokedSignIns? revoked = null)
{
    private readonly Dictionary<string, List<Connected>> people = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Admits a connection, unless its person has too many already.</summary>
    /// <param name="end">Ends the connection.</param>
    public bool TryAdd(string connection, ClaimsPrincipal user, Action end)
    {
        var person = PersonOf(user);
        lock (gate)
        {
            if (!people.TryGetValue(person, out var connected))
            {
                people[person] = connected = new(1);
            }

            if (connected.Count >= options.ConnectionsPerUser && person.Length > 0)
            {
                return false;
            }

            connected.Add(new(connection, user, end));
        }

        if (revoked?.Holds(user) == true)
        {
            // Between the look at the token and here.
            end();
        }

        return true;
    }

    public void Remove(string connection, ClaimsPrincipal user)
    {
        var person = PersonOf(user);
        lock (gate)
        {
            if (people.TryGetValue(person, out var connected) && connected.RemoveAll(c => c.Connection == connection) > 0 && connected.Count == 0)
            {
                people.Remove(person);
            }
        }
    }

    /// <summary>Ends those connections of a person that are so; namesakes of other customers are told apart by the one who asks.</summary>
    public void End(string subject, Func<ClaimsPrincipal, bool> which)
    {
        Connected[] ended;
        lock (gate)
        {
            ended = people.TryGetValue(subject, out var connected) ? [.. connected.Where(c => which(c.User))] : [];
        }

        foreach (var connection in ended)
        {
            connection.End();
        }
    }

    /// <summary>The engineers who are connected, by id.</summary>
    public ImmutableArray<string> Engineers()
    {
        lock (gate)
        {
            return [.. people.Values.Select(c => c[0].User).Where(u => u.FindFirstValue(ClaimNames.Role) == RoleNames.Engineer).Select(u => u.Actor().Id).Order(StringComparer.Ordinal)];
        }
    }

    private static string PersonOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimNames.Subject) ?? "";

    private sealed record Connected(string Connection, ClaimsPrincipal User, Action End);
}
