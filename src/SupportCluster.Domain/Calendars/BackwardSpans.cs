using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>The mirror of <see cref="ForwardSpans"/>: the open stretches before an instant, the latest first.</summary>
internal struct BackwardSpans
{
    private readonly BusinessCalendar _calendar;
    private readonly (Instant Start, Instant End)[] _pauses;
    private LocalDate _date;
    private LocalDate _lastDate;
    private int _window;
    private int _pause;
    private Instant _ceiling;
    private Instant _opens;
    private Instant _closes;
    private bool _inWindow;

    internal BackwardSpans(BusinessCalendar calendar, Instant before, (Instant Start, Instant End)[] pauses)
    {
        _calendar = calendar;
        _pauses = pauses;
        _pause = pauses.Length - 1;
        _ceiling = before;
        if (!calendar.IsRoundTheClock)
        {
            // Where the clocks go back over midnight the next day's windows may have opened already.
            _date = BusinessCalendar.DaysFrom(calendar.DateAt(before), 1);
            _lastDate = BusinessCalendar.DaysFrom(_date, -BusinessCalendar.HorizonDays);
            _window = calendar.WindowsOn(_date).Length - 1;
        }
    }

    /// <summary>Inclusive.</summary>
    internal Instant Start { get; private set; }

    /// <summary>Exclusive.</summary>
    internal Instant End { get; private set; }

    /// <summary>Goes to the stretch before.</summary>
    /// <exception cref="CalendarNeverOpensException">There is none within the horizon, or the clock was paused from the beginning.</exception>
    internal void MoveNext()
    {
        while (true)
        {
            if (!_inWindow)
            {
                WindowBefore();
            }

            while (_pause >= 0 && _pauses[_pause].Start >= _closes)
            {
                _pause--;
            }

            var start = _opens;
            if (_pause >= 0)
            {
                var pause = _pauses[_pause];
                if (pause.End >= _closes)
                {
                    if (pause.Start == Instant.MinValue)
                    {
                        throw new CalendarNeverOpensException($"The clock was paused until {pause.End} from the beginning.");
                    }

                    _ceiling = _closes = pause.Start;
                    _inWindow = _opens < _closes;
                    continue;
                }

                start = Instant.Max(start, pause.End);
            }

            (Start, End) = (start, _closes);
            _ceiling = _closes = start;
            _inWindow = _opens < start;
            return;
        }
    }

    private void WindowBefore()
    {
        if (_calendar.IsRoundTheClock)
        {
            (_opens, _closes, _inWindow) = (Instant.MinValue, _ceiling, true);
            return;
        }

        while (!_inWindow)
        {
            if (_window < 0)
            {
                if (_date <= _lastDate)
                {
                    throw _calendar.NeverOpens(_ceiling, "before");
                }

                _date = _date.PlusDays(-1);
                _window = _calendar.WindowsOn(_date).Length - 1;
                continue;
            }

            var window = _calendar.WindowsOn(_date)[_window--];
            _opens = window.OpensAt(_date, _calendar.Zone);
            if (_opens < _ceiling)
            {
                _closes = Instant.Min(window.ClosesAt(_date, _calendar.Zone), _ceiling);
                _inWindow = _opens < _closes;
                _lastDate = BusinessCalendar.DaysFrom(_date, -BusinessCalendar.HorizonDays);
            }
        }
    }
}
