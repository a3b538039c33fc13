namespace SupportCluster.Domain.Cases;

/// <summary>Who may ask what of a case. What is not granted here is refused.</summary>
internal static class CaseAuthority
{
    /// <summary>A case that does not exist yet is opened by a contact under its own support ID, or by those who record a problem for one (HB-2.1, HB-5.3).</summary>
    internal static Refusal? CheckOpening(CaseCommand.Open open, Actor actor) => actor.Role switch
    {
        Role.System => null,
        Role.Contact when actor.SupportId != open.Terms.SupportId => Refusal.NotFound("contract-not-found", "There is no such contract."),
        _ => OneOf(actor, Role.Contact, Role.Representative, Role.Engineer, Role.Manager),
    };

    internal static Refusal? CheckImport(Actor actor) => actor.Role is Role.System or Role.Admin ? null : Forbidden(actor);

    internal static Refusal? Check(CaseState state, CaseCommand command, Actor actor) => actor.Role switch
    {
        Role.System => null,
        Role.Contact when actor.SupportId != state.Terms.SupportId => Refusal.NotFound("case-not-found", "There is no such case."),
        _ => command switch
        {
            CaseCommand.Open open => CheckOpening(open, actor),
            CaseCommand.Import => CheckImport(actor),
            CaseCommand.Acknowledge => OneOf(actor, Role.Representative, Role.Manager),
            CaseCommand.Assign assign => Oneself(actor, assign.Engineer),
            CaseCommand.VoidReservation voided => Oneself(actor, voided.Engineer),
            CaseCommand.DeclineRing declined => Oneself(actor, declined.Engineer),
            CaseCommand.Release or CaseCommand.GiveHandoffNote or CaseCommand.Respond or CaseCommand.GiveWorkaround or CaseCommand.ProposeSolution => OwnerOr(state, actor, Role.Manager),
            CaseCommand.AddNote { Internal: true } => OneOf(actor, Role.Representative, Role.Engineer, Role.Manager),
            CaseCommand.AddNote => OneOf(actor, Role.Contact, Role.Representative, Role.Engineer, Role.Manager),
            CaseCommand.AskCustomer => OwnerOr(state, actor, Role.Representative, Role.Manager),
            CaseCommand.Answer or CaseCommand.ChangeSeverity or CaseCommand.ContactUnavailable or CaseCommand.ContactAvailable
                or CaseCommand.DeclineContinuousService or CaseCommand.TakeBackContinuousService
                => OwnerOr(state, actor, Role.Contact, Role.Representative, Role.Manager),
            CaseCommand.Escalate => OwnerOr(state, actor, Role.Contact, Role.Representative, Role.Manager),
            CaseCommand.TakeUpEscalation or CaseCommand.Deescalate => OneOf(actor, Role.Manager),
            CaseCommand.RestoreService => OwnerOr(state, actor, Role.Contact, Role.Manager),
            CaseCommand.AcceptSolution or CaseCommand.RejectSolution => OneOf(actor, Role.Contact, Role.Representative, Role.Manager),
            CaseCommand.Close => OwnerOr(state, actor, Role.Contact, Role.Manager),
            CaseCommand.Reopen => OneOf(actor, Role.Contact, Role.Representative, Role.Engineer, Role.Manager),
            CaseCommand.ExcuseMiss or CaseCommand.RecordNoKnownFix => OneOf(actor, Role.Manager),
            _ => Forbidden(actor),
        },
    };

    private static Refusal? OneOf(Actor actor, params ReadOnlySpan<Role> roles) => roles.Contains(actor.Role) ? null : Forbidden(actor);

    /// <summary>Nobody is given a case by a colleague's hand: room is reserved by the engineer who takes it.</summary>
    private static Refusal? Oneself(Actor actor, EngineerId engineer) => actor.Role == Role.Engineer && actor.Id == engineer.Value ? null : Forbidden(actor);

    /// <summary>An engineer acts on a case only as its owner: work by two would be work that nobody answers for (HB-5.5).</summary>
    private static Refusal? OwnerOr(CaseState state, Actor actor, params ReadOnlySpan<Role> roles) =>
        roles.Contains(actor.Role) ? null
        : actor.Role != Role.Engineer ? Forbidden(actor)
        : state.Owner?.Value == actor.Id ? null
        : Refusal.State("not-owner", state.Owner is { } owner ? $"The case is {owner}'s." : "The case has no owner: take it first.", "HB-5.5");

    private static Refusal Forbidden(Actor actor) => Refusal.Forbidden("role-not-allowed", $"This is not for the role {char.ToLowerInvariant(actor.Role.ToString()[0])}{actor.Role.ToString()[1..]}.");
}
