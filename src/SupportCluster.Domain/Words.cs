namespace SupportCluster.Domain;

/// <summary>How a problem reached support, or the first response the customer (HB-4.2, HB-4.3).</summary>
public enum Channel
{
    Online,
    Phone,
    Email,
    LiveTransfer,
    CallBack,
}

/// <summary>What counts as a proposed solution (HB-4.6).</summary>
public enum SolutionKind
{
    Fix,
    NewCode,
    MaintenancePack,
    NewRelease,
    WorkaroundAsFinal,
    AdviceToMigrate,
    PlannedForComingVersion,
    OtherSteps,
}

/// <summary>External events that can excuse a miss (HB-4.11, HB-4.12).</summary>
public enum ExcuseCause
{
    NetworkOutage,
    SystemOutage,
    TelephoneOutage,
    ForceMajeure,
    NoKnownFix,
}
