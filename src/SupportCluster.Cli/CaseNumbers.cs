namespace SupportCluster.Cli;

/// <summary>Case numbers as people read them out: <c>4 0011 2233 7</c>.</summary>
internal static class CaseNumbers
{
    /// <summary>The ten digits of a number given with or without blanks and hyphens; null when it is none. The check digit is the server's to check.</summary>
    internal static string? Parse(string text)
    {
        var digits = string.Concat(text.Where(c => c is not (' ' or '-' or '\u00a0')));
        return digits.Length == 10 && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    /// <summary>Region, two groups of four, check digit.</summary>
    internal static string Group(string number) => number.Length == 10 ? $"{number[..1]} {number[1..5]} {number[5..9]} {number[9..]}" : number;
}
