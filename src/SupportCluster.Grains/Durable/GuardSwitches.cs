namespace SupportCluster.Grains.Durable;

/// <summary>
/// Protections that a test build can switch off, to show that the tests of them bite. A normal build has no way to set them:
/// see <c>TestSwitches</c> in the server's project file.
/// </summary>
/// <param name="RequestMemory">A repeated request is recognised.</param>
/// <param name="EffectCursor">Effects are kept until they were delivered.</param>
/// <param name="TimerNet">A case in memory wakes by its timer.</param>
/// <param name="WriteFirst">Nobody is told of anything before it is written.</param>
/// <param name="Rings">Cases that wait are put to engineers.</param>
public sealed record GuardSwitches(bool RequestMemory = true, bool EffectCursor = true, bool TimerNet = true, bool WriteFirst = true, bool Rings = true);
