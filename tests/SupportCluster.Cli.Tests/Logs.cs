using System.Text;
using System.Text.Json.Nodes;
using SupportCluster.Importing;

namespace SupportCluster.Cli.Tests;

/// <summary>Small logs and mappings for tests; a test changes what it is about.</summary>
internal static class Logs
{
    internal const string Header = "id,n,at,state,sub,who,from,team,customer,impact,product\n";

    /// <summary>A mapping for logs under <see cref="Header"/>.</summary>
    internal static JsonObject Mapping() => JsonNode.Parse(
        """
        {
          "source": "old-desk",
          "columns": { "case": "id", "order": "n", "stamp": "at", "status": ["state", "sub"], "severity": "impact", "customer": "customer",
                       "product": "product", "owner": "who", "ownerCountry": "from", "team": "team" },
          "title": "Incident {id} with {product}",
          "steps": { "Queued": "queued", "Accepted": "working", "Accepted/Wait - User": "waitingForCustomer", "Completed": "ended", "Completed/Cancelled": "noted" },
          "severities": { "High": 1, "Low": 4 },
          "machines": ["robot"],
          "term": { "start": "2010-01-01", "end": "2029-12-31" },
          "customers": {
            "Acme": { "supportId": "acme", "name": "Acme", "offer": "basic", "zone": "Europe/Stockholm", "country": "SE", "region": "emea", "language": "en" },
            "Zen": { "supportId": "zen", "name": "Zen", "offer": "global", "zone": "Asia/Tokyo", "region": "apj" }
          }
        }
        """)!.AsObject();

    internal static ImportReading Read(string rows, Action<JsonObject>? change = null) => ReadAll(Header + rows, change);

    internal static ImportReading ReadAll(string log, Action<JsonObject>? change = null, Encoding? encoding = null)
    {
        var mapping = Mapping();
        change?.Invoke(mapping);
        using var stream = new MemoryStream((encoding ?? Encoding.UTF8).GetBytes(log));
        return ImportReader.Read(stream, MappingFile.Parse(mapping.ToJsonString()));
    }
}
