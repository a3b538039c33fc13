namespace SupportCluster.Server.Api;

/// <summary>Words of the domain and of the wire are the same names in two enums; a test compares them.</summary>
internal static class Words
{
    internal static TTo To<TTo>(this Enum word)
        where TTo : struct, Enum => Enum.Parse<TTo>(word.ToString());

    /// <summary>A word as it is written on the wire.</summary>
    internal static string Word(Enum word) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
