"""A kiosk that cannot serve says why with a number, takes nobody, and goes on by itself."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.booth.arrivals import Arrivals
from kiosk_app.desktop.booth.service import Service
from kiosk_app.desktop.widgets.frame import Place
from kiosk_app.desktop.window import ATTRACT, BOOK, FAULT, IDENTIFY, KioskWindow, Setup
from kiosk_app.devices.cards import CardRules, meaning
from kiosk_app.devices.scanner import Scan
from kiosk_app.sync.events import (
    Fault,
    FaultCleared,
    FaultRaised,
    LinkChanged,
    LinkState,
    SessionsChanged,
    VisitEnded,
)
from tests.helpers import november
from tests.helpers.browsing import Campus
from tests.helpers.staging import on_screen, settle


@pytest.fixture
def open_kiosk(qtbot):
    def show(campus):
        setup = Setup(place=Place(zone=november.ZONE))
        window = KioskWindow(campus.visit, setup, LatePages())
        on_screen(qtbot, window)
        assert window.identify
        window.service = Service(window, campus.visit)
        return window

    return show


@pytest.fixture
def kiosk(open_kiosk, campus):
    campus.link(LinkState.ONLINE)
    return open_kiosk(campus)


@pytest.fixture
def empty(tmp_path):
    made = Campus(tmp_path, sessions=[])
    yield made
    made.close()


def raised(kiosk, fault, *, fatal=False):
    kiosk.visit.handle(FaultRaised(fault=fault, fatal=fatal))
    settle()


def said(kiosk):
    page = kiosk.fault
    return page.number.text(), page.heading.text()


def test_a_kiosk_without_sessions_and_network_says_so_until_they_come(open_kiosk, empty):
    kiosk = open_kiosk(empty)
    assert kiosk.frame.page == ATTRACT
    empty.visit.handle(LinkChanged(state=LinkState.OFFLINE))
    assert kiosk.frame.page == FAULT
    assert said(kiosk) == (
        "K-NET-1",
        "This kiosk has no connection and no sessions to show yet.",
    )
    assert not kiosk.frame.banner.isVisible()
    empty.visit.handle(LinkChanged(state=LinkState.ONLINE))
    assert kiosk.frame.page == ATTRACT


def test_sessions_in_the_cache_keep_it_open_without_a_network(kiosk, campus):
    campus.link(LinkState.OFFLINE)
    assert kiosk.frame.page == ATTRACT
    assert kiosk.frame.banner.isVisible()


def test_another_server_at_the_address_has_its_own_number(open_kiosk, empty):
    kiosk = open_kiosk(empty)
    raised(kiosk, Fault.WRONG_SERVER)
    empty.visit.handle(LinkChanged(state=LinkState.OFFLINE))
    assert said(kiosk)[0] == "K-NET-2"
    empty.put(*november.sessions())
    empty.visit.handle(SessionsChanged())
    assert kiosk.frame.page == ATTRACT
    assert "wrong address" in kiosk.frame.banner.text
    assert kiosk.frame.banner.isVisible()


@pytest.mark.parametrize(
    ("fault", "number"),
    [
        (Fault.NOT_ENROLLED, "K-DEV-1"),
        (Fault.STORAGE_FULL, "K-DSK-1"),
        (Fault.STORAGE_READ_ONLY, "K-DSK-2"),
        (Fault.QUEUE_LOCKED, "K-KEY-1"),
        (Fault.STORAGE_TOO_NEW, "K-APP-2"),
    ],
)
def test_without_an_engine_nobody_is_taken(kiosk, fault, number):
    raised(kiosk, fault, fatal=True)
    assert kiosk.frame.page == FAULT
    assert said(kiosk)[0] == number
    assert kiosk.fault.staff.text()
    assert kiosk.fault.again.isVisible() == (fault is not Fault.STORAGE_TOO_NEW)


WAYS = {
    "touch": lambda w: QTest.mouseClick(
        w.windowHandle(), Qt.MouseButton.LeftButton, pos=w.rect().center()
    ),
    "key": lambda w: QTest.keyClick(w.windowHandle(), Qt.Key.Key_Space),
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_gets_past_the_page(kiosk, way):
    raised(kiosk, Fault.REVOKED)
    WAYS[way](kiosk)
    settle()
    assert kiosk.frame.page == FAULT


def test_a_scan_or_a_link_gets_past_it_neither(kiosk, campus):
    arrivals = Arrivals(kiosk, campus.visit, partial(meaning, rules=CardRules()))
    raised(kiosk, Fault.REVOKED)
    arrivals.scanned(Scan("2604817", repeated=False))
    arrivals.link("kiosk://my-bookings")
    settle()
    assert kiosk.frame.page == FAULT
    assert kiosk.identify.student_id.text() == ""


def test_what_was_saved_is_told(kiosk, campus):
    raised(kiosk, Fault.REVOKED)
    assert not kiosk.fault.kept.isVisible()
    campus.visit.handle(LinkChanged(state=LinkState.ONLINE, synced_at=campus.now, waiting=3))
    assert kiosk.fault.kept.label.text().startswith("3 saved requests are kept on this kiosk")


def test_a_wrong_clock_matters_while_nobody_else_knows_the_time(kiosk, campus):
    raised(kiosk, Fault.CLOCK_OFF)
    assert kiosk.frame.page == ATTRACT
    campus.link(LinkState.OFFLINE)
    assert (kiosk.frame.page, said(kiosk)[0]) == (FAULT, "K-CLK-1")
    campus.visit.handle(FaultCleared(Fault.CLOCK_OFF))
    assert kiosk.frame.page == ATTRACT


def test_whoever_is_signed_in_is_not_thrown_out(kiosk, campus):
    campus.sign_in()
    raised(kiosk, Fault.REVOKED)
    assert kiosk.frame.page == BOOK
    assert kiosk.frame.banner.isVisible()
    campus.visit.handle(VisitEnded())
    assert kiosk.frame.page == FAULT
    assert not kiosk.frame.banner.isVisible()


def test_who_was_about_to_sign_in_reads_why_not(kiosk):
    kiosk.wake()
    assert kiosk.frame.page == IDENTIFY
    raised(kiosk, Fault.REVOKED)
    assert kiosk.frame.page == FAULT


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (800, 600)])
def test_the_page_fits_and_speaks_both_languages(kiosk, width, height):
    kiosk.resize(width, height)
    raised(kiosk, Fault.STORAGE_FULL, fatal=True)
    kiosk.speak("fr")
    settle()
    page = kiosk.fault
    assert page.heading.text() == "Cette borne n’a plus d’espace de stockage."
    bar = page._scroll.horizontalScrollBar()
    assert bar.maximum() == 0
    assert page.number.width() >= page.number.sizeHint().width()
