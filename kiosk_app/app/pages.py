"""Pages that a first frame does not show; their modules are imported when one is first asked for."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.models.offers import Offer
from kiosk_app.desktop.visit import Visit
from kiosk_app.domain.listing import SessionRow
from kiosk_app.sync.reading import Reading

if TYPE_CHECKING:
    from kiosk_app.desktop.views.booking_sheet import BookingSheet
    from kiosk_app.desktop.views.bookings import BookingsView
    from kiosk_app.desktop.views.confirmation import ConfirmationView
    from kiosk_app.desktop.views.identify import IdentifyView
    from kiosk_app.desktop.views.list_page import ListPage
    from kiosk_app.desktop.views.printing import Printing


class LatePages:
    """Makes pages; implements `kiosk_app.desktop.window.Pages`."""

    printing: "Printing | None" = None
    """The slip printer, once it is known whether one stands here."""

    def identify(self, visit: Visit) -> "IdentifyView":
        """Make the sign-in."""
        from kiosk_app.desktop.views.identify import IdentifyView

        return IdentifyView(visit)

    def bookings(self, visit: Visit) -> "BookingsView":
        """Make *My bookings*."""
        from kiosk_app.desktop.views.bookings import BookingsView

        return BookingsView(visit)

    def confirmation(self, visit: Visit, calendar_folder: Path | None) -> "ConfirmationView":
        """Make the page that says what became of a booking."""
        from kiosk_app.desktop.views.confirmation import ConfirmationView

        return ConfirmationView(visit, calendar_folder=calendar_folder, printing=self.printing)

    def booking_sheet(self, visit: Visit, row: SessionRow, window: QWidget) -> "BookingSheet":
        """Make the sheet on which a session is booked."""
        from kiosk_app.desktop.views.booking_sheet import BookingSheet

        return BookingSheet(visit, row, window)

    def list_page(
        self,
        reading: Reading,
        now: Callable[[], datetime],
        zone: str,
        offer: Callable[[SessionRow], Offer],
    ) -> "ListPage":
        """Make the list of sessions."""
        from kiosk_app.desktop.views.list_page import ListPage

        return ListPage(reading, now, zone, offer)
