using System.Text.Json.Serialization;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Cases;

/// <summary>Gives out the case numbers of a region, each once (HB-5.6). Its key is the region's digit.</summary>
public interface ICaseNumbersGrain : IGrainWithStringKey
{
    /// <summary>Numbers that were never given out before.</summary>
    Task<IReadOnlyList<CaseNumber>> Take(int count);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(BlockReserved), "numbers-block-reserved.v1")]
public abstract record CaseNumbersEvent(Instant At)
{
    /// <summary>Sequence numbers below this one may have been given out.</summary>
    public sealed record BlockReserved(Instant At, int Until) : CaseNumbersEvent(At);
}

/// <summary>Sequence numbers below <see cref="Until"/> may have been given out.</summary>
public sealed record CaseNumbersState(int Until);

/// <summary>Reserves numbers in blocks, so that giving one out needs no write; a restart skips the rest of a block.</summary>
[GrainType("numbers")]
public sealed class CaseNumbersGrain(DurableServices services) : DurableGrain<CaseNumbersState, CaseNumbersEvent, NoEffect>(services), ICaseNumbersGrain
{
    private const int Block = 100;
    private int next;

    public async Task<IReadOnlyList<CaseNumber>> Take(int count)
    {
        if (next + count > (State?.Until ?? 0))
        {
            var outcome = await Execute(null, (_, now) => new List<CaseNumbersEvent> { new CaseNumbersEvent.BlockReserved(now, next + count + Block) });
            if (outcome.Refusal is not null)
            {
                throw new StoreException("No case numbers could be reserved: try again.");
            }
        }

        var digit = this.GetPrimaryKeyString()[0] - '0';
        var numbers = Enumerable.Range(next, count).Select(sequence => CaseNumber.Of(digit, sequence)).ToArray();
        next += count;
        return numbers;
    }

    protected override Task Loaded()
    {
        next = State?.Until ?? 1;
        return Task.CompletedTask;
    }

    protected override CaseNumbersState Evolve(CaseNumbersState? state, CaseNumbersEvent happened) => happened is CaseNumbersEvent.BlockReserved reserved ? new(reserved.Until) : throw new InvalidOperationException("Unknown event.");

    protected override Instant? DueOf(CaseNumbersState state) => null;

    protected override Task<Decision<CaseNumbersEvent>> DecideDue(CaseNumbersState state, Instant now) => Task.FromResult<Decision<CaseNumbersEvent>>(new List<CaseNumbersEvent>());

    protected override Instant AtOf(CaseNumbersEvent happened) => happened.At;
}
