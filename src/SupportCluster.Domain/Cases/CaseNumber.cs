using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace SupportCluster.Domain.Cases;

/// <summary>
/// A case number (HB-5.6): one digit of the region, eight digits, one Damm check digit. The check digit finds every wrong digit and
/// every swap of neighbours. Shown in groups that are easy to read out, accepted with or without blanks and hyphens.
/// </summary>
[JsonConverter(typeof(IdentifierConverter<CaseNumber>))]
public readonly record struct CaseNumber : IIdentifier<CaseNumber>
{
    /// <summary>The largest sequence number that fits.</summary>
    public const int MaxSequence = 99_999_999;

    private static readonly byte[] Damm =
    [
        0, 3, 1, 7, 5, 9, 8, 6, 4, 2,
        7, 0, 9, 2, 1, 5, 4, 8, 6, 3,
        4, 2, 0, 6, 8, 7, 1, 3, 5, 9,
        1, 7, 5, 0, 9, 8, 3, 4, 2, 6,
        6, 1, 2, 3, 0, 4, 5, 9, 7, 8,
        3, 6, 7, 4, 2, 0, 9, 5, 8, 1,
        5, 8, 6, 9, 7, 2, 0, 1, 3, 4,
        8, 9, 4, 5, 3, 6, 2, 0, 1, 7,
        9, 4, 3, 8, 6, 1, 7, 2, 0, 5,
        2, 5, 8, 1, 4, 3, 6, 7, 9, 0,
    ];

    private CaseNumber(string value) => Value = value;

    /// <summary>Ten digits.</summary>
    public string Value { get; }

    /// <summary>Builds the number of a region's digit (1 to 9) and a sequence number (0 to <see cref="MaxSequence"/>).</summary>
    public static CaseNumber Of(int regionDigit, int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(regionDigit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(regionDigit, 9);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, MaxSequence);
        var digits = string.Create(CultureInfo.InvariantCulture, $"{regionDigit}{sequence:D8}");
        return new(digits + Check(digits).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Reads a number as typed by a person; false for anything that is not ten digits with the right check digit.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CaseNumber number)
    {
        number = default;
        if (text is null || text.Length > 32)
        {
            return false;
        }

        Span<char> digits = stackalloc char[10];
        var count = 0;
        foreach (var c in text)
        {
            if (c is ' ' or '-')
            {
                continue;
            }

            if (c is < '0' or > '9' || count == 10)
            {
                return false;
            }

            digits[count++] = c;
        }

        if (count != 10 || digits[0] == '0' || Check(digits) != 0)
        {
            return false;
        }

        number = new(new string(digits));
        return true;
    }

    /// <summary>Takes a stored number as it is; throws <see cref="FormatException"/> when it is none.</summary>
    public static CaseNumber Create(string value) => TryParse(value, out var number) ? number : throw new FormatException($"'{value}' is not a case number.");

    /// <summary>Ten digits.</summary>
    public override string ToString() => Value;

    private static int Check(ReadOnlySpan<char> digits)
    {
        var interim = 0;
        foreach (var c in digits)
        {
            interim = Damm[(interim * 10) + (c - '0')];
        }

        return interim;
    }
}
