"""A full session at the real window: join its line, be offered a seat, take it or let it go."""

import pytest

from kiosk_app.desktop.views.wait_dialog import WaitDialog
from kiosk_app.desktop.views.why_dialog import WhyDialog
from kiosk_app.desktop.window import BOOK, DONE
from kiosk_app.domain.listing import Standing
from kiosk_app.sync import link
from kiosk_app.sync.events import LinkState
from tests.helpers.full_house import FullHouse


@pytest.fixture(autouse=True)
def _no_news(monkeypatch):
    """The kiosk hears of nothing by itself: what it learns, it is told by the test or asks for."""
    monkeypatch.setattr(link, "PROBE_SECONDS", 3600.0)


@pytest.fixture
def house(backend, somebody):
    made = FullHouse(backend.database, backend.url, name=somebody(discussion=0).number + "N")
    yield made
    made.close()


@pytest.fixture
def other(add, house):
    """Another session of the same type that has seats."""
    return add(days=8)


@pytest.fixture
def at_the_line(open_booth, profile, house, other, student):
    """A student who has pressed the button of the full session."""
    booth = open_booth(profile).arrive().sign_in(student)
    return booth, press(booth, house.session)


def press(booth, session_id):
    """Press the button of a session's card and return the dialog that answers."""
    row = booth.visit.reading.session(session_id, booth.visit.student_id)
    booth.steps._show_day(row)
    card = booth.window.browse.day.cards[session_id]
    booth.person.wait(lambda: card.button.text() == "Join waitlist", "the way to the waitlist")
    booth.person.tap(card.button)
    booth.person.wait(lambda: bool(dialogs(booth, WhyDialog)), "the dialog that says why")
    (dialog,) = dialogs(booth, WhyDialog)
    booth.person.settle()
    return dialog


def dialogs(booth, kind):
    return [over for over in booth.window.overlays() if isinstance(over, kind)]


def join(booth, dialog):
    booth.person.tap(dialog.reasons.join.button)
    booth.person.wait(lambda: dialog.reasons.join.joined, "a place in the line")


def see_waiting(booth):
    booth.my_bookings()
    booth.person.tap(booth.window.bookings.tabs.button("waiting"))


def waits(booth):
    return booth.window.bookings.waits.list.items


def offered(booth, house):
    """Let the neighbour go, and wait until the kiosk has heard of it."""
    house.give_up()
    booth.visit.sync_now()
    booth.person.wait(lambda: booth.visit.seat_offered(house.session), "the offer")


def test_who_waits_is_offered_a_seat_and_takes_it(at_the_line, house, other, student):
    booth, dialog = at_the_line
    assert "No seats are left in Mock Discussion" in dialog.reasons.explained.text()
    assert [o.row.session_id for o in dialog.reasons.others] == [other]
    join(booth, dialog)
    assert dialog.reasons.join.title.text() == "You are number 1 in line"
    booth.person.tap(dialog.back_button)
    booth.steps._gone(dialog)
    assert booth.window.browse.day.cards[house.session].button.text() == "In line"
    see_waiting(booth)
    (item,) = waits(booth)
    assert (item.chip.accessibleName(), item.claim_button.isVisible()) == (
        "Number 1 in line",
        False,
    )
    booth.steps._tab(BOOK)
    offered(booth, house)
    bar = booth.window._offer_bar
    booth.person.wait(bar.isVisible, "the line that tells of the offer")
    assert "A seat is held for you" in bar.text()
    assert " left" in bar.text()
    booth.person.tap(bar.claim_button)
    booth.person.wait(lambda: booth.steps._sheet() is not None, "the form")
    sheet = booth.steps._sheet()
    assert "A seat is held for you" in sheet.promise.text()
    booth.person.settle()
    booth.confirm(sheet)
    booth.steps._on(DONE)
    placed = booth.window.confirmation.placed()
    assert placed.state == "confirmed"
    assert booth.window.confirmation.card.isVisible()
    booth.wait_standing(house.session, Standing.CONFIRMED)
    assert student.held() == (1, 1)
    assert house.waits() == ["booked"]
    booth.my_bookings()
    booth.person.wait(lambda: waits(booth) == [], "the end of the wait")
    assert not bar.isVisible()


def test_an_offer_is_declined_and_a_place_is_left_only_after_a_question(
    at_the_line, house, student
):
    booth, dialog = at_the_line
    join(booth, dialog)
    booth.person.tap(dialog.back_button)
    booth.steps._gone(dialog)
    see_waiting(booth)
    answer(booth, waits(booth)[0].leave_button, keep=True)
    assert house.waits() == ["waiting"]
    offered(booth, house)
    booth.person.wait(waits(booth)[0].decline_button.isVisible, "the offer in the list")
    answer(booth, waits(booth)[0].decline_button, keep=False)
    booth.person.wait(lambda: waits(booth) == [], "the end of the wait")
    assert house.waits() == ["declined"]
    assert booth.window.bookings._toast.text() == "Declined. The seat goes to the next in line."
    assert student.held() == (0, 0)


def answer(booth, button, *, keep):
    """Press a button that asks first, and answer."""
    booth.person.tap(button)
    booth.person.wait(lambda: bool(dialogs(booth, WaitDialog)), "the question")
    (question,) = dialogs(booth, WaitDialog)
    booth.person.settle()
    booth.person.tap(question.keep_button if keep else question.go_button)
    booth.steps._gone(question)


def test_without_the_network_nothing_pretends(at_the_line, house, backend):
    booth, dialog = at_the_line
    join(booth, dialog)
    booth.person.tap(dialog.back_button)
    booth.steps._gone(dialog)
    see_waiting(booth)
    assert len(waits(booth)) == 1
    backend.pause()
    try:
        booth.station.link.heard(ok=False, seconds=0.0)
        booth.station.link.heard(ok=False, seconds=0.0)
        booth.station.say_link()
        booth.wait_link(LinkState.OFFLINE)
        panel = booth.window.bookings.waits
        booth.person.wait(lambda: panel.list.items == [], "no place that nobody knows")
        assert "You keep your place." in panel._away.label.text()
        assert panel._away.isVisible()
        booth.steps._tab(BOOK)
        assert booth.window.browse.day.cards[house.session].button.text() == "Full"
    finally:
        backend.resume()
    assert booth.station.queue.waiting() == []


def test_a_seat_lost_at_confirm_leads_to_the_line(open_booth, profile, backend, add, somebody):
    session, student = add(days=9, capacity=1), somebody(discussion=1)
    booth = open_booth(profile).arrive().sign_in(student)
    sheet = booth.open_sheet(session)
    name = somebody(discussion=0).number + "N"
    taken = FullHouse(backend.database, backend.url, 9, name, session)
    booth.confirm(sheet)
    assert "just filled up" in booth.refusal(sheet)
    join_block = sheet.refusal.join
    booth.person.tap(join_block.button)
    booth.person.wait(lambda: join_block.joined, "a place in the line")
    assert taken.waits() == ["waiting"]
    booth.back(sheet)
    taken.close()
    assert student.held() == (0, 0)
