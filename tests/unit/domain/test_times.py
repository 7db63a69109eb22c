"""Zones by rule, never by offset (A17, F11, M9)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.wire import read_instant, wire_instant
from kiosk_app.domain import times

ZONES = sorted(available_timezones() - {"localtime"})
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(("day", "hour"), [(date(2027, 7, 6), 18), (date(2027, 1, 5), 19)])
def test_two_in_the_afternoon_in_toronto_follows_the_season(day, hour):
    start, end = times.fallback_hours(day, "America/Toronto")
    assert start == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    assert end - start == timedelta(hours=2)


@given(days, st.sampled_from(ZONES))
def test_a_local_time_reads_back_as_itself_wherever_it_exists(day, zone):
    instant = times.local_instant(day, time(12), zone)
    assert times.day_in(zone, instant) == day
    assert instant.tzinfo is UTC
    assert instant.astimezone(ZoneInfo(zone)).hour == 12


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))
def test_the_wire_form_round_trips_to_the_millisecond(instant):
    text = wire_instant(instant)
    assert len(text) == 24
    assert abs(read_instant(text) - instant) < timedelta(milliseconds=1)


@pytest.mark.parametrize("text", ["2027-03-04T19:00:00", "2027-03-04", "soon", ""])
def test_an_instant_without_a_zone_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        read_instant(text)


def test_a_naive_instant_cannot_be_written():
    with pytest.raises(ValueError, match="zone"):
        wire_instant(datetime(2027, 3, 4, 19))


def test_date_text_has_no_leading_zero():
    assert times.date_text(date(2027, 3, 4)) == "March 4, 2027"


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(0, 6))
def test_a_month_view_is_whole_weeks_around_the_month(year, month, first_weekday):
    start, end = times.month_span(year, month, first_weekday)
    assert start.weekday() == first_weekday
    assert (end - start).days % 7 == 6
    assert start <= date(year, month, 1) < start + timedelta(days=7)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    assert end - timedelta(days=7) < last <= end


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(1, 8))
def test_a_month_view_always_shows_so_many_weeks_that_are_not_over(today, least):
    first, last = times.month_span(today.year, today.month)
    longer = times.weeks_ahead(first, last, today, least)
    assert (longer - first).days % 7 == 6
    assert longer >= last
    this_week = today - timedelta(days=(today - first).days % 7)
    open_weeks = ((longer - this_week).days + 1) // 7
    assert open_weeks >= least
    assert longer == last or open_weeks == least


def test_a_month_that_is_not_todays_is_left_as_it_is():
    first, last = times.month_span(2027, 1)
    assert times.weeks_ahead(first, last, date(2026, 11, 29), 3) == last
