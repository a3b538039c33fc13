namespace SupportCluster.Storage;

/// <summary>A write that waits for its transaction, whichever engine carries it out.</summary>
internal sealed class PendingWrite
{
    /// <exception cref="ArgumentException">The write makes no sense, whatever is stored.</exception>
    internal PendingWrite(StoreWrite write)
    {
        Refuse(write);
        Write = write;
    }

    internal StoreWrite Write { get; }

    internal StoreWriteResult Outcome { get; set; }

    // Continuations run elsewhere: the writer must not carry its callers' work.
    internal TaskCompletionSource<StoreWriteResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Refuse(StoreWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        for (var i = 0; i < write.Events.Count; i++)
        {
            if (write.Events[i].Version != write.ExpectedVersion + 1 + i)
            {
                throw new ArgumentException($"Event {i} of {write.Key} has version {write.Events[i].Version}; versions go on from {write.ExpectedVersion} without gaps.", nameof(write));
            }
        }

        // Version 0 means that there is none: a row of version 0 could be created twice.
        if (write is { ExpectedVersion: 0, Events.Count: 0 })
        {
            throw new ArgumentException($"The first write of {write.Key} needs an event.", nameof(write));
        }

        if (write.Severity is < 0 or > 4)
        {
            throw new ArgumentException($"{write.Key} has severity {write.Severity}; it is 1 to 4, and 0 for what is no case.", nameof(write));
        }

        if (write.Directory is { } entry && entry.Number != write.Key.Id)
        {
            throw new ArgumentException($"The directory entry of {write.Key} has number {entry.Number}; it is the aggregate's id.", nameof(write));
        }
    }
}
