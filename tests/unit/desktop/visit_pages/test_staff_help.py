"""Help for staff in the window (A101), with the hands of staff; the engine's part by hand."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk_app.sync import intents
from kiosk_app.sync.events import HelpRead
from tests.helpers.attending import HELP
from tests.helpers.staffed import click
from tests.helpers.staging import settle


@pytest.fixture
def page(desk):
    desk.come()
    click(desk.page.help)
    return desk.window.staff.help


def press(window, key):
    QTest.keyClick(window.focusWidget() or window, key)
    settle()


def test_the_problems_with_their_remedies_and_whom_to_ask(desk, page):
    assert desk.window.frame.page == "staff-help"
    assert desk.asked(intents.LookAtHelp)
    assert page.empty.words == "One moment. The help is being read."
    desk.told(HelpRead(help=HELP, as_of=desk.campus.now))
    assert list(page.troubles.cards) == [one.code for one in HELP.troubles]
    panel = page.panel
    assert panel.title.text() == HELP.troubles[0].title, "the first is open already"
    click(page.troubles.cards["LOCK_FAILED"])
    assert panel.remedy.text().endswith(
        "run “kiosk-backend doctor”: something holds the database up."
    )
    assert panel.named.text() == "In answers and logs: LOCK_FAILED"
    shown = [(one.text(), reach.text()) for one, reach in panel._reach if reach.isVisible()]
    assert shown == [
        ("When something does not work", "IT desk, extension 4100"),
        ("For wishes", "product@campus.example"),
    ]
    desk.told(HelpRead(help=replace(HELP, contacts=[]), as_of=desk.campus.now))
    assert panel.ask.text() == "Nobody is named whom to ask."
    assert panel.title.text() == HELP.troubles[1].title, "what is read stays open"
    click(page.back)
    assert desk.window.frame.page == "attention"


def test_a_silent_server_leaves_what_it_said_with_its_age(desk, page):
    desk.told(HelpRead(code="ATTENTION_OFFLINE"))
    assert page.empty.isVisible()
    before = len(desk.asked(intents.LookAtHelp))
    click(page.retry)
    assert len(desk.asked(intents.LookAtHelp)) == before + 1
    desk.told(HelpRead(help=HELP, as_of=desk.campus.now))
    assert page.count.text() == ""
    heard = desk.campus.now - timedelta(minutes=20)
    desk.told(HelpRead(help=HELP, as_of=heard, code="ATTENTION_OFFLINE"))
    assert page.count.text() == "The server did not answer. Last heard 20\xa0min ago."
    assert page.panel.title.isVisible()


def test_whoever_is_not_signed_in_is_told_where(desk, page):
    desk.told(HelpRead(code="STAFF_SIGNED_OUT"))
    assert page.empty.words.startswith("Sign in to read the help")
    assert not page.retry.isVisible()


def test_a_kiosk_says_where_it_is_read(kiosk):
    kiosk.come()
    click(kiosk.page.help)
    page = kiosk.window.staff.help
    kiosk.told(HelpRead(code="STAFF_SIGNED_OUT"))
    assert page.empty.words.startswith("Read the help at a desk")


def test_f1_leads_there_at_a_desk_and_behind_the_pin_alone(desk, kiosk):
    press(desk.window, Qt.Key.Key_F1)
    assert desk.window.frame.page == "staff-help"
    press(kiosk.window, Qt.Key.Key_F1)
    assert kiosk.window.frame.page != "staff-help"
    kiosk.come()
    press(kiosk.window, Qt.Key.Key_F1)
    assert kiosk.window.frame.page == "staff-help"


def test_a_list_longer_than_its_room_can_be_searched(desk, page, qtbot):
    desk.told(HelpRead(help=HELP, as_of=desk.campus.now))
    assert not page.search.isVisible(), "four fit"
    many = [
        replace(HELP.troubles[0], code=f"CODE_{n}", title=f"Problem {n}", remedy=f"Turn screw {n}.")
        for n in range(40)
    ]
    desk.told(HelpRead(help=replace(HELP, troubles=many), as_of=desk.campus.now))
    qtbot.waitUntil(page.search.isVisible)
    page.search.setFocus()
    QTest.keyClicks(page.search, "SCREW 17")
    qtbot.waitUntil(lambda: list(page.troubles.cards) == ["CODE_17"])
    assert page.panel.title.text() == "Problem 17"
    QTest.keyClicks(page.search, "x")
    qtbot.waitUntil(page.none.isVisible)
    assert not page.panel.title.isVisible()
    page.search.clear()
    page.search.asked.emit("")
    assert len(page.troubles.cards) == 40


def test_nothing_of_it_stays_when_staff_are_done(desk, page):
    desk.told(HelpRead(help=HELP, as_of=desk.campus.now))
    desk.window.staff.leave()
    settle()
    assert page.troubles.cards == {}
    assert page.empty.words.startswith("One moment")
