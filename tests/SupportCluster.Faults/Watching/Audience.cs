using SupportCluster.Faults.Checking;
using SupportCluster.Faults.Load;
using SupportCluster.Faults.Servers;

namespace SupportCluster.Faults.Watching;

/// <summary>
/// Four who watch the same cases, each over a connection of its own: staff and a contact, with the client library and without.
/// A connection watches at most 200 topics, so a long run has several audiences.
/// </summary>
/// <param name="first">Which server they begin with.</param>
internal sealed class Audience(IService service, Api api, int first = 0) : IAsyncDisposable
{
    private readonly RawWatcher rawStaff = new(service, api, "manager.emea", first);
    private readonly RawWatcher rawContact = new(service, api, People.Contacts[0], first + 1);
    private readonly LibraryWatcher staff = new(api, "rep", first + 2);
    private readonly LibraryWatcher contact = new(api, People.Contacts[1], first);

    internal void Start()
    {
        rawStaff.Start();
        rawContact.Start();
    }

    internal void WatchQueue(string key) => staff.WatchQueue(key);

    /// <summary>The cases of a queue as staff was last told, by number.</summary>
    internal IReadOnlyList<string> Waiting(string key) => staff.Cases(key);

    internal async Task WatchAsStaff(string number)
    {
        await rawStaff.Watch(number);
        staff.WatchCase(number);
    }

    internal async Task WatchAsContact(string number)
    {
        await rawContact.Watch(number);
        contact.WatchCase(number);
    }

    /// <summary>Whether everybody has been told of the version that a reader sees now.</summary>
    internal async Task<bool> IsCurrent(Func<string, Task<long>> versionForStaff, Func<string, Task<long>> versionForContact)
    {
        foreach (var number in rawStaff.Seen().Select(w => w.Number))
        {
            var version = await versionForStaff(number);
            if (rawStaff.Version(number) != version || staff.Version(number) != version)
            {
                return false;
            }
        }

        foreach (var number in rawContact.Seen().Select(w => w.Number))
        {
            var version = await versionForContact(number);
            if (rawContact.Version(number) != version || contact.Version(number) != version)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether everybody has been told of at least this version of a case.</summary>
    internal bool HasSeen(string number, long version) => Behind(number, version) is null;

    /// <summary>Who of staff has not been told of this version of a case yet; null for nobody.</summary>
    internal string? Behind(string number, long version) => rawStaff.Version(number) is var raw && raw < version ? $"SignalR, which knows version {raw} of case {number} instead of {version}"
        : staff.Version(number) is var library && library < version ? $"the client library, which knows version {library} of case {number} instead of {version}"
        : null;

    /// <summary>Whether staff watches the case here.</summary>
    internal bool Watches(string number) => rawStaff.Watches(number);

    internal IReadOnlyList<WatchedCase> SeenCases() => [.. rawStaff.Seen(), .. rawContact.Seen(), .. staff.SeenCases(), .. contact.SeenCases()];

    internal IReadOnlyList<WatchedQueue> SeenQueues() => staff.SeenQueues();

    public async ValueTask DisposeAsync()
    {
        await staff.DisposeAsync();
        await contact.DisposeAsync();
        await rawStaff.DisposeAsync();
        await rawContact.DisposeAsync();
    }
}
