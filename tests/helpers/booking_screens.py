"""The screens about bookings in the real window: one's own, waiting, moving, cancelling, joining."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from msgspec.structs import replace

from kiosk_app.desktop.views.join_dialog import JoinDialog
from kiosk_app.desktop.views.move_sheet import MoveSheet
from kiosk_app.desktop.window import BOOKINGS
from kiosk_app.domain.listing import Standing, WaitRow
from kiosk_app.sync.events import CancelSettled, MoveSettled, RequestSettled, WaitSettled
from tests.helpers import november
from tests.helpers.browsing import Campus

FULL = november.session_id(november.TODAY.replace(day=24), november.SJ)
DAY_TAKEN = november.session_id(november.TODAY.replace(day=28), november.CS, 0)
IN_LINE = WaitRow(wait_id="w-1", session_id=FULL, place=2, passed_over="OVERLAPPING_BOOKING")
OFFERED = WaitRow(
    wait_id="w-2",
    session_id=november.session_id(november.TODAY.replace(day=21), november.MM, 0),
    place=1,
    offered_until=november.NOW + timedelta(minutes=12, seconds=34),
)


class BookingScreens:
    """The ways to a student's bookings; `tests.helpers.screens` has the window and the other ways."""

    campus: Campus
    window: Any

    def _bookings(self) -> None:
        self.sign_in()
        self.window.show_page(BOOKINGS)
        self.window.bookings.show_tab("upcoming")

    def _wait(self, *waits: WaitRow) -> None:
        self.sign_in()
        self.campus.wait(*waits)

    def _waits(self) -> None:
        self._offered()
        self.window.bookings.show_tab("waiting")

    def _offered(self) -> None:
        self._bookings()
        self._wait(IN_LINE, OFFERED)

    def _offer_bar(self) -> None:
        self._browse("list")
        self._wait(OFFERED)

    def _claim(self) -> None:
        self._offer_bar()
        self.window._offer_bar.claim_button.click()

    def _decline(self) -> None:
        self._waits()
        (item,) = [i for i in self.window.bookings.waits.list.items if i.wait == OFFERED]
        item.decline_button.click()

    def _move(self) -> "MoveSheet":
        self._bookings()
        item = next(i for i in self.window.bookings.list.items if self.campus.visit.may_move(i.row))
        item.move_button.click()
        (sheet,) = self.window.overlays()
        return sheet

    def _move_confirm(self) -> None:
        sheet = self._move()
        sheet.choices.others[0].button.click()

    def _move_refused(self) -> None:
        sheet = self._move()
        sheet.choices.others[0].button.click()
        sheet.confirm_button.click()
        ref = sheet._booking.ref
        refused = MoveSettled(ref=ref, state="refused", code="MOVE_CUTOFF_PASSED")
        self.campus.visit.handle(refused)

    def _seat_lost(self) -> None:
        self._sheet(november.session_id(november.TODAY.replace(day=26), november.MD))
        self.window.booking.sheet.confirm_button.click()
        asked = self.campus.sent[-1].request_id
        self.campus.visit.handle(
            RequestSettled(request_id=asked, state="refused", number="", code="DISCUSSION_FULL")
        )

    def _waitlist_joined(self) -> None:
        self._seat_lost()
        join = self.window.booking.sheet.refusal.join
        join.button.click()
        session_id = self.campus.sent[-1].session_id
        joined = WaitSettled(session_id=session_id, step="join", state="done", place=1)
        self.campus.visit.handle(joined)

    def _why(self, session_id: str) -> None:
        self._browse("calendar")
        self._wait()
        row = self.campus.reading.session(session_id, november.STUDENT)
        self.window.browse.ask_for(row)

    def _cancel(self) -> None:
        self._bookings()
        item = next(i for i in self.window.bookings.list.items if i.row.can_cancel)
        item.cancel_button.click()

    def _undo(self) -> None:
        self._cancel()
        (question,) = self.window.overlays()
        question.cancel_button.click()
        cancel = self.campus.sent[-1]
        until = november.NOW + timedelta(seconds=10)
        held = CancelSettled(ref=cancel.ref, state="held", undo_until=until)
        self.campus.visit.handle(held)

    def _details(self) -> None:
        self._bookings()
        (row, *_) = [b for b in self.campus.visit.bookings() if b.standing is Standing.CONFIRMED]
        self.window.bookings._show_details(row)

    def _join(self) -> None:
        self._bookings()
        (row, *_) = [b for b in self.campus.visit.bookings() if b.standing is Standing.CONFIRMED]
        meeting = replace(row, join_url="https://meet.example.org/j/8841902?pwd=c2Vzc2lvbg")
        JoinDialog(meeting, self.campus.visit, self.window).open()

    booking_ways: ClassVar[dict[str, Callable[[Any], None]]] = {
        "bookings": _bookings,
        "waits": _waits,
        "bookings-offer": _offered,
        "offer-bar": _offer_bar,
        "claim": _claim,
        "decline": _decline,
        "move": _move,
        "move-confirm": _move_confirm,
        "move-refused": _move_refused,
        "seat-lost": _seat_lost,
        "waitlist-joined": _waitlist_joined,
        "why-full": lambda self: self._why(FULL),
        "why-day-taken": lambda self: self._why(DAY_TAKEN),
        "cancel": _cancel,
        "undo": _undo,
        "details": _details,
        "join": _join,
    }
