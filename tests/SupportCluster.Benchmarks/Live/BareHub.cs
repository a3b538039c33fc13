using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace SupportCluster.Benchmarks.Live;

/// <summary>SignalR alone, with the same sign-in: a hub with one group, to which a request sends its body. Runs in a process of its own (<c>bare-hub url keyfile</c>).</summary>
internal static class BareHub
{
    internal static async Task Serve(string url, string keyFile)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(url);
        builder.Services.AddAuthentication("Bearer").AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters.ValidIssuer = "supportcluster-development";
            options.TokenValidationParameters.ValidAudience = "supportcluster-development";
            options.TokenValidationParameters.IssuerSigningKey = new SymmetricSecurityKey(File.ReadAllBytes(keyFile));
        });
        builder.Services.AddAuthorization();
        builder.Services.AddSignalR();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHub<GroupHub>("/hub", options => options.CloseOnAuthenticationExpiration = true);
        app.MapGet("/health/ready", () => Results.Ok());
        app.MapPost("/send", async (JsonElement frame, IHubContext<GroupHub> hub) => await hub.Clients.Group(GroupHub.Everybody).SendAsync("Frame", frame));
        await app.RunAsync();
    }
}

/// <summary>The hub of <see cref="BareHub"/>.</summary>
[Authorize]
public sealed class GroupHub : Hub
{
    internal const string Everybody = "everybody";

    public Task Watch(string topic, string? cursor) => Groups.AddToGroupAsync(Context.ConnectionId, Everybody);
}
