using System.Globalization;
using System.Text;

namespace SupportCluster.Storage.Searching;

/// <summary>Words that stand one after the other in a text; of the last one perhaps only the beginning.</summary>
internal sealed record Phrase(IReadOnlyList<string> Words, bool Beginning);

/// <summary>
/// Prepares text for the full-text index of either engine, the same way when it is stored and when it is searched: ß, the Turkish
/// dotless ı and full-width Latin are folded, and scripts without blanks between words become pairs of neighbouring characters. Case and
/// diacritics (Ü, ş, é) are left to the engine. Words hold letters, digits and combining marks only: nothing in quotes can end them.
/// </summary>
internal static class SearchText
{
    /// <summary>The words to be stored, in order.</summary>
    internal static IEnumerable<string> ForIndex(string text)
    {
        foreach (var (word, unspaced) in Words(text))
        {
            if (!unspaced)
            {
                yield return string.Concat(word);
                continue;
            }

            // The last character stands alone too, so that a search for it finds it as a beginning.
            for (var i = 0; i < word.Count; i++)
            {
                yield return word[i] + (i + 1 < word.Count ? word[i + 1] : "");
            }
        }
    }

    /// <summary>Phrases that all occur in the texts that are searched for; none when there is no word in the query.</summary>
    internal static List<Phrase> ForQuery(string text)
    {
        var phrases = new List<Phrase>();
        foreach (var (word, unspaced) in Words(text))
        {
            phrases.Add(unspaced && word.Count > 1
                ? new([.. Enumerable.Range(0, word.Count - 1).Select(i => word[i] + word[i + 1])], false)
                : new([string.Concat(word)], unspaced));
        }

        if (phrases.Count > 0)
        {
            phrases[^1] = phrases[^1] with { Beginning = true };
        }

        return phrases;
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
