using Microsoft.AspNetCore.Http.Json;
using Scalar.AspNetCore;
using SupportCluster.Grains.Escalations;
using SupportCluster.Protocol;
using SupportCluster.Server.Api;
using SupportCluster.Server.Cases;
using SupportCluster.Server.Centres;
using SupportCluster.Server.Contracts;
using SupportCluster.Server.Customers;
using SupportCluster.Server.Demo;
using SupportCluster.Server.Engineers;
using SupportCluster.Server.Escalations;
using SupportCluster.Server.Hosting;
using SupportCluster.Server.Importing;
using SupportCluster.Server.Live;
using SupportCluster.Server.Policies;
using SupportCluster.Server.Queues;
using SupportCluster.Server.SignIn;
using SupportCluster.Server.Wallboards;
using SupportCluster.Server.Web;

#pragma warning disable RS0030 // The host is the one place that chooses the clock.
return await ServerHost.RunUntilStopped(args, TimeProvider.System);
#pragma warning restore RS0030

/// <summary>The server's table of contents.</summary>
public sealed partial class Program
{
    internal static WebApplication Compose(WebApplicationBuilder builder, ServerParts parts, Action<WebApplicationBuilder>? adjust)
    {
        builder.Services.AddSingleton(parts.Options).AddSingleton(parts.Restart);
        builder.Services.AddSingleton<Draining>().AddSingleton<IHostLifetime>(services => services.GetRequiredService<Draining>());
        builder.Services.AddSupportClusterClock(parts.Time);
        builder.Services.AddSupportClusterStorage(parts.Store);
        builder.Host.UseSupportClusterNode(parts.Options, parts.Policy, parts.Guards);
        builder.Services.AddSignIn(builder.Configuration, parts.Personas);
        builder.Services.AddSingleton<CaseAccess>().AddSingleton<ContractDesk>().AddSingleton<ImportCount>();
        builder.Services.AddSingleton(TestSwitches.Live(builder.Configuration, LiveSettings.Read(builder.Configuration)));
        if (MailSettings.Read(builder.Configuration) is { } mail)
        {
            builder.Services.AddSingleton<IMail>(new SmtpMail(mail));
        }

        builder.Services.AddSupportClusterLive().AddWatchedTopics();
        builder.Services.AddSingleton<ITopicKind, CaseTopic>().AddSingleton<ITopicKind, CustomerTopic>().AddSingleton<ITopicKind, QueueTopic>()
            .AddSingleton<ITopicKind, EngineerTopic>().AddSingleton<ITopicKind, CentreTopic>().AddSingleton<ITopicKind, WallboardTopic>().AddSingleton<ITopicKind, ReadersTopic>().AddHostedService<ReadersOfNode>();
        builder.AddWebPages();
        if (parts.Options.Demo)
        {
            builder.Services.AddHostedService<DemoLife>();
        }

        builder.Services.Configure<JsonOptions>(o => WireJson.ApplyStrict(o.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi(o => o.AddSchemaTransformer(EnumSchemas.Describe));
        builder.WebHost.ConfigureKestrel(o => (o.Limits.MaxRequestBodySize, o.AddServerHeader) = (1024 * 1024, false));
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseExceptionHandler(handler => handler.Run(Problems.Handle));
        app.UseStatusCodePages(context => Problems.Unmatched(context.HttpContext));
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapHealth();
        if (parts.Options.Role == NodeRole.Silo)
        {
            return app;
        }

        var api = app.MapGroup("/api").AddEndpointFilter<RouteGroupBuilder, NullElements>();
        api.MapSignIns();
        api.MapIntake();
        api.MapCases();
        api.MapContracts();
        api.MapEngineers();
        api.MapQueues();
        api.MapCentres();
        api.MapDuty();
        api.MapNotifications();
        api.MapRoster();
        api.MapWallDisplays();
        api.MapPolicy();
        api.MapImport();
        api.MapStore();
        app.MapSupportClusterHub();
        app.MapWebPages();
        app.MapStartPage(open: parts.Personas is not null);
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference().AllowAnonymous();
        if (parts.Personas is not null)
        {
            Personas.Map(app);
        }

        return app;
    }
}
