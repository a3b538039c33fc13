namespace SupportCluster.Server.Tests.Isolation;

/// <summary>What another customer's contact is answered, or one that is no longer designated.</summary>
public enum Hidden
{
    /// <summary>The role itself may not: 403 <c>role-not-allowed</c>.</summary>
    Role,

    /// <summary>As if it never was: 404.</summary>
    NotFound,

    /// <summary>Its own data only, or nothing of a customer's.</summary>
    Own,
}

/// <summary>One endpoint: who may call it.</summary>
/// <param name="Roles">Personas' roles, separated by blanks; <c>anyone</c> for no sign-in at all.</param>
/// <param name="Other">What another customer's contact gets.</param>
/// <param name="Removed">What a contact gets that was removed from its contract: 403 <c>contact-not-designated</c>, unless nothing there is a customer's.</param>
/// <param name="Body">A request that the endpoint understands.</param>
public sealed record Endpoint(string Method, string Route, string Roles, Hidden Other = Hidden.Role, Hidden? Removed = null, object? Body = null)
{
    /// <summary>Null for the hub's connection itself, which <see cref="HubIsolationTests"/> try.</summary>
    public HttpMethod? Tried => Method != "*" ? new(Method) : Route == "/hub" ? null : HttpMethod.Post;

    public bool IsOpen => Roles == "anyone";

    public bool Allows(string role) => IsOpen || Roles.Split(' ').Contains(role);

    public override string ToString() => $"{Method} {Route}";
}

/// <summary>
/// Every endpoint of the server, with who may call it. A new endpoint that is not entered here fails the test: whoever adds one says here
/// who may call it and what another customer gets.
/// </summary>
internal static class EndpointTable
{
    internal const string Contact = "contact", Representative = "representative", Engineer = "engineer", Manager = "manager", Admin = "admin", Wallboard = "wallboard", Anyone = "anyone";

    private const string Staff = $"{Representative} {Engineer} {Manager} {Admin}";
    private const string People = $"{Contact} {Staff}";
    private const string Everybody = $"{People} {Wallboard}";
    private const string Number = "/api/cases/{number}";

