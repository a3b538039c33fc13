using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Web.Shared;

namespace SupportCluster.Web.SignIn;

/// <summary>Who is signed in, in this tab. A wall display keeps its token over restarts of the browser, everybody else until the tab is closed.</summary>
public sealed class Session(IJSObjectReference browser, IServiceProvider services, NavigationManager navigation, Beginning beginning)
{
    /// <summary>Under which name the browser keeps a token.</summary>
    public const string Key = "supportcluster.token";

    /// <summary>What is kept instead of a token that the authority's library keeps and renews.</summary>
    private const string AtAuthority = "authority";
    private const string Display = "wall_";
    private bool atAuthority;
    private string? shows;
    private Task<string?>? renewing;

    /// <summary>The bearer token that this tab had last; null when nobody is signed in.</summary>
    public string? Token { get; private set; }

    /// <summary>The subject of the token.</summary>
    public string? Person { get; private set; }

    /// <summary>The role of the token, as the protocol names roles.</summary>
    public string? Role { get; private set; }

    /// <summary>The contract of a contact.</summary>
    public string? SupportId { get; private set; }

    /// <summary>Whether this is a wall display that came by its link.</summary>
    public bool IsDisplay => IsOfDisplay(Token);

    /// <summary>Why whoever has signed in at the authority is not let in here.</summary>
    public string? Refused { get; private set; }

    /// <summary>Whether the sign-in has run out or was ended: what is on the pages stays, and nothing new comes.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Told when <see cref="HasEnded"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>Whether a token is a wall display's.</summary>
    internal static bool IsOfDisplay(string? token) => token?.StartsWith(Display, StringComparison.Ordinal) == true;

    private SupportClusterClient Client => services.GetRequiredService<SupportClusterClient>();

    /// <summary>Takes the token that the tab began with.</summary>
    public async Task Restore()
    {
        if (beginning.Token != AtAuthority)
        {
            Take(beginning.Token);
        }
        else if (AuthoritySignIn.IsLoaded && await AuthoritySignIn.Token(services) is { } token)
        {
            await Recognise(token);
        }
    }

    /// <summary>The token for a request: as it is, or renewed at the authority. Null when there is none.</summary>
    public async ValueTask<string?> Current()
    {
        if (Token is null || !atAuthority)
        {
            return Token;
        }

        // One renewal at a time, for all who ask meanwhile: a refresh token may be used once.
        if (renewing is not { IsCompleted: false })
        {
            renewing = Renewed();
        }

        return await renewing;
    }

    /// <summary>The token for a connection that is kept up: while it cannot be renewed there is none to be made.</summary>
    /// <exception cref="InvalidOperationException">It cannot be renewed now.</exception>
    public async ValueTask<string?> CurrentForWatching() =>
        await Current() is { } token ? token : Token is null ? null : throw new InvalidOperationException("The sign-in cannot be renewed.");

    /// <summary>Sends whoever is not signed in to sign in, and back to this page afterwards.</summary>
    /// <returns>Whether that is so, and the page has nothing to show.</returns>
    public bool IsMissing()
    {
        if (Token is null)
        {
            GoToSignIn(navigation.ToBaseRelativePath(navigation.Uri));
        }

        return Token is null;
    }

    /// <summary>Signs in once more where the sign-in has ended, and goes on at this page.</summary>
    public async Task SignInAgain()
    {
        await Forget();
        GoToSignIn(navigation.ToBaseRelativePath(navigation.Uri), anew: true);
    }

    /// <summary>Finds out where a display begins whose browser was started without an address: its token does not say.</summary>
    public async Task FindHome(CancellationToken cancellation)
    {
        if (IsDisplay && shows is null)
        {
            try
            {
                shows = (await Client.Me(cancellation)).Shows;
            }
            catch (SupportClusterException)
            {
                // The wallboard of the world says what is wrong.
            }
        }
    }

    /// <summary>Signs in as a development persona.</summary>
    /// <param name="then">The page that was wanted, relative to the base; null for the role's own.</param>
    /// <exception cref="SupportClusterException">There is no such persona, or the server has none.</exception>
    public async Task SignIn(string persona, string? then, CancellationToken cancellation)
    {
        var token = await Client.DevelopmentToken(new(persona), cancellation);
        await browser.InvokeVoidAsync("keep", Key, token.Token);

        // Somebody else's connection is not this person's.
        var anew = Token is not null;
        Take(token.Token);
        navigation.NavigateTo(Inside(then) ?? Home, forceLoad: anew);
    }

    /// <summary>The authority has sent a person back who is signed in there.</summary>
    public async Task SignedIn()
    {
        if (await AuthoritySignIn.Token(services) is { } token && await Recognise(token))
        {
            await browser.InvokeVoidAsync("keep", Key, AtAuthority);
        }
    }

    /// <summary>Signs out, at the authority as well. The program begins anew: its connection is that of whoever was signed in, and what it has read is theirs.</summary>
    public async Task SignOut()
    {
        var there = atAuthority;
        await Forget();
        if (there)
        {
            AuthoritySignIn.End(navigation);
        }
        else
        {
            SignedOut();
        }
    }

    /// <summary>The authority has ended the sign-in, too.</summary>
    public void SignedOut() => navigation.NavigateTo("sign-in", forceLoad: true);

    /// <summary>Takes note that a watched topic was refused because nobody is signed in any more.</summary>
    public void Notice(WatchRefusedException refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        if (refused.Code is WatchRefusedException.SignInRevoked or "unauthorized" && !IsDisplay)
        {
            End(true);
        }
    }

    /// <summary>Goes to where people sign in, and to a page of this program afterwards; to the role's own for none.</summary>
    public void GoToAuthority(string? then)
    {
        Refused = null;
        AuthoritySignIn.Go(navigation, Inside(then) ?? "");
    }

    /// <summary>The page where a role begins.</summary>
    public string Home => Role switch
    {
        "contact" => "my",
        "wallboard" => $"wall/{shows ?? "world"}",
        _ => "desk",
    };

    /// <summary>A place among these pages; null for any other: an address that somebody made must not lead elsewhere.</summary>
    private string? Inside(string? then) => then is not null && navigation.ToAbsoluteUri(then).ToString().StartsWith(navigation.BaseUri, StringComparison.Ordinal) ? then : null;

    private void GoToSignIn(string then, bool anew = false) => navigation.NavigateTo(then.Length == 0 ? "sign-in" : $"sign-in?then={Uri.EscapeDataString(then)}", forceLoad: anew);

    private async Task Forget()
    {
        await browser.InvokeVoidAsync("forget", Key);
        (atAuthority, Refused) = (false, null);
        Take(null);
        End(false);
    }

    private async Task<string?> Renewed()
    {
        var token = await AuthoritySignIn.Token(services);
        Token = token ?? Token;
        End(token is null);
        return token;
    }

    private void End(bool ended)
    {
        if (HasEnded != ended)
        {
            HasEnded = ended;
            Changed?.Invoke();
        }
    }

    /// <summary>Asks the server whose token of the authority this is.</summary>
    private async Task<bool> Recognise(string token)
    {
        (Token, atAuthority, Refused) = (token, true, null);
        try
        {
            var me = await Client.Me();
            (Person, Role, SupportId) = (me.Subject, me.Role, me.SupportId);
            End(false);
        }
        catch (SupportClusterException e)
        {
            (Token, atAuthority, Refused) = (null, false, Shown.Refusal(e));
        }

        return Refused is null;
    }

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
