"""Open or closed, in the kiosk's own zone, also over midnight and when clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.hours import BadHours, Hours, Span, closes_next, opens_next, set_days
from kiosk_app.domain.times import local_instant

ZONE = "America/Toronto"
WEEK = Hours(
    monday=(Span("08:30", "12:00"), Span("13:00", "18:00")),
    tuesday=(Span("08:30", "18:00"),),
    friday=(Span("20:00", "02:00"),),
)
MONDAY = date(2026, 11, 23)


def at(days, clock):
    return local_instant(MONDAY + timedelta(days=days), time.fromisoformat(clock), ZONE)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(0, "08:29"), at(0, "08:30")),
        (at(0, "08:30"), None),
        (at(0, "11:59"), None),
        (at(0, "12:00"), at(0, "13:00")),
        (at(0, "18:00"), at(1, "08:30")),
        (at(1, "18:00"), at(4, "20:00")),
        (at(4, "23:30"), None),
        (at(5, "01:59"), None),
        (at(5, "02:00"), at(7, "08:30")),
        (at(6, "12:00"), at(7, "08:30")),
    ],
)
def test_open_hours_of_a_week(now, opens):
    assert opens_next(WEEK, ZONE, now) == opens


def test_a_kiosk_without_hours_is_always_open():
    assert opens_next(Hours(), ZONE, at(6, "03:00")) is None
    assert closes_next(Hours(), ZONE, at(6, "03:00")) is None


@pytest.mark.parametrize(
    ("now", "closes"),
    [
        (at(0, "08:29"), None),
        (at(0, "08:30"), at(0, "12:00")),
        (at(4, "23:30"), at(5, "02:00")),
        (at(5, "01:59"), at(5, "02:00")),
        (at(5, "02:00"), None),
    ],
)
def test_an_open_kiosk_says_until_when(now, closes):
    assert closes_next(WEEK, ZONE, now) == closes


def test_one_open_day_is_found_a_week_ahead():
    assert opens_next(Hours(monday=(Span("09:00", "10:00"),)), ZONE, at(0, "10:00")) == at(
        7, "09:00"
    )


def test_clock_time_is_kept_when_the_clocks_change():
    """On 2026-11-01 Toronto goes back an hour; nine stays nine."""
    hours = Hours(sunday=(Span("09:00", "10:00"),))
    found = opens_next(hours, ZONE, datetime(2026, 10, 31, 20, tzinfo=UTC))
    assert found == datetime(2026, 11, 1, 14, tzinfo=UTC)


def test_days_are_set_by_name_and_the_others_stay():
    hours = set_days(WEEK, "tuesday-thursday", ("09:00-12:00", "13:00-17:00"))
    both = (Span("09:00", "12:00"), Span("13:00", "17:00"))
    assert hours.week == (WEEK.monday, both, both, both, WEEK.friday, (), ())
    assert set_days(hours, "friday", ()).friday == ()


@pytest.mark.parametrize(
    ("days", "spans"),
    [
        ("someday", ()),
        ("friday-monday", ("09:00-10:00",)),
        ("monday-", ("9-10",)),
        ("monday", ("09:00",)),
        ("monday", ("25:00-26:00",)),
    ],
)
def test_words_that_are_no_hours_are_refused(days, spans):
    with pytest.raises(BadHours):
        set_days(WEEK, days, spans)


clocks = st.times().map(lambda t: f"{t:%H:%M}")
spans = st.tuples(st.builds(Span, clocks, clocks))


@given(
    st.builds(Hours, **dict.fromkeys(("monday", "wednesday", "sunday"), spans)),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
def test_a_closed_kiosk_opens_later_and_is_open_then(hours, now):
    opens, closes = opens_next(hours, ZONE, now), closes_next(hours, ZONE, now)
    assert (opens is None) != (closes is None)
    if opens is not None:
        assert opens > now
        assert opens_next(hours, ZONE, opens) is None
    if closes is not None:
        assert closes > now
