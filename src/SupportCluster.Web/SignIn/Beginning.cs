namespace SupportCluster.Web.SignIn;

/// <summary>With what a tab begins: what its browser kept and is set to, and how its server signs people in.</summary>
/// <param name="Token">What this tab or browser has kept, or the address brought along (a wall display's link).</param>
/// <param name="Language">The browser's, such as <c>fr-CA</c>.</param>
/// <param name="Zone">The browser's, an IANA name.</param>
/// <param name="SignIn"><c>personas</c>, <c>authority</c>, or <c>nowhere</c> where the pages are registered at no authority.</param>
/// <param name="Authority">The address of the authority.</param>
/// <param name="Client">As what the pages are registered there.</param>
/// <param name="Scope">What they ask for there, divided by blanks.</param>
public sealed record Beginning(string? Token, string Language, string Zone, string SignIn, string? Authority = null, string? Client = null, string? Scope = null)
{
    /// <summary>Whether people sign in at an authority.</summary>
    public bool AtAuthority => SignIn == "authority";

    /// <summary>Whether this is a wall display.</summary>
    public bool OfDisplay => Session.IsOfDisplay(Token);
}
