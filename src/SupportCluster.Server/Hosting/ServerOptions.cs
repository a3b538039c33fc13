using System.Net;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Hosting;

/// <summary>What the configuration says under <c>SupportCluster</c>, checked at start.</summary>
/// <param name="DataFolder">Where the embedded store lives.</param>
/// <param name="Policy">Path of the policy file.</param>
public sealed record ServerOptions(string DataFolder, string Policy)
{
    /// <summary>Where the server listens when nothing is configured.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    private static readonly string[] Known = ["DataFolder", "Policy", "Live", "Testing"];

    /// <summary>Reads the options.</summary>
    /// <exception cref="ConfigurationMistakeException">A key is unknown or its value is wrong.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("SupportCluster");
        if (section.GetChildren().FirstOrDefault(c => !Known.Contains(c.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new ConfigurationMistakeException($"SupportCluster:{unknown.Key} is not a setting: the settings are DataFolder, Policy and Live.");
        }

        if (Urls(configuration).FirstOrDefault(url => !IsAddress(url)) is { } wrong)
        {
            throw new ConfigurationMistakeException($"The server cannot listen on '{wrong}': an address is such as {DefaultUrl}.");
        }

        if (!SignInSetup.HasAuthority(configuration) && Urls(configuration).FirstOrDefault(url => !IsLoopback(url)) is { } open)
        {
            throw new ConfigurationMistakeException(
                $"The server would listen on {open} with development personas, which are for this machine only: set Authentication:Schemes:Bearer:Authority (and ValidAudiences), or listen on a loopback address such as {DefaultUrl}.");
        }

        return new(section["DataFolder"] is { Length: > 0 } folder ? folder : Storage.DataFolder.DefaultPath, section["Policy"] is { Length: > 0 } policy ? policy : PolicyFile.DefaultPath);
    }

    /// <summary>The addresses that are configured; none means <see cref="DefaultUrl"/>.</summary>
    public static IReadOnlyList<string> Urls(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>().ToList();
        if (endpoints.Count > 0)
        {
            return endpoints;
        }

        if (configuration["urls"] is { Length: > 0 } urls)
        {
            return urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        return [.. new[] { ("http", configuration["http_ports"]), ("https", configuration["https_ports"]) }
            .Where(p => p.Item2 is { Length: > 0 })
            .SelectMany(p => p.Item2!.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(port => $"{p.Item1}://*:{port}"))];
    }

    private static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { IsUnixPipe: true } or { IsNamedPipe: true } or { Port: >= 0 and <= IPEndPoint.MaxPort };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsLoopback(string url)
    {
        var host = BindingAddress.Parse(url).Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
