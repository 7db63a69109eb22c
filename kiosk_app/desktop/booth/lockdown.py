"""A kiosk that nobody leaves by accident or on purpose, but staff with their PIN (K6).

The window fills the screen and takes no request to close; no menu opens. Five taps in the first
corner, or Ctrl+Shift+Q, ask for the PIN.
"""

import time
from collections import deque
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.theme import mirror
from kiosk_app.desktop.widgets.input_watch import InputWatch
from kiosk_app.domain.pin import Verdict

if TYPE_CHECKING:
    from kiosk_app.desktop.views.pin_pad import PinPad, Wish

CORNER, TAPS, TAPS_WITHIN_S = 96, 5, 4.0
"""Pixels of the corner, taps in it, and the seconds they may take."""
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Pin(Protocol):
    """The PIN as it is kept; `check` takes its time and is called on a thread of its own."""

    @property
    def is_set(self) -> bool:
        """Whether there is one."""
        ...

    def check(self, pin: str) -> Verdict:
        """Compare."""
        ...


class Lockdown(QObject):
    """Keeps one window on the screen until the right PIN is typed.

    Args:
        window: shown already.
        watch: keeps menus away.
        pin: how the PIN is compared.
        pad: makes the pad over the window.
        leave: is called once the PIN was right.
        settle: is called instead when staff want to see what needs attention, if they can here; the
            kiosk stays locked.
        try_scanner: the same, to try the scanner.
        now: seconds on a steady clock.
    """

    _judged = Signal(object)

    def __init__(
        self,
        window: QWidget,
        watch: InputWatch,
        pin: Pin,
        pad: "Callable[[bool], PinPad]",
        leave: Callable[[], None],
        *,
        settle: Callable[[], None] | None = None,
        try_scanner: Callable[[], None] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._window, self._pin, self._make_pad, self._leave = window, pin, pad, leave
        ways: dict[Wish, Callable[[], None] | None] = {
            "attention": settle,
            "scanner": try_scanner,
        }
        self._ways = {wish: way for wish, way in ways.items() if way is not None}
        self._now = now
        self._taps: deque[float] = deque(maxlen=TAPS)
        self._pad: PinPad | None = None
        self._locked = True
        self._judged.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        watch.refuse(QEvent.Type.ContextMenu)
        window.installEventFilter(self)
        window.windowHandle().installEventFilter(self)

    def release(self) -> None:
        """Let the window close, as the program does at its end."""
        self._locked = False

    def ask(self) -> None:
        """Ask for the PIN, unless somebody is asked already."""
        if self._pad is None:
            pad = self._pad = self._make_pad(self._pin.is_set)
            for wish in self._ways:
                pad.offer(wish)
            pad.entered.connect(self._entered)
            pad.dismissed.connect(self._gone)
            pad.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take closing and shrinking away, and listen for the ways to the PIN."""
        kind = event.type()
        if not self._locked:
            return False
        if kind == QEvent.Type.Close:
            event.ignore()
            return True
        if watched is self._window:
            if kind == QEvent.Type.WindowStateChange and not self._window.isFullScreen():
                QTimer.singleShot(0, self, self._fill)
        elif kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self._tapped(event)
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._struck(event)
        return False

    def _fill(self) -> None:
        if self._locked:
            self._window.showFullScreen()

    def _tapped(self, event: QMouseEvent) -> None:
        if not corner(self._window).contains(event.position().toPoint()):
            self._taps.clear()
            return
        self._taps.append(self._now())
        if len(self._taps) == TAPS and self._taps[-1] - self._taps[0] <= TAPS_WITHIN_S:
            self._taps.clear()
            QTimer.singleShot(0, self, self.ask)  # after the tap itself has been heard

    def _struck(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Q and event.modifiers() & _COMMAND == _COMMAND:
            self.ask()
            return True
        return False

    def _entered(self, pin: str) -> None:
        """Compare on another thread: a slow hash is slow on purpose."""
        Thread(target=lambda: self._judged.emit(self._pin.check(pin)), daemon=True).start()

    def _answer(self, verdict: Verdict) -> None:
        if self._pad is not None:
            self._pad.answer(verdict)
            way = self._ways.get(self._pad.wanted)
            if verdict.right and way is not None:
                self._pad.dismiss()
                way()
            elif verdict.right:
                self.release()
                self._leave()

    def _gone(self) -> None:
        self._pad = None


def corner(window: QWidget) -> QRect:
    """Return the corner that is tapped for the PIN: where a line, and the bar, begins."""
    at = QRect(0, 0, CORNER, CORNER)
    return mirror.seen(window.layoutDirection(), window.rect(), at)
