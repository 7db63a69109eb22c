"""Steps of the tour around a session that is full: the seat lost, the waitlist, the offer; and a move."""

from datetime import date, timedelta

from kiosk_app.app.tour_neighbour import PLACE, Neighbour
from kiosk_app.app.tour_parts import VisitSteps
from kiosk_app.app.tour_person import TourFailed
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.views.move_sheet import MoveSheet
from kiosk_app.desktop.widgets.booking_item import BookingItem
from kiosk_app.desktop.window import BOOK, BOOKINGS, DONE
from kiosk_app.domain.listing import SessionFilter, SessionOrder, SessionRow, Standing

_AHEAD = range(30, 50)
"""In how many days the one-seat session is: the first of these on which nothing is booked."""


class WaitingSteps(VisitSteps):
    """What happens when somebody else was faster."""

    neighbour: Neighbour | None = None
    """Who is faster; a visit without one takes none of these steps."""

    def lose_a_seat(self) -> None:
        """The last seat goes while the form is open: nothing charged, the nearest others, the line."""
        neighbour = self._neighbour()
        neighbour.move_in(self._free_day())
        self.visit.sync_now()
        self.person.wait(lambda: self._small() is not None, "the session with one seat")
        row = self._small_row()
        sheet = self._open_sheet(row)
        neighbour.take(row.session_id)
        self.visit.sync_now()
        self.person.wait(lambda: self._small_row().left == 0, "the news that the seat is gone")
        self.person.tap(sheet.confirm_button)
        self.person.wait(lambda: sheet.refusal is not None, "the loss in words")
        self.person.look("seat-lost")
        join = sheet.refusal.join if sheet.refusal else None
        if join is None:
            raise TourFailed("expected a full session to offer its waitlist")
        self.person.tap(join.button)
        self.person.wait(lambda: join.joined, "a place in the line")
        self.person.look("waitlist-joined")
        self.person.tap(sheet.cancel_button)
        self._gone(sheet)
        self._see_waiting()
        self.person.look("waitlist")
        self._tab(BOOK)

    def be_offered_a_seat(self) -> None:
        """The neighbour gives up: an offer with its countdown, claimed with one form."""
        row = self._small_row()
        self._neighbour().give_up()
        self.visit.sync_now()
        self.person.wait(lambda: self.visit.seat_offered(row.session_id), "the offer")
        self.person.look("offer-banner")
        self._see_waiting()
        (item,) = self.window.bookings.waits.list.items
        self.person.look("offer")
        self.person.tap(item.claim_button)
        self.person.wait(lambda: self._sheet() is not None, "the form")
        sheet = self._sheet()
        assert sheet is not None  # noqa: S101 - just waited for
        self.person.settle()
        self.person.look("claim")
        self._confirm(sheet, Standing.CONFIRMED, row)
        self.person.look("claimed")

    def move(self) -> None:
        """The booking moves to another session: old and new before Confirm, then the pass."""
        small = self._small_row()
        self._tab(BOOKINGS)
        self.person.tap(self.window.bookings.tabs.button("upcoming"))
        self.person.wait(lambda: self._booked(small) is not None, "the booking")
        item = self._booked(small)
        assert item is not None  # noqa: S101 - just waited for
        self.person.wait(item.move_button.isVisible, "the button that moves")
        self.person.tap(item.move_button)
        self.person.wait(lambda: bool(self._moving()), "the sessions to move to")
        (sheet,) = self._moving()
        self.person.look("move-choose")
        other = sheet.choices.others[0]
        self.person.tap(other.button)
        self.person.wait(sheet.confirm_button.isVisible, "old and new")
        self.person.look("move-confirm")
        self.person.tap(sheet.confirm_button)
        self._on(DONE)
        self._gone(sheet)
        self._wait_standing(other.row.session_id, Standing.CONFIRMED)
        self.person.look("moved")
        self._tab(BOOK)

    def _booked(self, row: SessionRow) -> BookingItem | None:
        """Return the line of *My bookings* with a seat in this session."""
        for item in self.window.bookings.list.items:
            if item.row.session_id == row.session_id and item.row.standing is Standing.CONFIRMED:
                return item
        return None

    def _see_waiting(self) -> None:
        self._tab(BOOKINGS)
        self.person.tap(self.window.bookings.tabs.button("waiting"))

    def _neighbour(self) -> Neighbour:
        if self.neighbour is None:
            raise TourFailed("this visit has no neighbour")
        return self.neighbour

    def _free_day(self) -> date:
        """Return a day on which nothing is booked yet."""
        taken = {booking.exam_date for booking in self.visit.bookings()}
        days = [self.visit.now().date() + timedelta(days=n) for n in _AHEAD]
        return next(day for day in days if day not in taken)

    def _moving(self) -> list[MoveSheet]:
        return [over for over in self.window.overlays() if isinstance(over, MoveSheet)]

    def _small(self) -> SessionRow | None:
        """Return the session with one seat, once it is known here."""
        wanted = SessionFilter(
            mock_types=frozenset({MockType.MOCK_DISCUSSION}),
            first_day=self.visit.now().date() + timedelta(days=_AHEAD[0] - 1),
        )
        found = self.visit.reading.page(
            wanted,
            SessionOrder.DATE,
            descending=False,
            offset=0,
            limit=500,
            student_id=self.visit.student_id,
        )
        return next((row for row in found if row.location == PLACE), None)

    def _small_row(self) -> SessionRow:
        row = self._small()
        if row is None:
            raise TourFailed("the session with one seat is gone")
        return row