    internal static readonly IReadOnlyList<Endpoint> All =
    [
        new("GET", "/api/me", Everybody, Hidden.Own, Hidden.Own),
        new("POST", "/api/sign-ins/{subject}/revoke", Admin, Body: new { reason = "r" }),
        new("GET", "/api/figures", $"{Staff} {Wallboard}"),
        new("GET", "/api/intake/checklist", People, Hidden.Own, Hidden.Own),
        new("POST", "/api/intake/check", People, Hidden.Own, Hidden.Own, new { severity = 1 }),
        new("POST", "/api/explain", People, Hidden.Own, Hidden.Own, new { offer = "basic", severity = 1, zone = "Europe/Dublin" }),

        new("GET", "/api/cases/", People, Hidden.Own),
        new("POST", "/api/cases", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.Own, Body: World.Report()),
        new("GET", Number, People, Hidden.NotFound),
        new("GET", $"{Number}/history", People, Hidden.NotFound),
        new("GET", $"{Number}/explain", People, Hidden.NotFound),
        new("POST", $"{Number}/acknowledge", $"{Representative} {Manager}", Body: new { }),
        new("POST", $"{Number}/take", Engineer),
        new("POST", $"{Number}/release", $"{Engineer} {Manager}", Body: new { reason = "r" }),
        new("POST", $"{Number}/respond", $"{Engineer} {Manager}", Body: new { channel = "callBack", text = "t" }),
        new("POST", $"{Number}/note", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.NotFound, Body: new { text = "t" }),
        new("POST", $"{Number}/ask", $"{Representative} {Engineer} {Manager}", Body: new { text = "t" }),
        new("POST", $"{Number}/answer", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.NotFound, Body: new { text = "t" }),
        new("POST", $"{Number}/severity", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.NotFound, Body: new { severity = 2, reason = "r" }),
        new("POST", $"{Number}/workaround", $"{Engineer} {Manager}", Body: new { text = "t" }),
        new("POST", $"{Number}/restore", $"{Contact} {Engineer} {Manager}", Hidden.NotFound, Body: new { text = "t" }),
        new("POST", $"{Number}/propose", $"{Engineer} {Manager}", Body: new { kind = "fix", text = "t" }),
        new("POST", $"{Number}/accept", $"{Contact} {Representative} {Manager}", Hidden.NotFound, Body: new { }),
        new("POST", $"{Number}/reject", $"{Contact} {Representative} {Manager}", Hidden.NotFound, Body: new { reason = "r" }),
        new("POST", $"{Number}/close", $"{Contact} {Engineer} {Manager}", Hidden.NotFound, Body: new { reason = "r" }),
        new("POST", $"{Number}/reopen", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.NotFound, Body: new { reason = "r" }),
        new("POST", $"{Number}/excuse", Manager, Body: new { milestone = "initialResponse", cause = "networkOutage", reason = "r" }),
        new("POST", $"{Number}/no-known-fix", Manager, Body: new { reason = "r" }),
        new("POST", $"{Number}/decline", Engineer, Body: new { reason = "r" }),
        new("POST", $"{Number}/handoff-note", $"{Engineer} {Manager}", Body: new { state = "s", plan = "p", tried = "t", next = "n", contact = "c" }),
        new("POST", $"{Number}/escalate", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.NotFound, Body: new { reason = "r" }),
        new("POST", $"{Number}/take-up", Manager, Body: new { cause = "customer" }),
        new("POST", $"{Number}/deescalate", Manager, Body: new { cause = "customer", reason = "r" }),
        new("POST", $"{Number}/decline-continuous-service", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.NotFound, Body: new { reason = "r" }),
        new("POST", $"{Number}/take-back-continuous-service", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.NotFound, Body: new { }),
        new("POST", $"{Number}/contact-unavailable", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.NotFound, Body: new { reason = "r" }),
        new("POST", $"{Number}/contact-available", $"{Contact} {Representative} {Engineer} {Manager}", Hidden.NotFound, Body: new { }),

        new("GET", "/api/contracts/", Staff),
        new("GET", "/api/contracts/{supportId}", People, Hidden.NotFound),
        new("GET", "/api/contracts/{supportId}/history", Staff),
        new("PUT", "/api/contracts/{supportId}", $"{Admin} {Representative}", Body: World.Contract("northwind")),
        new("PUT", "/api/contracts/{supportId}/contacts/{contact}", $"{Admin} {Representative} {Contact}", Hidden.NotFound, Body: World.Contact("contact.northwind.new")),
        new("DELETE", "/api/contracts/{supportId}/contacts/{contact}", $"{Admin} {Representative} {Contact}", Hidden.NotFound),
        new("POST", "/api/contracts/{supportId}/consume", $"{Representative} {Manager} {Admin}", Body: new { name = "onSiteInterventions", reason = "r" }),

        new("GET", "/api/engineers/", Staff),
        new("GET", "/api/engineers/{id}", Staff),
        new("PUT", "/api/engineers/{id}", $"{Admin} {Manager}", Body: new { name = "Aoife", region = "emea", skills = new[] { "backup", "archive" } }),

        new("GET", "/api/engineers/{id}/schedule.ics", Staff),
        new("PUT", "/api/engineers/{id}/schedule.ics", $"{Admin} {Manager}", Body: "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20350604T090000Z\r\nDTEND:20350604T170000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),

        new("POST", "/api/engineers/{id}/give-shift", $"{Admin} {Manager}", Body: new { to = "eng-bela", date = "2035-06-05" }),

        new("GET", "/api/queues/", $"{Staff} {Wallboard}"),
        new("GET", "/api/queues/{region}/{line}", $"{Staff} {Wallboard}"),
        new("POST", "/api/queues/{region}/{line}/take", Engineer),

        new("GET", "/api/centres", $"{Staff} {Wallboard}"),
        new("POST", "/api/centres/{code}/close", $"{Manager} {Admin}", Body: new { until = "2035-06-05T00:00:00Z", reason = "r" }),
        new("POST", "/api/centres/{code}/reopen", $"{Manager} {Admin}"),
        new("POST", "/api/duty/{region}/stand-in", $"{Manager} {Admin}", Body: new { from = "2035-06-05T00:00:00Z", until = "2035-06-06T00:00:00Z", manager = "zoe" }),
        new("POST", "/api/duty/{region}/swap", $"{Manager} {Admin}", Body: new { first = "2035-06-05T00:00:00Z", second = "2035-07-05T00:00:00Z" }),
        new("GET", "/api/notifications/{recipient}", $"{Manager} {Admin}"),
        new("GET", "/api/wall-displays/", $"{Manager} {Admin}"),
        new("POST", "/api/wall-displays/", $"{Manager} {Admin}", Body: new { id = "lobby", shows = "dublin" }),
        new("POST", "/api/wall-displays/{id}/revoke", $"{Manager} {Admin}"),
        new("GET", "/api/roster", Staff),
        new("GET", "/api/coverage", Staff),

        new("GET", "/api/policy/", Staff),
        new("GET", "/api/policy/versions/{version:int}", Staff),
        new("GET", "/api/policy/versions", Staff),
        new("POST", "/api/policy/check", Admin, Body: new { }),
        new("PUT", "/api/policy/", Admin, Body: new { }),

        new("POST", "/api/import", Admin, Body: new { source = "other", cases = Array.Empty<object>() }),
        new("GET", "/api/imports", $"{Admin} {Manager}"),
        new("GET", "/api/imports/{source}", $"{Admin} {Manager}"),
        new("POST", "/api/backup", Admin),
        new("POST", "/api/restore", Admin),

        new("*", "/hub", Everybody, Hidden.Own, Hidden.Own),
        new("*", "/hub/negotiate", Everybody, Hidden.Own, Hidden.Own),

        new("GET", "/status", Anyone),
        new("GET", "/figures", Anyone),
        new("GET", "/health/live", Anyone),
        new("GET", "/health/ready", Anyone),
        new("GET", "/openapi/{documentName}.json", Anyone),
        new("GET", "/scalar/{documentName?}", Anyone),
        new("GET", "/scalar/scalar.js", Anyone),
        new("GET", "/scalar/favicon.svg", Anyone),
        new("GET", "/scalar/scalar.aspnetcore.js", Anyone),
        new("POST", "/dev/token", Anyone, Body: new { persona = "rep" }),
    ];
}
