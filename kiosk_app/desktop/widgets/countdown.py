"""A ring that empties second by second, with the number inside (05, design §3)."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from kiosk_app.desktop.theme.theme import current, make_font
from kiosk_app.desktop.widgets import speech

_SPOKEN = frozenset({20, 10, 5})
_INPUT = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.KeyPress})
_EDGE = 0.095
"""Share of the ring's side that is stroke."""


class CountdownRing(QWidget):
    """Count seconds down; any touch or key holds the count for a while.

    Args:
        side: pixels.
        hold_s: seconds the count rests after a touch or key.
        tick_ms: length of a second; tests shorten it.
        parent: owner.
    """

    ticked = Signal(int)
    """Seconds left, after every step and whenever the count is set."""
    finished = Signal()

    def __init__(
        self,
        side: int = 64,
        *,
        hold_s: int = 10,
        tick_ms: int = 1000,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.left = 0
        self._full = 1
        self._hold_s = hold_s
        self._held = 0
        self._timer = QTimer(self)
        self._timer.setInterval(tick_ms)
        self._timer.timeout.connect(self._step)
        self.setFixedSize(side, side)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speech.give_role(self, "Indicator")

    @property
    def paused(self) -> bool:
        """Whether a touch or key holds the count."""
        return self._held > 0

    def start(self, seconds: int) -> None:
        """Count from `seconds` to nothing."""
        self.left = self._full = seconds
        self._held = 0
        self._timer.start()
        app = QApplication.instance()
        if app:
            app.installEventFilter(self)
        self.ticked.emit(self.left)
        self.update()

    def show_left(self, left: int, full: int) -> None:
        """Show a count that somebody else keeps."""
        self.left, self._full = left, full
        self.ticked.emit(left)
        self.update()

    def stop(self) -> None:
        """Stop counting; nothing will be signalled."""
        self._timer.stop()
        app = QApplication.instance()
        if app:
            app.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Hold the count when somebody is there."""
        if event.type() in _INPUT and self._timer.isActive():
            self._held = self._hold_s
            self.update()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw track, rest and number; while held the number is dimmed."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stroke = self.width() * _EDGE
        box = QRectF(self.rect()).adjusted(stroke, stroke, -stroke, -stroke)
        painter.setPen(QPen(theme.color("surface3"), stroke))
        painter.drawEllipse(box)
        pen = QPen(theme.color("primary"), stroke)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(box, 90 * 16, round(360 * 16 * self.left / self._full))
        painter.setFont(make_font(round(self.width() * 0.34), 700))
        painter.setPen(theme.color("ink2" if self.paused else "ink"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self.left))

    def _step(self) -> None:
        if self._held:
            self._held -= 1
            self.update()
            return
        self.left -= 1
        self.ticked.emit(self.left)
        self.update()
        if self.left in _SPOKEN:
            speech.announce(self, self.accessibleName(), assertive=True)
        if self.left <= 0:
            self.stop()
            self.finished.emit()
