using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.WebAssembly.Authentication;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.AspNetCore.Components.WebAssembly.Services;
using Microsoft.JSInterop;
using SupportCluster.Web.Shared;

namespace SupportCluster.Web.SignIn;

/// <summary>Signing in at an authority by OpenID Connect: what only that needs is loaded for it alone. A wall display comes by its link and does without.</summary>
/// <remarks>What names types of the library stands apart: they must be there before it is looked at.</remarks>
internal static class AuthoritySignIn
{
    private const string Pages = "authentication";
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(3);

    /// <summary>Whether it was loaded.</summary>
    internal static bool IsLoaded { get; private set; }

    /// <summary>Loads it, where people sign in so.</summary>
    internal static async Task Load(WebAssemblyHostBuilder builder, Beginning beginning)
    {
        if (beginning.AtAuthority && !beginning.OfDisplay)
        {
            var js = builder.Given<IJSRuntime>();
            await new LazyAssemblyLoader(js).LoadAssembliesAsync(["Microsoft.AspNetCore.Components.WebAssembly.Authentication.wasm", "Microsoft.AspNetCore.Components.Authorization.wasm"]);
            await js.InvokeAsync<IJSObjectReference>("import", "./_content/Microsoft.AspNetCore.Components.WebAssembly.Authentication/AuthenticationService.js");
            IsLoaded = true;
            AddServices(builder.Services, beginning);
        }
    }

    /// <summary>Goes to the authority, and back to a page of this program.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Go(NavigationManager navigation, string then) =>
        navigation.NavigateToLogin($"{Pages}/login", new InteractiveRequestOptions { Interaction = InteractionType.SignIn, ReturnUrl = navigation.ToAbsoluteUri(then).ToString() });

    /// <summary>Ends the sign-in at the authority as well.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void End(NavigationManager navigation) => navigation.NavigateToLogout($"{Pages}/logout", navigation.ToAbsoluteUri("sign-in").ToString());

    /// <summary>The access token as it is now, renewed when it has run out; null when that cannot be done. One that runs out on its way to the server would be refused there: its end is waited for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static async Task<string?> Token(IServiceProvider services)
    {
        var provider = services.GetRequiredService<IAccessTokenProvider>();
        if (!(await provider.RequestAccessToken()).TryGetToken(out var token))
        {
            return null;
        }

#pragma warning disable RS0030 // The library goes by the browser's own clock.
        var left = token.Expires - TimeProvider.System.GetUtcNow();
        if (left <= TimeSpan.Zero || left > OnItsWay)
        {
            return token.Value;
        }

        await Task.Delay(left + TimeSpan.FromSeconds(1), TimeProvider.System);
#pragma warning restore RS0030
        return (await provider.RequestAccessToken()).TryGetToken(out token) ? token.Value : null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddServices(IServiceCollection services, Beginning beginning) => services.AddOidcAuthentication(options =>
    {
        options.ProviderOptions.Authority = beginning.Authority;
        options.ProviderOptions.ClientId = beginning.Client;
        options.ProviderOptions.ResponseType = "code";
        options.ProviderOptions.DefaultScopes.Clear();
        foreach (var scope in (beginning.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.ProviderOptions.DefaultScopes.Add(scope);
        }
    });
}
