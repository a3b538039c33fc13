using SupportCluster.Domain;
using SupportCluster.Domain.Cases;

namespace SupportCluster.Benchmarks;

/// <summary>Each caller leads a case through its life, then the next one.</summary>
internal sealed class ManyLives(Node node, int callers)
{
    private readonly (CaseNumber Number, int Step)[] cases = [.. Enumerable.Repeat((default(CaseNumber), Lives.Length), callers)];
    private int sequence;

    /// <summary>The next command of a caller's case.</summary>
    internal async Task<bool> Next(int caller)
    {
        var (number, step) = cases[caller];
        if (step == Lives.Length)
        {
            number = CaseNumber.Of(4, Interlocked.Increment(ref sequence));
            await node.Command(number, Lives.Open(number), new("contact.northwind", Role.Contact, new("northwind")));
            step = -1;
        }
        else
        {
            var (command, actor) = Lives.Step(step);
            await node.Command(number, command, actor);
        }

        cases[caller] = (number, step + 1);
        return true;
    }
}
