"""A booking moves at the real window: old and new before Confirm, the pass with the new time."""

import pytest

from kiosk_app.desktop.views.move_sheet import MoveSheet
from kiosk_app.desktop.window import DONE
from kiosk_app.domain.listing import Standing
from kiosk_app.sync import link, loops
from tests.helpers.backend import query


@pytest.fixture(autouse=True)
def _no_news(monkeypatch):
    """The kiosk hears of nothing between choosing and Confirm."""
    monkeypatch.setattr(loops, "FEED_SECONDS", 3600.0)
    monkeypatch.setattr(link, "PROBE_SECONDS", 3600.0)


@pytest.fixture
def moving(open_booth, profile, add, student):
    """A student with a booking, in front of the sheet that moves it; the sessions, nearest first."""
    sessions = [add(days=9), add(days=12)]
    here = add(days=8)
    booth = open_booth(profile).arrive().sign_in(student)
    booth.book(here)
    booth.my_bookings()
    (item,) = booth.window.bookings.list.items
    booth.person.wait(item.move_button.isVisible, "the button that moves")
    booth.person.tap(item.move_button)
    booth.person.wait(lambda: bool(sheets(booth)), "the sheet")
    (sheet,) = sheets(booth)
    booth.person.settle()
    return booth, sheet, here, sessions


def sheets(booth):
    return [over for over in booth.window.overlays() if isinstance(over, MoveSheet)]


def offered(sheet):
    return [other.row.session_id for other in sheet.choices.others]


def free(sheet):
    return [other.row.session_id for other in sheet.choices.others if other.button.isEnabled()]


def choose(booth, sheet, number):
    booth.person.tap(sheet.choices.others[number].button)
    booth.person.wait(sheet.confirm_button.isVisible, "old and new")


def test_a_booking_moves_and_stays_the_same_booking(moving, student):
    booth, sheet, here, (near, far) = moving
    assert offered(sheet) == [near, far]
    (before,) = booth.visit.bookings()
    choose(booth, sheet, 1)
    assert sheet.pair.old.isVisible()
    assert sheet.pair.new.isVisible()
    booth.person.tap(sheet.confirm_button)
    booth.steps._on(DONE)
    placed = booth.window.confirmation.placed()
    assert (placed.moved, placed.row.session_id) == (True, far)
    assert placed.settled.booking_code == before.code
    assert booth.window.confirmation.title.text().startswith("Your booking is moved")
    booth.wait_standing(far, Standing.CONFIRMED)
    assert [b.session_id for b in booth.visit.bookings()] == [far]
    assert student.held() == (1, 1)
    assert here != far


def test_a_session_that_filled_up_meanwhile_leaves_the_booking_alone(moving, backend, student):
    booth, sheet, here, (near, far) = moving
    choose(booth, sheet, 0)
    fill = "UPDATE mock_sessions SET total_bookings = capacity WHERE id = %s"
    query(backend.database, fill, near)
    booth.person.tap(sheet.confirm_button)
    booth.person.wait(sheet.summary.isVisible, "a sentence about it")
    assert "Your booking was not moved" in sheet.summary.text()
    booth.person.wait(sheet.choices.isVisible, "the list again")
    booth.person.wait(lambda: near not in free(sheet), "a list in which the full one is full")
    choose(booth, sheet, offered(sheet).index(far))
    booth.person.tap(sheet.confirm_button)
    booth.wait_standing(far, Standing.CONFIRMED)
    assert student.held() == (1, 1)
    assert here != far
