"""Forget a person who has left: after a quiet minute ask, then count down, then end the visit.

`IdleCount` is the arithmetic and knows no Qt; `IdleWatch` feeds it with what people do and says
what time has come; `StillThere` is the question on the screen (13d).
"""

import time
from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.countdown import CountdownRing
from kiosk_app.desktop.widgets.input_watch import InputWatch
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.i18n.texts import _, ngettext

QUIET_S, GRACE_S = 60, 15
CHECK_MS = 250
SPOKEN = frozenset({10, 5})
"""Seconds left that are said aloud."""
_CLOCK = getattr(time, "CLOCK_BOOTTIME", None)


def steady() -> float:
    """Return seconds on a clock that also runs while the machine sleeps (architecture §7)."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


class Quiet(Struct, frozen=True):
    """How the visit stands: seconds left to answer, None while nobody needs to be asked."""

    left: int | None = None
    expired: bool = False


class IdleCount:
    """How long nobody has done anything.

    Args:
        now: seconds on a steady clock.
        quiet: seconds without a sign of life before the question.
        grace: seconds to answer it.
    """

    def __init__(self, now: Callable[[], float], quiet: float, grace: float) -> None:
        self._now, self._quiet, self._grace = now, quiet, grace
        self._last = now()

    def set_quiet(self, seconds: float) -> None:
        """Ask after so many seconds without a sign of life."""
        self._quiet = seconds

    def alive(self) -> None:
        """Somebody did something."""
        self._last = self._now()

    def look(self) -> Quiet:
        """Return how the visit stands at this moment."""
        left = self._last + self._quiet + self._grace - self._now()
        if left <= 0:
            return Quiet(0, expired=True)
        if left > self._grace:
            return Quiet()
        return Quiet(-int(-left // 1))


class IdleWatch(QObject):
    """Count while a visit lasts; signs of life start the count anew until the question is asked.

    From then on only `stay` does, so that a touch on *Sign out* is not taken for an answer.
    """

    warn = Signal(int)
    """Ask whether somebody is there; seconds left."""
    tick = Signal(int)
    """One second less."""
    expired = Signal()

    def __init__(
        self,
        watch: InputWatch,
        *,
        quiet: float = QUIET_S,
        grace: float = GRACE_S,
        now: Callable[[], float] = steady,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.grace = int(grace)
        self._count = IdleCount(now, quiet, grace)
        self._left: int | None = None
        self._timer = QTimer(self, interval=CHECK_MS)
        self._timer.timeout.connect(self.check)
        watch.alive.connect(self._sign_of_life)

    @property
    def running(self) -> bool:
        """Whether a visit is being watched."""
        return self._timer.isActive()

    def start(self) -> None:
        """A visit began."""
        self.stay()
        self._timer.start()

    def stop(self) -> None:
        """The visit is over; nothing will be signalled."""
        self._timer.stop()
        self._left = None

    def set_quiet(self, seconds: float) -> None:
        """Ask after so many quiet seconds, from the last sign of life."""
        self._count.set_quiet(seconds)

    def stay(self) -> None:
        """The person is there; count from the start."""
        self._count.alive()
        self._left = None

    def check(self) -> None:
        """Say what time has come; the timer calls this."""
        if not self.running:
            return
        stands = self._count.look()
        if stands.expired:
            self.stop()
            self.expired.emit()
        elif stands.left is not None and stands.left != self._left:
            first, self._left = self._left is None, stands.left
            (self.warn if first else self.tick).emit(stands.left)

    def _sign_of_life(self) -> None:
        if self._left is None:
            self._count.alive()


class StillThere(Dialog):
    """The question, with the seconds in a ring; any touch beside the panel means yes.

    Args:
        host: the window to cover.
        idle: the count to show and to answer.
        note: a last sentence, such as what becomes of a form that is half filled in.
    """

    alone = True
    sign_out = Signal()

    def __init__(self, host: QWidget, idle: IdleWatch, note: str = "") -> None:
        super().__init__(host, width=680)
        self._idle, self._left, self._note_text = idle, idle.grace, note
        self.ring = CountdownRing(168)
        self.heading = Label("", "h1")
        self.text = Paragraph("", "lead")
        self.leave = Button("", "secondary", icon="log-out", size="large")
        self.stay = Button("", "primary", size="large")
        centre = Qt.AlignmentFlag.AlignHCenter
        self.body.column.setSpacing(16)
        self.body.column.addWidget(self.ring, 0, centre)
        for label in (self.heading, self.text):
            label.setAlignment(centre)
            self.body.column.addWidget(label)
        self.add_action(self.leave, self._sign_out)
        self.add_action(self.stay, self.cancel)
        self.foot.setStretch(1, 2)
        idle.tick.connect(self.show_left)
        idle.expired.connect(self.dismiss)
        self.retranslate()

    def first_field(self) -> QWidget:
        """Start on *Yes*."""
        return self.stay

    def show_left(self, left: int) -> None:
        """Show the seconds that are left."""
        self._left = left
        self.ring.show_left(left, self._idle.grace)
        self._write()
        if left in SPOKEN:
            announce(self, self.text.text(), assertive=True)

    def cancel(self) -> None:
        """Somebody is there: go on."""
        self._idle.stay()
        self.dismiss()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.set_title(_("Still there?"))
        self.heading.setText(_("Still there?"))
        self.leave.setText(_("Sign out"))
        self.stay.setText(_("Yes, keep going"))
        self._write()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch beside the panel is an answer too."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.cancel()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Any key that does nothing else is an answer too."""
        self.cancel()
        event.accept()

    def _write(self) -> None:
        text = ngettext(
            "We sign you out in {n} second to keep your bookings private.",
            "We sign you out in {n} seconds to keep your bookings private.",
            self._left,
        )
        self.text.setText(f"{text.format(n=self._left)} {self._note_text}".strip())
        self.ring.setAccessibleName(self.text.text())
        if self.isVisible():
            self.refit()

    def _sign_out(self) -> None:
        self._idle.stop()
        self.sign_out.emit()
        self.dismiss()
