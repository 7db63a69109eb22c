"""A locked kiosk: what does not close it, the ways to the PIN, and who gets out."""

import threading

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.booth.lockdown import Lockdown
from kiosk_app.desktop.views.pin_pad import PinPad
from kiosk_app.desktop.views.scanner_trial import ScannerTrial
from kiosk_app.desktop.window import ATTRACT, KioskWindow, Setup
from kiosk_app.devices.cards import CardRules
from kiosk_app.domain.pin import Verdict
from kiosk_app.sync.events import VisitEnded
from tests.helpers.staging import on_screen, settle

PIN = "270418"


class Clock:
    at = 100.0

    def __call__(self):
        return self.at


class Safe:
    """A PIN, and who compared it."""

    def __init__(self):
        self.is_set, self.verdicts, self.threads = True, [], []

    def check(self, pin):
        self.threads.append(threading.current_thread())
        return self.verdicts.pop(0) if self.verdicts else Verdict(right=pin == PIN)


class Kiosk:
    def __init__(self, stage, qtbot):
        stage.visit.handle(VisitEnded())
        self.window = KioskWindow(stage.visit, Setup(), LatePages())
        on_screen(qtbot, self.window)
        qtbot.waitUntil(lambda: self.window.frame.watch._begun)
        self.safe, self.clock, self.left = Safe(), Clock(), []
        self.lockdown = Lockdown(
            self.window,
            self.window.frame.watch,
            self.safe,
            lambda is_set: LatePages().pin_pad(self.window, is_set),
            lambda: self.left.append(1),
            settle=self.window.staff.come,
            try_scanner=lambda: LatePages().scanner_trial(self.window, CardRules()),
            now=self.clock,
        )

    @property
    def pad(self):
        return next((o for o in self.window.overlays() if isinstance(o, PinPad)), None)

    def tap(self, x, y, times=1, every=0.5):
        for _ in range(times):
            self.clock.at += every
            QTest.mouseClick(
                self.window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(x, y)
            )
        settle()

    def command(self):
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Q, both)
        settle()

    def type(self, digits):
        for figure in digits:
            QTest.mouseClick(self.pad.keys[figure], Qt.MouseButton.LeftButton)
        QTest.mouseClick(self.pad.leave, Qt.MouseButton.LeftButton)


@pytest.fixture
def kiosk(stage, qtbot):
    made = Kiosk(stage, qtbot)
    yield made
    made.lockdown.release()


def test_it_does_not_close(kiosk):
    assert not kiosk.window.close()
    QApplication.sendEvent(kiosk.window.windowHandle(), QEvent(QEvent.Type.Close))
    QTest.keyClick(kiosk.window.windowHandle(), Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier)
    settle()
    assert kiosk.window.isVisible()
    kiosk.lockdown.release()
    assert kiosk.window.close()


def test_it_comes_back_when_it_is_made_small(kiosk, qtbot):
    kiosk.window.showMinimized()
    qtbot.waitUntil(kiosk.window.isFullScreen)


def test_no_menu_opens(kiosk):
    kiosk.window.wake()
    settle()
    field = kiosk.window.identify.student_id.edit
    at = field.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, field.mapToGlobal(at))
    QApplication.sendEvent(field, event)
    settle()
    assert QApplication.activePopupWidget() is None
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()]


def test_five_taps_in_the_corner_ask_for_the_pin(kiosk):
    kiosk.tap(30, 30, times=4)
    assert kiosk.pad is None
    kiosk.tap(30, 30)
    assert kiosk.pad is not None


@pytest.mark.parametrize("taps", [[(5, 1.5)], [(3, 0.2), "elsewhere", (4, 0.2)]])
def test_slow_taps_and_taps_elsewhere_ask_for_nothing(kiosk, taps):
    for step in taps:
        if step == "elsewhere":
            kiosk.tap(700, 30)
        else:
            kiosk.tap(30, 30, times=step[0], every=step[1])
    assert kiosk.pad is None


def test_the_command_key_asks_once(kiosk):
    kiosk.command()
    kiosk.command()
    assert len([o for o in kiosk.window.overlays() if isinstance(o, PinPad)]) == 1


