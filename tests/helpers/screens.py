"""Every screen of a student's visit in the real window, over the files of one device."""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent

from kiosk_app.app.pages import LatePages
from kiosk_app.contract.credits import Balances
from kiosk_app.desktop.opinion import Choices
from kiosk_app.desktop.views.placed import Placed
from kiosk_app.desktop.widgets.drop_list import DropList
from kiosk_app.desktop.widgets.frame import Place
from kiosk_app.desktop.widgets.passing import Passing
from kiosk_app.desktop.window import ATTRACT, BOOK, IDENTIFY, KioskWindow, Setup
from kiosk_app.devices.cards import CardRules
from kiosk_app.sync.events import (
    LinkChanged,
    LinkState,
    RequestSettled,
    SessionsChanged,
    VisitBegan,
    VisitEnded,
)
from tests.helpers import november
from tests.helpers.booking_screens import BookingScreens
from tests.helpers.browsing import PRIYA, PURSE, Campus
from tests.helpers.staff_screens import StaffScreens
from tests.helpers.staging import on_screen, settle
from tests.helpers.wedge import Keys

CODE = "BK-20261126-7K2QZD"
INSTRUCTORS, TOPICS = ("Dr. Ruth Feldman", "Samuel Okonkwo-Abernathy"), ("Ethics", "Mixed")
CAMPUS = "Toronto Campus – Downtown"
WAITING = november.session_id(november.TODAY.replace(day=26), november.SJ)
DISCUSSION = november.session_id(november.TODAY.replace(day=26), november.MD)
EXAM = november.session_id(november.TODAY.replace(day=24), november.CS)


