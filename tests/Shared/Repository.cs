namespace SupportCluster;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of SupportCluster.sln, above the test's program.</summary>
    internal static string Root { get; } = Above(AppContext.BaseDirectory);

    private static string Above(string folder) => File.Exists(Path.Combine(folder, "SupportCluster.sln"))
        ? folder
        : Above(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds SupportCluster.sln."));
}
