namespace SupportCluster.Domain.Calendars;

/// <summary>
/// The instant that was asked for does not exist: the calendar has no open hour within <see cref="BusinessCalendar.HorizonDays"/> days
/// (a holiday every day), or the clock is paused without an end.
/// </summary>
public sealed class CalendarNeverOpensException : InvalidOperationException
{
    public CalendarNeverOpensException()
    {
    }

    public CalendarNeverOpensException(string message)
        : base(message)
    {
    }

    public CalendarNeverOpensException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
