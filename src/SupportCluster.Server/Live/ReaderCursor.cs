using System.Globalization;
using SupportCluster.Grains.Live;

namespace SupportCluster.Server.Live;

/// <summary>
/// A cursor as clients hold it: <c>1.42</c> for staff, <c>1.30c</c> for a customer. The audience is part of it because versions
/// of one line mean something else in the other: somebody whose role changed is given the state anew.
/// </summary>
internal readonly record struct ReaderCursor(long Epoch, long Version, Audience Audience)
{
    /// <summary>Null when it is none.</summary>
    public static ReaderCursor? Parse(string text)
    {
        var audience = text.EndsWith('c') ? Audience.Customer : Audience.Staff;
        var figures = (audience == Audience.Customer ? text[..^1] : text).Split('.');
        return figures.Length == 2
            && long.TryParse(figures[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            && long.TryParse(figures[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? new ReaderCursor(epoch, version, audience)
                : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Version}{(Audience == Audience.Customer ? "c" : "")}");

    /// <summary>A version of the topic that is no later than what this cursor stands for: a customer sees some of the changes, never more.</summary>
    public Cursor NoLaterThan() => new(Epoch, Version);
}
