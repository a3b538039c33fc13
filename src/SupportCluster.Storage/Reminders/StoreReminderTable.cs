using System.Globalization;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace SupportCluster.Storage.Reminders;

/// <summary>
/// Serves the instant at which each aggregate is due as an Orleans reminder, so that arming a wake-up costs nothing beyond the
/// write of the state: the row that is due is the reminder. Reading a range is bounded and indexed, however many are armed.
/// </summary>
/// <param name="clock">The clock of the reminder service; what is due within 15 minutes of it is served.</param>
public sealed partial class StoreReminderTable(IStore store, IClock clock, ILogger<StoreReminderTable> logger) : IReminderTable
{
    /// <summary>The name of the one reminder that an aggregate has.</summary>
    public const string ReminderName = "due";

    /// <summary>Most rows of one refresh; what lies behind them comes with a later one, and what is overdue the sweep finds.</summary>
    public const int MostRows = 2_000;

    /// <summary>Longer than Orleans' loading window of 10 minutes and a refresh together.</summary>
    private static readonly Duration Ahead = Duration.FromMinutes(15);

    // A delivery that fails is tried again after this; one that succeeds moves the due instant, and the row with it.
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The nearest rows of the range (begin, end] of grain hashes; begin = end is the whole ring. Null when the store fails:
    /// the reminder service then keeps what it has and asks again at its next refresh, whereas after an exception it backs off
    /// for 10 to 80 seconds, and an empty answer makes it drop everything.
    /// </summary>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        try
        {
            var rows = await store.Due(clock.GetCurrentInstant() + Ahead, MostRows, (begin, end));
            return new ReminderTableData(rows.Select(row => Entry(row.Key, row.Due, row.Version)));
        }
        catch (StoreException e)
        {
            LogReadFailed(e.Code, begin, end, e);
            return null!;
        }
    }

    /// <inheritdoc/>
    public async Task<ReminderTableData> ReadRows(GrainId grainId)
        => new(await ReadRow(grainId, ReminderName) is { } entry ? [entry] : []);

    /// <inheritdoc/>
    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        if (reminderName != ReminderName)
        {
            return null;
        }

        var key = new AggregateKey(grainId.Type.ToString()!, grainId.Key.ToString()!);
        return await store.Read(key) is { Due: { } due } found ? Entry(key, due, found.Version) : null;
    }

    /// <summary>Refused: a grain arms itself by the due instant of its own write, so that the two can never disagree.</summary>
    public Task<string?> UpsertRow(ReminderEntry entry) => Task.FromException<string?>(Refused());

    /// <summary>Refused, for the same reason.</summary>
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromException<bool>(Refused());

    /// <summary>Refused, for the same reason.</summary>
    public Task TestOnlyClearTable() => Task.FromException(Refused());

    private static NotSupportedException Refused()
        => new("Reminders are not registered here: what an aggregate's write names as its due instant is its reminder.");

    // The due instant may move without an event (an effect is pending): the tag tells such rows apart too.
    private static ReminderEntry Entry(AggregateKey key, Instant due, long version) => new()
    {
        GrainId = GrainId.Create(key.Type, key.Id),
        ReminderName = ReminderName,
        StartAt = due.ToDateTimeUtc(),
        Period = Period,
        ETag = string.Create(CultureInfo.InvariantCulture, $"{version}.{due.ToUnixTimeTicks()}"),
    };

    [LoggerMessage(3021, LogLevel.Error, "Reminders of the range ({Begin}, {End}] could not be read ({Code}); those in memory stay")]
    private partial void LogReadFailed(string code, uint begin, uint end, Exception exception);
}
