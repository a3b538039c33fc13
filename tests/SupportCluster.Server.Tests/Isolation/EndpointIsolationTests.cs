using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SupportCluster.Server.Tests.Isolation;

/// <summary>Every endpoint, tried as everybody.</summary>
public sealed class EndpointIsolationTests(EndpointIsolationTests.Northwind server) : IClassFixture<EndpointIsolationTests.Northwind>
{
    private static readonly Dictionary<string, string> Personas = new()
    {
        [EndpointTable.Contact] = "contact.northwind",
        [EndpointTable.Representative] = "rep",
        [EndpointTable.Engineer] = "eng.aoife",
        [EndpointTable.Manager] = "manager.emea",
        [EndpointTable.Admin] = "admin",
        [EndpointTable.Wallboard] = "wall.dublin",
    };

    /// <summary>The front desk names the contract and the contact.</summary>
    private static readonly object FromTheFrontDesk = new { supportId = "northwind", contact = "contact.northwind", channel = "phone", product = "backup-exec", title = "t", description = "d", severity = 3 };

    [Fact]
    public void Every_endpoint_of_the_server_is_in_the_table_and_every_row_is_an_endpoint()
    {
        // The program for the browser is everybody's to load: its files, its pages, and what the framework serves for them.
        var served = server.Server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => !IsOfPages(e))
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["*"]).Select(method => $"{method} /{e.RoutePattern.RawText!.TrimStart('/')}"))
            .Order().ToList();

        Assert.Equal(EndpointTable.All.Select(e => e.ToString()).Order(), served);
    }

    /// <summary>Such endpoints answer without a look at who asks, and none of them lies under the API or the hub.</summary>
    private static bool IsOfPages(RouteEndpoint endpoint)
    {
        var path = endpoint.RoutePattern.RawText!.TrimStart('/');
        return !path.StartsWith("api", StringComparison.Ordinal) && !path.StartsWith("hub", StringComparison.Ordinal)
            && (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is not null
                || endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null
                || path.StartsWith("_framework/", StringComparison.Ordinal) || path.StartsWith("_blazor/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_endpoint_admits_the_roles_of_the_table_and_no_other()
    {
        foreach (var endpoint in EndpointTable.All.Where(e => e.Tried is not null))
        {
            foreach (var (role, caller) in Personas.Select(p => (p.Key, server.Server.As(p.Value))).Append((EndpointTable.Wallboard, server.Server.With(server.Display))))
            {
                var answer = await Call(caller, endpoint is { Method: "POST", Route: "/api/cases" } && role != EndpointTable.Contact ? endpoint with { Body = FromTheFrontDesk } : endpoint);
                if (endpoint.Allows(role))
                {
                    Assert.True((int)answer.Status is not (401 or 403 or 405 or >= 500) && answer.Code is not ("case-not-found" or "contract-not-found" or "not-found"), $"{role}: {answer}");
                }
                else
                {
                    answer.Refused(403, "role-not-allowed");
                }
            }
        }
    }

    [Fact]
    public async Task Another_customers_contact_gets_what_the_table_says()
    {
        foreach (var endpoint in EndpointTable.All.Where(e => e is { Tried: not null, IsOpen: false }))
        {
            var answer = await Call(server.Server.As("contact.contoso"), endpoint);
            _ = endpoint.Other switch
            {
                Hidden.Role => answer.Refused(403, "role-not-allowed"),
                Hidden.NotFound => answer.Refused(404, endpoint.Route.Contains("{number}", StringComparison.Ordinal) ? "case-not-found" : "contract-not-found"),
                _ => answer.Ok(),
            };
            Assert.DoesNotContain("northwind", answer.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Another_customers_case_answers_exactly_as_one_that_never_was()
    {
        var other = server.Server.As("contact.contoso");
        foreach (var endpoint in EndpointTable.All.Where(e => e.Other == Hidden.NotFound && e.Route.Contains("{number}", StringComparison.Ordinal)))
        {
            var hidden = await Call(other, endpoint);
            var absent = await other.Send(new HttpMethod(endpoint.Method), endpoint.Route.Replace("{number}", "4999999993", StringComparison.Ordinal), endpoint.Body);
            Assert.Equal(WithoutTrace(absent), WithoutTrace(hidden));
        }

        static string WithoutTrace(Answer answer) => answer.Text.Replace(answer["traceId"].GetString()!, "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contact_that_was_removed_from_its_contract_gets_nothing_of_it()
    {
        foreach (var endpoint in EndpointTable.All.Where(e => e is { Tried: not null, IsOpen: false }))
        {
            var answer = await Call(server.Server.As("contact.northwind.former"), endpoint);
            _ = (endpoint.Removed ?? endpoint.Other) switch
            {
                Hidden.Own when endpoint.Removed is not null => answer.Ok(),
                Hidden.Role => answer.Refused(403, "role-not-allowed"),
                _ => answer.Refused(403, "contact-not-designated"),
            };
            Assert.DoesNotContain("Backup stops", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bad_tokens_open_nothing()
    {
        var tokens = server.Server.Tokens;
        var good = new[] { ("sub", "contact.northwind"), ("role", "contact"), ("support_id", "northwind") };
        var bad = new Dictionary<string, string?>
        {
            ["none"] = null,
            ["garbage"] = "abc",
            ["expired"] = tokens.Expired("admin"),
            ["not yet valid"] = tokens.NotYet("admin"),
            ["another key"] = tokens.OfAnotherKey("admin"),
            ["alg none"] = tokens.Unsigned("admin"),
            ["tampered"] = tokens.Tampered(),
            ["another issuer"] = tokens.OfAnotherIssuer("admin"),
            ["another audience"] = tokens.ForAnotherAudience("admin"),
            ["two roles"] = tokens.With([.. good, ("role", "admin")]),
            ["no role"] = tokens.With(("sub", "admin")),
            ["unknown role"] = tokens.With(("sub", "system"), ("role", "system")),
            ["role in another case"] = tokens.With(("sub", "admin"), ("role", "Admin")),
            ["no subject"] = tokens.With(("role", "admin")),
            ["two subjects"] = tokens.With(("sub", "eng-aoife"), ("sub", "eng-brian"), ("role", "engineer")),
            ["contact without support ID"] = tokens.With(("sub", "contact.northwind"), ("role", "contact")),
            ["contact with an empty support ID"] = tokens.With(("sub", "contact.northwind"), ("role", "contact"), ("support_id", "")),
            ["contact with a blank support ID"] = tokens.With(("sub", "contact.northwind"), ("role", "contact"), ("support_id", " ")),
            ["contact with two support IDs"] = tokens.With([.. good, ("support_id", "contoso")]),
        };
        foreach (var (kind, token) in bad)
        {
            foreach (var endpoint in EndpointTable.All.Where(e => e is { Tried: not null, IsOpen: false }))
            {
                var answer = await Call(server.Server.With(token), endpoint);
                Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{kind}: {answer}");
                answer.Refused(401, "not-signed-in");
                Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
            }
        }
    }

    [Fact]
    public async Task A_token_in_the_query_is_for_the_hub_alone()
    {
        (await server.Server.With(null).Get($"/api/me?access_token={server.Server.Tokens.Of("admin")}")).Refused(401, "not-signed-in");
        (await server.Server.With(null).Post($"/hub/negotiate?negotiateVersion=1&access_token={server.Server.Tokens.Of("admin")}")).Ok();
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        var tokens = server.Server.Tokens;
        (await server.Server.With(tokens.With(("sub", "admin"), ("role", "admin"))).Get("/api/me")).Ok();
        (await server.Server.With(tokens.Expired("admin")).Get("/api/me")).Refused(401, "not-signed-in");
    }

    private Task<Answer> Call(Caller caller, Endpoint endpoint) => caller.Send(
        endpoint.Tried!,
        endpoint.Route
            .Replace("{number}", server.Number, StringComparison.Ordinal)
            .Replace("{supportId}", "northwind", StringComparison.Ordinal)
            .Replace("{contact}", endpoint.Method == "DELETE" ? "contact.northwind.spare" : "contact.northwind.new", StringComparison.Ordinal)
            .Replace("{id}", "eng-aoife", StringComparison.Ordinal)
            .Replace("{region}/{line}", "emea/backup", StringComparison.Ordinal)
            .Replace("{region}", "emea", StringComparison.Ordinal)
            .Replace("{code}", "dublin", StringComparison.Ordinal)
            .Replace("{version:int}", "1", StringComparison.Ordinal)
            .Replace("{source}", "other", StringComparison.Ordinal)
            .Replace("{subject}", "somebody.else", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{documentName?}", "", StringComparison.Ordinal)
            .Replace("negotiate", "negotiate?negotiateVersion=1", StringComparison.Ordinal),
        endpoint.Body is string calendar ? new StringContent(calendar, System.Text.Encoding.UTF8, "text/calendar")
        : endpoint.Route == "/api/restore" ? new ByteArrayContent("no database"u8.ToArray()) { Headers = { ContentType = new("application/octet-stream") } } : endpoint.Body);

    /// <summary>Two customers; the case, its notes and a former contact are northwind's.</summary>
    public sealed class Northwind : IAsyncLifetime
    {
        public Running.Server Server { get; } = new();

        public string Number { get; private set; } = "";

        /// <summary>The token of a wall display's link.</summary>
        public string Display { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            await Server.InitializeAsync();
            await Server.Conclude("northwind", "global", "contact.northwind.spare", "contact.northwind.former");
            await Server.Conclude("contoso");
            await Server.Employ("aoife");
            Display = await Server.Display("hall");
            Number = await Server.SubmitAndTake("northwind", "aoife");
            (await Server.As("rep").Delete("/api/contracts/northwind/contacts/contact.northwind.former")).Ok();
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
