using System.Collections.Frozen;
using System.Text;

namespace SupportCluster.Storage.Postgres;

/// <summary>
/// Folds case and diacritics, as SQLite's tokenizer does of itself. Not by normalisation: the program runs without the culture data
/// that it needs.
/// </summary>
internal static class Diacritics
{
    private static readonly FrozenDictionary<Rune, char> Bases = new Dictionary<char, string>
    {
        ['a'] = "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
        ['b'] = "ḃḅḇ",
        ['c'] = "çćĉċčḉ",
        ['d'] = "ďḋḍḏḑḓ",
        ['e'] = "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
        ['f'] = "ḟ",
        ['g'] = "ĝğġģǧǵḡ",
        ['h'] = "ĥȟḣḥḧḩḫẖ",
        ['i'] = "ìíîïĩīĭįǐȉȋḭḯỉị",
        ['j'] = "ĵǰ",
        ['k'] = "ķǩḱḳḵ",
        ['l'] = "ĺļľḷḹḻḽ",
        ['m'] = "ḿṁṃ",
        ['n'] = "ñńņňǹṅṇṉṋ",
        ['o'] = "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
        ['p'] = "ṕṗ",
        ['r'] = "ŕŗřȑȓṙṛṝṟ",
        ['s'] = "śŝşšșṡṣṥṧṩ",
        ['t'] = "ţťțṫṭṯṱẗ",
        ['u'] = "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
        ['v'] = "ṽṿ",
        ['w'] = "ŵẁẃẅẇẉẘ",
        ['x'] = "ẋẍ",
        ['y'] = "ýÿŷȳẏẙỳỵỷỹ",
        ['z'] = "źżžẑẓẕ",
        ['α'] = "ά",
        ['ε'] = "έ",
        ['η'] = "ή",
        ['ι'] = "ΐίϊ",
        ['ο'] = "ό",
        ['σ'] = "ς",
        ['υ'] = "ΰϋύ",
        ['ω'] = "ώ",
        ['е'] = "ѐё",
        ['и'] = "ѝй",
    }.SelectMany(b => b.Value.EnumerateRunes().Select(rune => KeyValuePair.Create(rune, b.Key))).ToFrozenDictionary();

    /// <summary>The word without case, diacritics and combining accents; empty when there is nothing else.</summary>
    internal static string Fold(string word)
    {
        var folded = new StringBuilder(word.Length);
        foreach (var rune in word.EnumerateRunes())
        {
            var lower = Rune.ToLowerInvariant(rune);
            if (lower.Value is >= 0x300 and <= 0x36F)
            {
                continue;
            }

            folded.Append(Bases.TryGetValue(lower, out var letter) ? letter.ToString() : lower.ToString());
        }

        return folded.ToString();
    }
}
