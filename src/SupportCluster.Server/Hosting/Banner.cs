namespace SupportCluster.Server.Hosting;

/// <summary>What the server prints once it listens: where to look and how to sign in.</summary>
internal static class Banner
{
    internal static void Print(WebApplication app, ServerParts parts)
    {
        var url = app.Urls.First();
        var data = parts.Store.Folder?.FullPath ?? $"PostgreSQL, {NodeStore.Describe(parts.Options.Postgres!)}";
        if (parts.Options.Role == NodeRole.Silo)
        {
            Console.WriteLine($"""

                SupportCluster is ready on {string.Join(", ", app.Urls)} (grains only)
                  health    {url}/health/ready
                  data      {data}
                """);
            return;
        }

        Console.WriteLine($"""

            SupportCluster is ready on {string.Join(", ", app.Urls)}{(parts.Options.Role == NodeRole.Gateway ? " (gateway)" : "")}
              look      {url}/  (pages)   {url}/status  (figures)   {url}/scalar  (API)
              data      {data}
              sign in   {(parts.Personas is not null
                ? "supportctl --as admin ...   personas: admin, rep, manager.emea, eng.aoife, contact.northwind, wall.dublin"
                : "with a bearer token of the configured authority")}
            """);
    }
}
