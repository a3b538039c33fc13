using System.Globalization;
using System.Text;
using SupportCluster.Storage.Searching;

namespace SupportCluster.Storage.Postgres;

/// <summary>Words and queries as PostgreSQL's text search reads them, without a dictionary or a configuration: words are taken as they are.</summary>
internal static class SearchSyntax
{
    // PostgreSQL counts positions up to here, and a vector may have a megabyte: what stands further on in a text is not found.
    private const int MostWords = 16_383;
    private const int MostCharacters = 250_000;
    private const int LongestWord = 200;

    /// <summary>A tsvector.</summary>
    internal static string Vector(string text)
    {
        var vector = new StringBuilder(text.Length * 2);
        var position = 0;
        foreach (var word in SearchText.ForIndex(text).Select(Fold).Where(w => w.Length > 0).Take(MostWords))
        {
            vector.Append(CultureInfo.InvariantCulture, $"'{word}':{++position} ");
            if (vector.Length > MostCharacters)
            {
                break;
            }
        }

        return vector.ToString();
    }

    /// <summary>A tsquery that finds texts with all the phrases; null when there is no word in them.</summary>
    internal static string? Query(IEnumerable<Phrase> phrases)
    {
        var query = string.Join(" & ", phrases.Select(Phrase).Where(p => p.Length > 0));
        return query.Length == 0 ? null : query;
    }

    private static string Phrase(Phrase phrase)
    {
        var words = phrase.Words.Select(Fold).Where(w => w.Length > 0).Select(w => $"'{w}'").ToArray();
        return words.Length == 0 ? "" : $"({string.Join(" <-> ", words)}{(phrase.Beginning ? ":*" : "")})";
    }

    private static string Fold(string word)
    {
        var folded = Diacritics.Fold(word);
        return folded.Length <= LongestWord ? folded : folded[..(char.IsHighSurrogate(folded[LongestWord - 1]) ? LongestWord - 1 : LongestWord)];
    }
}
