namespace SupportCluster.Domain;

/// <summary>Names, addresses and the like: short, on one line, as they stand in lists and on screens.</summary>
internal static class Name
{
    private const int Longest = 200;

    /// <summary>The first that is longer than 200 characters or holds a control character; null when all are well.</summary>
    internal static Refusal? Check(params ReadOnlySpan<(string? Text, string Pointer)> names)
    {
        foreach (var (text, pointer) in names)
        {
            if (text is not null && (text.Length > Longest || text.Any(char.IsControl)))
            {
                return Refusal.Malformed("name-malformed", $"One line of at most {Longest} characters.", pointer);
            }
        }

        return null;
    }
}
