"""Waiting for a seat as a person meets it: the block, the list, the line over the page, the form."""

from datetime import timedelta

import pytest
from msgspec import structs
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from kiosk_app.desktop.models.offers import Offer
from kiosk_app.desktop.views.booking_sheet import BookingSheet
from kiosk_app.desktop.views.offer_bar import OfferBar
from kiosk_app.desktop.views.offering import offer_now
from kiosk_app.desktop.views.wait_dialog import WaitDialog
from kiosk_app.desktop.views.waits_panel import WaitsPanel
from kiosk_app.desktop.views.why_dialog import WhyDialog
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.problems import sentence
from kiosk_app.sync.events import BalancesChanged, VisitEnded, WaitSettled
from kiosk_app.sync.intents import Claim, Wait
from tests.helpers.student_visit import MINI, NOW, PURSE, SKILLS, booked

FULL = structs.replace(MINI, total_bookings=MINI.capacity)
HELD = timedelta(minutes=12, seconds=34)


@pytest.fixture
def line(stage):
    """A full session, and a server that has waitlists."""
    stage.change(FULL)
    stage.offer("waitlist")
    return stage


def offer(stage):
    return offer_now(stage.visit, stage.row(FULL))


def why(stage, window):
    dialog = WhyDialog(stage.visit, stage.row(FULL), "EXAM_FULL", window)
    dialog.open()
    return dialog


def settled(step, state="done", **more):
    return WaitSettled(session_id=FULL.session_id, step=step, state=state, **more)


def test_the_button_of_a_full_session_says_what_its_line_offers(line):
    assert offer(line) is Offer.WAIT
    line.wait(FULL, place=2)
    assert offer(line) is Offer.IN_LINE
    line.wait(FULL, held=HELD)
    assert offer(line) is Offer.CLAIM
    line.now += HELD
    assert offer(line) is Offer.IN_LINE


@pytest.mark.parametrize("reason", ["no waitlist", "offline", "no token", "clash", "soon"])
def test_who_cannot_wait_is_not_asked_to(line, reason):
    match reason:
        case "no waitlist":
            line.offer()
        case "offline":
            line.offline()
        case "no token":
            none = structs.replace(PURSE, sjmini_credits=0, shared_mock_credits=0)
            line.visit.handle(BalancesChanged(balances=none, as_of=NOW))
        case "clash":
            line.set_bookings(booked(SKILLS, exam_date=MINI.exam_date, mock_type=MINI.mock_type))
        case "soon":
            line.now = line.row(FULL).starts_at - timedelta(minutes=14)
    assert offer(line) is Offer.FULL


def test_a_tap_joins_and_says_the_place(line, window, tap):
    dialog = why(line, window)
    block = dialog.reasons.join
    assert "Your token is used only when you take the seat." in block.explained.text()
    assert block.button.hasFocus()
    tap(block.button)
    tap(block.button)  # busy: a second tap asks for nothing
    assert line.sent == [Wait(session_id=FULL.session_id, step="join")]
    line.visit.handle(settled("join", place=3))
    assert block.title.text() == "You are number 3 in line"
    assert not block.button.isVisible()


def test_a_line_that_cannot_be_joined_says_why(line, window, tap):
    block = why(line, window).reasons.join
    tap(block.button)
    line.visit.handle(settled("join", "refused", code="WAITLIST_CLOSED"))
    assert block.title.text() == "You are not on the waitlist"
    assert block.explained.text() == sentence("WAITLIST_CLOSED")
    line.visit.handle(settled("join", "unknown", code="WAIT_UNANSWERED"))
    assert "do not know yet" in block.title.text()
    assert block.button.isVisible()


def test_an_answer_after_the_dialog_is_gone_hurts_nobody(line, window, tap):
    dialog = why(line, window)
    tap(dialog.reasons.join.button)
    dialog.dismiss()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    line.visit.handle(settled("join", place=1))


@pytest.fixture
def panel(line, window, qtbot):
    made = WaitsPanel(line.visit)
    window.layout().addWidget(made)
    made.spoken = []
    made.told.connect(lambda *told: made.spoken.append(told))
    return made


def test_a_place_and_why_somebody_behind_was_first(panel, line):
    line.wait(FULL, place=2, passed_over="OVERLAPPING_BOOKING")
    (item,) = panel.list.items
    assert item.chip.accessibleName() == "Number 2 in line"
    assert sentence("OVERLAPPING_BOOKING") in item._problem.text()
    assert "you keep your place" in item._problem.text()
    line.visit.handle(VisitEnded())
    assert panel.list.items == []
    assert not panel.isVisible()


