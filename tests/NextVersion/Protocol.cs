namespace SupportCluster.Protocol.Cases;

/// <summary>A case as a later version might show it: with one member more (see Domain.cs beside this file).</summary>
public sealed partial record CaseView
{
    /// <summary>A member of the view.</summary>
    public string Mood { get; init; } = "calm";
}
