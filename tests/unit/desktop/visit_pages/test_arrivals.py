"""Cards, slips and links at the real window: where they lead, and that no field sees a scan."""

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from kiosk_app.app.pages import LatePages
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.booth.arrivals import Arrivals
from kiosk_app.desktop.input.scanner import CardScanner
from kiosk_app.desktop.views.booking_dialogs import DetailsDialog
from kiosk_app.desktop.views.booking_sheet import BookingSheet
from kiosk_app.desktop.widgets.reading_order import stops
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.desktop.window import BOOK, BOOKINGS, IDENTIFY, KioskWindow, Setup
from kiosk_app.devices.cards import CardRules, meaning
from kiosk_app.sync.events import VisitBegan, VisitEnded
from tests.helpers.staging import on_screen, settle
from tests.helpers.student_visit import DISCUSSION, NOW, PRIYA, PURSE, SKILLS, booked
from tests.helpers.wedge import Keys

SLIP = "BK-20261124-7K2QZD"


class Kiosk:
    """The window with its scanner, before anybody signs in."""

    def __init__(self, stage, qtbot):
        stage.visit.handle(VisitEnded())
        self.stage = stage
        self.window = KioskWindow(stage.visit, Setup(), LatePages())
        on_screen(qtbot, self.window)
        self.window.wake()
        settle()
        rules = CardRules()
        self.arrivals = Arrivals(
            self.window, stage.visit, partial(meaning, rules=rules), looking_ms=200
        )
        self.scanner = CardScanner(self.window, self.window.frame.watch, rules, self.window)
        self.scanner.scanned.connect(self.arrivals.scanned)
        self.keys = Keys(self.window)
        self.identify = self.window.identify

    def sign_in(self):
        self.stage.visit.handle(VisitBegan(student=PRIYA, balances=PURSE, balances_at=NOW))
        settle()

    @property
    def page(self):
        return self.window.frame.page

    @property
    def word(self):
        shown = [t for t in self.window.findChildren(Toast) if t.isVisible()]
        return shown[-1].accessibleName() if shown else ""

    def overlay(self, kind):
        return next((o for o in self.window.overlays() if isinstance(o, kind)), None)


@pytest.fixture
def kiosk(stage, qtbot):
    return Kiosk(stage, qtbot)


# scans


def test_a_card_fills_in_the_id_wherever_the_focus_is_and_proves_nothing(kiosk):
    page = kiosk.identify
    for place in (page.student_id.edit, page.email.edit, page.go):
        place.setFocus()
        kiosk.keys.scan("2604817")
        assert (page.student_id.text(), page.email.text()) == ("2604817", "")
        assert page.email.edit.hasFocus()
        page.wipe()
    assert kiosk.stage.sent == []


def test_what_a_person_types_arrives_key_by_key(kiosk, qtbot):
    kiosk.identify.student_id.edit.setFocus()
    kiosk.keys.type("2604817")
    qtbot.waitUntil(lambda: kiosk.identify.student_id.text() == "2604817")


def test_a_touch_lets_held_keys_through_before_it_counts(kiosk, qtbot):
    kiosk.identify.student_id.edit.setFocus()
    kiosk.keys.strike("26", 5)
    assert kiosk.identify.student_id.text() == ""
    centre = kiosk.window.frame.top_bar.rect().center()
    qtbot.mouseClick(kiosk.window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(centre))
    assert kiosk.identify.student_id.text() == "26"


def test_enter_still_submits(kiosk):
    kiosk.identify.student_id.edit.setText("2604817")
    kiosk.identify.email.edit.setText("priya.raman@gmail.com")
    kiosk.identify.email.edit.setFocus()
    kiosk.keys.type("\r")
    assert len(kiosk.stage.sent) == 1


def test_a_card_between_two_keys_of_a_person(kiosk, qtbot):
    """The person had begun with their e-mail; the card takes the page over, as it was shown first."""
    kiosk.identify.email.edit.setFocus()
    kiosk.keys.type("p")
    qtbot.waitUntil(lambda: kiosk.identify.email.text() == "p")
    kiosk.keys.scan("2604817")
    kiosk.keys.type("r")
    qtbot.waitUntil(lambda: kiosk.identify.email.text() == "r")
    assert kiosk.identify.student_id.text() == "2604817"


def test_a_second_reading_of_the_same_code_changes_nothing_and_is_told(kiosk):
    kiosk.keys.scan("2604817")
    kiosk.identify.email.edit.setText("priya")
    kiosk.keys.scan("2604817", after=300)
    assert kiosk.identify.email.text() == "priya"
    assert kiosk.word == "That code was read already."


def test_a_word_never_lies_over_the_keys(kiosk, qtbot):
    kiosk.identify.email.edit.setFocus()
    keyboard = kiosk.window.frame.keyboard
    qtbot.waitUntil(keyboard.isVisible)
    settle()
    kiosk.arrivals.link("kiosk://admin")
    settle()
    (toast,) = [t for t in kiosk.window.findChildren(Toast) if t.isVisible()]
    keys = keyboard.rect().translated(keyboard.mapTo(kiosk.window, QPoint()))
    assert not toast.geometry().intersects(keys)
    kiosk.window.show_page(BOOK)
    qtbot.waitUntil(lambda: not keyboard.isVisible())
    settle()
    assert toast.geometry().bottom() > keys.top(), "the word goes down with the page"


