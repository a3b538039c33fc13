namespace SupportCluster.Faults.Servers;

/// <summary>What goes one way between two processes. Held up, it waits and goes on later, as packets do that a network loses and a sender repeats.</summary>
internal sealed class Flow
{
    private TaskCompletionSource? held;

    /// <summary>Completes when something may pass.</summary>
    internal Task Passable => Volatile.Read(ref held)?.Task ?? Task.CompletedTask;

    internal void Hold() => Interlocked.CompareExchange(ref held, new(TaskCreationOptions.RunContinuationsAsynchronously), null);

    internal void Go() => Interlocked.Exchange(ref held, null)?.TrySetResult();
}
