using System.Globalization;
using System.Resources;

namespace SupportCluster.Web.Shared;

/// <summary>What pages say, in the reader's language: the English words are the names by which resource files hold them in others.</summary>
public static class Texts
{
    private static readonly ResourceManager Resources = new(typeof(Texts));

    /// <summary>The words in the reader's language; as they are where there is no translation.</summary>
    public static string T(string english) => Resources.GetString(english, CultureInfo.CurrentUICulture) ?? english;

    /// <summary>Why something was refused, by its code, in the reader's language; null where only the server's own English is known.</summary>
    public static string? Refusal(string code) => Resources.GetString($"refusal {code}", CultureInfo.CurrentUICulture);

    /// <summary>A sentence with places for figures and names (<c>{0}</c>), in the reader's language.</summary>
    public static string T(string english, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, T(english), values);
}
