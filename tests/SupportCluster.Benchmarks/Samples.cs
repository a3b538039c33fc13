using System.Text;
using NodaTime;
using NodaTime.Testing;
using SupportCluster.Storage;
using SupportCluster.Storage.Sqlite;

namespace SupportCluster.Benchmarks;

/// <summary>Made-up cases of the size and shape of real ones.</summary>
internal static class Samples
{
    internal static readonly Instant Start = Instant.FromUtc(2026, 11, 23, 9, 0);

    private static readonly string[] Statuses = ["reported", "queued", "inProgress", "waitingForCustomer", "solutionProposed"];
    private static readonly string[] Regions = ["emea", "amer", "apj"];
    private static readonly string[] Words =
    [
        "backup", "restore", "printer", "yazıcı", "Größe", "失敗", "timeout", "license", "upgrade", "cluster", "database", "network", "login", "certificate", "disk", "memory",
        "archive", "catalog", "schedule", "report", "index", "replica", "firewall", "driver", "kernel", "console", "agent", "proxy", "tape", "vault", "mirror", "snapshot",
    ];

    internal static AggregateKey Case(int number) => new("case", $"4{number:D9}");

    /// <summary>So many bytes of JSON.</summary>
    internal static byte[] Json(int bytes, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("{\"text\":\"");
        while (text.Length < bytes - 2)
        {
            text.Append((char)('a' + random.Next(26)));
        }

        return Encoding.ASCII.GetBytes(text.Append("\"}").ToString());
    }

    /// <summary>3 % are open; 40 queues, 120 products, 400 engineers and 2,000 customers of very different size.</summary>
    internal static CaseDirectoryEntry Entry(int number, Random random)
    {
        var open = random.NextDouble() < 0.03;
        var region = Regions[random.Next(3)];
        var product = Skewed(random, 120);
        return new(
            Case(number).Id,
            $"S-{Skewed(random, 2_000)}",
            region,
            $"{region}/line-{product % 13}",
            $"product-{product}",
            $"offer-{random.Next(6)}",
            random.NextDouble() switch { < 0.03 => 1, < 0.2 => 2, < 0.7 => 3, _ => 4 },
            open ? Statuses[random.Next(Statuses.Length)] : "closed",
            open,
            open && random.Next(3) == 0 ? null : $"eng-{Skewed(random, 400)}",
            random.Next(10) == 0,
            $"{Words[random.Next(Words.Length)]} {Words[random.Next(Words.Length)]} fails after {Words[random.Next(Words.Length)]}",
            "en",
            Start - Duration.FromMinutes(random.Next(5_000_000)),
            open ? Start + Duration.FromMinutes(random.Next(10_000)) : null,
            null);
    }

    internal static string Text(CaseDirectoryEntry entry, Random random)
        => string.Join(' ', Enumerable.Range(0, 30).Select(_ => Word(random)).Prepend($"ticket{random.Next(200_000)}").Prepend(entry.Title));

    internal static SqliteStore Open(DataFolder folder, SqliteStoreOptions? options = null) => SqliteStore.Open(folder, new FakeClock(Start), options);

    // The n-th most frequent word comes with a probability of 1/n, as in any language; those that are searched for are the 60th to the 680th of 20,000.
    private static string Word(Random random)
    {
        var rank = (int)Math.Pow(20_000, random.NextDouble());
        return rank is >= 60 and < 700 && rank % 20 == 0 ? Words[(rank - 60) / 20] : $"word{rank}";
    }

    // Few are many and many are few, as with customers and products.
    private static int Skewed(Random random, int count) => (int)(count * Math.Pow(random.NextDouble(), 2.5));
}
