namespace SupportCluster.Grains.Waking;

/// <summary>A grain that has work at certain instants. Being woken early, late, twice or for nothing is harmless.</summary>
public interface IWakes : IGrainWithStringKey
{
    /// <summary>Does whatever is due.</summary>
    Task Wake();
}
