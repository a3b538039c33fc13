using System.Globalization;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.JSInterop;
using NodaTime;
using SupportCluster.Client;
using SupportCluster.Client.Live;
using SupportCluster.Web.Administration;
using SupportCluster.Web.Shared;
using SupportCluster.Web.SignIn;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
#pragma warning disable RS0030 // A browser's tab is a host of its own.
var time = new ServerTime(TimeProvider.System);
#pragma warning restore RS0030
var browser = await builder.Given<IJSRuntime>().InvokeAsync<IJSObjectReference>("import", "./js/browser.js");
var beginning = await browser.InvokeAsync<Beginning>("begin", Session.Key);
builder.Services.AddSingleton<TimeProvider>(time);
builder.Services.AddSingleton(browser).AddSingleton(beginning).AddSingleton<Ticker>().AddSingleton<Session>().AddSingleton<Keyboard>();
var address = new Uri(builder.HostEnvironment.BaseAddress);
builder.Services.AddSingleton(services => new SupportClusterClient(new() { Address = address, Token = _ => services.GetRequiredService<Session>().Current() }, time) { Dated = time.Learn });
builder.Services.AddSingleton(services => new LiveClient(new() { Address = address, Token = _ => services.GetRequiredService<Session>().CurrentForWatching() }, services.GetRequiredService<TimeProvider>()));
await AuthoritySignIn.Load(builder, beginning);
await AdministrationAssemblies.Load(builder);
var host = builder.Build();

// Texts follow the browser's language; numbers and times are written by the pages themselves.
Shown.Zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(beginning.Zone) ?? DateTimeZone.Utc;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = new CultureInfo(beginning.Language.StartsWith("fr", StringComparison.OrdinalIgnoreCase) ? "fr" : "en");
await host.Services.GetRequiredService<Session>().Restore();
await host.RunAsync();
