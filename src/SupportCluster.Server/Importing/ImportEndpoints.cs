using System.Collections.Immutable;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Grains.Cases;
using SupportCluster.Grains.Entitlements;
using SupportCluster.Grains.Policies;
using SupportCluster.Protocol;
using SupportCluster.Protocol.Importing;
using SupportCluster.Server.Api;
using SupportCluster.Server.SignIn;
using SupportCluster.Storage;

namespace SupportCluster.Server.Importing;

/// <summary>Brings another system's cases in, and counts what was brought in from the stored cases.</summary>
public static class ImportEndpoints
{
    private const int AtOnce = 64;
    private const long MostBytes = 64L * 1024 * 1024;
    private const string SourceKeys = "import:";

    public static void MapImport(this IEndpointRouteBuilder api)
    {
        api.MapPost("/import", Import).For(RoleNames.Admin).WithTags("import").WithSummary("Brings cases of another system in, with their history")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MostBytes)).Produces<ImportResult>();
        api.MapGet("/imports", List).For(RoleNames.Admin, RoleNames.Manager).WithTags("import").WithSummary("The sources that cases were imported from").Produces<Page<ImportSource>>();
        api.MapGet("/imports/{source}", async (string source, ImportCount count) => Slug.IsValid(source)
                ? Results.Ok(await count.Of(source))
                : Problems.Result(Refusal.Malformed("source-malformed", $"A source is {Slug.Form}.", "")))
            .For(RoleNames.Admin, RoleNames.Manager).WithTags("import").WithSummary("What is stored of a source").Produces<ImportSummary>();
    }

    /// <summary>One look at the index for each source: beyond its last key the next one begins.</summary>
    private static async Task<Page<ImportSource>> List(IStore store)
    {
        var sources = new List<ImportSource>();
        var beyond = SourceKeys;
        while (await store.NextSourceKey(beyond) is { } key && key.StartsWith(SourceKeys, StringComparison.Ordinal))
        {
            var source = key[SourceKeys.Length..key.IndexOf('/', SourceKeys.Length)];
            sources.Add(new(source));
            beyond = $"{SourceKeys}{source}{(char)('/' + 1)}";
        }

        return new(sources);
    }

    private static async Task<IResult> Import(ImportBatch batch, IGrainFactory grains, PolicyBook policies, IStore store)
    {
        if (!Slug.IsValid(batch.Source))
        {
            return Problems.Result(Refusal.Malformed("source-malformed", $"A source is {Slug.Form}.", "/source"));
        }

        if (batch.Cases.GroupBy(c => c.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            return Problems.Result(Refusal.Malformed("import-case-twice", $"Case '{twice.Key}' is in the batch twice.", "/cases"));
        }

        var known = await store.FindSourceKeys([.. batch.Cases.Select(c => SourceKey(batch.Source, c.Key))]);
        var contracts = new Dictionary<string, ContractReading?>();
        foreach (var supportId in batch.Cases.Select(c => c.SupportId).Distinct())
        {
            contracts[supportId] = string.IsNullOrWhiteSpace(supportId) ? null : await grains.GetGrain<IContractGrain>(supportId).Read();
        }

        var results = new ImportedCaseResult[batch.Cases.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, batch.Cases.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var c = batch.Cases[i];
            results[i] = await One(batch.Source, c, contracts[c.SupportId], known, grains, policies);
        });
        return Results.Ok(new ImportResult(results));
    }

    private static async Task<ImportedCaseResult> One(string source, ImportedCase c, ContractReading? contract, IReadOnlyDictionary<string, string> known, IGrainFactory grains, PolicyBook policies)
    {
        if (Check(c, contract) is { } wrong)
        {
            return Refused(c, wrong);
        }

        var policy = await policies.Get(contract!.Contract.PolicyVersion);
        var terms = Entitlement.Terms(contract.Contract, contract.Version, policy, c.Product, c.ProductLine, c.Events[0].At);
        var key = SourceKey(source, c.Key);
        var digit = policy.Document.Regions[terms.Region].CaseDigit;
        var number = known.TryGetValue(key, out var existing) ? CaseNumber.Create(existing) : (await grains.GetGrain<ICaseNumbersGrain>($"{digit}").Take(1))[0];
        ImmutableArray<SourceRow> rows = [.. c.Events.Select(e => new SourceRow(e.Key, e.At, e.Step.To<SourceStep>(), e.Status, e.Owner, e.OwnerCountry, e.Team, e.Text))];
        var command = new CaseCommand.Import(number, terms with { Language = c.Language ?? terms.Language }, key, c.Title, c.Severity, new(c.Contact ?? "import"), rows);
        var grain = grains.GetGrain<ICaseGrain>(number.Value);
        var before = existing is null ? 0 : (await grain.Read())?.SourceRows ?? 0;
        var reply = await grain.Execute(new(command, Actor.System));
        if (reply.Refusal is { } refusal)
        {
            return Refused(c, refusal);
        }

        var added = reply.State!.SourceRows - before;
        return new(c.Key, added == 0 ? "unchanged" : existing is null ? "created" : "extended", added, number.Value);
    }

    private static Refusal? Check(ImportedCase c, ContractReading? contract) =>
        contract is null ? Refusal.ByRule("contract-not-found", "HB-1.3", $"There is no contract '{c.SupportId}'.")
        : c.Key.Length is 0 or > 200 ? Refusal.Malformed("import-key-malformed", "A case's key is 1 to 200 characters.", "/key")
        : c.Events.Count == 0 ? Refusal.Malformed("import-empty", "A case has at least one row.", "/events")
        : !Slug.IsValid(c.Product) || !Slug.IsValid(c.ProductLine) ? Refusal.Malformed("product-id-malformed", $"A product's id and line are {Slug.Form}.", "/product")
        : string.IsNullOrWhiteSpace(c.Title) || c.Title.Length > Intake.MaxTitle ? Refusal.Malformed("title-malformed", $"A title is one line of at most {Intake.MaxTitle} characters.", "/title")
        : null;

    private static ImportedCaseResult Refused(ImportedCase c, Refusal refusal) => new(c.Key, "refused", 0, null, refusal.Code, refusal.Detail,
        refusal.Facts?.GetValueOrDefault("row") is { } row ? int.Parse(row, System.Globalization.CultureInfo.InvariantCulture) : null);

    internal static string SourceKey(string source, string key) => $"{SourceKeys}{source}/{key}";
}
