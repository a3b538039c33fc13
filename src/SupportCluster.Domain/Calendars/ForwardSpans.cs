using NodaTime;

namespace SupportCluster.Domain.Calendars;

/// <summary>
/// Walks the stretches of real time in which a calendar is open and not paused, from an instant onwards. They never overlap, not even where
/// the clocks are put back between two windows that touch; stretches that touch are not joined. A struct, because every deadline walks one.
/// </summary>
internal struct ForwardSpans
{
    private readonly BusinessCalendar _calendar;
    private readonly (Instant Start, Instant End)[] _pauses;
    private readonly Instant _limit;
    private readonly bool _bounded;
    private LocalDate _date;
    private LocalDate _lastDate;
    private int _window;
    private int _pause;
    private Instant _floor;
    private Instant _opens;
    private Instant _closes;
    private bool _inWindow;
    private bool _done;

    /// <param name="calendar">Whose open time.</param>
    /// <param name="from">Inclusive: the first stretch starts here at the earliest.</param>
    /// <param name="limit">Exclusive: stretches end here at the latest; null to go on until the calendar's horizon, which throws.</param>
    /// <param name="pauses">Ordered and disjoint.</param>
    internal ForwardSpans(BusinessCalendar calendar, Instant from, Instant? limit, (Instant Start, Instant End)[] pauses)
    {
        _calendar = calendar;
        _pauses = pauses;
        _bounded = limit.HasValue;
        _limit = limit ?? Instant.MaxValue;
        _floor = from;
        if (!calendar.IsRoundTheClock)
        {
            // Two days back, not one: a window may reach into the next day, and where the clocks go back over midnight that day comes again
            // after the first minutes of the one after. For the same reason one day more at the limit.
            _date = BusinessCalendar.DaysFrom(calendar.DateAt(from), -2);
            _lastDate = _bounded
                ? BusinessCalendar.DaysFrom(calendar.DateAt(_limit), 1)
                : BusinessCalendar.DaysFrom(_date, BusinessCalendar.HorizonDays);
        }
    }

    /// <summary>Inclusive.</summary>
    internal Instant Start { get; private set; }

    /// <summary>Exclusive.</summary>
    internal Instant End { get; private set; }

    /// <summary>Goes to the next stretch; false when the limit is reached.</summary>
    /// <exception cref="CalendarNeverOpensException">There is no limit, and no stretch within the horizon or before a pause without end.</exception>
    internal bool MoveNext()
    {
        while (true)
        {
            if (!_inWindow && !NextWindow())
            {
                return false;
            }

            while (_pause < _pauses.Length && _pauses[_pause].End <= _opens)
            {
                _pause++;
            }

            var end = _closes;
            if (_pause < _pauses.Length)
            {
                var pause = _pauses[_pause];
                if (pause.Start <= _opens)
                {
                    if (pause.End == Instant.MaxValue)
                    {
                        return _bounded ? false : throw new CalendarNeverOpensException($"The clock is paused from {pause.Start} without an end.");
                    }

                    _floor = _opens = pause.End;
                    _inWindow = _opens < _closes;
                    continue;
                }

                end = Instant.Min(end, pause.Start);
            }

            (Start, End) = (_opens, end);
            _floor = _opens = end;
            _inWindow = end < _closes;
            return true;
        }
    }

    private bool NextWindow()
    {
        while (!_done)
        {
            if (_calendar.IsRoundTheClock)
            {
                _done = true;
                (_opens, _closes) = (_floor, _limit);
            }
            else
            {
                var windows = _calendar.WindowsOn(_date);
                if (_window >= windows.Length)
                {
                    NextDay();
                    continue;
                }

                var window = windows[_window++];
                _closes = Instant.Min(window.ClosesAt(_date, _calendar.Zone), _limit);
                if (_closes <= _floor && _closes < _limit)
                {
                    continue;
                }

                // Windows come in the order of their openings, so the first one at or beyond the limit ends the walk.
                _opens = window.OpensAt(_date, _calendar.Zone);
                _done = _opens >= _limit;
                _opens = Instant.Max(_opens, _floor);
                if (!_bounded)
                {
                    _lastDate = BusinessCalendar.DaysFrom(_date, BusinessCalendar.HorizonDays);
                }
            }

            _inWindow = _opens < _closes;
            if (_inWindow)
            {
                return true;
            }
        }

        return false;
    }

    private void NextDay()
    {
        if (_date < _lastDate)
        {
            _date = _date.PlusDays(1);
            _window = 0;
        }
        else if (_bounded)
        {
            _done = true;
        }
        else
        {
            throw _calendar.NeverOpens(_floor, "after");
        }
    }
}
