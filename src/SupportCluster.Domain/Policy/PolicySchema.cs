using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using NodaTime;

namespace SupportCluster.Domain.Policy;

/// <summary>The JSON Schema of a policy document, made from the types that read it, for editors to complete and check. What no schema can say is checked when the document is read.</summary>
public static class PolicySchema
{
    /// <summary>The schema as it stands in <c>policy.schema.json</c>.</summary>
    public static JsonNode Generate()
    {
        var schema = DomainJson.Strict.GetJsonSchemaAsNode(typeof(PolicyDocument), new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Tweak }).AsObject();
        var document = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Policy of a support organisation",
        };
        foreach (var (name, value) in schema.ToList())
        {
            schema.Remove(name);
            document[name] = value;
        }

        return document;
    }

    private static JsonNode Tweak(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (ByConverter(type) is { } known)
        {
            return known;
        }

        if (node is not JsonObject schema)
        {
            return node;
        }

        // What does not apply is left out, never null.
        if (schema["type"] is JsonArray types)
        {
            schema["type"] = types.Select(t => t!.GetValue<string>()).Single(t => t != "null");
        }

        if (type is { IsGenericType: true } && type.GetGenericArguments() is [var item] && ByConverter(item) is { } items)
        {
            schema["items"] = items;
        }

        if (schema["properties"] is JsonObject properties)
        {
            // The exporter does not ask about a member that may be absent: so they are set from here.
            foreach (var property in type.GetProperties())
            {
                if (ByConverter(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { } member)
                {
                    properties[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = member;
                }
            }

            // Members that are computed from the others are not read.
            foreach (var computed in type.GetProperties().Where(p => !p.CanWrite).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)))
            {
                properties.Remove(computed);
            }
        }

        if (type == typeof(IReadOnlyDictionary<string, SeverityTargets>))
        {
            schema["propertyNames"] = new JsonObject { ["enum"] = new JsonArray("1", "2", "3", "4") };
            schema["required"] = new JsonArray("1", "2", "3", "4");
        }

        schema.Remove("default");
        return schema;
    }

    /// <summary>The form of what a converter of ours reads, of which the exporter knows nothing; null for other types.</summary>
    private static JsonObject? ByConverter(Type type) =>
        type.IsEnum ? new() { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(n => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(n))]), ["type"] = "string" }
        : type == typeof(Duration) ? new()
        {
            ["type"] = "string",
            ["pattern"] = @"^P(?=.)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$",
            ["description"] = "An ISO 8601 duration such as PT30M or P14D.",
        }
        : null;
}
