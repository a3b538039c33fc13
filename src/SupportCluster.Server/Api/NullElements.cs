using System.Collections;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using SupportCluster.Domain;
using SupportCluster.Protocol;

namespace SupportCluster.Server.Api;

/// <summary>Refuses requests with a null in a list: the serializer checks members for nulls, but not elements.</summary>
internal sealed class NullElements(IOptions<JsonOptions> json) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.Select(a => Find(a, "")).FirstOrDefault(found => found is not null) is { } pointer
            ? new(Problems.Result(Refusal.Malformed("malformed", $"The body is not as expected at {pointer}: null is not expected there.", pointer)))
            : next(context);

    private string? Find(object? value, string pointer)
    {
        if (value is IList list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if ((list[i] is null ? $"{pointer}/{i}" : Find(list[i], $"{pointer}/{i}")) is { } found)
                {
                    return found;
                }
            }

            return null;
        }

        return value?.GetType() is { IsEnum: false } type && type.Assembly == typeof(Problem).Assembly
            ? json.Value.SerializerOptions.GetTypeInfo(type).Properties.Select(p => Find(p.Get?.Invoke(value), $"{pointer}/{p.Name}")).FirstOrDefault(found => found is not null)
            : null;
    }
}
