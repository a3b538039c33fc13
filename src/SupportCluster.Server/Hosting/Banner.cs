using SupportCluster.Storage;

namespace SupportCluster.Server.Hosting;

/// <summary>What the server prints once it listens: where to look and how to sign in.</summary>
internal static class Banner
{
    internal static void Print(WebApplication app, DataFolder folder, bool personas)
    {
        var url = app.Urls.First();
        Console.WriteLine($"""

            SupportCluster is ready on {string.Join(", ", app.Urls)}
              look      {url}/  (figures)   {url}/scalar  (API)
              data      {folder.FullPath}
              sign in   {(personas
                ? "supportctl --as admin ...   personas: admin, rep, manager.emea, eng.aoife, contact.northwind, wall.dublin"
                : "with a bearer token of the configured authority")}
            """);
    }
}
