namespace SupportCluster.Domain.Tests.Calendars;

/// <summary>Test data that lies beside the repository, not in it; tests that need it say so where it is absent.</summary>
internal static class SharedData
{
    internal static string Holidays => Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "holidays"));

    internal static string Vectors =>
        Environment.GetEnvironmentVariable("SLA_VECTORS_DIR") is { Length: > 0 } named ? named : Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "vectors"));

    /// <summary>Rows of a CSV file with quotes as RFC 4180 has them; no field of these files holds a line break.</summary>
    internal static IEnumerable<IReadOnlyDictionary<string, string>> ReadCsv(string path)
    {
        string[]? header = null;
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0))
        {
            var fields = Split(line);
            if (header is null)
            {
                header = fields;
                continue;
            }

            if (fields.Length != header.Length)
            {
                throw new FormatException($"{Path.GetFileName(path)}: {fields.Length} fields where the header has {header.Length}: {line}");
            }

            yield return header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        }
    }

    private static string[] Split(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }
}
