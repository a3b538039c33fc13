using System.Text.Json;
using System.Text.Json.Serialization;

namespace SupportCluster.Protocol;

/// <summary>How requests, responses and live frames are written as JSON.</summary>
public static class WireJson
{
    /// <summary>For clients: members that this version does not know are passed over.</summary>
    public static JsonSerializerOptions Tolerant { get; } = JsonConventions.Create(new JsonSerializerOptions(JsonSerializerDefaults.Web) { PropertyNameCaseInsensitive = false });

    /// <summary>Applies the conventions for a server: unknown members, missing required members and nulls where none belong are refused with their place.</summary>
    public static void ApplyStrict(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JsonConventions.Apply(options);
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectRequiredConstructorParameters = true;
        options.RespectNullableAnnotations = true;
    }

    /// <summary>Applies the conventions for a client or for output.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        JsonConventions.Apply(options);
    }
}
