using Microsoft.IdentityModel.Tokens;

namespace SupportCluster.Server.Tests.StartUp;

/// <summary>With tokens of an authority there are no personas.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private const string Issuer = "https://sign-in.example.org";
    private static readonly byte[] Key = [.. Enumerable.Range(1, 64).Select(i => (byte)i)];
    private readonly Running.Server server = new();

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        await server.Restart(
            "--Authentication:Schemes:Bearer:ValidIssuer", Issuer,
            "--Authentication:Schemes:Bearer:ValidAudiences:0", "supportcluster",
            "--Authentication:Schemes:Bearer:SigningKeys:0:Issuer", Issuer,
            "--Authentication:Schemes:Bearer:SigningKeys:0:Value", Convert.ToBase64String(Key));
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task There_are_no_personas_and_no_open_figures()
    {
        (await server.With(Token(("sub", "x"), ("role", "admin"))).Post("/dev/token", new { persona = "admin" })).Refused(404, "not-found");
        (await server.With(Token(("sub", "x"), ("role", "admin"))).Get("/figures")).Refused(404, "not-found");
        (await server.With(null).Post("/dev/token", new { persona = "admin" })).Problem();
        Assert.DoesNotContain("fetch('figures'", (await server.With(null).Get("/status")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_personas_token_is_worth_nothing() => (await server.As("admin").Get("/api/me")).Refused(401, "not-signed-in");

    [Fact]
    public async Task A_token_of_the_authority_works_with_the_same_roles()
    {
        var admin = server.With(Token(("sub", "8f2c"), ("role", "admin")));
        (await admin.Put("/api/contracts/northwind", World.Contract("northwind", contacts: [World.Contact("ada")]))).Ok();
        var ada = server.With(Token(("sub", "ada"), ("role", "contact"), ("support_id", "northwind")));

        Assert.Equal("northwind", (await ada.Post("/api/cases", World.Report())).Ok()["supportId"].GetString());
        (await ada.Get("/api/engineers")).Refused(403, "role-not-allowed");
        (await admin.Get("/api/contracts/northwind")).Ok();
    }

    [Fact]
    public async Task Another_issuer_audience_key_or_time_is_refused()
    {
        (string, string)[] admin = [("sub", "x"), ("role", "admin")];
        string[] bad =
        [
            server.Tokens.Sign(new SymmetricSecurityKey(Key), admin, "https://evil.example.org", "supportcluster"),
            server.Tokens.Sign(new SymmetricSecurityKey(Key), admin, Issuer, "somebody-else"),
            server.Tokens.Sign(new SymmetricSecurityKey(new byte[64]), admin, Issuer, "supportcluster"),
            server.Tokens.Sign(new SymmetricSecurityKey(Key), admin, Issuer, "supportcluster", ends: NodaTime.Duration.FromSeconds(-1)),
        ];
        foreach (var token in bad)
        {
            (await server.With(token).Get("/api/me")).Refused(401, "not-signed-in");
        }
    }

    [Fact]
    public async Task What_a_token_lacks_is_told_to_whoever_can_mend_it()
    {
        (string, string)[][] incomplete = [[("sub", "x")], [("role", "admin")], [("sub", "x"), ("role", "boss")], [("sub", "x"), ("role", "admin"), ("role", "contact")], [("sub", "x"), ("role", "contact")]];
        foreach (var claims in incomplete)
        {
            var refused = (await server.With(Token(claims)).Get("/api/me")).Refused(401, "not-signed-in");
            Assert.Contains("The token needs sub, one role of", refused.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wall_display_signs_in_by_its_link_as_well()
    {
        var made = (await server.With(Token(("sub", "8f2c"), ("role", "manager"))).Post("/api/wall-displays", new { id = "lobby", shows = "emea" })).Ok();
        var token = server.Tokens.Keep(made["link"].GetString()!.Split("#token=")[1]);

        Assert.Equal("emea", (await server.With(token).Get("/api/me")).Ok()["shows"].GetString());
        await using var watcher = await server.WatcherWith(token);
        await watcher.Watch("wallboard:emea");
        await watcher.Frame(f => f.Text("frame") == "snapshot");
        (await server.With(token).Get("/api/cases")).Refused(403, "role-not-allowed");
    }

    private string Token(params (string, string)[] claims) => server.Tokens.Sign(new SymmetricSecurityKey(Key), claims, Issuer, "supportcluster");
}
