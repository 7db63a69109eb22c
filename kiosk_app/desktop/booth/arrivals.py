"""What arrives at the window from outside its widgets: a scanned card, a slip, a link (K4, A58, K9).

Each names a person or a screen. A card fills in the student ID and proves nothing; a screen that
needs somebody waits until somebody has signed in.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.desktop.window import ATTRACT, BOOK, BOOKINGS, KioskWindow
from kiosk_app.devices.cards import BookingPass, Card, Unknown
from kiosk_app.devices.scanner import Scan
from kiosk_app.domain import links
from kiosk_app.domain.links import BadLink, Link
from kiosk_app.i18n.texts import _

FORGET_MS = 60_000
"""Who has not signed in after this long has left, and what they wanted with them."""
LOOKING_MS = 5_000
Meaning = Card | BookingPass | Unknown


class Arrivals(QObject):
    """Takes people to where a scan or a link points.

    Args:
        window: the window of the program.
        visit: the person at the screen.
        meaning: what a code means on this campus.
        looking_ms: how long a booking may be on its way to this kiosk; tests shorten it.
    """

    def __init__(
        self,
        window: KioskWindow,
        visit: Visit,
        meaning: Callable[[str], Meaning],
        *,
        looking_ms: int = LOOKING_MS,
    ) -> None:
        super().__init__(window)
        self._window, self._visit, self._meaning = window, visit, meaning
        self._wanted: Link | None = None
        self._code: str | None = None
        """Of a booking that is not among those this kiosk has fetched so far."""
        self._toast: Toast | None = None
        self._patience = QTimer(self, interval=FORGET_MS, singleShot=True)
        self._patience.timeout.connect(self._forget)
        self._looking = QTimer(self, interval=looking_ms, singleShot=True)
        self._looking.timeout.connect(self._not_found)
        # After every page has heard of it: some begin anew, and would undo what is shown here.
        visit.began.connect(self._began, Qt.ConnectionType.QueuedConnection)
        visit.ended.connect(self._forget)
        visit.bookings_changed.connect(self._look)

    def scanned(self, scan: Scan) -> None:
        """Act on a code from the scanner."""
        if scan.repeated:
            self._say(_("That code was read already."), "scan-line")
            return
        match self._meaning(scan.code):
            case Card(student_id):
                self._card(student_id)
            case BookingPass(code):
                self.follow(links.MyBookings(code))
            case Unknown():
                self._say(_("This card cannot be read. Type your student ID instead."), "id-card")

    def link(self, text: str) -> None:
        """Open a `kiosk://` address; an unknown one is told and changes nothing."""
        try:
            self.follow(links.parse(text))
        except BadLink:
            self._say(_("This link leads to nothing here."), "link")

    def follow(self, link: Link) -> None:
        """Show a screen, after the sign-in where nobody is signed in."""
        if isinstance(link, links.Mentor):
            self._say(_("Mentors cannot be booked here yet."), "info")
        elif self._visit.student is not None:
            self._show(link)
        else:
            if not self._window.wake():
                return
            self._wanted = link
            self._patience.start()
            self._window.identify.lead_on(leads=True)

    def _card(self, student_id: str) -> None:
        if self._visit.student is not None or self._visit.doorstep.occupied:
            self._say(_("Somebody is signed in. Sign out first, then scan your card."), "id-card")
            return
        for overlay in self._window.overlays():
            overlay.dismiss()
        if self._window.wake():
            self._window.identify.take_card(student_id)

    def _began(self) -> None:
        wanted = self._wanted
        self._forget()
        if wanted is not None and self._visit.student is not None:
            self._show(wanted)

    def _forget(self) -> None:
        if self._wanted is not None:
            self._window.identify.lead_on(leads=False)
        self._wanted = None
        self._patience.stop()
        self._give_up_looking()

    def _show(self, link: Link) -> None:
        window = self._window
        for overlay in window.overlays():
            overlay.dismiss()
        match link:
            case links.MyBookings(code):
                window.show_page(BOOKINGS)
                self._code = code
                self._look()
            case links.Discussion(session_id):
                self._discussion(session_id)
            case links.Discussions():
                window.show_page(BOOK)
                window.browse.show_type(MockType.MOCK_DISCUSSION)
            case _:
                window.show_page(BOOK)
                window.browse.show_type(None)

    def _look(self) -> None:
        """Open the booking of a slip; right after a sign-in it may still be on its way."""
        if self._code is None:
            return
        if self._window.bookings.open_booking(self._code):
            self._give_up_looking()
        elif not self._looking.isActive():
            self._looking.start()

    def _not_found(self) -> None:
        self._give_up_looking()
        self._say(_("This booking is not among yours."), "ticket")

    def _give_up_looking(self) -> None:
        self._code = None
        self._looking.stop()

    def _discussion(self, session_id: str) -> None:
        row = self._visit.reading.session(session_id, self._visit.student_id)
        self._window.show_page(BOOK)
        if row is None or row.mock_type is not MockType.MOCK_DISCUSSION:
            self._say(_("This session is not offered any more."), "calendar-x")
            return
        self._window.browse.ask_for(row)

    def _say(self, text: str, icon: str) -> None:
        """Say it under the title of a kiosk at rest, or in a word over any other page."""
        if self._window.frame.page == ATTRACT and not self._window.overlays():
            self._window.attract.hero.tell(text)
            return
        if self._toast is None:
            self._toast = Toast(self._window)
        self._toast.say(text, icon=icon)
