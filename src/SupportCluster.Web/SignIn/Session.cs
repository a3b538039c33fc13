using System.Text.Json;
using Microsoft.JSInterop;
using SupportCluster.Client;

namespace SupportCluster.Web.SignIn;

/// <summary>Who is signed in, in this tab. A wall display keeps its token over restarts of the browser, everybody else until the tab is closed.</summary>
public sealed class Session(IJSRuntime js, SupportClusterClient client)
{
    private const string Key = "supportcluster.token";
    private const string OfDisplay = "wall_";
    private IJSObjectReference? browser;
    private string? shows;

    /// <summary>The bearer token; null when nobody is signed in.</summary>
    public string? Token { get; private set; }

    /// <summary>The subject of the token.</summary>
    public string? Person { get; private set; }

    /// <summary>The role of the token, as the protocol names roles.</summary>
    public string? Role { get; private set; }

    /// <summary>The contract of a contact.</summary>
    public string? SupportId { get; private set; }

    /// <summary>Whether this is a wall display that came by its link.</summary>
    public bool IsDisplay => Token?.StartsWith(OfDisplay, StringComparison.Ordinal) == true;

    /// <summary>Told when somebody has signed in or out.</summary>
    public event Action? Changed;

    /// <summary>Takes the token of the address (<c>#token=...</c>, a wall display's link) or the one that this tab or browser has kept.</summary>
    /// <returns>The browser's language.</returns>
    public async Task<string> Restore()
    {
        browser = await js.InvokeAsync<IJSObjectReference>("import", "./js/browser.js");
        var begun = await browser.InvokeAsync<string?[]>("begin", Key);
        Take(begun[0]);
        return begun[1] ?? "en";
    }

    /// <summary>Finds out where a display begins whose browser was started without an address: its token does not say.</summary>
    public async Task FindHome(CancellationToken cancellation)
    {
        if (IsDisplay && shows is null)
        {
            try
            {
                shows = (await client.Me(cancellation)).Shows;
            }
            catch (SupportClusterException)
            {
                // The wallboard of the world says what is wrong.
            }
        }
    }

    /// <summary>Signs in as a development persona.</summary>
    /// <exception cref="SupportClusterException">There is no such persona, or the server has none.</exception>
    public async Task SignIn(string persona, CancellationToken cancellation)
    {
        var token = await client.DevelopmentToken(new(persona), cancellation);
        await browser!.InvokeVoidAsync("keep", Key, token.Token);
        Take(token.Token);
        Changed?.Invoke();
    }

    public async Task SignOut()
    {
        await browser!.InvokeVoidAsync("forget", Key);
        Take(null);
        Changed?.Invoke();
    }

    /// <summary>The page where a role begins.</summary>
    public string Home => Role switch
    {
        "contact" => "my",
        "wallboard" => $"wall/{shows ?? "world"}",
        _ => "desk",
    };

    private void Take(string? token)
    {
        Token = token;
        var claims = !IsDisplay && token?.Split('.') is [_, var body, _] ? JsonSerializer.Deserialize<JsonElement>(Decoded(body)) : default;
        (Person, Role, SupportId) = IsDisplay ? (token!.Split('_')[1], "wallboard", null) : (Text("sub"), Text("role"), Text("support_id"));
        shows = IsDisplay ? null : Person?.Split('.') is ["wall", var centre] ? centre : null;

        string? Text(string claim) => claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static byte[] Decoded(string base64Url) => Convert.FromBase64String(base64Url.Replace('-', '+').Replace('_', '/').PadRight((base64Url.Length + 3) / 4 * 4, '='));
}
