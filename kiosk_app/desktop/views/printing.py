"""Printing from the window: slips go to a thread of their own, answers come back as signals (K40)."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.placed import Placed
from kiosk_app.devices.slips import Slip, SlipPrinter, Trouble
from kiosk_app.devices.spool import Spool
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _

PATIENCE_MS = 20_000
"""After this long without a word from it a printer counts as one that does not answer."""


class Printing(QObject):
    """One printer, as the window sees it.

    Args:
        open_printer: returns the printer; called on the printer's thread.
        place: where the printer stands, for the foot of a slip.
        patience_ms: how long to wait for it.
        parent: owner.
    """

    done = Signal(int, object)
    """A ticket and its `Trouble`, or None when it was printed."""
    _told = Signal(int, object)

    def __init__(
        self,
        open_printer: Callable[[], SlipPrinter],
        place: str,
        *,
        patience_ms: int = PATIENCE_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.place = place
        self._patience_ms = patience_ms
        self._waiting: set[int] = set()
        self._last = 0
        self._told.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._spool = Spool(open_printer, self._told.emit)

    def send(self, slip: Slip) -> int:
        """Print a slip and return its ticket; `done` follows in any case."""
        self._last += 1
        ticket = self._last
        self._waiting.add(ticket)
        self._spool.send(ticket, slip)
        QTimer.singleShot(self._patience_ms, self, lambda: self._answer(ticket, Trouble.OFFLINE))
        return ticket

    def close(self) -> None:
        """Print nothing more."""
        self._spool.close()

    def _answer(self, ticket: int, trouble: Trouble | None) -> None:
        if ticket in self._waiting:
            self._waiting.discard(ticket)
            self.done.emit(ticket, trouble)


def slip_of(placed: Placed, place: str, printed_at: str) -> Slip:
    """Return the slip of a request in the language in use; nobody's name is on it."""
    row, held = placed.row, placed.choices.discussion_format
    settled = placed.settled
    code = settled.booking_code if settled and placed.state == "confirmed" else None
    facts: tuple[tuple[str, str], ...] = (
        (_("Date"), formats.day_short(row.exam_date)),
        (_("Time ({zone})").format(zone=wording.zone_text(row)), wording.hours_text(row)),
        (_("Where"), wording.where_text(row, held)),
    )
    if settled and settled.seat:
        facts = (*facts, (_("Seat"), str(settled.seat)))
    return Slip(
        title=type_name(row.mock_type),
        promise=_promise(placed.state),
        facts=facts,
        code_label=_code_label(placed.state),
        code=code or placed.number,
        qr=code,
        foot=_("{place}, {time}").format(place=place, time=printed_at) if place else printed_at,
    )


def _code_label(state: str) -> str:
    if state == "confirmed":
        return _("Booking code")
    return _("Receipt number") if state == "guaranteed" else _("Request number")


def _promise(state: str) -> str:
    if state == "confirmed":
        return _("Confirmed. Show this code at check-in.")
    if state == "guaranteed":
        return _("Seat guaranteed. Show this receipt at check-in.")
    return _("Waiting to be sent. This is not a seat yet; see My bookings for the result.")


def trouble_text(trouble: Trouble) -> str:
    """Return what a person is told when nothing was printed (design §5)."""
    if trouble is Trouble.NO_PAPER:
        return _("The printer is out of paper. Use the QR code, or we can email you.")
    return _("The printer does not answer. Use the QR code, or we can email you.")
