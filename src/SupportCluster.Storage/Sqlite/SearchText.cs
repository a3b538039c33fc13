using System.Globalization;
using System.Text;

namespace SupportCluster.Storage.Sqlite;

/// <summary>
/// Prepares text for the full-text index, the same way when it is stored and when it is searched. The index itself folds case and
/// diacritics (Ü, ş, é); here is what it does not: ß, the Turkish dotless ı, full-width Latin, and scripts without blanks between
/// words, whose runs become pairs of neighbouring characters.
/// </summary>
internal static class SearchText
{
    /// <summary>The words to be stored, separated by blanks.</summary>
    internal static string ForIndex(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var (word, unspaced) in Words(text))
        {
            if (!unspaced)
            {
                result.AppendJoin(null, word).Append(' ');
                continue;
            }

            // The last character stands alone too, so that a search for it finds it as a beginning.
            for (var i = 0; i < word.Count; i++)
            {
                result.Append(word[i]).Append(i + 1 < word.Count ? word[i + 1] : "").Append(' ');
            }
        }

        return result.ToString();
    }

    /// <summary>A query that finds texts with all the words, the last of which may be a beginning; null when there is no word in it.</summary>
    internal static string? ForQuery(string text)
    {
        var result = new StringBuilder();
        var beginning = false;
        foreach (var (word, unspaced) in Words(text))
        {
            // Only letters and digits come here: nothing in quotes can end them.
            result.Append(beginning ? "* \"" : result.Length > 0 ? " \"" : "\"");
            beginning = false;
            if (unspaced && word.Count > 1)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    result.Append(word[i]).Append(word[i + 1]).Append(i + 2 < word.Count ? " " : "");
                }
            }
            else
            {
                result.AppendJoin(null, word);
                beginning = unspaced;
            }

            result.Append('"');
        }

        return result.Length == 0 ? null : result.Append('*').ToString();
    }

    private static IEnumerable<(List<string> Characters, bool Unspaced)> Words(string text)
    {
        var word = new List<string>();
        var unspaced = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var character = Fold(rune);
            var apart = IsUnspaced(rune);
            var belongs = character.Length > 0;
            if (word.Count > 0 && (!belongs || apart != unspaced))
            {
                yield return (word, unspaced);
                word = [];
            }

            if (belongs)
            {
                unspaced = apart;
                word.Add(character);
            }
        }

        if (word.Count > 0)
        {
            yield return (word, unspaced);
        }
    }

    /// <summary>The character as it is indexed; empty when it belongs to no word.</summary>
    private static string Fold(Rune rune) => rune.Value switch
    {
        'ß' or 'ẞ' => "ss",
        'ı' or 'İ' => "i",
        'æ' or 'Æ' => "ae",
        'ø' or 'Ø' => "o",
        'œ' or 'Œ' => "oe",
        'ł' or 'Ł' => "l",
        >= 0xFF01 and <= 0xFF5E when Rune.IsLetterOrDigit(rune) => ((char)(rune.Value - 0xFEE0)).ToString(),
        _ when Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark => rune.ToString(),
        _ => "",
    };

    // Kana, Han and Hangul.
    private static bool IsUnspaced(Rune rune) => rune.Value is
        (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x9FFF)
        or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFF9F) or (>= 0x20000 and <= 0x3FFFF);
}