def test_an_offer_counts_down_and_ends(panel, line, qtbot):
    line.wait(FULL, held=HELD)
    (item,) = panel.list.items
    assert (item.chip.accessibleName(), item._code.text()) == ("Seat held for you", "12:34 left")
    line.now += timedelta(seconds=1)
    qtbot.waitUntil(lambda: item._code.text() == "12:33 left")
    assert item.claim_button.isVisible()
    line.now += HELD
    qtbot.waitUntil(lambda: not item.claim_button.isVisible())
    assert item.chip.accessibleName() == "The offer is over"
    assert item._code.text() == "The time is up. The seat goes to the next in line."


def test_leaving_asks_first_and_says_how_it_went(panel, line, tap, window, qtbot):
    line.wait(FULL)
    (item,) = panel.list.items
    tap(item.leave_button)
    question = window.findChild(WaitDialog)
    assert question.keep_button.hasFocus()
    assert "at the end of the line" in question._lost.text()
    tap(question.go_button)
    assert line.sent == [Wait(session_id=FULL.session_id, step="leave", wait_id=item.wait.wait_id)]
    assert not item.leave_button.isEnabled()
    line.visit.handle(settled("leave", "unknown", code="WAIT_UNANSWERED"))
    assert panel.spoken == [(code_sentence("WAIT_UNANSWERED"), "circle-alert")]
    assert item.leave_button.isEnabled()


def test_offline_the_places_are_not_shown_but_kept(panel, line):
    line.wait(FULL)
    line.offline()
    assert panel.list.items == []
    assert "You keep your place." in panel._away.label.text()
    line.online()
    assert len(panel.list.items) == 1
    assert not panel._away.isVisible()


@pytest.fixture
def bar(line, window):
    made = OfferBar(line.visit)
    window.layout().addWidget(made)
    made.set_quiet(quiet=False)
    made.asked = []
    made.claim_requested.connect(made.asked.append)
    return made


def test_the_bar_tells_of_the_offer_while_there_is_one(bar, line, tap, window, qtbot):
    assert not bar.isVisible()
    line.wait(FULL, held=HELD)
    assert bar.isVisible()
    assert "Mini-mock, Tue,\xa0Nov\xa024, 11:00\xa0am · 12:34 left" in bar.text()
    tap(bar.claim_button)
    assert [row.session_id for row in bar.asked] == [FULL.session_id]
    tap(bar.decline_button)
    tap(window.findChild(WaitDialog).go_button)
    assert line.sent[-1].step == "decline"
    line.visit.handle(settled("decline", "refused", code="WAIT_OFFLINE"))
    assert code_sentence("WAIT_OFFLINE") in bar.text()
    line.now += HELD
    qtbot.waitUntil(lambda: not bar.isVisible())


@pytest.fixture
def sheet(line, window, qtbot):
    line.wait(FULL, held=HELD)
    made = BookingSheet(line.visit, line.row(FULL), window)
    made.placed = []
    made.finished.connect(made.placed.append)
    made.open()
    return made


def test_a_held_seat_is_claimed_not_booked(sheet, line, tap):
    assert sheet.promise.text() == "A seat is held for you 12:34 left"
    assert sheet.confirm_button.text() == "Claim this seat"
    tap(sheet.confirm_button)
    (claim,) = line.sent
    assert isinstance(claim, Claim)
    assert (claim.wait_id, claim.attending_location) == ("w-s-mini", "North York")
    line.say_settled(claim.request_id, "confirmed", booking_code="BK-9")
    assert [placed.settled.booking_code for placed in sheet.placed] == ["BK-9"]


@pytest.mark.parametrize("code", ["CLAIM_UNANSWERED", "WAIT_OFFLINE"])
def test_a_claim_without_an_answer_can_be_confirmed_again(sheet, line, tap, code):
    tap(sheet.confirm_button)
    line.say_settled(line.sent[0].request_id, "refused", code=code, number="")
    assert code_sentence(code) in sheet.summary.text()
    assert ("Nothing was booked" in sheet.summary.text()) is (code == "WAIT_OFFLINE")
    tap(sheet.confirm_button)
    assert [claim.wait_id for claim in line.sent] == ["w-s-mini", "w-s-mini"]


def test_an_offer_that_ends_while_one_reads_says_so(sheet, line, tap):
    line.now += HELD
    tap(sheet.confirm_button)
    assert line.sent == []
    assert sentence("OFFER_EXPIRED") in sheet.refusal.explained.text()
    assert sheet.refusal.others


def test_no_token_left_for_a_held_seat_is_said_in_its_words(sheet, line, tap):
    tap(sheet.confirm_button)
    line.say_settled(line.sent[0].request_id, "refused", code="INSUFFICIENT_TOKENS", number="")
    assert sentence("INSUFFICIENT_TOKENS") in sheet.refusal.explained.text()
