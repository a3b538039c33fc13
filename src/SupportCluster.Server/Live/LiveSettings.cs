using System.Globalization;
using SupportCluster.Server.Hosting;

namespace SupportCluster.Server.Live;

/// <summary>What the configuration says under <c>SupportCluster:Live</c>, checked at start.</summary>
internal static class LiveSettings
{
    private static readonly string[] Known = [nameof(LiveOptions.TopicsPerConnection), nameof(LiveOptions.ConnectionsPerUser), nameof(LiveOptions.MessageBytes), nameof(LiveOptions.CallsPerSecond), nameof(LiveOptions.Origins)];

    /// <summary>Reads the options.</summary>
    /// <exception cref="ConfigurationMistakeException">A key is unknown or its value is wrong.</exception>
    public static LiveOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("SupportCluster:Live");
        ConfigurationMistakeException.ThrowIfUnknown(section, Known, string.Join(", ", Known));

        var defaults = new LiveOptions();
        return defaults with
        {
            TopicsPerConnection = Number(section, nameof(LiveOptions.TopicsPerConnection), 1, 10_000, defaults.TopicsPerConnection),
            ConnectionsPerUser = Number(section, nameof(LiveOptions.ConnectionsPerUser), 1, 1_000_000, defaults.ConnectionsPerUser),
            MessageBytes = Number(section, nameof(LiveOptions.MessageBytes), 512, 1024 * 1024, defaults.MessageBytes),
            CallsPerSecond = Number(section, nameof(LiveOptions.CallsPerSecond), 1, 100_000, defaults.CallsPerSecond),
            Origins = [.. section.GetSection(nameof(LiveOptions.Origins)).GetChildren().Select(c => HubOrigins.Normalise(c.Value ?? "")
                ?? throw new ConfigurationMistakeException($"{c.Path} is '{c.Value}': an origin is such as https://desk.example.org, without a path."))],
        };
    }

    private static int Number(IConfigurationSection section, string key, int least, int most, int absent) => section[key] switch
    {
        null => absent,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
        { } text => throw new ConfigurationMistakeException(string.Create(CultureInfo.InvariantCulture, $"SupportCluster:Live:{key} is '{text}': a whole number from {least} to {most} is expected.")),
    };
}
