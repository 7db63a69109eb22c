"""The dates of a series (A77): every date by the rule, no closed one, the same clock all year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.series import MOST_DATES, Pattern, WallTime
from kiosk_app.domain.closures import Closure, closed_by
from kiosk_app.domain.series import Hours, Rule, dates, occurrences, wall_time
from kiosk_app.domain.times import local_instant

ZONES = ["America/Toronto", "America/Vancouver", "Asia/Kolkata", "Europe/Dublin", "UTC"]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
DAYS = st.dates(date(2026, 1, 1), date(2031, 12, 31))
PLACE = "North Campus – Room 2"


@st.composite
def rules(draw):
    pattern = draw(st.sampled_from(Pattern))
    start = draw(DAYS)
    weekdays = draw(st.frozensets(st.integers(0, 6))) if pattern is not Pattern.MONTHLY else ()
    end = draw(st.one_of(st.integers(1, 30), st.dates(start, start + timedelta(days=400))))
    key = "count" if isinstance(end, int) else "until"
    return Rule(pattern=pattern, start_date=start, weekdays=frozenset(weekdays), **{key: end})


@given(rules())
def test_every_date_is_in_the_range_in_order_and_on_its_weekday(rule):
    found = dates(rule)
    assert found == sorted(set(found))
    assert all(day >= rule.start_date for day in found)
    weekdays = rule.weekdays or {rule.start_date.weekday()}
    assert {day.weekday() for day in found} <= weekdays
    if rule.count:
        assert len(found) == rule.count
    else:
        assert all(day <= rule.until for day in found)


@given(rules())
def test_nothing_of_the_rule_is_missing(rule):
    """Day by day, from the words of the rule."""
    found = dates(rule)
    first = rule.start_date - timedelta(days=rule.start_date.weekday())
    last = rule.until or (found[-1] if found else rule.start_date)
    weekdays = rule.weekdays or {rule.start_date.weekday()}
    expected = []
    for n in range((last - rule.start_date).days + 1):
        day = rule.start_date + timedelta(days=n)
        if rule.pattern is Pattern.MONTHLY:
            nth = (rule.start_date.day - 1) // 7
            is_last = (day + timedelta(days=7)).month != day.month
            fits = (day.day - 1) // 7 == nth or (nth == 4 and is_last)
        else:
            every = 1 if rule.pattern is Pattern.WEEKLY else 2
            fits = (day - first).days // 7 % every == 0
        if fits and day.weekday() in weekdays:
            expected.append(day)
    assert found == expected[: MOST_DATES + 1]


def test_without_an_end_in_sight_it_says_too_many():
    endless = Rule(
        pattern=Pattern.WEEKLY,
        start_date=date(2027, 1, 4),
        weekdays=frozenset(range(7)),
        until=date(2999, 1, 1),
    )
    assert len(dates(endless)) == MOST_DATES + 1


@given(
    rules(),
    st.sampled_from(ZONES),
    st.times(time(0), time(22, 59)).map(lambda one: one.replace(second=0, microsecond=0)),
    st.integers(1, 60),
)
def test_the_clock_on_the_wall_is_the_same_all_year(rule, zone, starts, minutes):
    ends = (datetime.combine(date(2027, 1, 1), starts) + timedelta(minutes=minutes)).time()
    hours = Hours(starts=starts, ends=ends, zone=zone)
    for one in occurrences(rule, hours, location=PLACE, excluded=set(), closures=[], now=LONG_AGO):
        local = one.starts_at.astimezone(ZoneInfo(zone))
        assert one.ends_at - one.starts_at == timedelta(minutes=minutes)
        if one.wall_time is not WallTime.SKIPPED:
            assert (local.date(), local.time()) == (one.day, starts)
            assert local.fold == 0
        assert one.skip is None


def test_eight_weeks_over_the_switch_and_one_day_off():
    rule = Rule(pattern=Pattern.WEEKLY, start_date=date(2027, 2, 16), count=8)
    hours = Hours(starts=time(18), ends=time(20), zone="America/Toronto")
    off = date(2027, 3, 2)
    found = occurrences(rule, hours, location=PLACE, excluded={off}, closures=[], now=LONG_AGO)
    assert [one.day for one in found if one.skip] == [off]
    assert [one.starts_at.hour for one in found] == [23] * 4 + [22] * 4


@pytest.mark.parametrize(
    ("day", "clock", "told", "utc"),
    [
        (date(2027, 3, 14), time(2, 30), WallTime.SKIPPED, (7, 30)),
        (date(2027, 3, 14), time(3, 0), WallTime.PLAIN, (7, 0)),
        (date(2027, 11, 7), time(1, 30), WallTime.TWICE, (5, 30)),
        (date(2027, 11, 7), time(2, 0), WallTime.PLAIN, (7, 0)),
        (date(2027, 7, 1), time(2, 30), WallTime.PLAIN, (6, 30)),
    ],
)
def test_a_clock_time_that_is_missing_or_comes_twice(day, clock, told, utc):
    assert wall_time(day, clock, "America/Toronto") is told
    instant = local_instant(day, clock, "America/Toronto")
    assert (instant.hour, instant.minute) == utc


def test_over_the_switch_a_session_keeps_its_length():
    hours = Hours(starts=time(1), ends=time(4), zone="America/Toronto")
    for day in (date(2027, 3, 14), date(2027, 11, 7), date(2027, 5, 2)):
        begin, end = hours.on(day)
        assert end - begin == timedelta(hours=3)


@given(
    rules(),
    st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=5),
    st.sets(DAYS, max_size=5),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
        lambda one: one.replace(tzinfo=UTC)
    ),
)
def test_nothing_takes_place_on_a_closed_day_an_excluded_one_or_in_the_past(
    rule, closed, excluded, now
):
    closures = [
        Closure(first_day=day, last_day=day + timedelta(days=n), location=None, name="x")
        for day, n in closed
    ]
    hours = Hours(starts=time(14), ends=time(16), zone="America/Toronto")
    found = occurrences(rule, hours, location=PLACE, excluded=excluded, closures=closures, now=now)
    assert [one.day for one in found] == dates(rule)
    for one in found:
        shut = any(shut.first_day <= one.day <= shut.last_day for shut in closures)
        assert (one.skip is None) == (not shut and one.day not in excluded and one.starts_at > now)


@pytest.mark.parametrize(
    ("location", "there", "closed"),
    [
        (None, PLACE, True),
        ("North Campus", PLACE, True),
        (" north campus ", PLACE, True),
        (PLACE, PLACE, True),
        (PLACE, "North Campus – Room 3", False),
        ("North Campus – Room 2", "North Campus", False),
        ("Downtown", PLACE, False),
    ],
)
def test_a_campus_is_closed_with_its_rooms_and_a_room_alone(location, there, closed):
    day = date(2027, 3, 4)
    one = Closure(first_day=day, last_day=day, location=location, name="Paint")
    assert (closed_by([one], day, there) == "Paint") is closed
    for other in (day - timedelta(days=1), day + timedelta(days=1)):
        assert closed_by([one], other, there) is None
