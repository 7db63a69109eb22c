"""The word at the foot of the page after a cancel: how long it can be undone, and Undo (F6)."""

from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.i18n.texts import _, ngettext

_TICK_MS = 250
"""Often enough that no second is skipped."""


class UndoToast(QObject):
    """Counts the seconds of one cancel down, in words, on the page's toast.

    Args:
        toast: where it is said.
        visit: whose cancel.
    """

    ended = Signal()
    """It cannot be undone any more, or was."""

    def __init__(self, toast: Toast, visit: Visit) -> None:
        super().__init__(toast)
        self._toast, self._visit = toast, visit
        self.ref = ""
        self._speaks = False
        """Whether the toast is still its own."""
        self._until: datetime | None = None
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._count)

    @property
    def running(self) -> bool:
        """Whether the cancel can still be undone."""
        return self._until is not None

    def begin(self, ref: str, until: datetime) -> None:
        """Say that a booking is cancelled in so many seconds, and offer Undo."""
        self.ref, self._until, self._speaks = ref, until, True
        self._toast.say(
            self._words(), icon="undo-2", action=_("Undo"), act=self.take_back, stays=True
        )
        self._tick.start()

    def take_back(self) -> None:
        """Undo, if it still can be."""
        if self.running:
            self._visit.undo_cancel(self.ref)
            self.end()

    def give_way(self) -> None:
        """Let somebody else use the toast; the row can still undo."""
        self._speaks = False

    def end(self) -> None:
        """Count no longer; what became of it is said by who knows."""
        if self._until is not None:
            self._until = None
            self._tick.stop()
            self.ended.emit()

    def _count(self) -> None:
        if self._until is None or self._visit.now() >= self._until:
            self.end()
            if self._speaks:
                saved = _("The cancel is saved and will be sent.")
                self._toast.say(_("Cancelling…") if self._visit.online else saved, icon="hourglass")
        elif self._speaks:
            self._toast.rewrite(self._words())

    def _words(self) -> str:
        left = (self._until - self._visit.now()).total_seconds() if self._until else 0
        seconds = max(1, round(left))
        return ngettext(
            "This booking is cancelled in {n} second.",
            "This booking is cancelled in {n} seconds.",
            seconds,
        ).format(n=seconds)
