using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SupportCluster.Server.Api;

/// <summary>Lists the names of an enum in the OpenAPI document, which does not know how our JSON writes them.</summary>
internal static class EnumSchemas
{
    internal static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo.Type;
        var member = Nullable.GetUnderlyingType(type) ?? type;
        if (member.IsEnum)
        {
            schema.Enum = [.. Enum.GetValues(member).Cast<object>().Select(v => JsonSerializer.SerializeToNode(v, member, context.JsonTypeInfo.Options)!)];
        }

        return Task.CompletedTask;
    }
}
