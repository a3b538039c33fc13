using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

namespace SupportCluster.Web.Shared;

/// <summary>What the browser's host has before the program is put together.</summary>
internal static class GivenServices
{
    /// <summary>A service that the host came with as an instance, such as the script runtime.</summary>
    internal static T Given<T>(this WebAssemblyHostBuilder builder) => (T)builder.Services.First(s => s.ServiceType == typeof(T)).ImplementationInstance!;
}
