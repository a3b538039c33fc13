namespace SupportCluster.Grains.Durable;

/// <summary>For aggregates that no other aggregate must hear of.</summary>
public sealed record NoEffect;