def test_what_is_no_card_is_said(kiosk):
    kiosk.keys.scan("BEGIN:VEVENT")
    assert "cannot be read" in kiosk.word
    assert kiosk.identify.student_id.text() == ""


def test_a_card_from_the_calendar_leads_to_the_sign_in(kiosk):
    kiosk.window.show_page(BOOK)
    kiosk.keys.scan("2604817")
    assert (kiosk.page, kiosk.identify.student_id.text()) == (IDENTIFY, "2604817")


def test_a_card_never_takes_the_screen_from_somebody(kiosk):
    kiosk.sign_in()
    kiosk.keys.scan("2604900")
    assert kiosk.page == BOOK
    assert "Sign out first" in kiosk.word
    assert kiosk.identify.student_id.text() == ""


def test_a_slip_opens_its_booking_after_the_sign_in(kiosk):
    kiosk.stage.set_bookings(booked(SKILLS, SLIP))
    kiosk.keys.scan(SLIP)
    assert kiosk.page == IDENTIFY
    kiosk.sign_in()
    assert kiosk.page == BOOKINGS
    assert kiosk.overlay(DetailsDialog) is not None


def test_a_slip_waits_for_bookings_that_are_on_their_way(kiosk):
    kiosk.arrivals._looking.setInterval(60_000)
    kiosk.keys.scan(SLIP)
    kiosk.sign_in()
    assert kiosk.overlay(DetailsDialog) is None
    kiosk.stage.set_bookings(booked(SKILLS, SLIP))
    settle()
    assert kiosk.overlay(DetailsDialog) is not None


def test_somebody_elses_slip_opens_nothing(kiosk, qtbot):
    kiosk.sign_in()
    kiosk.keys.scan("BK-20261124-AAAAAA")
    qtbot.waitUntil(lambda: kiosk.word == "This booking is not among yours.")
    assert kiosk.window.overlays() == []


# links


LINKS = [
    ("kiosk://book/exam-types", BOOK, frozenset()),
    ("kiosk://book/discussions", BOOK, frozenset({MockType.MOCK_DISCUSSION})),
    ("kiosk://my-bookings", BOOKINGS, None),
]


def test_a_link_leads_to_its_page(kiosk):
    kiosk.sign_in()
    for link, page, types in LINKS:
        kiosk.arrivals.link(link)
        assert kiosk.page == page
        assert types is None or kiosk.window.browse.filters.wanted.mock_types == types


def test_a_link_leads_to_its_page_after_the_sign_in(kiosk):
    for link, page, types in LINKS:
        kiosk.arrivals.link(link)
        assert kiosk.page == IDENTIFY
        assert kiosk.identify.help.text().startswith("Sign in first")
        kiosk.sign_in()
        assert kiosk.identify.help.text().startswith("We check")
        assert kiosk.page == page
        assert types is None or kiosk.window.browse.filters.wanted.mock_types == types
        kiosk.stage.visit.handle(VisitEnded())


def test_a_link_to_a_discussion_asks_to_book_it(kiosk):
    kiosk.sign_in()
    kiosk.arrivals.link(f"kiosk://book/mock-discussion/{DISCUSSION.session_id}")
    sheet = kiosk.overlay(BookingSheet)
    assert sheet is not None
    assert kiosk.stage.sent == []


def test_a_link_to_what_is_no_discussion_is_told(kiosk):
    kiosk.sign_in()
    for session in ("gone", SKILLS.session_id):
        kiosk.arrivals.link(f"kiosk://book/mock-discussion/{session}")
        assert kiosk.window.overlays() == []
        assert "not offered" in kiosk.word


def test_an_unknown_link_changes_nothing(kiosk):
    kiosk.window.show_page(BOOK)
    for link in ("kiosk://admin", "https://example.org", "kiosk://book/x"):
        kiosk.arrivals.link(link)
        assert kiosk.page == BOOK
        assert kiosk.word == "This link leads to nothing here."
    kiosk.sign_in()
    assert kiosk.page == BOOK


def test_what_somebody_wanted_goes_with_them(kiosk):
    kiosk.arrivals.link("kiosk://my-bookings")
    kiosk.arrivals._patience.timeout.emit()
    assert kiosk.identify.help.text().startswith("We check")
    kiosk.sign_in()
    assert kiosk.page == BOOK


# the keyboard


def test_who_signs_in_by_keyboard_begins_at_the_top_of_the_page(kiosk, qtbot):
    kiosk.window.show_page(IDENTIFY)
    kiosk.identify.email.edit.setFocus()
    kiosk.sign_in()
    qtbot.waitUntil(lambda: kiosk.page == BOOK)
    here = QApplication.focusWidget()
    assert here is not None
    assert here.accessibleName() == "All locations"
    assert here is stops(kiosk.window.frame.page_named(BOOK))[0]
