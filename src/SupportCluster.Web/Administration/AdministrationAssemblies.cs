using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.AspNetCore.Components.WebAssembly.Services;
using Microsoft.JSInterop;
using MudBlazor.Services;
using SupportCluster.Web.Shared;

namespace SupportCluster.Web.Administration;

/// <summary>What only the administration needs is loaded for it alone: by a tab that begins there, or that goes there and begins anew.</summary>
internal static class AdministrationAssemblies
{
    private static bool loaded;

    /// <summary>Whether a place among the pages, relative to their base, is the administration's and cannot be shown by what was loaded.</summary>
    internal static bool AreMissing(string path) => !loaded && IsAdministration(path);

    /// <summary>Loads it where the tab begins in the administration.</summary>
    internal static async Task Load(WebAssemblyHostBuilder builder)
    {
        var navigation = builder.Given<NavigationManager>();
        if (IsAdministration(navigation.ToBaseRelativePath(navigation.Uri)))
        {
            var js = builder.Given<IJSRuntime>();
            await new LazyAssemblyLoader(js).LoadAssembliesAsync(["MudBlazor.wasm", "SupportCluster.Importing.wasm", "CsvHelper.wasm", "System.Text.Encoding.CodePages.wasm"]);
            await js.InvokeAsync<IJSObjectReference>("import", "./_content/MudBlazor/MudBlazor.min.js");
            loaded = true;
            AddServices(builder.Services);
        }
    }

    private static bool IsAdministration(string path) => path.Split('?', '#', '/')[0] == "admin";

    /// <summary>Apart: what it names must be there before it is looked at.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddServices(IServiceCollection services) => services.AddMudServices();
}
