using System.Reflection;
using NodaTime;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Server.Hosting;

/// <summary>The page at <c>/status</c>: what this is and how it stands, read from the store; and whether the node lives and is ready.</summary>
public static class StartPage
{
    private static readonly string Version = typeof(StartPage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <param name="open">Whether figures are shown without signing in: with development personas, on loopback.</param>
    public static void MapStartPage(this WebApplication app, bool open)
    {
        var startedAt = app.Services.GetRequiredService<IClock>().GetCurrentInstant();
        app.MapGet("/status", () => Results.Content(Html(open), "text/html; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        var figures = async (IStore store, IGrainFactory grains, IClock clock) =>
        {
            var f = await store.Figures();
            return Results.Ok(new Figures(f.Cases, f.OpenCases, f.OpenSeverity1, f.Events, f.Armed, clock.GetCurrentInstant(), startedAt, Version, await grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).CurrentVersion()));
        };
        app.MapGet("/api/figures", figures).For([.. RoleNames.Staff, RoleNames.Wallboard]).WithTags("node").WithSummary("Figures of the store").Produces<Figures>();
        if (open)
        {
            app.MapGet("/figures", figures).AllowAnonymous().ExcludeFromDescription();
        }
    }

    /// <summary>Whether the process lives, and whether it can serve; every node tells, whatever its role.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Ok()).AllowAnonymous().WithTags("node").WithSummary("The process lives");
        app.MapGet("/health/ready", async (NodeHealth health) => await health.WhyNot() is { } reason ? Results.Text(reason, statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Ok())
            .AllowAnonymous().WithTags("node").WithSummary("The node can serve");
    }

    private static string Html(bool open) => $$"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>SupportCluster</title>
        <style>
          :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
          body { max-width: 46rem; margin: 4rem auto; padding: 0 1rem; }
          h1 { font-size: 1.6rem; margin: 0; }
          dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: 1rem; margin: 2rem 0; }
          dl div { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; padding: .75rem 1rem; }
          dt { font-size: .8rem; opacity: .75; }
          dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
          p[role=status] { min-height: 1.5em; font-size: .85rem; opacity: .75; }
          .stale dd { opacity: .4; }
        </style>
        <h1>SupportCluster</h1>
        <p>The support service of this node, version {{Version}}.</p>
        {{(open ? """
        <dl id="figures">
          <div><dt>cases</dt><dd data-figure="cases">–</dd></div>
          <div><dt>open</dt><dd data-figure="openCases">–</dd></div>
          <div><dt>open, severity 1</dt><dd data-figure="openSeverity1">–</dd></div>
          <div><dt>events</dt><dd data-figure="events">–</dd></div>
          <div><dt>armed for a deadline</dt><dd data-figure="armed">–</dd></div>
        </dl>
        <p role="status" id="status">reading …</p>
        <script>
          const list = document.getElementById('figures'), status = document.getElementById('status');
          let since = null;
          async function read() {
            try {
              const answer = await fetch('figures', { cache: 'no-store' });
              if (!answer.ok) throw new Error(answer.status);
              const figures = await answer.json();
              for (const cell of list.querySelectorAll('dd')) cell.textContent = figures[cell.dataset.figure].toLocaleString('en');
              list.classList.remove('stale');
              status.textContent = `read from the store at ${figures.at.slice(11, 19)} UTC, policy ${figures.policyVersion}`;
              since = figures.at;
            } catch {
              list.classList.add('stale');
              status.textContent = since ? `no answer; the figures are those of ${since.slice(11, 19)} UTC` : 'no answer';
            }
            setTimeout(read, 1000);
          }
          read();
        </script>
        """ : "")}}
        <p><a href="scalar">API reference</a> · <a href="openapi/v1.json">OpenAPI</a> · <a href="health/ready">ready?</a></p>
        </html>
        """;
}
