using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SupportCluster.Server.Api;

/// <summary>Lists the names of an enum in the OpenAPI document, which does not know how our JSON writes them.</summary>
internal static class EnumSchemas
{
    internal static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var json = context.JsonTypeInfo;
        if (json.Kind == JsonTypeInfoKind.Enumerable && json.ElementType is { IsEnum: true } element)
        {
            schema.Items = Name(new OpenApiSchema(), element, json);
        }
        else if ((Nullable.GetUnderlyingType(json.Type) ?? json.Type) is { IsEnum: true } member)
        {
            Name(schema, member, json);
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema Name(OpenApiSchema schema, Type type, JsonTypeInfo json)
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. Enum.GetValues(type).Cast<object>().Select(v => JsonSerializer.SerializeToNode(v, type, json.Options)!)];
        return schema;
    }
}
