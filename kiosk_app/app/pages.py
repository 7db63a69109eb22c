"""What a first frame does not show; its modules are imported when it is first asked for."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from kiosk_app.contract.problems import Code
from kiosk_app.desktop.models.facts import Facts
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.later import Step
from kiosk_app.domain.listing import BookingRow, SessionRow

if TYPE_CHECKING:
    from kiosk_app.desktop.booth.reading_aloud import ReadAloud
    from kiosk_app.desktop.comfort import Comfort, Room
    from kiosk_app.desktop.views.accessibility_panel import AccessibilityPanel
    from kiosk_app.desktop.views.attention import AttentionView
    from kiosk_app.desktop.views.attract import AttractView
    from kiosk_app.desktop.views.booking_sheet import BookingSheet
    from kiosk_app.desktop.views.bookings import BookingsView
    from kiosk_app.desktop.views.confirmation import ConfirmationView
    from kiosk_app.desktop.views.day_panel import DayPanel
    from kiosk_app.desktop.views.fault import FaultView
    from kiosk_app.desktop.views.head_tokens import HeadTokens
    from kiosk_app.desktop.views.help import HelpDialog
    from kiosk_app.desktop.views.identify import IdentifyView
    from kiosk_app.desktop.views.list_page import ListPage
    from kiosk_app.desktop.views.more_filters import MoreFilters
    from kiosk_app.desktop.views.move_sheet import MoveSheet
    from kiosk_app.desktop.views.offer_bar import OfferBar
    from kiosk_app.desktop.views.outbox import OutboxView
    from kiosk_app.desktop.views.page_head import PageHead
    from kiosk_app.desktop.views.pin_pad import PinPad
    from kiosk_app.desktop.views.printing import Printing
    from kiosk_app.desktop.views.scanner_trial import ScannerTrial
    from kiosk_app.desktop.views.staff_help import StaffHelpView
    from kiosk_app.desktop.views.unsent_bar import UnsentBar
    from kiosk_app.desktop.views.why_dialog import WhyDialog
    from kiosk_app.desktop.widgets.banner import Banner
    from kiosk_app.desktop.widgets.focus_ring import FocusRing
    from kiosk_app.desktop.widgets.idle import IdleWatch, StillThere
    from kiosk_app.desktop.widgets.input_watch import InputWatch
    from kiosk_app.desktop.widgets.keyboard import Keyboard
    from kiosk_app.desktop.widgets.lowered import LoweredBand
    from kiosk_app.desktop.widgets.nav_tabs import NavTabs
    from kiosk_app.devices.cards import CardRules
    from kiosk_app.domain.hours import Hours


_SOON = (
    "desktop.views.session_card",
    "desktop.views.day_panel",
    "desktop.widgets.key_pad",
    "desktop.widgets.keyboard",
    "desktop.widgets.overlay",
    "desktop.widgets.idle",
    "desktop.widgets.banner",
    "i18n.zones",
)
"""Modules of what every window shows after its first frame."""


class LatePages:
    """Makes pages and parts of pages; implements `kiosk_app.desktop.views.pages.Pages`."""

    def imports(self) -> list[Step]:
        """Return steps that import what is built soon, so that building is all a later step does."""
        return [partial(import_module, f"kiosk_app.{name}") for name in _SOON]

    printing: "Printing | None" = None
    """The slip printer, once it is known whether one stands here."""
    hours: "Hours | None" = None
    """When this place is open, once it is known."""

    def attract(self, visit: Visit, zone: str) -> "AttractView":
        """Make the page that stands while nobody is there."""
        from kiosk_app.desktop.views.attract import AttractView

        return AttractView(visit, zone)

    def fault(self) -> "FaultView":
        """Make the page of a kiosk that cannot serve."""
        from kiosk_app.desktop.views.fault import FaultView

        return FaultView()

    def help(self, host: QWidget, *, staffed: bool) -> "HelpDialog":
        """Open the page that says how a kiosk is used."""
        from kiosk_app.desktop.views.help import HelpDialog

        made = HelpDialog(host, staffed=staffed)
        made.open()
        return made

    def identify(self, visit: Visit) -> "IdentifyView":
        """Make the sign-in."""
        from kiosk_app.desktop.views.identify import IdentifyView

        return IdentifyView(visit)

    def attention(self, visit: Visit, zone: str, *, signs_in: bool) -> "AttentionView":
        """Make the page of what staff must settle."""
        from kiosk_app.desktop.views.attention import AttentionView
        from kiosk_app.desktop.views.snooze_dialog import Place

        place = Place(zone, self.hours) if self.hours else Place(zone)
        return AttentionView(visit, signs_in=signs_in, place=place)

    def outbox(self, visit: Visit, zone: str, folder: Path | None) -> "OutboxView":
        """Make the page of what is not settled."""
        from kiosk_app.desktop.views.outbox import OutboxView

        return OutboxView(visit, zone, folder)

    def staff_help(self, visit: Visit, *, signs_in: bool) -> "StaffHelpView":
        """Make the page of the usual problems."""
        from kiosk_app.desktop.views.staff_help import StaffHelpView

        return StaffHelpView(visit, signs_in=signs_in)

    def unsent_bar(self, visit: Visit, *, staff: bool) -> "UnsentBar":
        """Make the line that says what waits to be sent."""
        from kiosk_app.desktop.views.unsent_bar import UnsentBar

        return UnsentBar(visit, staff=staff)

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

    def move_sheet(self, visit: Visit, booking: BookingRow, window: QWidget) -> "MoveSheet":
        """Make the sheet that moves a booking."""
        from kiosk_app.desktop.views.move_sheet import MoveSheet

        return MoveSheet(visit, booking, window)

    def why(
        self, visit: Visit, row: SessionRow, code: Code, window: QWidget, *, lost: bool
    ) -> "WhyDialog":
        """Make the dialog that says why a session cannot be booked."""
        from kiosk_app.desktop.views.why_dialog import WhyDialog

        return WhyDialog(visit, row, code, window, lost=lost)

    # parts of the browsing page

    def day_panel(self, facts: Facts) -> "DayPanel":
        """Make the sessions of the chosen day."""
        from kiosk_app.desktop.views.day_panel import DayPanel

        return DayPanel(facts)

    def list_page(self, facts: Facts) -> "ListPage":
        """Make the list of sessions."""
        from kiosk_app.desktop.views.list_page import ListPage

        return ListPage(facts)

    def more_filters(self) -> "MoreFilters":
        """Make the filters by instructor and topic."""
        from kiosk_app.desktop.views.more_filters import MoreFilters

        return MoreFilters()

    def head_tokens(self, head: "PageHead", contact: str) -> "HeadTokens":
        """Make the tokens of whoever is signed in."""
        from kiosk_app.desktop.views.head_tokens import HeadTokens

        return HeadTokens(head, contact)

    def zone_note(self, zone: str, at: datetime) -> str:
        """Write which zone the times of the page are in."""
        from kiosk_app.i18n import zones

        return zones.zone_note(zone, at)

    def zone_name(self, zone: str, at: datetime) -> str:
        """Write the name of a zone: `Toronto time (EST)`."""
        from kiosk_app.i18n import zones

        return zones.zone_long(zone, at)

    # parts of the frame

    def offer_bar(self, visit: Visit) -> "OfferBar":
        """Make the line that says a seat is held."""
        from kiosk_app.desktop.views.offer_bar import OfferBar

        return OfferBar(visit)

    def tabs(self) -> "NavTabs":
        """Make the navigation of the top bar."""
        from kiosk_app.desktop.widgets.nav_tabs import NavTabs

        return NavTabs("row")

    def bottom_bar(self) -> "NavTabs":
        """Make the navigation of an upright screen."""
        from kiosk_app.desktop.widgets.nav_tabs import NavTabs

        return NavTabs("stack")

    def banner(self, now: Callable[[], datetime]) -> "Banner":
        """Make the line under the bar."""
        from kiosk_app.desktop.widgets.banner import Banner

        return Banner(now)

    def keyboard(self, watch: "InputWatch") -> "Keyboard":
        """Make the on-screen keyboard."""
        from kiosk_app.desktop.widgets.keyboard import Keyboard

        return Keyboard(watch)

    def ring(self, window: QWidget, watch: "InputWatch") -> "FocusRing":
        """Make the ring round what has the focus."""
        from kiosk_app.desktop.widgets.focus_ring import FocusRing

        return FocusRing(window, watch)

    def lowered(self) -> "LoweredBand":
        """Make what stands above lowered controls."""
        from kiosk_app.desktop.widgets.lowered import LoweredBand

        return LoweredBand()

    # what a person needs of the screen

    def comfort(self, room: "Room") -> "Comfort":
        """Make what keeps the needs of whoever stands there."""
        from kiosk_app.desktop.comfort import Comfort

        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - a window stands in it
        return Comfort(app, room, self._aloud(app))

    def _aloud(self, app: QApplication) -> "ReadAloud | None":
        """Make what reads the screen, where the system has speech."""
        from kiosk_app.desktop.booth.reading_aloud import ReadAloud
        from kiosk_app.devices.voice import ChildVoice, command_here

        command = command_here()
        if command is None:
            return None
        return ReadAloud(app, lambda failed: ChildVoice(command, failed), app)

    def accessibility(self, host: QWidget, comfort: "Comfort") -> "AccessibilityPanel":
        """Make the panel on which they are chosen."""
        from kiosk_app.desktop.views.accessibility_panel import AccessibilityPanel

        return AccessibilityPanel(host, comfort)

    # what ends a visit

    def idle(self, watch: "InputWatch", parent: QWidget) -> "IdleWatch":
        """Make the count of quiet seconds."""
        from kiosk_app.desktop.widgets.idle import IdleWatch

        return IdleWatch(watch, parent=parent)

    def pin_pad(self, host: QWidget, is_set: bool) -> "PinPad":  # noqa: FBT001 - handed on as it is
        """Make the pad on which staff type their PIN."""
        from kiosk_app.desktop.views.pin_pad import PinPad

        return PinPad(host, is_set=is_set)

    def scanner_trial(self, host: QWidget, rules: "CardRules") -> "ScannerTrial":
        """Open what staff try the scanner with."""
        from kiosk_app.desktop.views.scanner_trial import ScannerTrial

        made = ScannerTrial(host, rules)
        made.open()
        return made

    def still_there(self, host: QWidget, idle: "IdleWatch") -> "StillThere":
        """Make the question to somebody who has gone quiet."""
        from kiosk_app.desktop.widgets.idle import StillThere

        return StillThere(host, idle)
