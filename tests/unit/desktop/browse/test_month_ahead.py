"""The month that comes next is read and painted while nobody does anything, and only then."""

from collections import deque
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from kiosk_app.desktop.delegates.stamps import KEPT
from tests.helpers import november
from tests.helpers.samples import session_facts

LEFT = Qt.MouseButton.LeftButton
FIRST = date(2027, 1, 1)


class Asked:
    """A reading that remembers which months were asked for, by a day in the middle of each."""

    def __init__(self, reading):
        self._reading = reading
        self.months = []

    def __getattr__(self, name):
        return getattr(self._reading, name)

    def month(self, first, last, *rest, **more):
        middle = first + (last - first) / 2
        self.months.append((middle.year, middle.month))
        return self._reading.month(first, last, *rest, **more)


@pytest.fixture
def january(campus):
    """Sessions on every day of January, each with other words."""
    days = [FIRST + timedelta(days=n) for n in range(31)]
    facts = (
        session_facts(f"j{n}", day=day, capacity=40, total_bookings=n) for n, day in enumerate(days)
    )
    campus.put(*facts)


@pytest.fixture
def asked(view):
    model = view.month.model
    model._reading = Asked(model._reading)
    return model._reading.months


@pytest.fixture
def made(monkeypatch):
    """The looks of the pills that were painted anew; those of other tests are gone."""
    looks, keep = [], KEPT.keep
    KEPT._kept.clear()
    KEPT._pixels = 0

    def noted(look, stamp):
        if str(look[1]).startswith(("pill", "words")):
            looks.append(look)
        return keep(look, stamp)

    monkeypatch.setattr(KEPT, "keep", noted)
    return looks


def turn(qtbot, view, way="_on"):
    qtbot.mouseClick(getattr(view.month, way), LEFT)
    view.month.table.viewport().repaint()


def rest(qtbot, view):
    """Wait until everything was done that is done ahead."""
    qtbot.waitUntil(lambda: view.month._ahead._weeks == deque())


@pytest.mark.usefixtures("january")
def test_a_month_that_was_painted_ahead_paints_no_pill_anew(qtbot, view, made):
    turn(qtbot, view)
    rest(qtbot, view)
    assert made, "January has words that no other month has"
    made.clear()
    turn(qtbot, view)
    assert view.month._title.text() == "January 2027"
    assert made == []


@pytest.mark.usefixtures("january")
def test_a_hand_in_a_hurry_is_not_held_up(qtbot, view, made, asked):
    turn(qtbot, view)
    turn(qtbot, view)
    assert made
    assert asked.count((2027, 1)) == 1
    rest(qtbot, view)
    assert (2027, 2) in asked


def test_who_does_not_turn_pays_nothing(qtbot, view, asked):
    with qtbot.waitSignal(view.month.day_changed):
        view.month.show_day(november.TODAY + timedelta(days=2))
    assert not view.month._ahead._next.isActive()
    assert asked == []


def test_on_the_way_back_nothing_before_this_month_is_read(qtbot, view, asked):
    turn(qtbot, view)
    turn(qtbot, view, "_back")
    rest(qtbot, view)
    assert {*asked} == {(2026, 11), (2026, 12)}


def test_a_page_that_was_left_reads_nothing_more(qtbot, view, asked):
    turn(qtbot, view)
    asked.clear()
    view.hide()
    rest(qtbot, view)
    assert asked == []
    assert not view.month._ahead._next.isActive()


def test_a_page_that_was_left_meanwhile_forgets_what_it_read(qtbot, view, monkeypatch):
    """What a day says of the person who is there is with the person alone."""
    painted = []

    def leave(days, _height):
        painted.append(days)
        view.hide()

    monkeypatch.setattr(view.month.table, "paint_unseen", leave)
    turn(qtbot, view)
    rest(qtbot, view)
    assert len(painted) == 1
    assert not view.month._ahead._next.isActive()


@pytest.mark.usefixtures("january")
def test_what_was_read_ahead_is_read_again_when_it_is_shown(qtbot, view, campus):
    turn(qtbot, view)
    rest(qtbot, view)
    campus.put(session_facts("new", day=FIRST + timedelta(days=4)))
    turn(qtbot, view)
    cells = {cell.day: cell for cell in view.month.model.cells}
    assert cells[FIRST + timedelta(days=4)].count == 2
