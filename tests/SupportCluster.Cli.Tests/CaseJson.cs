namespace SupportCluster.Cli.Tests;

/// <summary>Answers of a server.</summary>
internal static class CaseJson
{
    internal const string View = """
        {"number":"4001122337","version":3,"supportId":"northwind","customer":"Northwind","title":"Backup hangs","description":"At 80 percent.",
         "product":"vault","productLine":"backup","region":"emea","queue":"emea/backup","severity":2,"status":"inProgress","offer":"essential","contact":"ada",
         "language":"en","priorityCall":false,"reportedAt":"2026-03-02T09:15:00Z","policyVersion":1,"zone":"Europe/Dublin","owner":"eng-aoife","added":"later",
         "milestones":[{"milestone":"initialResponse","generation":1,"state":"running","target":"2 h","deadline":"2026-03-02T11:15:00Z","timeLeft":"PT1H30M"}]}
        """;

    internal const string OutcomeUnknown = """{"title":"Outcome unknown","status":503,"code":"outcome-unknown"}""";
}
