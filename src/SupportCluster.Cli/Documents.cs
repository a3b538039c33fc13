using System.Text.Json;
using System.Text.Json.Nodes;
using SupportCluster.Importing;
using SupportCluster.Protocol;

namespace SupportCluster.Cli;

/// <summary>What the user gave cannot be used; nothing was sent.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Documents that people write: read strictly, so that a misspelt member is found before anything is sent.</summary>
internal static class Documents
{
    private static readonly JsonSerializerOptions Strict = CreateStrict();

    /// <summary>The text of a file; of standard input for <c>-</c>.</summary>
    internal static async Task<string> ReadText(Terminal terminal, string file, CancellationToken cancellation)
    {
        if (file == "-")
        {
            return await terminal.In.ReadToEndAsync(cancellation);
        }

        try
        {
            return await File.ReadAllTextAsync(file, cancellation);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{file}' cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>One document of a file.</summary>
    internal static async Task<T> Read<T>(Terminal terminal, string file, CancellationToken cancellation) =>
        To<T>(Parse(await ReadText(terminal, file, cancellation), file), file, "");

    /// <summary>The documents of a file, with their ids: an array whose members name theirs, or one document that names its own or gets it from <c>--id</c>.</summary>
    /// <param name="keepId">The id is a member of the document itself.</param>
    internal static async Task<IReadOnlyList<(string Id, T Document)>> ReadMany<T>(Terminal terminal, string file, string? id, bool keepId, CancellationToken cancellation)
    {
        var root = Parse(await ReadText(terminal, file, cancellation), file);
        if (root is JsonArray && id is not null)
        {
            throw new UsageException($"{Name(file)} holds several documents: each names its own 'id', --id is for one.");
        }

        var nodes = root is JsonArray array ? array.Select((node, i) => (Node: node, Place: $"[{i}]")) : [(Node: root, Place: "")];
        return [.. nodes.Select(n => (IdOf(n.Node, n.Place), To<T>(n.Node, file, n.Place)))];

        string IdOf(JsonNode? node, string place)
        {
            if (node is not JsonObject document)
            {
                throw new UsageException($"{Name(file)}: ${place}: an object is expected.");
            }

            var own = document["id"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
            if (own is not null && id is not null && own != id)
            {
                throw new UsageException($"{Name(file)}: ${place}.id is '{own}', but --id says '{id}'.");
            }

            if (keepId)
            {
                document["id"] = own ?? id;
            }
            else
            {
                document.Remove("id");
            }

            return own ?? id ?? throw new UsageException($"{Name(file)}: ${place}.id is missing: a member 'id' is expected, or --id for one document.");
        }
    }

    private static JsonNode? Parse(string text, string file)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"{Name(file)}: line {wrong.LineNumber + 1}: {JsonMistake.Sentence(wrong)}");
        }
    }

    private static T To<T>(JsonNode? node, string file, string place)
    {
        try
        {
            return node.Deserialize<T>(Strict) ?? throw new JsonException("An object is expected.");
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"{Name(file)}: ${place}{wrong.Path?.TrimStart('$')}: {JsonMistake.Sentence(wrong)}");
        }
    }

    private static JsonSerializerOptions CreateStrict()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        WireJson.ApplyStrict(options);
        return options;
    }

    private static string Name(string file) => file == "-" ? "standard input" : file;
}
