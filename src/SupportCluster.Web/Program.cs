using System.Globalization;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Web.Shared;
using SupportCluster.Web.SignIn;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
#pragma warning disable RS0030 // A browser's tab is a host of its own.
var time = new ServerTime(TimeProvider.System);
#pragma warning restore RS0030
builder.Services.AddSingleton<TimeProvider>(time);
builder.Services.AddSingleton<Ticker>().AddSingleton<Session>();
builder.Services.AddSingleton(services => new SupportClusterOptions
{
    Address = new Uri(builder.HostEnvironment.BaseAddress),
    Token = _ => ValueTask.FromResult(services.GetRequiredService<Session>().Token),
});
builder.Services.AddSingleton(services => new SupportClusterClient(services.GetRequiredService<SupportClusterOptions>(), time) { Dated = time.Learn });
builder.Services.AddLocalization();
builder.Services.AddSingleton(services => new LiveClient(services.GetRequiredService<SupportClusterOptions>(), services.GetRequiredService<TimeProvider>()));
var host = builder.Build();

// Texts follow the browser's language; numbers and times are written by the pages themselves.
var language = await host.Services.GetRequiredService<Session>().Restore();
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = new CultureInfo(language.StartsWith("fr", StringComparison.OrdinalIgnoreCase) ? "fr" : "en");
await host.RunAsync();
