"""What a window is told when it is made: how it is used, and who makes its pages."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from PySide6.QtWidgets import QWidget

from kiosk_app.contract.problems import Code
from kiosk_app.desktop.views.browse_parts import BrowseParts
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.frame import Parts, Place
from kiosk_app.desktop.widgets.later import Step
from kiosk_app.desktop.widgets.passing import Passing
from kiosk_app.domain.listing import BookingRow, SessionRow
from kiosk_app.i18n.texts import Language

if TYPE_CHECKING:
    from kiosk_app.desktop.comfort import Comfort, Room
    from kiosk_app.desktop.views.accessibility_panel import AccessibilityPanel
    from kiosk_app.desktop.views.attention import AttentionView
    from kiosk_app.desktop.views.attract import AttractView
    from kiosk_app.desktop.views.booking_sheet import BookingSheet
    from kiosk_app.desktop.views.bookings import BookingsView
    from kiosk_app.desktop.views.confirmation import ConfirmationView
    from kiosk_app.desktop.views.fault import FaultView
    from kiosk_app.desktop.views.identify import IdentifyView
    from kiosk_app.desktop.views.move_sheet import MoveSheet
    from kiosk_app.desktop.views.offer_bar import OfferBar
    from kiosk_app.desktop.views.outbox import OutboxView
    from kiosk_app.desktop.views.staff_help import StaffHelpView
    from kiosk_app.desktop.views.unsent_bar import UnsentBar
    from kiosk_app.desktop.views.why_dialog import WhyDialog
    from kiosk_app.desktop.widgets.idle import IdleWatch, StillThere
    from kiosk_app.desktop.widgets.input_watch import InputWatch


class Setup(Struct, frozen=True, kw_only=True):
    """How this window is used.

    `personal` is a kiosk for strangers: it rests on the attract screen and forgets who walks away. A
    desk starts with the calendar and may save calendar files into `calendar_folder`.
    """

    place: Place = Place()
    personal: bool = True
    language: Language = "en"
    contact: str = ""
    calendar_folder: Path | None = None


class Pages(Parts, BrowseParts, Protocol):
    """Makes what a first frame does not show; whoever does it may import late."""

    def imports(self) -> list[Step]:
        """Return steps that import what is built soon."""
        ...

    def idle(self, watch: "InputWatch", parent: QWidget) -> "IdleWatch":
        """Make the count of quiet seconds."""
        ...

    def still_there(self, host: QWidget, idle: "IdleWatch") -> "StillThere":
        """Make the question to somebody who has gone quiet."""
        ...

    def attract(self, visit: Visit, zone: str) -> "AttractView":
        """Make the page that stands while nobody is there."""
        ...

    def fault(self) -> "FaultView":
        """Make the page of a kiosk that cannot serve."""
        ...

    def help(self, host: QWidget, *, staffed: bool) -> Passing:
        """Open the page that says how a kiosk is used."""
        ...

    def zone_name(self, zone: str, at: datetime) -> str:
        """Write the name of a zone."""
        ...

    def identify(self, visit: Visit) -> "IdentifyView":
        """Make the sign-in."""
        ...

    def attention(self, visit: Visit, zone: str, *, signs_in: bool) -> "AttentionView":
        """Make the page of what staff must settle."""
        ...

    def outbox(self, visit: Visit, zone: str, folder: Path | None) -> "OutboxView":
        """Make the page of what is not settled."""
        ...

    def staff_help(self, visit: Visit, *, signs_in: bool) -> "StaffHelpView":
        """Make the page of the usual problems."""
        ...

    def unsent_bar(self, visit: Visit, *, staff: bool) -> "UnsentBar":
        """Make the line that says what waits to be sent."""
        ...

    def bookings(self, visit: Visit) -> "BookingsView":
        """Make *My bookings*."""
        ...

    def confirmation(self, visit: Visit, calendar_folder: Path | None) -> "ConfirmationView":
        """Make the page that says what became of a booking."""
        ...

    def comfort(self, room: "Room") -> "Comfort":
        """Make what keeps the needs of whoever stands there."""
        ...

    def accessibility(self, host: QWidget, comfort: "Comfort") -> "AccessibilityPanel":
        """Make the panel on which they are chosen."""
        ...

    def booking_sheet(self, visit: Visit, row: SessionRow, window: QWidget) -> "BookingSheet":
        """Make the sheet on which a session is booked."""
        ...

    def offer_bar(self, visit: Visit) -> "OfferBar":
        """Make the line that says a seat is held."""
        ...

    def move_sheet(self, visit: Visit, booking: BookingRow, window: QWidget) -> "MoveSheet":
        """Make the sheet that moves a booking."""
        ...

    def why(
        self, visit: Visit, row: SessionRow, code: Code, window: QWidget, *, lost: bool
    ) -> "WhyDialog":
        """Make the dialog that says why a session cannot be booked."""
        ...
