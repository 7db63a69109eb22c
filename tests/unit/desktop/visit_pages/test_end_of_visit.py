"""The end of a visit: what was said to somebody goes with them, and nothing stands beside the question."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from kiosk_app.desktop.widgets.idle import StillThere
from kiosk_app.desktop.window import BOOKINGS, DONE
from kiosk_app.sync.events import (
    CancelSettled,
    LinkState,
    RequestSaved,
    RequestSettled,
    VisitEnded,
)
from kiosk_app.sync.intents import Undo
from tests.helpers import november
from tests.helpers.staffed import click
from tests.helpers.staging import settle


def ask(kiosk, request_id):
    kiosk.told(RequestSaved(request_id=request_id, number="Q-1"))


def confirm(kiosk, request_id):
    kiosk.told(RequestSettled(request_id=request_id, state="confirmed", number="Q-1"))


@pytest.fixture
def back_online(kiosk):
    """Somebody asked for a seat offline, and the link is back."""
    kiosk.campus.sign_in()
    kiosk.campus.link(LinkState.OFFLINE)
    ask(kiosk, "r-1")
    kiosk.campus.link(LinkState.ONLINE)
    return kiosk


def test_news_of_somebodys_requests_goes_when_they_go(back_online):
    banner = back_online.window.frame.banner
    confirm(back_online, "r-1")
    assert banner.text == "Back online. 1 request was confirmed."
    back_online.told(VisitEnded())
    assert not banner.isVisible()


def test_news_of_the_kiosk_itself_stays(back_online):
    back_online.told(VisitEnded())
    assert back_online.window.frame.banner.text == "Back online."
    assert back_online.window.frame.banner.isVisible()


def test_what_becomes_of_it_later_is_not_told_to_the_next_one(back_online):
    back_online.told(VisitEnded())
    confirm(back_online, "r-1")
    assert back_online.window.frame.banner.text == "Back online."
    back_online.campus.sign_in()
    confirm(back_online, "r-1")
    assert "confirmed" not in back_online.window.frame.banner.text


@pytest.fixture
def undoing(kiosk):
    """*My bookings*, with a cancel that can be undone for ten seconds."""
    kiosk.campus.book(*november.BOOKED)
    kiosk.campus.sign_in()
    kiosk.window.show_page(BOOKINGS)
    settle()
    click(next(i for i in kiosk.window.bookings.list.items if i.row.can_cancel).cancel_button)
    (question,) = kiosk.window.overlays()
    click(question.cancel_button)
    until = kiosk.campus.now + timedelta(seconds=10)
    kiosk.ref = kiosk.campus.sent[-1].ref
    kiosk.told(CancelSettled(ref=kiosk.ref, state="held", undo_until=until))
    return kiosk


def ask_still_there(kiosk):
    kiosk.window._ask_still_there(14)
    (question,) = kiosk.window.overlays()
    assert isinstance(question, StillThere)
    return question


def test_the_word_with_undo_waits_until_the_question_is_answered(undoing, qtbot):
    toast = undoing.window.bookings._toast
    assert toast.isVisible()
    question = ask_still_there(undoing)
    assert not toast.isVisible()
    undoing.campus.now += timedelta(seconds=4)
    qtbot.waitUntil(lambda: "6 seconds" in toast.text())
    click(question.stay)
    assert toast.isVisible()
    click(toast._button)
    assert undoing.campus.sent[-1] == Undo(undoing.ref)


def test_a_word_that_comes_beside_the_question_waits_too(undoing):
    question = ask_still_there(undoing)
    undoing.told(CancelSettled(ref=undoing.ref, state="cancelled", refunded_field="cs_credits"))
    toast = undoing.window.bookings._toast
    assert not toast.isVisible()
    click(question.stay)
    assert toast.isVisible() and "is back" in toast.text()


def test_whoever_does_not_answer_leaves_no_word_behind(undoing):
    question = ask_still_there(undoing)
    click(question.leave)
    undoing.told(VisitEnded())
    assert undoing.window.overlays() == []
    assert not undoing.window.bookings._toast.isVisible()
    assert undoing.window.bookings._toast.text() == ""
    assert not question.isAncestorOf(QApplication.focusWidget() or undoing.window)


def test_over_the_pass_the_banner_is_brief_and_on_the_next_page_it_is_not(kiosk):
    kiosk.campus.sign_in()
    kiosk.campus.link(LinkState.OFFLINE)
    banner = kiosk.window.frame.banner
    assert "You can still book" in banner.text
    kiosk.window.show_page(DONE)
    assert banner.text == "Offline – last updated just now."
    settle()
    assert banner.height() == 56
    kiosk.window.show_page(BOOKINGS)
    assert "You can still book" in banner.text
    settle()
    assert banner.height() == 72
