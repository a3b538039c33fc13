namespace SupportCluster.Web.Administration;

/// <summary>A part of the administration, and for whom it is: the server decides, the pages offer what it would allow.</summary>
internal sealed record Area(string Path, string Name, string About, params string[] Roles)
{
    internal static IReadOnlyList<Area> All { get; } =
    [
        new("contracts", "Contracts", "Customers, offers and terms, licensed products, entitlements and designated contacts.", "admin", "representative"),
        new("engineers", "Engineers", "Skills, languages, capacity, schedules and leave; shifts given to a colleague.", "admin", "manager"),
        new("roster", "Roster", "Who is on shift and who comes next, gaps ahead, closures of centres, duty managers.", "admin", "manager"),
        new("policy", "Policy", "Every version, what differs between two, and what a new one would change.", "admin"),
        new("imports", "Imports", "Cases of another system with their history, and what became of them.", "admin", "manager"),
    ];

    internal bool IsFor(string? role) => Roles.Contains(role);

    internal static Area? At(string path) => All.FirstOrDefault(a => path.StartsWith($"admin/{a.Path}", StringComparison.Ordinal));
}
