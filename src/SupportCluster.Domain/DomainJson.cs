using System.Text.Json;
using System.Text.Json.Serialization;

namespace SupportCluster.Domain;

/// <summary>How everything that is stored or pinned is written as JSON (see <c>JsonConventions</c>).</summary>
public static class DomainJson
{
    /// <summary>For stored data: members that this version does not know are passed over, so that a newer version's record stays readable. What is computed from others is not written.</summary>
    public static JsonSerializerOptions Stored { get; } = JsonConventions.Create(new JsonSerializerOptions { IgnoreReadOnlyProperties = true });

    /// <summary>For documents that people write (policies): an unknown or missing member is a mistake and is refused with its path.</summary>
    public static JsonSerializerOptions Strict { get; } = JsonConventions.Create(new JsonSerializerOptions
    {
        IgnoreReadOnlyProperties = true,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    });
}
