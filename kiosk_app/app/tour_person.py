"""The scripted visitor of the tour: taps, types and looks like a person, and waits for what shows.

Every action is a real input event on a visible widget; every wait is for a condition and ends with
a reason when it does not come true.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QModelIndex,
    QPoint,
    QPropertyAnimation,
    Qt,
    QTimer,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QScrollArea,
    QWidget,
)

PATIENCE_MS = 30_000
LOOK_EVERY_MS = 20
SCAN_MS = 60_000
"""Between two cards."""


class TourFailed(Exception):  # noqa: N818 - a sentence, read by a person
    """A step did not reach its expected state; the text says which and what was expected."""


class Person:
    """Somebody at the window.

    Args:
        window: the top-level widget.
        out: folder for the pictures; they are numbered in the order they are taken.
    """

    def __init__(self, window: QWidget, out: Path) -> None:
        self.window = window
        self.pictures: list[Path] = []
        self._out = out
        self._at = 0
        """Milliseconds on the scanner's clock."""

    def tap(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Press and release on a widget that can be seen and used; scroll to it first.

        Raises:
            TourFailed: a finger would not get at it.
        """
        if not widget.isVisible() or not widget.isEnabled():
            raise TourFailed(f"{_name(widget)} cannot be tapped: it is hidden or disabled")

        def place() -> QPoint:
            return at or widget.rect().center()  # a page that was just shown still moves

        self.wait(lambda: _reach(widget, place()), f"{_name(widget)} with nothing lying over it")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place())

    def touch_glass(self, at: QPoint) -> None:
        """Touch a place of the window, whatever is there; this is where a lock listens."""
        plain = Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(self.window.windowHandle(), Qt.MouseButton.LeftButton, plain, at)

    def tap_button(self, text: str, within: QWidget | None = None) -> None:
        """Tap the visible button that shows `text` or is named so."""
        self.tap(self.button(text, within))

    def tap_cell(self, view: QAbstractItemView, find: Callable[[], QModelIndex]) -> None:
        """Tap the middle of the cell that is found; scroll to it first.

        Raises:
            TourFailed: a finger would not get at it.
        """

        def place() -> QPoint:
            index = find()  # anew each time: what is shown may be read again meanwhile
            view.scrollTo(index)
            return view.visualRect(index).center()

        self.wait(lambda: _reach(view.viewport(), place()), "a cell with nothing lying over it")
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place())

    def type_into(self, field: QLineEdit | QWidget, text: str) -> None:
        """Tap a field and type, key by key."""
        self.tap(field)
        QTest.keyClicks(field, text)

    def scan(self, code: str) -> None:
        """Hold a card under the scanner: keys as fast as a machine strikes them, and Enter."""
        self._at += SCAN_MS
        for char in (*code, "\r"):
            self._at += 2
            key = Qt.Key.Key_Return if char == "\r" else Qt.Key.Key_unknown
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, char)
                event.setTimestamp(self._at)
                QCoreApplication.sendEvent(self.window.windowHandle(), event)

    def clear(self, field: QWidget) -> None:
        """Empty a field as a person does: everything marked, then deleted."""
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_Delete)

    def press(self, key: Qt.Key) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key)

    def button(self, text: str, within: QWidget | None = None) -> QAbstractButton:
        """Return the visible button with this text or name; wait for it to come."""
        found: list[QAbstractButton] = []

        def look() -> bool:
            found[:] = [
                b
                for b in (within or self.window).findChildren(QAbstractButton)
                if b.isVisible() and text in {b.text(), b.accessibleName()}
            ]
            return bool(found)

        self.wait(look, f"a button “{text}”")
        return found[0]

    def wait(
        self, condition: Callable[[], bool], expected: str, patience: int = PATIENCE_MS
    ) -> None:
        """Let the window live until `condition` holds.

        Raises:
            TourFailed: it did not within `patience` milliseconds.
        """
        if not _came_true(condition, patience):
            picture = self.look("failed")
            raise TourFailed(f"expected {expected}, and it did not come ({picture})")

    def settle(self, milliseconds: int = 350) -> None:
        """Let running animations end before a picture is taken."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def look(self, name: str) -> Path:
        """Take a numbered picture of the whole window."""
        _came_true(lambda: not _moving(self.window), PATIENCE_MS)
        self.settle()
        path = self._out / f"{len(self.pictures) + 1:02d}-{name}.png"
        if not self.window.grab().save(str(path)):
            raise TourFailed(f"the picture {path} could not be written")
        self.pictures.append(path)
        return path


def _reach(widget: QWidget, at: QPoint) -> bool:
    """Bring a place into sight; say whether a touch there would be the widget's, or of what is in it."""
    around = widget.parentWidget()
    while around is not None:  # a panel that scrolls may lie on a page that does
        page = around.widget() if isinstance(around, QScrollArea) else None
        if isinstance(around, QScrollArea) and page is not None:
            if widget.height() <= around.viewport().height():
                around.ensureWidgetVisible(widget)
            there = widget.mapTo(page, at)  # of a field Qt shows the line that is written only
            around.ensureVisible(there.x(), there.y())
        around = around.parentWidget()
    top = QApplication.widgetAt(widget.mapToGlobal(at))
    return top is widget or (top is not None and widget.isAncestorOf(top))


def _came_true(condition: Callable[[], bool], patience: int) -> bool:
    """Let the window live until something holds; return whether it did within so many milliseconds."""
    if condition():
        return True
    loop, ticks, end = QEventLoop(), QTimer(), QTimer()
    ticks.timeout.connect(lambda: loop.quit() if condition() else None)
    end.setSingleShot(True)
    end.timeout.connect(lambda: loop.exit(1))
    ticks.start(LOOK_EVERY_MS)
    end.start(patience)
    failed = loop.exec()
    ticks.stop()
    end.stop()
    return not failed


def _moving(window: QWidget) -> bool:
    """Say whether something slides to its place."""
    running = QPropertyAnimation.State.Running
    return any(one.state() == running for one in window.findChildren(QPropertyAnimation))


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or widget.objectName() or type(widget).__name__