class Screens(BookingScreens, StaffScreens):
    """The window with data in it, and a way to each screen.

    Args:
        campus: the device's files.
        qtbot: owner of the window.
        size: width and height of the window.
    """

    def __init__(self, campus: Campus, qtbot, size=(1920, 1080)) -> None:
        self.campus = campus
        self.window = KioskWindow(campus.visit, self.setup(), LatePages())
        on_screen(qtbot, self.window, *size)
        done = []
        self.window.finish(lambda: done.append(True))
        qtbot.waitUntil(lambda: bool(done))
        self._qtbot = qtbot
        self._narrowed = False

    @staticmethod
    def setup(language="en") -> Setup:
        """Return how the window is used."""
        return Setup(place=Place(campus=CAMPUS, zone=november.ZONE), language=language)

    def names(self) -> list[str]:
        """Return every screen, in the order of a visit."""
        return list(self._ways if self.campus.facts else self._first_ways)

    def show(self, name: str) -> None:
        """Go to a screen from wherever the window is."""
        for over in self.window.findChildren(Passing):
            over.dismiss()
        for opened in self.window.findChildren(DropList):
            opened.leave()
        self._as_usual()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        {**self._ways, **self._first_ways}[name](self)
        self.window.idle.stop()  # screens are walked slower than people go away
        self.rest()

    def _as_usual(self) -> None:
        """Take back what one screen alone needs."""
        self._taught((None,), ())
        if self.campus.visit.link.state is LinkState.OFFLINE:
            self.campus.link(LinkState.ONLINE)
        student = self.campus.visit.student
        if student is not None and self.campus.visit.balances != PURSE:
            self.sign_out()
        if self._narrowed:
            self._narrowed = False
            self.window.browse.reset()

    def rest(self) -> None:
        """Let layouts and lists come to rest."""
        settle()
        day = self.window.browse.day
        self._qtbot.waitUntil(lambda: not day.isVisible() or day.complete)
        settle()

    def sign_in(self) -> None:
        if self.campus.visit.student is None:
            self.campus.visit.handle(
                VisitBegan(student=PRIYA, balances=PURSE, balances_at=november.NOW)
            )

    def sign_out(self) -> None:
        if self.campus.visit.student is not None:
            self.campus.visit.handle(VisitEnded())

    # the ways

    def _attract(self) -> None:
        self.sign_out()
        self.window.show_page(ATTRACT)

    def _help(self) -> None:
        self._attract()
        self.window.attract.help.click()

    def _fault(self) -> None:
        self.sign_out()
        self.window.set_out_of_order("wrong_server", 2)

    def _more_filters(self) -> None:
        """Sessions with instructors and topics, of which one each is chosen."""
        self._taught(INSTRUCTORS, TOPICS)
        self._narrowed = True
        self._browse("calendar")
        self.window.browse.more.choose(INSTRUCTORS[1], TOPICS[0])
        self.window.browse.filters.changed.emit()
        if self.window.browse.filters.fold.isVisible():
            self.window.browse.filters.fold.click()

    def _taught(self, names: tuple[str | None, ...], topics: tuple[str, ...]) -> None:
        """Give the sessions these instructors and topics in turn."""
        told = [
            replace(
                facts, instructor_name=names[n % len(names)], topics=[*topics[n // 2 % 2 :][:1]]
            )
            for n, facts in enumerate(self.campus.facts.values())
        ]
        if told != list(self.campus.facts.values()):
            self.campus.put(*told)
            self.campus.visit.handle(SessionsChanged(None))

    def _dates(self) -> None:
        self._browse("list")
        self.window.browse.list_page.presets.button("own").click()

    def _identify(self) -> None:
        self.sign_out()
        self.window.show_page(IDENTIFY)

    def _no_match(self) -> None:
        self._identify()
        self.window.identify.go.click()

    def _is_this_you(self) -> None:
        self._identify()
        page = self.window.identify
        page.take_card(PRIYA.student_id)
        page.email.set_text(PRIYA.email)
        page.go.click()
        self.campus.visit.handle(
            VisitBegan(student=PRIYA, balances=PURSE, balances_at=november.NOW)
        )

    def _browse(self, mode: str) -> None:
        self.sign_in()
        self.window.show_page(BOOK)
        self.window.browse.show_mode(mode)

    def _empty_day(self) -> None:
        """A day without a session that fits, and the next one that does (02b)."""
        self._browse("calendar")
        self._narrowed = True
        self.window.browse.filters.campus.button("Mississauga").click()
        self.window.browse.month.show_day(november.TODAY.replace(day=23))

    def _empty_list(self) -> None:
        """A search that finds nothing (03b)."""
        self._browse("list")
        self._narrowed = True
        page = self.window.browse.list_page
        self._qtbot.keyClicks(page.search, "violin")
        self._qtbot.waitUntil(lambda: page._empty.isVisible() and "violin" in page._empty.words)

    def _menu(self) -> None:
        self._browse("calendar")
        self.window.browse.filters.types.click()

    def _loading(self, mode: str) -> None:
        """A kiosk that has nothing yet, and is being told (13a)."""
        self.campus.link(LinkState.ONLINE)
        self._browse(mode)
        self._qtbot.waitUntil(lambda: self.window.browse.month.model.loading)

    def _nothing_offline(self, mode: str) -> None:
        self._browse(mode)
        self.campus.link(LinkState.OFFLINE)

    def _no_tokens(self) -> None:
        """Somebody whose purse is empty (13b)."""
        self.sign_out()
        began = VisitBegan(student=PRIYA, balances=Balances(), balances_at=november.NOW)
        self.campus.visit.handle(began)
        self.window.show_page(BOOK)

    def _offline(self, mode: str) -> None:
        """What a kiosk without a network promises (06a)."""
        self._browse(mode)
        self.campus.link(LinkState.OFFLINE)

    def _pin(self) -> None:
        self._attract()
        pad = LatePages().pin_pad(self.window, is_set=True)
        pad.offer("attention")
        pad.offer("scanner")
        pad.open()

    def _scanner(self) -> None:
        self._attract()
        LatePages().scanner_trial(self.window, CardRules(prefix="~", formula="x(?P<id>[0-9]+)"))
        Keys(self.window).scan("~;6010260481799?")

    def _sheet(self, session_id: str) -> None:
        self._browse("calendar")
        row = self.campus.reading.session(session_id, november.STUDENT)
        self.window.booking.book(row)

    def _wrong(self) -> None:
        self._sheet(DISCUSSION)
        self.window.booking.sheet.form.topic.area.set_text("ethics and law, " * 14)
        self.window.booking.sheet.confirm_button.click()

    def _done(self, state: str) -> None:
        self.sign_in()
        row = self.campus.reading.session(DISCUSSION, november.STUDENT)
        confirmed = state == "confirmed"
        settled = RequestSettled(
            request_id="r",
            state=state,
            number="Q-DT1-0147",
            booking_ref="b-1" if confirmed else None,
            booking_code=CODE if confirmed else None,
            seat=14 if state == "guaranteed" else None,
            tokens_before=2,
            tokens_remaining=1,
            code="DISCUSSION_FULL" if state == "refused" else None,
        )
        placed = Placed(
            request_id="r",
            row=row,
            choices=Choices(discussion_format=row.delivery_format),
            opinion=self.campus.visit.opinion(row),
            placed_at=november.NOW,
            number="Q-DT1-0147",
            settled=settled,
        )
        self.window._placed(placed)

    def _still_there(self) -> None:
        self._browse("calendar")
        self.window._ask_still_there(14)

    def _panel(self) -> None:
        self._identify()
        self.window.show_accessibility()

    def _unsent(self, state: LinkState) -> None:
        self._bookings()
        self.campus.visit.handle(
            LinkChanged(
                state=state,
                synced_at=november.NOW,
                waiting=2,
                oldest_at=november.NOW - timedelta(minutes=12),
                features=self.campus.features,
            )
        )

    _ways: ClassVar[dict[str, Callable[["Screens"], None]]] = {
        "attract": _attract,
        "help": _help,
        "identify": _identify,
        "identify-empty-fields": _no_match,
        "is-this-you": _is_this_you,
        "accessibility": _panel,
        "calendar": lambda self: self._browse("calendar"),
        "list": lambda self: self._browse("list"),
        "dates": _dates,
        "more-filters": _more_filters,
        "book-discussion": lambda self: self._sheet(DISCUSSION),
        "book-exam": lambda self: self._sheet(EXAM),
        "book-wrong": _wrong,
        "confirmed": lambda self: self._done("confirmed"),
        "guaranteed": lambda self: self._done("guaranteed"),
        "queued": lambda self: self._done("queued"),
        "refused": lambda self: self._done("refused"),
        **BookingScreens.booking_ways,
        "still-there": _still_there,
        "day-empty": _empty_day,
        "list-empty": _empty_list,
        "type-menu": _menu,
        "no-tokens": _no_tokens,
        "pin-pad": _pin,
        "scanner": _scanner,
        "unsent": lambda self: self._unsent(LinkState.ONLINE),
        "unsent-offline": lambda self: self._unsent(LinkState.OFFLINE),
        **StaffScreens.staff_ways,
        "out-of-order": _fault,
        "offline-calendar": lambda self: self._offline("calendar"),
        "offline-list": lambda self: self._offline("list"),
    }
    _first_ways: ClassVar[dict[str, Callable[["Screens"], None]]] = {
        "loading-calendar": lambda self: self._loading("calendar"),
        "loading-list": lambda self: self._loading("list"),
        "nothing-calendar": lambda self: self._nothing_offline("calendar"),
        "nothing-list": lambda self: self._nothing_offline("list"),
    }
    """Screens of a device that has read no session yet."""
