"""The trial of the scanner at the window: every key of a scan ends there, and nothing of it stays."""

from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.booth.arrivals import Arrivals
from kiosk_app.desktop.input.scanner import CardScanner
from kiosk_app.desktop.views.scanner_trial import ScannerTrial
from kiosk_app.desktop.window import ATTRACT, IDENTIFY, KioskWindow, Setup
from kiosk_app.devices.cards import CardRules, meaning
from kiosk_app.sync.events import VisitEnded
from tests.helpers.staging import on_screen, settle
from tests.helpers.wedge import Keys

RULES = CardRules(prefix="~", formula="(?P<id>[0-9]{7})")
CARD = "2604817"


class Kiosk:
    """A kiosk at rest with the scanner that is tried, and somebody at the keys."""

    def __init__(self, stage, qtbot):
        stage.visit.handle(VisitEnded())
        self.stage, self.qtbot = stage, qtbot
        self.window = KioskWindow(stage.visit, Setup(), LatePages())
        on_screen(qtbot, self.window)
        settle()
        arrivals = Arrivals(self.window, stage.visit, partial(meaning, rules=RULES))
        self.scanner = CardScanner(self.window, self.window.frame.watch, RULES, self.window)
        self.scanner.scanned.connect(arrivals.scanned)
        self.keys = Keys(self.window)
        self.trial = LatePages().scanner_trial(self.window, RULES)

    def facts(self):
        return [value.text().replace("\u200b", "") for _name, value in self.trial.facts]

    @property
    def said(self):
        return self.trial.verdict.text()

    def holding(self, word):
        labels = self.window.findChildren(QLabel)
        return [w.text() for w in labels if word in w.text().replace("\u200b", "")]


@pytest.fixture
def kiosk(stage, qtbot):
    return Kiosk(stage, qtbot)


def test_it_shows_what_was_typed_and_what_it_means(kiosk):
    kiosk.keys.scan(f"~{CARD}")
    assert kiosk.said == "Read and understood."
    assert kiosk.facts() == [
        f"~{CARD}<CR>",
        "~, found",
        "Enter, Enter is expected",
        "2 ms, 35 ms allowed",
        CARD,
        f"Student ID: {CARD}",
    ]


def test_nobody_is_signed_in_and_no_field_sees_a_key(kiosk):
    kiosk.keys.scan(f"~{CARD}")
    assert kiosk.window.frame.page == ATTRACT
    assert kiosk.window.identify.student_id.text() == ""
    assert kiosk.stage.sent == []


def test_a_double_reading_is_told_as_dropped(kiosk):
    kiosk.keys.scan(f"~{CARD}")
    kiosk.keys.scan(f"~{CARD}", after=300)
    assert kiosk.said == "The same code again: dropped, as it is at the sign-in."


def test_a_missing_prefix_and_a_foreign_end(kiosk, qtbot):
    kiosk.keys.scan(CARD)
    assert kiosk.said == "The prefix is missing."
    assert kiosk.facts()[1] == "~, not found"
    kiosk.keys.strike(f"~{CARD}\t", 2)
    assert kiosk.said == "The scan ended with another key. This kiosk waits for Enter."
    assert kiosk.trial.isVisible()
    kiosk.keys.strike(f"~{CARD}", 2)
    qtbot.waitUntil(lambda: "Nothing ended the scan" in kiosk.said)


def test_a_card_of_somewhere_else(kiosk):
    kiosk.keys.scan("~LIBRARY-17")
    assert "Look at the formula" in kiosk.said
    assert kiosk.facts()[5] == "no student ID and no booking"


@pytest.mark.parametrize("way", ["done", "escape", "time"])
def test_nothing_of_a_card_stays_and_the_scanner_works_again(kiosk, qtbot, way):
    kiosk.keys.scan(f"~{CARD}")
    assert kiosk.holding(CARD)
    if way == "done":
        qtbot.mouseClick(kiosk.trial.done, Qt.MouseButton.LeftButton)
    elif way == "escape":
        QTest.keyClick(kiosk.window.windowHandle(), Qt.Key.Key_Escape)
    else:
        kiosk.trial._forget.setInterval(1)
    qtbot.waitUntil(lambda: kiosk.window.overlays() == [])
    assert kiosk.holding(CARD) == []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    kiosk.keys.scan(f"~{CARD}")
    assert kiosk.window.frame.page == IDENTIFY
    assert kiosk.window.identify.student_id.text() == CARD


def test_a_person_reaches_the_button_by_key(kiosk, qtbot):
    kiosk.trial.done.setFocus()
    QTest.keyClick(kiosk.window.windowHandle(), Qt.Key.Key_Space)
    qtbot.waitUntil(
        lambda: not kiosk.window.findChildren(ScannerTrial) or not kiosk.trial.isVisible()
    )
