namespace SupportCluster.Server.Tests.Running;

/// <summary>Customers, engineers and cases for tests, made over REST.</summary>
internal static class World
{
    private static readonly JsonSerializerOptions LeavingOutNulls = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Everything that the default policy asks for (HB-5.2).</summary>
    internal static readonly object Environment = new
    {
        systemType = "server",
        operatingSystem = "Debian 13",
        networkPlatform = "ethernet",
        database = "PostgreSQL 18",
        configuration = "default",
        revision = "7.1",
        evidence = new[] { "job.log" },
    };

    /// <summary>A contract of EMEA in Dublin with the products <c>backup-exec</c> (line <c>backup</c>), <c>vault</c> (line <c>archive</c>), <c>mailer</c> (line <c>mail</c>), and <c>toy</c>, which is not eligible.</summary>
    internal static object Contract(string supportId, string offer = "essential", string start = "2035-01-01", string end = "2036-12-31", object[]? contacts = null, string[]? options = null, int? contactLimit = null, string? offerFrom = null) => new
    {
        customer = new { name = $"{supportId} Ltd", zone = "Europe/Dublin", region = "emea", country = "IE", language = "en", address = $"1 Quay {Server.Marker}" },
        offer,
        products = new object[]
        {
            new { id = "backup-exec", line = "backup", serialNumbers = new[] { "BE-0001" } },
            new { id = "vault", line = "archive" },
            new { id = "mailer", line = "mail" },
            new { id = "toy", line = "home", eligible = false },
        },
        term = new { start, end },
        offerFrom,
        options = options ?? [],
        contacts = contacts ?? [Contact($"contact.{supportId}")],
        contactLimit,
    }.WithoutNulls();

    internal static object Contact(string id, params string[] products) => new { id, name = $"Ada {Server.Marker}", email = "ada@example.org", products = products.Length == 0 ? null : products }.WithoutNulls();

    /// <summary>A complete report of a contact.</summary>
    internal static object Report(int severity = 3, string title = "Backup stops", string product = "backup-exec") => new
    {
        product,
        title = $"{title} {Server.Marker}",
        description = $"It stops after ten minutes. {Server.Marker}",
        severity,
        serialNumber = product == "backup-exec" ? "BE-0001" : "VA-0001",
        environment = Environment,
    };

    internal static async Task Conclude(this Server server, string supportId, string offer = "essential", params string[] more) =>
        (await server.As("admin").Put($"/api/contracts/{supportId}", Contract(supportId, offer, contacts: [Contact($"contact.{supportId}"), .. more.Select(m => Contact(m))]))).Ok();

    /// <summary>An engineer of EMEA; the persona is <c>eng.name</c>, the engineer <c>eng-name</c>.</summary>
    internal static async Task Employ(this Server server, string name, int cases = 50, int severity1 = 50, params string[] skills) =>
        (await server.As("admin").Put($"/api/engineers/eng-{name}", new { name, region = "emea", skills = skills.Length == 0 ? ["backup", "archive"] : skills, capacity = new { cases, severity1 } })).Ok();

    /// <summary>A case that its contact reported on-line, complete: acknowledged at once and waiting in its queue.</summary>
    internal static async Task<string> Submit(this Server server, string supportId, int severity = 3, string title = "Backup stops", string product = "backup-exec") =>
        (await server.As($"contact.{supportId}").Post("/api/cases", Report(severity, title, product))).Ok()["number"].GetString()!;

    /// <summary>A case that an engineer has taken.</summary>
    internal static async Task<string> SubmitAndTake(this Server server, string supportId, string engineer, int severity = 3)
    {
        var number = await server.Submit(supportId, severity);
        (await server.As($"eng.{engineer}").Post($"/api/cases/{number}/take")).Ok();
        return number;
    }

    /// <summary>A wall display; the answer is the token of its link.</summary>
    internal static async Task<string> Display(this Server server, string id, string shows = "dublin") =>
        server.Tokens.Keep((await server.As("manager.emea").Post("/api/wall-displays", new { id, shows })).Ok()["link"].GetString()!.Split("#token=")[1]);

    internal static JsonElement Milestone(this Answer view, string name) => view["milestones"].EnumerateArray().Single(m => m.GetProperty("milestone").GetString() == name);

    internal static string? Text(this JsonElement json, string member) => json.TryGetProperty(member, out var value) ? value.ToString() : null;

    internal static IEnumerable<JsonElement> Items(this Answer page) => page["items"].EnumerateArray();

    private static JsonElement WithoutNulls(this object body) => JsonSerializer.SerializeToElement(body, LeavingOutNulls);
}
