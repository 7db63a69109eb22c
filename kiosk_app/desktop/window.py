"""The window: the pages in their frame, joined with one visit; it moves people, and decides nothing.

What a first frame does not show is built by `finish`, or at once when somebody asks for it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.tallies import Page
from kiosk_app.desktop.theme import speaking
from kiosk_app.desktop.views.booking_tabs import sort_bookings
from kiosk_app.desktop.views.booking_way import BookingWay
from kiosk_app.desktop.views.browse import BrowseView
from kiosk_app.desktop.views.link_news import LinkNews
from kiosk_app.desktop.views.pages import Pages, Setup
from kiosk_app.desktop.views.staff_way import ATTENTION, HELP, OUTBOX, StaffWay
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.frame import Frame
from kiosk_app.desktop.widgets.later import Later, Step
from kiosk_app.desktop.widgets.passing import Passing, open_over
from kiosk_app.i18n import texts

if TYPE_CHECKING:
    from kiosk_app.desktop.comfort import Comfort
    from kiosk_app.desktop.views.attract import AttractView
    from kiosk_app.desktop.views.bookings import BookingsView
    from kiosk_app.desktop.views.confirmation import ConfirmationView
    from kiosk_app.desktop.views.fault import FaultView
    from kiosk_app.desktop.views.identify import IdentifyView
    from kiosk_app.desktop.views.offer_bar import OfferBar
    from kiosk_app.desktop.views.placed import Placed
    from kiosk_app.desktop.widgets.idle import IdleWatch

ACCESSIBILITY_KEY = Qt.Key.Key_F9
"""Opens the accessibility panel from anywhere on a page."""
HELP_KEY = Qt.Key.Key_F1
"""Shows staff the usual problems."""
ATTRACT, IDENTIFY, FAULT = Page.ATTRACT, Page.IDENTIFY, Page.FAULT
BOOK, BOOKINGS, DONE = Page.BOOK, Page.BOOKINGS, Page.DONE
_ASKING = frozenset({ATTRACT, IDENTIFY, FAULT, ATTENTION, OUTBOX, HELP})
"""Pages that lead to the sign-in themselves, or must not."""
_RESTING = frozenset({ATTRACT, FAULT})
"""Pages of a kiosk that nobody uses."""


class KioskWindow(QWidget):
    """The one window of the program.

    Args:
        visit: the person at the screen and the door to the engine.
        setup: how the window is used.
        pages: makes pages when they are first shown.
    """

    painted = Signal()
    """The first frame is on the screen; what it did not need may begin."""
    page_opened = Signal()
    """A page has come in place of another."""

    def __init__(self, visit: Visit, setup: Setup, pages: Pages) -> None:
        super().__init__()
        speech.mark_role(self, "Window")
        self.visit, self._setup, self._pages = visit, setup, pages
        self._attract: AttractView | None = None
        self._fault_page: FaultView | None = None
        self._out_of_order = False
        self._identify: IdentifyView | None = None
        self._browse: BrowseView | None = None
        self._bookings: BookingsView | None = None
        self._confirmation: ConfirmationView | None = None
        self._offer_bar: OfferBar | None = None
        self._idle: IdleWatch | None = None
        self._comfort: Comfort | None = None
        self._painted = False
        self._page: dict[str, Callable[[], QWidget]] = {
            ATTRACT: lambda: self.attract,
            FAULT: lambda: self.fault,
            IDENTIFY: lambda: self.identify,
            BOOK: lambda: self.browse,
            BOOKINGS: lambda: self.bookings,
            DONE: lambda: self.confirmation,
            ATTENTION: lambda: self.staff.page,
            OUTBOX: lambda: self.staff.outbox,
            HELP: lambda: self.staff.help,
        }
        self._later = Later(self)
        self.frame = Frame(pages, setup.place, visit.now)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.booking = BookingWay(
            visit,
            pages,
            self,
            sign_in=lambda: self.show_page(IDENTIFY),
            show_bookings=lambda: self.show_page(BOOKINGS),
        )
        self.staff = StaffWay(visit, pages, setup, self.frame, self.show_page, self)
        self._news = LinkNews(visit, self.frame, self.booking.is_open, self)
        self._connect()
        self.setWindowTitle("Campus Kiosk")
        self.rest()

    def finish(self, then: Callable[[], None]) -> None:
        """Build what the first frame did not need, a piece between two events, and go on."""
        steps: list[Step] = [*self.frame.later(), lambda: self.staff.bar, lambda: self.idle]
        browsing: list[Step] = [lambda: self.browse, lambda: self._later.begin(self.browse.later())]
        self._later.done.connect(then)
        resting: list[Step] = [lambda: self.identify, self._note_zone]
        built = [*steps, *resting, *browsing] if self._setup.personal else [*browsing, *steps]
        self._later.begin([*self._pages.imports(), *built])

    # pages

    @property
    def attract(self) -> "AttractView":
        """The page that stands while nobody is there."""
        page = self._attract
        if page is None:
            page = self._attract = self._pages.attract(self.visit, self._setup.place.zone)
            page.woken.connect(self._woken)
            page.help_wanted.connect(lambda staffed: self._pages.help(self, staffed=staffed))
            self.frame.add_page(ATTRACT, page)
        return page

    @property
    def fault(self) -> "FaultView":
        """The page of a kiosk that cannot serve."""
        page = self._fault_page
        if page is None:
            page = self._fault_page = self._pages.fault()
            self.frame.add_page(FAULT, page)
        return page

    @property
    def identify(self) -> "IdentifyView":
        """The sign-in page."""
        page = self._identify
        if page is None:
            page = self._identify = self._pages.identify(self.visit)
            page.look_around.connect(lambda: self.show_page(BOOK))
            self.frame.add_page(IDENTIFY, page)
        return page

    @property
    def browse(self) -> BrowseView:
        """The calendar and the list."""
        page = self._browse
        if page is None:
            place, contact = self._setup.place, self._setup.contact
            page = BrowseView(self.visit, self._pages, zone=place.zone, contact=contact)
            self._browse = page
            page.book_requested.connect(self.booking.book)
            page.refused.connect(self.booking.say_why)
            self.frame.add_page(BOOK, page)
        return page

    @property
    def bookings(self) -> "BookingsView":
        """*My bookings*."""
        page = self._bookings
        if page is None:
            page = self._bookings = self._pages.bookings(self.visit)
            page.browse_requested.connect(self._browse_for)
            page.claim_requested.connect(self.booking.book)
            page.move_requested.connect(self.booking.move)
            page.tab_opened.connect(self._show_offer)
            self.frame.add_page(BOOKINGS, page)
        return page

    @property
    def confirmation(self) -> "ConfirmationView":
        """What became of a booking."""
        page = self._confirmation
        if page is None:
            folder = self._setup.calendar_folder
            page = self._confirmation = self._pages.confirmation(self.visit, folder)
            page.book_another.connect(lambda: self.show_page(BOOK))
            page.show_bookings.connect(lambda: self.show_page(BOOKINGS))
            page.sign_out.connect(self.visit.sign_out)
            self.frame.add_page(DONE, page)
        return page

    def show_page(self, name: str) -> None:
        """Show a page, made if it is shown for the first time."""
        self._page[name]()
        if name != DONE and self.frame.page == DONE:
            self.confirmation.forget()
        if FAULT in {name, self.frame.page}:
            self.frame.banner.set_quiet(quiet=name == FAULT)
        self.frame.offer_sign_in(name not in _ASKING)
        before = self.frame.page
        self.frame.show_page(name)
        if name != before:
            self.page_opened.emit()
        self._show_offer()
        self._watch_idle()

    def rest(self) -> None:
        """Show what stands here while nobody is signed in."""
        resting = FAULT if self._out_of_order else ATTRACT if self._setup.personal else BOOK
        self.show_page(ATTENTION if self.staff.here else resting)

    def set_out_of_order(self, fault: str | None, waiting: int) -> None:
        """Serve nobody because of a fault, or serve again; whoever is signed in stays so.

        Args:
            fault: a key of `domain.faults`.
            waiting: requests that wait on this kiosk.
        """
        before, self._out_of_order = self._out_of_order, fault is not None
        if fault is not None:
            self.fault.show_fault(fault, waiting)
        if before != self._out_of_order and self.visit.student is None:
            self._ended()

    def wake(self) -> bool:
        """Ask who is there; a kiosk that is closed or cannot serve stays as it is."""
        if self._setup.personal and (self._out_of_order or self.attract.closed):
            self.rest()
            return False
        self.show_page(IDENTIFY)
        return True

    def overlays(self) -> list[Passing]:
        """Return the sheets and dialogs that are open."""
        return open_over(self)

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the first frame was painted, when all in it has been."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the accessibility panel, or the help of staff, by key."""
        if event.key() == ACCESSIBILITY_KEY:
            self.show_accessibility()
        elif event.key() == HELP_KEY and not self.overlays():
            self.staff.look_up()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Forget the person before the window goes."""
        if self._idle is not None:
            self._idle.stop()
        super().closeEvent(event)

    # joining

    def _connect(self) -> None:
        visit, frame = self.visit, self.frame
        frame.page_chosen.connect(self.show_page)
        frame.language_chosen.connect(self.speak)
        frame.sign_out_chosen.connect(visit.sign_out)
        frame.sign_in_chosen.connect(lambda: self.show_page(IDENTIFY))
        frame.accessibility_chosen.connect(self.show_accessibility)
        frame.raise_chosen.connect(self._raise)
        self.booking.placed.connect(self._placed)
        self.staff.left.connect(self.rest)
        visit.began.connect(self._began)
        visit.ended.connect(self._ended)
        visit.settled.connect(self._count_bookings)
        visit.bookings_changed.connect(self._count_bookings)
        visit.waits_changed.connect(self._show_offer)

    def speak(self, language: str) -> None:
        """Switch the language; every widget writes itself anew and keeps what was typed."""
        if known := next((one for one in texts.LANGUAGES if one == language), None):
            speaking.speak(known)

    def _woken(self, text: str) -> None:
        """Go to the sign-in; what somebody typed to wake the kiosk is the start of their ID."""
        if self.wake() and text:
            self.identify.student_id.edit.insert(text)

    def _note_zone(self) -> None:
        zone, now = self._setup.place.zone, self.visit.now
        self.attract.set_zone_note(lambda: self._pages.zone_name(zone, now()))

    def _began(self) -> None:
        student = self.visit.student
        self.frame.set_person(student.name if student else None)
        self._count_bookings()
        wanted = self.booking.take_wanted()
        self.show_page(BOOK)
        if wanted is not None:
            self.browse.ask_for(wanted)

    def _ended(self, expired: bool = False) -> None:  # noqa: FBT001, FBT002 - as the signal says it
        """Begin anew; whoever's visit lapsed under their hands reads why at the sign-in."""
        self.booking.take_wanted()
        for over in self.findChildren(Passing):
            over.dismiss()
        if self._comfort is not None:
            self._comfort.forget()
        self.frame.set_person(None)
        self.speak(self._setup.language)
        if expired and self._setup.personal and not self.staff.here:
            self.show_page(IDENTIFY)
        else:
            self.rest()

    def _placed(self, placed: "Placed") -> None:
        self.confirmation.show_placed(placed)
        self.show_page(DONE)

    def _browse_for(self, mock_type: MockType | None) -> None:
        self.show_page(BOOK)
        self.browse.show_type(mock_type)

    def _show_offer(self) -> None:
        """Say over every page that a seat is held, but over the tab that shows it itself."""
        bar, page = self._offer_bar, self.frame.page
        if bar is None and any(wait.offered_until for wait in self.visit.waits):
            bar = self._offer_bar = self._pages.offer_bar(self.visit)
            bar.claim_requested.connect(self.booking.book)
            self.frame.add_notice(bar)
        if bar is not None:
            itself = page == BOOKINGS and self.bookings.waits.shown
            bar.set_quiet(quiet=itself or page in _ASKING)

    def _count_bookings(self) -> None:
        coming = sort_bookings(self.visit.bookings(), self.visit.now()).upcoming
        self.frame.set_count(BOOKINGS, len(coming))

    # what a person needs of the screen

    @property
    def comfort(self) -> "Comfort":
        """The needs of whoever stands there."""
        if self._comfort is None:
            self._comfort = self._pages.comfort(self)
        return self._comfort

    def show_accessibility(self) -> None:
        """Open the panel, unless something else lies over the page."""
        if not self.overlays():
            panel = self._pages.accessibility(self, self.comfort)
            panel.dismissed.connect(self._watch_idle)
            panel.open()

    def set_lowered(self, *, lowered: bool) -> None:
        """Bring the page to the lower part of the screen, where a list fits better than a month."""
        self.browse.prefer("list" if lowered else "calendar")
        self.frame.set_lowered(lowered)

    def wait_for(self, seconds: float) -> None:
        """Ask whether somebody is there after so many quiet seconds."""
        self.idle.set_quiet(seconds)

    def _raise(self) -> None:
        self.comfort.adopt(replace(self.comfort.needs, lowered=False))

    # idle

    @property
    def idle(self) -> "IdleWatch":
        """The count of quiet seconds."""
        if self._idle is None:
            idle = self._idle = self._pages.idle(self.frame.watch, self)
            idle.warn.connect(self._ask_still_there)
            idle.expired.connect(self._gone_quiet)
        return self._idle

    def _watch_idle(self) -> None:
        """Watch while somebody is signed in, looks around, or has changed how the screen is."""
        plain = self._comfort is None or self._comfort.needs == self._comfort.usual
        resting = self.visit.student is None and self.frame.page in _RESTING and plain
        if self._setup.personal and not resting:
            if not self.idle.running:
                self.idle.start()
        elif self._idle is not None:
            self._idle.stop()

    def _ask_still_there(self, left: int) -> None:
        question = self._pages.still_there(self, self.idle)
        question.show_left(left)
        question.sign_out.connect(self._gone_quiet)
        question.open()

    def _gone_quiet(self) -> None:
        self.staff.leave()
        if self.visit.student is None:
            self.identify.wipe()
            self.browse.reset()
            self._ended()
        else:
            self.visit.sign_out()
