using SupportCluster.Server.Tests.Isolation;

namespace SupportCluster.Server.Tests.Life;

/// <summary>What the server says about itself.</summary>
public sealed class SelfDescriptionTests(Running.Server server) : IClassFixture<Running.Server>
{
    [Fact]
    public async Task The_openapi_document_describes_every_endpoint()
    {
        var document = (await server.With(null).Get("/openapi/v1.json")).Ok();

        var described = document["paths"].EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name.TrimEnd('/')}")).Order();

        string[] pages = ["/status", "/figures", "/hub", "/hub/negotiate"];
        Assert.Equal(
            EndpointTable.All.Where(e => !pages.Contains(e.Route) && !e.Route.StartsWith("/scalar", StringComparison.Ordinal) && !e.Route.StartsWith("/openapi", StringComparison.Ordinal))
                .Select(e => $"{e.Method} {e.Route.TrimEnd('/').Replace(":int", "", StringComparison.Ordinal)}").Order(),
            described);
        Assert.All(document["paths"].EnumerateObject().SelectMany(p => p.Value.EnumerateObject()), m => Assert.False(string.IsNullOrEmpty(m.Value.Text("summary"))));
    }

    [Fact]
    public async Task The_reference_and_the_start_page_answer()
    {
        var reference = (await server.With(null).Get("/scalar/")).Ok();
        Assert.Equal("text/html", reference.MediaType);

        var page = (await server.With(null).Get("/status")).Ok();
        Assert.Equal("text/html", page.MediaType);
        Assert.Contains("SupportCluster", page.Text, StringComparison.Ordinal);

        (await server.With(null).Get("/health/live")).Ok();
        (await server.With(null).Get("/health/ready")).Ok();
    }

    [Fact]
    public async Task Intake_offers_its_criteria_and_proposes_the_severity_that_they_imply()
    {
        var contact = server.As("contact.anybody");

        var criteria = (await contact.Get("/api/intake/checklist")).Ok()["criteria"].EnumerateArray().Select(c => c.Text("id")).ToList();
        Assert.Contains("production-down", criteria);
        Assert.Equal(1, (await contact.Post("/api/intake/check", new { criteria = new[] { "production-down", "limited-effect" } })).Ok()["proposedSeverity"].GetInt32());
        Assert.Equal(2, (await contact.Post("/api/intake/check", new { criteria = new[] { "production-down" }, workaroundAvailable = true, severity = 1 })).Ok()["proposedSeverity"].GetInt32());
        (await contact.Post("/api/intake/check", new { criteria = new[] { "no-such" } })).Refused(400, "criterion-unknown");
        Assert.Single((await contact.Post("/api/intake/check", new { subject = "training" })).Ok()["remarks"].EnumerateArray());
    }

    [Fact]
    public async Task Everybody_learns_who_they_are()
    {
        Assert.Equal("""{"subject":"contact.northwind","role":"contact","supportId":"northwind"}""", (await server.As("contact.northwind").Get("/api/me")).Ok().Text);
        Assert.Equal("""{"subject":"eng-aoife","role":"engineer","engineer":"eng-aoife"}""", (await server.As("eng.aoife").Get("/api/me")).Ok().Text);
        Assert.Equal("""{"subject":"manager.emea","role":"manager","region":"emea"}""", (await server.As("manager.emea").Get("/api/me")).Ok().Text);
    }

    [Fact]
    public async Task A_persona_signs_in_by_asking()
    {
        var token = (await server.With(null).Post("/dev/token", new { persona = "contact.northwind" })).Ok();

        Assert.Equal("contact", token["role"].GetString());
        Assert.Equal("2035-03-05T21:15:00Z", token["expiresAt"].GetString());
        (await server.With(token["token"].GetString()).Get("/api/me")).Ok();
    }
}
