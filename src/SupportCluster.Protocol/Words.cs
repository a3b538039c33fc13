namespace SupportCluster.Protocol;

/// <summary>Where a case stands.</summary>
public enum CaseStatus
{
    /// <summary>Reported, with a number, not yet acknowledged (HB-4.2).</summary>
    Reported,

    /// <summary>Acknowledged, in its queue, without an owner.</summary>
    Queued,

    /// <summary>An engineer owns it and works on it.</summary>
    InProgress,

    /// <summary>The customer has been asked something, or no qualified contact is available; restoration and solution clocks are on hold (HB-4.9, HB-2.6).</summary>
    WaitingForCustomer,

    /// <summary>A solution is proposed and waits for the contact's answer (HB-4.6).</summary>
    SolutionProposed,

    /// <summary>Closed (HB-6.6); can be reopened within the policy's window.</summary>
    Closed,
}

/// <summary>The key actions of a case, in order (HB-4.1).</summary>
public enum Milestone
{
    Acknowledgement,
    InitialResponse,
    ServiceRestoration,
    SolutionProposal,
}

/// <summary>How a milestone stands (HB-4.8).</summary>
public enum MilestoneState
{
    /// <summary>Its clock has not started (the initial response before acknowledgement).</summary>
    Pending,
    Running,
    OnHold,
    Met,

    /// <summary>The deadline passed; meeting it late does not undo the miss.</summary>
    Missed,

    /// <summary>Not promised for this severity and offer, or the case ended without it.</summary>
    NotApplicable,
}

/// <summary>How the first response reached the customer, or a problem reached support.</summary>
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

/// <summary>What a problem is about (HB-5.1, HB-8.1); only the first two become cases.</summary>
public enum ProblemSubject
{
    /// <summary>A technical question, trouble, or suspected non-conformity with the documentation.</summary>
    Technical,

    /// <summary>A question on supporting the software: installation, configuration.</summary>
    Configuration,
    GeneralProductQuestion,
    Integration,
    Training,
    ProjectImplementation,
    LicenceKey,
    HostIdTransfer,
    ContactDetails,
}

/// <summary>External events that can excuse a miss (HB-4.11).</summary>
public enum ExcuseCause
{
    NetworkOutage,
    SystemOutage,
    TelephoneOutage,
    ForceMajeure,

    /// <summary>No workaround or fix is known (HB-4.12).</summary>
    NoKnownFix,
}
