"""The dates of a series, and which of them take place (A77).

A series is repeated by date on the wall clock of its zone: the switch to summer time moves no session,
and each lasts as many minutes as the clock times it was given say. A start that the clock skips is the
same moment by the clock before the switch; one that comes twice is the first of the two.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import count, islice, takewhile

from msgspec import Struct

from kiosk_app.contract.series import MOST_DATES, Pattern, Skip, WallTime
from kiosk_app.domain.closures import Closure, closed_by
from kiosk_app.domain.times import in_zone, local_instant

_WEEK = 7
_MONTHS = 12


class Rule(Struct, frozen=True, kw_only=True):
    """Which dates a series has; either `until` (which may be one of them) or `count` ends it."""

    pattern: Pattern
    start_date: date
    weekdays: frozenset[int] = frozenset()
    """0 is Monday; none means that of the first date. Of weeks only."""
    until: date | None = None
    count: int | None = None


class Hours(Struct, frozen=True, kw_only=True):
    """When each session begins and ends by the clock of a zone, on one day."""

    starts: time
    ends: time
    zone: str

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Return the instants on a day; the length is that of the clock times on any day."""
        begin = local_instant(day, self.starts, self.zone)
        return begin, begin + (
            datetime.combine(day, self.ends) - datetime.combine(day, self.starts)
        )


class Occurrence(Struct, frozen=True, kw_only=True):
    """One date of a series."""

    day: date
    starts_at: datetime
    ends_at: datetime
    skip: Skip | None = None
    name: str | None = None
    """Of the closure."""
    wall_time: WallTime = WallTime.PLAIN


def dates(rule: Rule) -> list[date]:
    """Return the dates in order, never more than MOST_DATES + 1, so that too many can be told."""
    found: Iterable[date] = (day for day in _repeated(rule) if day >= rule.start_date)
    if rule.until is not None:
        until = rule.until
        found = takewhile(lambda day: day <= until, found)
    most = MOST_DATES + 1 if rule.count is None else min(rule.count, MOST_DATES + 1)
    return list(islice(found, most))


def occurrences(
    rule: Rule,
    hours: Hours,
    *,
    location: str,
    excluded: Collection[date],
    closures: Iterable[Closure],
    now: datetime,
) -> list[Occurrence]:
    """Return every date with what becomes of it."""
    closures = list(closures)
    return [
        _occurrence(day, hours, excluded, closed_by(closures, day, location), now)
        for day in dates(rule)
    ]


def wall_time(day: date, clock: time, zone: str) -> WallTime:
    """Say whether a wall clock in `zone` shows `clock` once on `day`."""
    wall = datetime.combine(day, clock)
    first, second = (local_instant(day, clock.replace(fold=fold), zone) for fold in (0, 1))
    if first == second:
        return WallTime.PLAIN
    shown = in_zone(first, zone).replace(tzinfo=None, fold=0)
    return WallTime.TWICE if shown == wall else WallTime.SKIPPED


def _occurrence(
    day: date, hours: Hours, excluded: Collection[date], closure: str | None, now: datetime
) -> Occurrence:
    starts_at, ends_at = hours.on(day)
    skip: Skip | None = None
    if day in excluded:
        skip = "excluded"
    elif closure is not None:
        skip = "holiday"
    elif starts_at <= now:
        skip = "past"
    return Occurrence(
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        skip=skip,
        name=closure if skip == "holiday" else None,
        wall_time=wall_time(day, hours.starts, hours.zone),
    )


def _repeated(rule: Rule) -> Iterator[date]:
    """Yield the dates of a rule without its end; the first ones may be before its start."""
    if rule.pattern is Pattern.MONTHLY:
        yield from _months(rule.start_date)
    weeks = 1 if rule.pattern is Pattern.WEEKLY else 2
    monday = rule.start_date - timedelta(days=rule.start_date.weekday())
    weekdays = sorted(rule.weekdays or {rule.start_date.weekday()})
    for week in count(0, weeks):
        for weekday in weekdays:
            yield monday + timedelta(days=_WEEK * week + weekday)


def _months(first: date) -> Iterator[date]:
    """Yield the same weekday of each month from that of `first` on."""
    nth = (first.day - 1) // _WEEK
    for month in count(first.year * _MONTHS + first.month - 1):
        begin = date(month // _MONTHS, month % _MONTHS + 1, 1)
        day = begin + timedelta(days=(first.weekday() - begin.weekday()) % _WEEK + _WEEK * nth)
        yield day if day.month == begin.month else day - timedelta(days=_WEEK)
