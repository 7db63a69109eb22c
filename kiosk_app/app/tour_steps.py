"""The steps of the tour, in the order a day brings them."""

from collections.abc import Callable
from pathlib import Path

from kiosk_app.app.demo_setup import DEMO_STUDENT
from kiosk_app.app.local_backend import LocalBackend
from kiosk_app.app.tour_looking import LookingSteps
from kiosk_app.app.tour_neighbour import Neighbour
from kiosk_app.app.tour_person import Person, TourFailed
from kiosk_app.app.tour_waiting import WaitingSteps
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.window import (
    ATTRACT,
    BOOK,
    BOOKINGS,
    IDENTIFY,
    KioskWindow,
)
from kiosk_app.domain.listing import Standing
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import LinkState


class Tour(WaitingSteps, LookingSteps):
    """One visitor's day.

    Args:
        window: the real window.
        person: who taps and looks.
        backend: the backend that goes away and comes back.
        poor: student ID and e-mail of somebody without tokens.
        neighbour: somebody who is faster; needed to take every step.
        profile: of the window's device; the same.
    """

    def __init__(
        self,
        window: KioskWindow,
        person: Person,
        backend: LocalBackend,
        poor: tuple[str, str],
        neighbour: Neighbour | None = None,
        *,
        profile: Path | None = None,
    ) -> None:
        super().__init__(window, person, backend)
        self.poor, self.neighbour, self.profile = poor, neighbour, profile

    def walk(self, tell: Callable[[str], None]) -> None:
        """Take every step and tell its name.

        Raises:
            TourFailed: a step did not reach its expected state.
        """
        for step in (
            self.arrive,
            self.wrong_pair,
            self.sign_in,
            self.needs,
            self.browse,
            self.find_nothing,
            self.be_corrected,
            self.book_discussion,
            self.book_exam,
            self.my_bookings,
            self.lose_a_seat,
            self.be_offered_a_seat,
            self.move,
            self.lose_the_network,
            self.promise_offline,
            self.request_offline,
            self.get_it_back,
            self.cancel,
            self.go_quiet,
            self.leave,
            self.come_by_a_link,
            self.without_tokens,
            self.closed,
            self.staff,
            self.revoked,
        ):
            tell(f"{len(self.person.pictures) + 1:02d} {step.__name__.replace('_', ' ')}")
            step()

    def arrive(self) -> None:
        """The kiosk is online and shows the next sessions; a tap leads to the sign-in."""
        self._wait_online()
        self.person.wait(
            lambda: self.visit.reading.synced_at() is not None, "sessions in the cache"
        )
        self._on(ATTRACT)
        self.person.wait(lambda: bool(self.window.attract.board.lines), "the next sessions")
        self.person.look("attract")
        self.help()
        self.person.tap(self.window.attract, self._beside_everything())
        self._on(IDENTIFY)
        self.person.look("identify")

    def wrong_pair(self) -> None:
        """A wrong e-mail is answered without saying which field is wrong; keys typed by touch."""
        page = self.window.identify
        self.person.tap(page.student_id.edit)
        for figure in DEMO_STUDENT[0]:
            self.person.tap_button(figure, self.window.frame.keyboard)
        self.person.wait(
            lambda: page.student_id.text() == DEMO_STUDENT[0], "the student ID typed by touch"
        )
        self.person.tap(page.email.edit)
        self.person.look("identify-keyboard")
        self.person.type_into(page.email.edit, "somebody@example.org")
        self.person.tap(page.go)
        self.person.wait(page.notice.isVisible, "a sentence about the mismatch")
        self.person.look("identify-no-match")

    def sign_in(self) -> None:
        """A card and the right e-mail open the calendar."""
        self.scan_a_card(*DEMO_STUDENT)
        self.person.look("browse-calendar")

    def browse(self) -> None:
        """Filter by place and type, in the calendar and in the list."""
        filters = self.window.browse.filters
        self._unfold_filters()
        self.person.tap_button("Downtown", filters)
        self.person.wait(lambda: filters.wanted.campus == "Downtown", "the location filter")
        self.person.look("browse-location")
        self.person.tap(filters.mode.button("list"))  # where there is no room it has no word
        page = self.window.browse.list_page
        self.person.wait(page.isVisible, "the list")
        self.person.type_into(page.search, "301")
        self.person.wait(lambda: "301" in page.wanted.search, "the search")
        self.person.look("browse-list-search")
        self.person.clear(page.search)
        self.person.tap_button(_("All locations"), filters)
        self.person.look("browse-list")
        self.person.tap(filters.mode.button("calendar"))

    def book_discussion(self) -> None:
        """A discussion, confirmed at once, with its code."""
        row = self._bookable(MockType.MOCK_DISCUSSION)
        sheet = self._open_sheet(row)
        self.person.look("book-discussion")
        self._write_topic(sheet)
        self._confirm(sheet, Standing.CONFIRMED, row)
        self.person.look("confirmed")
        slip = self.window.confirmation.slip
        self.person.tap(slip.button)
        self.person.wait(slip.note.isVisible, "the slip")
        self.person.look("printed")
        self.person.tap_button(_("Book another session"))
        self._on(BOOK)

    def book_exam(self) -> None:
        """An exam, confirmed at once, with its code."""
        row = self._bookable(MockType.CLINICAL_SKILLS)
        sheet = self._open_sheet(row)
        self.person.look("book-exam")
        self._confirm(sheet, Standing.CONFIRMED, row)
        self.person.look("exam-confirmed")
        self.person.tap_button(_("Book another session"))
        self._on(BOOK)

    def my_bookings(self) -> None:
        """What is booked, with state and code."""
        self._tab(BOOKINGS)
        self.person.look("my-bookings")
        self._tab(BOOK)

    def lose_the_network(self) -> None:
        """The backend's process ends; the kiosk says so and goes on with the seats it holds."""
        self.person.wait(
            lambda: self.visit.link.guaranteed > 0, "seats that this kiosk may promise"
        )
        self.backend.stop()
        self.visit.sync_now()
        self.person.wait(lambda: self.visit.link.state is LinkState.OFFLINE, "the word offline")
        self.person.wait(self.window.frame.banner.isVisible, "the offline banner")
        self.person.look("offline-browse")

    def promise_offline(self) -> None:
        """A seat that this kiosk holds: guaranteed, with no network."""
        row = self._some(guaranteed=True)
        if row is None:
            raise TourFailed("expected a session with a guaranteed seat, and there is none")
        sheet = self._open_sheet(row)
        self.person.look("offline-seat-form")
        self._confirm(sheet, Standing.GUARANTEED, row)
        self.person.look("offline-guaranteed")
        self.person.tap_button(_("Book another session"))
        self._on(BOOK)

    def request_offline(self) -> None:
        """A request: saved here, called so, and not a seat."""
        row = self._some(guaranteed=False)
        if row is None:
            raise TourFailed("expected a session without a guaranteed seat, and there is none")
        sheet = self._open_sheet(row)
        self.person.look("offline-form")
        self._confirm(sheet, Standing.QUEUED, row)
        self.person.look("offline-queued")
        self._tab(BOOKINGS)
        self.person.look("offline-my-bookings")

    def get_it_back(self) -> None:
        """The backend returns at the same address; promise and request become bookings by themselves."""
        offline = {Standing.GUARANTEED, Standing.QUEUED}
        waiting = [b.session_id for b in self.visit.bookings() if b.standing in offline]
        self.backend.start()
        self.visit.sync_now()
        self._wait_online()
        for session_id in waiting:
            self._wait_standing(session_id, Standing.CONFIRMED)
        self.person.look("back-online-confirmed")

    def cancel(self) -> None:
        """A booking is cancelled, can be undone for some seconds, and its token comes back."""
        before = self.visit.balances
        row = next(b for b in self.visit.bookings() if b.can_cancel)
        item = next(i for i in self.window.bookings.list.items if i.row.ref == row.ref)
        self.person.tap(item.cancel_button)
        self.person.wait(lambda: bool(self.window.overlays()), "the question before a cancel")
        self.person.look("cancel-question")
        self.person.tap_button(_("Yes, cancel it"), self.window.overlays()[0])
        self.person.wait(item.undo_button.isVisible, "the way back")
        self.person.look("cancel-undo")
        self._wait_standing(row.session_id, Standing.CANCELLED)
        self.person.wait(lambda: self.visit.balances != before, "the token back")
        self.person.look("cancelled")

    def leave(self) -> None:
        """Sign out; nothing of the person stays."""
        self.person.tap(self.window.frame.top_bar.sign_out)
        self.person.wait(lambda: self.visit.student is None, "the end of the visit")
        self._on(ATTRACT)
        self.person.look("signed-out")

    def come_by_a_link(self) -> None:
        """A link leads to the bookings of whoever signs in."""
        self.follow_a_link(*DEMO_STUDENT)

    def without_tokens(self) -> None:
        """Somebody with no tokens learns where to get them."""
        self._identify(*self.poor)
        self.person.look("zero-tokens")
        self.person.tap(self.window.frame.top_bar.sign_out)
        self.person.wait(lambda: self.visit.student is None, "the end of the visit")