def test_the_right_pin_leaves_and_is_compared_on_another_thread(kiosk, qtbot):
    kiosk.command()
    kiosk.type(PIN)
    qtbot.waitUntil(lambda: kiosk.left == [1])
    assert kiosk.safe.threads[0] is not threading.main_thread()
    assert kiosk.window.close()


def test_the_right_pin_shows_what_needs_attention_and_leaves_the_kiosk_locked(kiosk, qtbot):
    kiosk.command()
    for figure in "999999":
        QTest.mouseClick(kiosk.pad.keys[figure], Qt.MouseButton.LeftButton)
    QTest.mouseClick(kiosk.pad.attention, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: kiosk.pad.message.text() == "This PIN is wrong.")
    assert kiosk.window.frame.page == ATTRACT
    for figure in PIN:
        QTest.mouseClick(kiosk.pad.keys[figure], Qt.MouseButton.LeftButton)
    QTest.mouseClick(kiosk.pad.attention, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: kiosk.window.frame.page == "attention")
    assert kiosk.left == []
    assert not kiosk.window.close()
    assert kiosk.window.idle.running, "it leaves the page by itself when nobody is there"
    kiosk.window.idle.expired.emit()
    assert kiosk.window.frame.page == ATTRACT
    kiosk.lockdown.release()
    assert kiosk.window.close()


def test_the_right_pin_opens_the_trial_of_the_scanner_and_leaves_the_kiosk_locked(kiosk, qtbot):
    kiosk.command()
    for figure in PIN:
        QTest.mouseClick(kiosk.pad.keys[figure], Qt.MouseButton.LeftButton)
    QTest.mouseClick(kiosk.pad.scanner, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [type(o) for o in kiosk.window.overlays()] == [ScannerTrial])
    assert kiosk.left == []
    assert not kiosk.window.close()


def test_digits_come_from_a_keyboard_too(kiosk, qtbot):
    kiosk.command()
    for figure in "2704188":
        QTest.keyClick(kiosk.window.windowHandle(), figure)
    QTest.keyClick(kiosk.window.windowHandle(), Qt.Key.Key_Backspace)
    assert kiosk.pad.dots.accessibleName() == "6 digits"
    QTest.mouseClick(kiosk.pad.leave, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: kiosk.left == [1])


def test_a_wrong_pin_is_said_and_nothing_of_it_stays(kiosk, qtbot):
    kiosk.command()
    kiosk.type("999999")
    qtbot.waitUntil(lambda: kiosk.pad.message.text() == "This PIN is wrong.")
    assert kiosk.pad.dots.accessibleName() == "0 digits"
    assert kiosk.left == []
    kiosk.type(PIN)
    qtbot.waitUntil(lambda: kiosk.left == [1])


def test_after_too_many_the_pad_counts_down_and_takes_nothing(kiosk, qtbot):
    kiosk.safe.verdicts = [Verdict(wait=2)]
    kiosk.command()
    kiosk.pad._seconds.setInterval(10_000)
    kiosk.type("999999")
    qtbot.waitUntil(lambda: "Try again in 2 seconds." in kiosk.pad.message.text())
    assert not kiosk.pad.leave.isEnabled()
    QTest.mouseClick(kiosk.pad.keys["1"], Qt.MouseButton.LeftButton)
    assert kiosk.pad.dots.accessibleName() == "0 digits"
    kiosk.pad._seconds.setInterval(1)
    qtbot.waitUntil(kiosk.pad.leave.isEnabled)
    assert kiosk.pad.message.text() == ""


def test_a_pad_that_nobody_uses_goes_away(kiosk, qtbot):
    kiosk.command()
    pad = kiosk.pad
    with qtbot.waitSignal(pad.dismissed):
        pad._patience.start(1)
    assert kiosk.window.frame.page == ATTRACT


def test_without_a_pin_the_pad_says_so_and_leads_back(kiosk, qtbot):
    kiosk.safe.is_set = False
    kiosk.command()
    assert "No PIN is set on this kiosk." in kiosk.pad.text.text()
    assert not kiosk.pad.leave.isVisible()
    pad = kiosk.pad
    with qtbot.waitSignal(pad.dismissed):
        QTest.mouseClick(pad.back, Qt.MouseButton.LeftButton)
    kiosk.command()
    assert kiosk.pad is not None
