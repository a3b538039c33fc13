using System.Collections.Immutable;
using Orleans.Concurrency;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Durable;
using SupportCluster.Grains.Live;
using SupportCluster.Storage;

namespace SupportCluster.Grains.Customers;

/// <summary>A customer's open cases by number, each as the directory has it.</summary>
public sealed record CustomerState(SupportId SupportId, ImmutableDictionary<string, CaseDirectoryEntry> Cases);

/// <summary>One change of a customer's open cases: one that came or changed, or one that is open no longer.</summary>
public sealed record CustomerChanged(CaseDirectoryEntry? Entry, string? Left);

/// <summary>The open cases of a customer, for those who watch them. Its key is the support ID.</summary>
public interface ICustomerGrain : ITopicGrain
{
    /// <summary>The type of the grain, by which it is known to be watched.</summary>
    const string Type = "customer";

    /// <summary>A case tells how it stands in the directory now: open, or not (null). Applied by case and version; sent without waiting, so that it may be lost.</summary>
    [AlwaysInterleave, OneWay]
    Task Changed(CaseNumber number, long version, CaseDirectoryEntry? entry);
}

/// <inheritdoc cref="ICustomerGrain"/>
[GrainType(ICustomerGrain.Type)]
public sealed class CustomerGrain(DurableServices services) : MemoryTopicGrain(services), ICustomerGrain
{
    private const int PageSize = 200;
    private readonly Dictionary<string, long> versions = [];
    private readonly HashSet<string> toldMeanwhile = [];
    private ImmutableDictionary<string, CaseDirectoryEntry> cases = ImmutableDictionary<string, CaseDirectoryEntry>.Empty;

    protected override TimeSpan Period => TimeSpan.FromSeconds(5);

    protected override object View => new CustomerState(new(Key), cases);

    public Task Changed(CaseNumber number, long version, CaseDirectoryEntry? entry)
    {
        if (!versions.TryGetValue(number.Value, out var known) || known < version)
        {
            versions[number.Value] = version;
            toldMeanwhile.Add(number.Value);
            Put(number.Value, entry);
        }

        return Task.CompletedTask;
    }

    /// <summary>Makes good what was lost. What a case has told since the list was asked for is newer than the list.</summary>
    protected override async Task Refresh(bool first)
    {
        toldMeanwhile.Clear();
        var listed = new Dictionary<string, CaseDirectoryEntry>();
        string? after = null;
        do
        {
            var page = await Services.Store.ListCases(new CaseFilter(SupportId: Key, Open: true), PageSize, after);
            foreach (var entry in page.Items)
            {
                listed[entry.Number] = CaseDirectory.ForCustomer(entry);
            }

            after = page.Next;
        }
        while (after is not null);
        if (first)
        {
            cases = listed.ToImmutableDictionary();
            return;
        }

        foreach (var number in cases.Keys.Union(listed.Keys).Except(toldMeanwhile).ToList())
        {
            Put(number, listed.GetValueOrDefault(number));
        }

        foreach (var number in versions.Keys.Where(n => !cases.ContainsKey(n) && !toldMeanwhile.Contains(n)).ToList())
        {
            versions.Remove(number);
        }
    }

    private void Put(string number, CaseDirectoryEntry? entry)
    {
        if (cases.GetValueOrDefault(number) != entry)
        {
            cases = entry is null ? cases.Remove(number) : cases.SetItem(number, entry);
            Publish(new CustomerChanged(entry, entry is null ? number : null));
        }
    }
}
