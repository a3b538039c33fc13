using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;
using NodaTime.Text;

namespace SupportCluster;

/// <summary>
/// One way to write JSON, for what is stored and for what goes over the wire: camelCase, enums as camelCase strings, no nulls for
/// absent members, instants as RFC 3339 with <c>Z</c>, durations as ISO 8601, times of day as <c>HH:mm</c>, zones by their IANA name.
/// This file is compiled into both the domain and the protocol, which do not know each other.
/// </summary>
internal static class JsonConventions
{
    internal static JsonSerializerOptions Create(JsonSerializerOptions options)
    {
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    internal static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.AllowOutOfOrderMetadataProperties = true;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new EnumConverter());
        options.ConfigureForNodaTime(new NodaJsonSettings
        {
            InstantConverter = new InstantConverter(),
            DurationConverter = new IsoDurationConverter(),
            LocalTimeConverter = new NodaPatternConverter<LocalTime>(LocalTimePattern.CreateWithInvariantCulture("HH':'mm")),
        });
    }
}

/// <summary>
/// An enum is one of its names. The framework's converter also takes several with commas between them and reads what their numbers
/// make together: <c>"phone, email"</c> would be a third channel. What is refused is worded by whoever reads: the exception names the type alone.
/// </summary>
internal sealed class EnumConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(EnumConverter<>).MakeGenericType(typeToConvert))!;
}

/// <inheritdoc cref="EnumConverter"/>
internal sealed class EnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, JsonEncodedText> Names = Enum.GetValues<T>().ToFrozenDictionary(v => v, v => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(v.ToString())));
    private static readonly FrozenDictionary<string, T> Values = Names.ToFrozenDictionary(n => n.Value.Value, n => n.Key, StringComparer.OrdinalIgnoreCase);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && Values.TryGetValue(reader.GetString()!, out var value)
            ? value
            : throw new JsonException();

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Names[value]);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(Names[value]);
}

/// <summary>
/// NodaTime's own form of an instant, written without a string in between: a case's state holds some forty instants and is written
/// with every command.
/// </summary>
internal sealed class InstantConverter : JsonConverter<Instant>
{
    private static readonly JsonConverter<Instant> Pattern = NodaConverters.InstantConverter;

    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Pattern.Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options)
    {
        var ticks = value.ToUnixTimeTicks();
        if (Instant.FromUnixTimeTicks(ticks) != value || ticks < -DateTime.UnixEpoch.Ticks || ticks > (DateTime.MaxValue - DateTime.UnixEpoch).Ticks)
        {
            // Parts of a tick, and years that have not four digits.
            Pattern.Write(writer, value, options);
            return;
        }

        // Seven decimals and a Z: the zeros at their end, and a point that nothing follows, are left out.
        Span<byte> text = stackalloc byte[28];
        DateTime.UnixEpoch.AddTicks(ticks).TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        var end = text[..^1].TrimEnd((byte)'0').TrimEnd((byte)'.').Length;
        text[end] = (byte)'Z';
        writer.WriteStringValue(text[..(end + 1)]);
    }
}

/// <summary>Writes an elapsed <see cref="Duration"/> as ISO 8601 (<c>PT1H30M</c>); reads weeks and days too, as 7 x 24 and 24 hours.</summary>
internal sealed class IsoDurationConverter : JsonConverter<Duration>
{
    internal static string Format(Duration value)
    {
        var d = value < Duration.Zero ? -value : value;
        var hours = (long)d.TotalHours;
        var seconds = d.Seconds + (decimal)d.SubsecondNanoseconds / 1_000_000_000m;
        return string.Create(CultureInfo.InvariantCulture,
            $"{(value < Duration.Zero ? "-" : "")}PT{(hours != 0 ? $"{hours}H" : "")}{(d.Minutes != 0 ? $"{d.Minutes}M" : "")}{(seconds != 0 || d == Duration.Zero ? $"{seconds.ToString("0.#########", CultureInfo.InvariantCulture)}S" : hours == 0 && d.Minutes == 0 ? "0S" : "")}");
    }

    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("An ISO 8601 duration such as PT30M is expected.");
        var negative = text.StartsWith('-');
        var parsed = PeriodPattern.NormalizingIso.Parse(negative ? text[1..] : text);
        if (!parsed.Success || parsed.Value.Months != 0 || parsed.Value.Years != 0)
        {
            throw new JsonException($"'{text}' is not an ISO 8601 duration such as PT30M.");
        }

        return negative ? -parsed.Value.ToDuration() : parsed.Value.ToDuration();
    }

    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));
}
