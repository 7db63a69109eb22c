"""A cancel at the real window, undone, or sent when nobody can undo it any more."""

from datetime import timedelta

import pytest

from kiosk_app.domain.listing import Standing
from kiosk_app.sync import undoing


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """Let nothing be sent because its time is over, however slow the machine is."""
    monkeypatch.setattr(undoing, "HOLD", timedelta(hours=1))


@pytest.fixture
def cancelled(booth, session, student):
    """A student who has just cancelled their booking; the row and the word at the foot."""
    booth.sign_in(student)
    booth.book(session)
    booth.my_bookings()
    cancel(booth)
    return booth, item(booth), booth.window.bookings._toast


def item(booth):
    return booth.window.bookings.list.items[0]


def cancel(booth):
    booth.person.tap(item(booth).cancel_button)
    booth.person.wait(lambda: bool(booth.window.overlays()), "the question before a cancel")
    booth.person.tap_button("Yes, cancel it", booth.window.overlays()[0])
    booth.person.wait(item(booth).undo_button.isVisible, "the way back")


def kept(booth, session, student):
    booth.wait_standing(session, Standing.CONFIRMED)
    word = "Nothing was cancelled. Your booking stays as it was."
    booth.person.wait(lambda: booth.window.bookings._toast.text() == word, "the word about it")
    booth.person.wait(item(booth).cancel_button.isEnabled, "the booking as it was")
    assert student.held() == (1, 1)


def test_undo_by_touch_in_the_word_and_in_the_row(cancelled, session, student):
    booth, row, toast = cancelled
    assert toast.text().startswith("This booking is cancelled in ")
    assert row.chip.accessibleName() == "Cancel waiting to be sent"
    booth.person.settle()
    booth.person.tap(toast._button)
    kept(booth, session, student)
    cancel(booth)
    booth.person.tap(item(booth).undo_button)
    kept(booth, session, student)


@pytest.fixture
def brief(monkeypatch):
    """Let the seconds be few."""
    monkeypatch.setattr(undoing, "HOLD", timedelta(seconds=1))


def test_after_its_seconds_it_is_cancelled_and_the_token_is_back(
    brief, cancelled, session, student
):
    booth, _row, toast = cancelled
    booth.wait_standing(session, Standing.CANCELLED)
    booth.person.wait(lambda: "is back" in toast.text(), "the end of the cancel")
    assert student.held() == (0, 0)


def test_signing_out_sends_it_at_once(cancelled, student):
    booth, _row, _toast = cancelled
    booth.sign_out()
    booth.person.wait(lambda: student.held() == (0, 0), "the cancel at the server")


def test_a_kiosk_that_closes_sends_it_at_once(cancelled, student):
    booth, _row, _toast = cancelled
    assert booth.close()
    assert student.held() == (0, 0)
