using System.Net;
using System.Xml;
using SupportCluster.Server.SignIn;

namespace SupportCluster.Server.Hosting;

/// <summary>What a node does.</summary>
public enum NodeRole
{
    /// <summary>Everything: grains, REST, hub and pages.</summary>
    All,

    /// <summary>Grains only; over HTTP it tells its health and nothing else.</summary>
    Silo,

    /// <summary>REST, hub and pages, over a client of the cluster; no grains.</summary>
    Gateway,
}

/// <summary>What the configuration says under <c>SupportCluster</c>, checked at start.</summary>
/// <param name="DataFolder">Where the embedded store lives, and the key of the development personas.</param>
/// <param name="Policy">Path of the policy file.</param>
/// <param name="Postgres">Connection string of the PostgreSQL database that makes the node one of a cluster; null for a node by itself with the embedded store.</param>
/// <param name="Role">What the node does; other than <see cref="NodeRole.All"/> in a cluster only.</param>
/// <param name="Demo">Whether an organisation is made up, and people who work in it.</param>
/// <param name="DrainFor">How long a node that is asked to stop tells that it is not ready before it stops serving, so that a balancer turns away first.</param>
public sealed record ServerOptions(string DataFolder, string Policy, string? Postgres, NodeRole Role, TimeSpan DrainFor, bool Demo = false)
{
    /// <summary>Where the server listens when nothing is configured.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    /// <summary>The settings, as messages name them.</summary>
    public const string Settings = "DataFolder, Policy, Postgres, Role, DrainFor, Live, Mail, SignIn and Demo";

    private static readonly TimeSpan LongestDrain = TimeSpan.FromMinutes(10);

    private static readonly string[] Known = ["DataFolder", "Policy", "Postgres", "Role", "DrainFor", "Live", "Mail", "SignIn", "Demo", "Testing"];

    /// <summary>Reads the options.</summary>
    /// <exception cref="ConfigurationMistakeException">A key is unknown or its value is wrong.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("SupportCluster");
        ConfigurationMistakeException.ThrowIfUnknown(section, Known, Settings);

        if (Urls(configuration).FirstOrDefault(url => !IsAddress(url)) is { } wrong)
        {
            throw new ConfigurationMistakeException($"The server cannot listen on '{wrong}': an address is such as {DefaultUrl}.");
        }

        if (!SignInSetup.HasAuthority(configuration) && Urls(configuration).FirstOrDefault(url => !IsLoopback(url)) is { } open)
        {
            throw new ConfigurationMistakeException(
                $"The server would listen on {open} with development personas, which are for this machine only: set Authentication:Schemes:Bearer:Authority (and ValidAudiences), or listen on a loopback address such as {DefaultUrl}.");
        }

        var postgres = section["Postgres"] is { Length: > 0 } connection ? connection : null;
        var demo = DemoOf(section["Demo"], configuration);
        return new(
            section["DataFolder"] is { Length: > 0 } folder ? folder : demo ? $"{Storage.DataFolder.DefaultPath}-demo" : Storage.DataFolder.DefaultPath,
            section["Policy"] is { Length: > 0 } policy ? policy : PolicyFile.DefaultPath,
            postgres,
            RoleOf(section["Role"], postgres),
            DrainOf(section["DrainFor"]),
            demo);
    }

    private static bool DemoOf(string? text, IConfiguration configuration)
    {
        var demo = false;
        if (text is { Length: > 0 } && !bool.TryParse(text, out demo))
        {
            throw new ConfigurationMistakeException($"SupportCluster:Demo is '{text}': true or false is expected.");
        }

        return demo && SignInSetup.HasAuthority(configuration)
            ? throw new ConfigurationMistakeException("SupportCluster:Demo is for development personas: leave it out where people sign in at an authority.")
            : demo;
    }

    private static NodeRole RoleOf(string? text, string? postgres)
    {
        if (text is not { Length: > 0 })
        {
            return NodeRole.All;
        }

        if (!Enum.GetNames<NodeRole>().Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            throw new ConfigurationMistakeException($"SupportCluster:Role is '{text}': one of all, silo, gateway is expected.");
        }

        var role = Enum.Parse<NodeRole>(text, ignoreCase: true);
        return role == NodeRole.All || postgres is not null
            ? role
            : throw new ConfigurationMistakeException($"SupportCluster:Role is '{text}', which is for a node of a cluster: set SupportCluster:Postgres, or leave the role out.");
    }

    private static TimeSpan DrainOf(string? text)
    {
        try
        {
            var drain = text is { Length: > 0 } ? XmlConvert.ToTimeSpan(text) : TimeSpan.Zero;
            if (drain >= TimeSpan.Zero && drain <= LongestDrain)
            {
                return drain;
            }
        }
        catch (FormatException)
        {
            // Said below.
        }

        throw new ConfigurationMistakeException($"SupportCluster:DrainFor is '{text}': a duration of at most ten minutes such as PT10S is expected.");
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
