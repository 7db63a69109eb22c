"""The way from a session to its pass: sign-in, form, answer; or why not, and what instead."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.contract.problems import Code
from kiosk_app.desktop.views.pages import Pages
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.passing import open_over
from kiosk_app.domain.listing import BookingRow, SessionRow

if TYPE_CHECKING:
    from kiosk_app.desktop.views.booking_sheet import BookingSheet


class BookingWay(QObject):
    """Opens what a person needs to book one session.

    Args:
        visit: who books.
        pages: makes sheets and dialogs.
        window: what they lie over.
        sign_in: asks who is there.
        show_bookings: leads to *My bookings*.
    """

    placed = Signal(object)
    """`Placed`: booked, or waiting on this device."""

    def __init__(
        self,
        visit: Visit,
        pages: Pages,
        window: QWidget,
        *,
        sign_in: Callable[[], None],
        show_bookings: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._visit, self._pages, self._window = visit, pages, window
        self._sign_in, self._show_bookings = sign_in, show_bookings
        self._wanted: SessionRow | None = None
        self.sheet: BookingSheet | None = None

    def book(self, row: SessionRow) -> None:
        """Open the form of a session, once it is known who is there."""
        if self._visit.student is None:
            self._come_back_for(row)
            return
        sheet = self.sheet = self._pages.booking_sheet(self._visit, row, self._window)
        sheet.finished.connect(self.placed)
        sheet.open()

    def move(self, booking: BookingRow) -> None:
        """Open the sheet that moves a booking."""
        sheet = self._pages.move_sheet(self._visit, booking, self._window)
        sheet.finished.connect(self.placed)
        sheet.open()

    def say_why(self, row: SessionRow, code: Code, lost: bool) -> None:  # noqa: FBT001 - as told
        """Say why a session cannot be booked, and lead to another or to its waitlist."""
        dialog = self._pages.why(self._visit, row, code, self._window, lost=lost)
        dialog.chosen.connect(self.book)
        dialog.sign_in.connect(self._come_back_for)
        dialog.show_bookings.connect(self._show_bookings)
        dialog.open()

    def is_open(self) -> bool:
        """Say whether the sheet is open, which tells of its request itself."""
        return any(over is self.sheet for over in open_over(self._window))

    def take_wanted(self) -> SessionRow | None:
        """Return the session that was chosen before anybody signed in, and forget it."""
        wanted, self._wanted = self._wanted, None
        return wanted

    def _come_back_for(self, row: SessionRow) -> None:
        self._wanted = row
        self._sign_in()
