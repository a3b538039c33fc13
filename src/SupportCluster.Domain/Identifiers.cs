using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SupportCluster.Domain;

/// <summary>An identifier with its own type, written as a plain string.</summary>
public interface IIdentifier<TSelf>
    where TSelf : struct, IIdentifier<TSelf>
{
    string Value { get; }

    static abstract TSelf Create(string value);
}

/// <summary>Writes an identifier as its string.</summary>
public sealed class IdentifierConverter<T> : JsonConverter<T>
    where T : struct, IIdentifier<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.Create(reader.GetString() ?? throw new JsonException("A string is expected."));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Value);
    }

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.Create(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, [DisallowNull] T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.Value);
    }
}

/// <summary>Names a support contract; its form is the policy's pattern.</summary>
[JsonConverter(typeof(IdentifierConverter<SupportId>))]
public readonly record struct SupportId(string Value) : IIdentifier<SupportId>
{
    public static SupportId Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>Names an engineer, such as <c>eng-aoife</c>.</summary>
[JsonConverter(typeof(IdentifierConverter<EngineerId>))]
public readonly record struct EngineerId(string Value) : IIdentifier<EngineerId>
{
    public static EngineerId Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>Names a designated contact; it is the subject of the contact's sign-in.</summary>
[JsonConverter(typeof(IdentifierConverter<ContactId>))]
public readonly record struct ContactId(string Value) : IIdentifier<ContactId>
{
    public static ContactId Create(string value) => new(value);

    public override string ToString() => Value;
}

/// <summary>Names a queue: <c>region/product line</c> (HB-5.5).</summary>
[JsonConverter(typeof(IdentifierConverter<QueueKey>))]
public readonly record struct QueueKey(string Value) : IIdentifier<QueueKey>
{
    public static QueueKey Create(string value) => new(value);

    public static QueueKey Of(string region, string productLine) => new($"{region}/{productLine}");

    /// <summary>The part before the slash.</summary>
    public string Region => Value[..Math.Max(0, Value.IndexOf('/', StringComparison.Ordinal))];

    public override string ToString() => Value;
}

/// <summary>Lower-case ids as people choose them: letters, digits, dots and hyphens, starting with a letter or digit.</summary>
public static class Slug
{
    /// <summary>What a slug looks like, for messages.</summary>
    public const string Form = "1 to 64 lower-case letters, digits, dots and hyphens, starting with a letter or digit";

    /// <summary>The slug nearest to a text from elsewhere: lower case, everything that a slug cannot hold becomes a hyphen.</summary>
    public static string From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slug = new string([.. text.Trim().ToLowerInvariant().Take(64).Select(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' ? c : '-')]).TrimStart('-', '.');
        return slug.Length == 0 ? "unnamed" : slug;
    }

    public static bool IsValid([NotNullWhen(true)] string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 64 || !IsLetterOrDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!IsLetterOrDigit(c) && c is not ('-' or '.'))
            {
                return false;
            }
        }

        return true;

        static bool IsLetterOrDigit(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9');
    }
}
