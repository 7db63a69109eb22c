"""The month as a table: which sessions, what is said of a day, and what a change touches."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.delegates.day_cell import shown, spread
from kiosk_app.desktop.delegates.pills import pill_height
from kiosk_app.desktop.models.month import DAYS, HELD, MonthModel, _stretches
from kiosk_app.desktop.theme import theme
from kiosk_app.domain.listing import SessionFilter, Standing
from tests.helpers import november

ALL = SessionFilter()
DAY = date(2026, 11, 24)
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def month(campus):
    model = MonthModel(campus.reading, lambda: campus.now, november.ZONE)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.ask(ALL, november.STUDENT)
    model.cell(model.index(0, 0))  # somebody looks
    yield model
    del tester


def touched(model):
    """Collect the days that the model says have changed."""
    days = []
    model.dataChanged.connect(
        lambda first, last, _roles: days.append((model.cell(first).day, model.cell(last).day))
    )
    return days


def test_the_grid_holds_whole_weeks_with_the_days_of_the_month(month):
    assert (month.rowCount(), month.columnCount()) == (5, 7)
    assert [month.headerData(n, Qt.Orientation.Horizontal) for n in (0, 6)] == ["Sun", "Sat"]
    cell = month.cell(month.index_of(date(2026, 12, 1)))
    assert cell.other_month
    assert not cell.past


def test_weeks_that_are_over_fold_and_their_days_cannot_be_chosen(month):
    assert [month.folded(week) for week in range(5)] == [True, True, False, False, False]
    past = month.index_of(date(2026, 11, 19))
    assert not month.flags(past) & Qt.ItemFlag.ItemIsEnabled
    assert month.flags(month.index_of(november.TODAY)) & Qt.ItemFlag.ItemIsEnabled


def test_what_has_started_today_is_left_out(month, campus):
    """A47: at 2:32 pm the session of 9:00 am is gone; at 3:00 pm the next one is, too."""
    assert len(month.cell(month.index_of(november.TODAY)).rows) == 3
    days = touched(month)
    campus.now += timedelta(minutes=28)
    month.refresh()
    assert len(month.cell(month.index_of(november.TODAY)).rows) == 2
    assert days == [(november.TODAY, november.TODAY)]


def test_a_screen_reader_hears_the_day_its_sessions_and_what_is_ones_own(month):
    month.select(DAY)
    at = month.index_of(DAY)
    assert at.data(SPOKEN) == (
        "Tuesday, November\xa024, 4 sessions, 3 with seats, 1 of yours, selected"
    )
    assert month.index_of(date(2026, 11, 3)).data(SPOKEN) == "Tuesday, November\xa03, past"
    assert (
        month.index_of(november.TODAY).data(SPOKEN).startswith("Friday, November\xa020, today, 3")
    )


@given(differ=st.sets(st.integers(0, 41)).map(sorted))
def test_days_that_differ_are_told_of_in_as_few_stretches_of_a_week_as_there_are(differ):
    told = _stretches(differ)
    assert [day for first, last in told for day in range(first, last + 1)] == differ
    assert all(first // DAYS == last // DAYS for first, last in told)
    for (_first, last), (first, _last) in pairwise(told):
        assert first > last + 1 or first % DAYS == 0


def test_a_change_touches_only_its_day(month, campus):
    days = touched(month)
    key = november.session_id(date(2026, 11, 25), MockType.MINI_MOCK)
    campus.put(replace(campus.facts[key], total_bookings=10))
    month.changed(frozenset({key}))
    assert days == [(date(2026, 11, 25), date(2026, 11, 25))]
    assert month.with_seats(month.cell(month.index_of(date(2026, 11, 25)))) == 1


def test_a_session_that_moves_touches_both_days(month, campus):
    days = touched(month)
    key = november.session_id(date(2026, 11, 25), MockType.MINI_MOCK)
    other = campus.facts[november.session_id(date(2026, 11, 27), MockType.MINI_MOCK)]
    campus.put(replace(other, session_id=key))
    month.changed(frozenset({key}))
    assert {first for first, _last in days} == {date(2026, 11, 25), date(2026, 11, 27)}


def test_nothing_is_said_when_nothing_changed(month):
    days = touched(month)
    month.changed(None)
    month.changed(frozenset())
    assert days == []


def test_choosing_a_day_repaints_the_old_and_the_new_one(month):
    month.select(DAY)
    days = touched(month)
    month.select(DAY + timedelta(days=1))
    assert sorted(first for first, _last in days) == [DAY, DAY + timedelta(days=1)]
    assert month.selected == DAY + timedelta(days=1)


def test_the_filter_narrows_what_is_shown(month):
    month.ask(SessionFilter(campus="Mississauga"), november.STUDENT)
    rows = [row for week in range(5) for day in range(7) for row in _cell(month, week, day).rows]
    assert rows
    assert {row.campus for row in rows} == {"Mississauga"}
    month.ask(SessionFilter(mock_types=frozenset({MockType.CLINICAL_SKILLS})), None)
    assert len(_cell(month, 3, 2).rows) == 1


def test_at_the_end_of_a_month_the_next_weeks_follow(month, campus):
    """On the 29th of November four weeks are over; three are shown all the same."""
    assert month.last_month.month == 11
    campus.now = datetime(2026, 11, 29, 17, tzinfo=UTC)
    month.refresh()
    assert [month.folded(week) for week in range(month.rowCount())] == [True] * 4 + [False] * 3
    assert month.cell(month.index(6, 6)).day == date(2026, 12, 19)
    assert month.last_month.month == 12
    month.show_month(2026, 12)
    assert (month.rowCount(), month.last_month.month) == (5, 12)


def _cell(model, week, day):
    return model.cell(model.index(week, day))


@given(st.dates(date(2026, 11, 20), date(2031, 12, 31)))
def test_every_day_is_found_in_its_month(day):
    empty = SimpleNamespace(month=lambda *_asked, **_more: {})
    model = MonthModel(empty, lambda: november.NOW, november.ZONE)
    model.show_month(day.year, day.month)
    cell = model.cell(model.index_of(day))
    assert (cell.day, cell.other_month) == (day, False)


STANDINGS = st.lists(st.sampled_from([Standing.NONE, Standing.CONFIRMED, Standing.QUEUED]))


@given(STANDINGS, st.integers(0, 6))
def test_ones_own_session_is_never_among_those_left_out(standings, room):
    rows = tuple(
        SimpleNamespace(standing=standing, starts_at=n, session_id=str(n))
        for n, standing in enumerate(standings)
    )
    kept = shown(rows, room)
    assert len(kept) == min(room, len(rows))
    assert list(kept) == sorted(kept, key=lambda row: row.starts_at)
    own = [row for row in rows if row.standing in HELD]
    assert len([row for row in kept if row.standing in HELD]) == min(room, len(own))


@pytest.mark.parametrize("scale", [1, 1.25, 1.5])
def test_what_a_day_shows_fits_into_it(qapp, scale):
    theme.apply(qapp, theme.Theme("light", "kiosk", scale))
    fewer = 0
    for height in range(400):
        room = spread(height)
        assert room.pills == 0 or room.head + room.pills * (pill_height() + room.gap) - 1 <= height
        assert room.pills >= fewer
        fewer = room.pills
