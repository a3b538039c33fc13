using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace SupportCluster.Web.Administration;

/// <summary>What was typed, as what it means; a mistake is a <see cref="FormatException"/> that names the field.</summary>
internal static class Given
{
    private static readonly LocalDateTimePattern Minutes = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm");

    internal static LocalDate Day(string? text, string field) => LocalDatePattern.Iso.Parse(text?.Trim() ?? "") is { Success: true } day
        ? day.Value
        : throw new FormatException($"{field}: a day such as 2026-12-31 is expected.");

    internal static LocalDate? OptionalDay(string? text, string field) => string.IsNullOrWhiteSpace(text) ? null : Day(text, field);

    /// <summary>A time in a zone, with seconds or without; one that the clock goes forward over is the later one.</summary>
    internal static Instant At(string? text, string zone, string field) => new[] { Minutes, LocalDateTimePattern.GeneralIso }.Select(p => p.Parse(text?.Trim() ?? "")).FirstOrDefault(p => p.Success) is { } at
        ? DateTimeZoneProviders.Tzdb[zone].AtLeniently(at.Value).ToInstant()
        : throw new FormatException($"{field}: a date and a time are expected.");

    internal static Instant? OptionalAt(string? text, string zone, string field) => string.IsNullOrWhiteSpace(text) ? null : At(text, zone, field);

    internal static int? OptionalNumber(string? text, string field) => string.IsNullOrWhiteSpace(text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"{field}: a whole number is expected.");

    internal static string? Optional(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Words between commas.</summary>
    internal static IReadOnlyList<string> Words(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal static string Text(LocalDate day) => LocalDatePattern.Iso.Format(day);

    /// <summary>As a field for date and time takes it.</summary>
    internal static string Text(Instant at, string zone) => Minutes.Format(at.InZone(DateTimeZoneProviders.Tzdb[zone]).LocalDateTime);
}
