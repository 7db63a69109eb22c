"""What many steps of the tour are made of: sign-in, a session's form, a tab, and waits for what shows."""

from datetime import date, timedelta

from PySide6.QtCore import QPoint

from kiosk_app.app.tour_booth import BoothSteps
from kiosk_app.app.tour_person import TourFailed
from kiosk_app.contract.sessions import EXAM_TYPES, MockType
from kiosk_app.desktop.views.booking_sheet import BookingSheet
from kiosk_app.desktop.widgets.overlay import Overlay
from kiosk_app.desktop.window import ATTRACT, BOOK, BOOKINGS, DONE, IDENTIFY
from kiosk_app.domain.listing import BookingRow, SessionFilter, SessionOrder, SessionRow, Standing
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import LinkState

LOOK_AHEAD_DAYS = 60


class VisitSteps(BoothSteps):
    """Parts of steps of somebody who is signed in, or about to be."""

    def _wake(self) -> None:
        """Touch a kiosk that rests."""
        if self.window.frame.page == ATTRACT:
            self.person.tap(self.window.attract.start)
        self._on(IDENTIFY)

    def _beside_everything(self) -> QPoint:
        """Return a place of the attract screen where no button is."""
        title = self.window.attract.title
        return title.mapTo(self.window.attract, title.rect().center())

    def _identify(self, student_id: str, email: str) -> None:
        self._give(student_id, email)
        self._on(BOOK)

    def _give(self, student_id: str, email: str) -> None:
        """Type who one is, and be let in."""
        self._wake()
        page = self.window.identify
        for field, text in ((page.student_id, student_id), (page.email, email)):
            self.person.tap(field.edit)
            self.person.clear(field.edit)
            self.person.type_into(field.edit, text)
        self.person.tap(page.go)
        self.person.wait(lambda: self.visit.student_id == student_id, "the visit to begin")

    def _bookable(self, mock_type: MockType) -> SessionRow:
        """Return the next session of a type that this student may book.

        Raises:
            TourFailed: there is none.
        """
        for row in self._ahead(mock_type):
            if self.visit.opinion(row).refusal is None:
                return row
        raise TourFailed(f"expected a {mock_type} session that can be booked, and there is none")

    def _some(self, *, guaranteed: bool) -> SessionRow | None:
        """Return the next exam that this student may book, with a seat that the kiosk holds or not."""
        for mock_type in EXAM_TYPES:
            for row in self._ahead(mock_type):
                if bool(row.guaranteed) is guaranteed and self.visit.opinion(row).refusal is None:
                    return row
        return None

    def _ahead(self, mock_type: MockType) -> list[SessionRow]:
        """Return the sessions of a type from tomorrow on."""
        today = self.visit.now().date()
        wanted = SessionFilter(
            mock_types=frozenset({mock_type}),
            first_day=today + timedelta(days=1),
            last_day=today + timedelta(days=LOOK_AHEAD_DAYS),
        )
        return self.visit.reading.page(
            wanted,
            SessionOrder.DATE,
            descending=False,
            offset=0,
            limit=200,
            student_id=self.visit.student_id,
        )

    def _open_sheet(self, row: SessionRow) -> BookingSheet:
        self._show_day(row)
        self.person.tap(self.window.browse.day.cards[row.session_id].button)
        self.person.wait(lambda: self._sheet() is not None, "the booking form")
        sheet = self._sheet()
        assert sheet is not None  # noqa: S101 - just waited for
        return sheet

    def _show_day(self, row: SessionRow) -> None:
        """Choose the day of a session, and wait for its card to stand still."""
        self._choose_day(row.exam_date)
        day = self.window.browse.day
        self.person.wait(
            lambda: row.session_id in day.cards and day.complete, f"the sessions of {row.exam_date}"
        )
        self.person.settle()  # a card that has just come may still move

    def _unfold_filters(self) -> None:
        """Bring the filters out where they stand behind one button."""
        filters = self.window.browse.filters
        if not filters.campus.isVisible():
            self.person.tap(filters.fold)

    def _choose_day(self, wanted: date) -> None:
        month = self.window.browse.month
        for _turn in range(4):
            if month.model.index_of(wanted).isValid():
                break
            self.person.tap_button(_("Next month"), month)
        self.person.tap_cell(month.table, lambda: month.model.index_of(wanted))

    def _write_topic(self, sheet: BookingSheet) -> None:
        """Type a topic by touch; the keyboard stands under the form."""
        topic = sheet.form.topic
        if topic is None:
            raise TourFailed("expected a discussion to ask for a topic")
        self.person.tap(topic.area.edit)
        for letter in "ethics":
            self.person.tap_button(letter, self.window.frame.keyboard)
        self.person.look("book-discussion-typing")
        self.person.tap_button(_("Hide keyboard"), self.window.frame.keyboard)

    def _sheet(self) -> BookingSheet | None:
        return next((o for o in self.window.overlays() if isinstance(o, BookingSheet)), None)

    def _confirm(self, sheet: BookingSheet, standing: Standing, row: SessionRow) -> None:
        self.person.tap(sheet.confirm_button)
        self._on(DONE)
        self._gone(sheet)
        self._wait_standing(row.session_id, standing)

    def _gone(self, overlay: Overlay) -> None:
        self.person.wait(lambda: overlay not in self.window.overlays(), "the page behind the form")

    def _tab(self, name: str) -> None:
        frame = self.window.frame
        tabs = frame.top_bar.tabs if frame.top_bar.tabs.isVisible() else frame.nav_bar
        self.person.tap(tabs, tabs.tabRect((BOOK, BOOKINGS).index(name)).center())
        self._on(name)

    def _wait_online(self) -> None:
        self.person.wait(lambda: self.visit.link.state is LinkState.ONLINE, "the word online")

    def _wait_standing(self, session_id: str, standing: Standing) -> None:
        def there() -> bool:
            return any(
                b.session_id == session_id and b.standing is standing for b in self._bookings()
            )

        self.person.wait(there, f"the booking to be {standing.value}")

    def _bookings(self) -> list[BookingRow]:
        return self.visit.bookings()
