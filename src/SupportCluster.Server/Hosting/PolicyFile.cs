using System.Text.Json;
using System.Text.Json.Nodes;
using SupportCluster.Domain;
using SupportCluster.Domain.Policy;
using SupportCluster.Grains.Policies;

namespace SupportCluster.Server.Hosting;

/// <summary>A mistake in the configuration: the server does not start, and says which key is wrong and what would be right.</summary>
public sealed class ConfigurationMistakeException : Exception
{
    public ConfigurationMistakeException()
    {
    }

    public ConfigurationMistakeException(string message)
        : base(message)
    {
    }

    public ConfigurationMistakeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Refuses a section that has another key than those that are known.</summary>
    /// <param name="names">The known ones, as the message names them.</param>
    internal static void ThrowIfUnknown(IConfigurationSection section, IReadOnlyCollection<string> known, string names)
    {
        if (section.GetChildren().FirstOrDefault(c => !known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new ConfigurationMistakeException($"{section.Path}:{unknown.Key} is not a setting: the settings are {names}.");
        }
    }
}

/// <summary>The policy file that the server starts with: checked before anything else, made the policy in force once the silo is up.</summary>
public static class PolicyFile
{
    /// <summary>The default policy, beside the program.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "policy", "policy.json");

    /// <summary>Reads and checks a policy file; holiday files that it names are read into the document.</summary>
    /// <exception cref="ConfigurationMistakeException">All mistakes, each with the path of its key and what was expected.</exception>
    public static PolicyDocument Read(string path)
    {
        byte[] json;
        try
        {
            json = WithHolidays(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ConfigurationMistakeException($"SupportCluster:Policy names {path}, which cannot be read: {e.Message}", e);
        }

        return SupportPolicy.Read(0, json, out var mistakes)?.Document
            ?? throw new ConfigurationMistakeException($"The policy {path} has mistakes:{string.Concat(mistakes.Select(m => $"{Environment.NewLine}  {m.Path}: expected {m.Expected}"))}");
    }

    private static byte[] WithHolidays(string path)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var document = JsonNode.Parse(File.ReadAllBytes(path), documentOptions: options);
        if (((document as JsonObject)?["businessHours"] as JsonObject)?["holidays"] is JsonObject holidays)
        {
            foreach (var (country, file) in holidays.ToList())
            {
                if (file?.GetValueKind() == JsonValueKind.String && file.GetValue<string>() is { } name && name.EndsWith(".ics", StringComparison.OrdinalIgnoreCase))
                {
                    holidays[country] = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name));
                }
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(document);
    }
}

/// <summary>Makes the policy file the policy in force. Contracts and cases keep the version that binds them (HB-1.6).</summary>
public sealed class PolicyAtStart(IGrainFactory grains, PolicyDocument document) : IStartupTask
{
    public async Task Execute(CancellationToken cancellationToken) => await grains.GetGrain<IPolicyGrain>(IPolicyGrain.Current).Apply(document, Actor.System);
}
