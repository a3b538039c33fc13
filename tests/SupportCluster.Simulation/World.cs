using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using SupportCluster.Domain;
using SupportCluster.Domain.Cases;
using SupportCluster.Domain.Engineers;
using SupportCluster.Domain.Entitlements;
using SupportCluster.Domain.Policy;
using SupportCluster.Domain.Rosters;

namespace SupportCluster.Simulation;

/// <summary>A report that comes in at its time.</summary>
internal sealed record Report(Instant At, CaseNumber Number, CaseTerms Terms, ProblemReport Problem);

/// <summary>The organisation of a simulation: the shipped policy with all its holidays, engineers in its seven centres, and the reports that come in.</summary>
internal sealed record World(Instant Start, Instant End, IReadOnlyList<Engineer> Engineers, IReadOnlyList<Report> Reports)
{
    internal static readonly string[] Lines = ["backup", "mail", "archive"];
    internal static readonly string[] Offers = ["basic", "essential", "rps", "datacenter", "national", "global"];

    /// <summary>Weeks that together work a centre of seven days from opening to closing with two shifts a day.</summary>
    private static readonly string[] SevenDays =
    [
        "Mon-Fri 08:00-16:00", "Mon-Fri 12:00-20:00", "Wed-Sun 08:00-16:00", "Wed-Sun 12:00-20:00", "Sat-Wed 08:00-16:00", "Sat-Wed 12:00-20:00",
    ];

    private static readonly string[] FiveDays = ["Mon-Fri 08:00-16:00", "Mon-Fri 10:00-18:00", "Mon-Thu 08:00-12:00 13:00-18:00"];

    /// <summary>Where installations stand, by region.</summary>
    private static readonly (string Region, string Zone, string Country, string Language)[] Sites =
    [
        ("emea", "Europe/Dublin", "IE", "en"), ("emea", "Europe/Paris", "FR", "fr"), ("emea", "Europe/Berlin", "DE", "de"), ("emea", "Europe/Madrid", "ES", "es"),
        ("americas", "America/New_York", "US", "en"), ("americas", "America/Sao_Paulo", "BR", "pt"), ("americas", "America/Los_Angeles", "US", "en"),
        ("apj", "Asia/Kolkata", "IN", "en"), ("apj", "Asia/Tokyo", "JP", "ja"), ("apj", "Australia/Sydney", "AU", "en"),
    ];

    internal static SupportPolicy Policy { get; } = ReadPolicy();

    /// <summary>2026, with 60 engineers.</summary>
    /// <param name="continuous">So many of the cases are severity 1 of an offer with continuous service.</param>
    internal static World Year(Chance chance, int cases, int continuous)
    {
        var (start, end) = (Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0));
        return new(start, end, Staff(chance, 2026, 2), [.. Invented(chance, cases, continuous, start, end)]);
    }

    /// <summary>So many engineers for each week's pattern of a centre; each knows two of three product lines and is on leave for five weeks.</summary>
    internal static IReadOnlyList<Engineer> Staff(Chance chance, int year, int each) =>
    [
        .. Policy.Centres.Keys.Order(StringComparer.Ordinal).SelectMany(code =>
        {
            var week = Policy.Centre(code)!.Calendar.Hours[IsoDayOfWeek.Sunday].IsEmpty ? FiveDays : SevenDays;
            return Enumerable.Range(0, week.Length * each).Select(i =>
            {
                var id = $"eng-{code}-{i}";
                var leave = Enumerable.Range(0, 5).Select(n => new LocalDate(year, 1, 1).With(DateAdjusters.NextOrSame(IsoDayOfWeek.Monday)).PlusWeeks(chance.Between(0, 50, id, $"leave {n}"))).Distinct().Select(monday => new Leave(monday, monday.PlusDays(6)));
                string[] skills = [Lines[i % 3], Lines[(i + 1 + (i / week.Length)) % 3]];
                var profile = new EngineerProfile(id, Policy.Centres[code].Region, [.. skills.Distinct()], [.. Policy.Centre(code)!.Languages], null, code,
                    new EngineerSchedule(week[i % week.Length], [.. leave]), skills.Distinct().ToDictionary(s => s, s => chance.Between(1, 5, id, s)));
                return new Engineer(new(id), profile, [], Instant.MinValue);
            });
        }),
    ];

    /// <summary>What customers are told that their offer has.</summary>
    internal static CaseTerms Terms(string customer, string offer, string line, string region, string zone, string country, string language, bool priority) => new(
        new(customer), customer, offer, $"{line}-exec", line, region, zone, country, language, priority, Policy.Offer(offer)!.Entitlements["continuousService"] == "yes", 1, 1);

    internal static ProblemReport Problem(int severity) => new("It stops", "It stops.", severity, new("ada"), Channel.Online, [], false, "SN-0001", null, []);

    private static IEnumerable<Report> Invented(Chance chance, int cases, int continuous, Instant start, Instant end)
    {
        for (var i = 0; i < cases; i++)
        {
            var id = $"case {i}";
            var at = start + Duration.FromSeconds((long)(chance.Of(id, "at") * (end - start - Duration.FromDays(14)).TotalSeconds));
            var offer = i < continuous ? Offers[2 + (i % 4)] : chance.Pick(Offers, id, "offer");
            var severity = i < continuous ? 1 : chance.Between(offer is "basic" or "essential" ? 1 : 2, 4, id, "severity");
            var site = chance.Pick(Sites, id, "site");
            var line = chance.Pick(Lines, id, "line");
            yield return new(at, CaseNumber.Of(Policy.Document.Regions[site.Region].CaseDigit, i + 1),
                Terms($"customer-{i % 97}", offer, line, site.Region, site.Zone, site.Country, site.Language, priority: i % 3 == 0), Problem(severity));
        }
    }

    private static SupportPolicy ReadPolicy()
    {
        var folder = Path.Combine(Repository.Root, "src", "SupportCluster.Server", "policy");
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "policy.json")), documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!;
        foreach (var (country, file) in document["businessHours"]!["holidays"]!.AsObject().ToList())
        {
            document["businessHours"]!["holidays"]![country] = File.ReadAllText(Path.Combine(folder, (string)file!));
        }

        return SupportPolicy.Read(1, Encoding.UTF8.GetBytes(document.ToJsonString()), out var mistakes) ?? throw new InvalidOperationException(string.Join("; ", mistakes));
    }
}
