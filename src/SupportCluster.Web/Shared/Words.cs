using System.Text;

namespace SupportCluster.Web.Shared;

/// <summary>Words of the protocol as people read them.</summary>
public static class Words
{
    /// <summary><c>WaitingForCustomer</c> is "Waiting for customer", in the reader's language.</summary>
    public static string Of(Enum word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return Texts.T(Sentence(word.ToString()));
    }

    private const string OrUpdate = " and/or next software update";

    /// <summary>A promise such as "20 days and/or next software update", in the reader's language.</summary>
    public static string Promise(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.EndsWith(OrUpdate, StringComparison.Ordinal))
        {
            return Texts.T("{0}" + OrUpdate, Promise(target[..^OrUpdate.Length]));
        }

        var figure = string.Concat(target.Where(char.IsAsciiDigit));
        return figure.Length == 0 ? Texts.T(target) : Texts.T(target.Replace(figure, "{0}", StringComparison.Ordinal), figure);
    }

    /// <summary><c>case-note-added</c> and <c>noteAdded</c> are "Note added".</summary>
    public static string Sentence(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        var text = new StringBuilder();
        foreach (var c in word.StartsWith("case-", StringComparison.Ordinal) ? word[5..] : word)
        {
            if (c == '-')
            {
                text.Append(' ');
            }
            else if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append(' ').Append(char.ToLowerInvariant(c));
            }
            else
            {
                text.Append(text.Length == 0 ? char.ToUpperInvariant(c) : c);
            }
        }

        return text.ToString();
    }
}
