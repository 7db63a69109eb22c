"""Browsing: find a session in the calendar or in the list, and ask to book it (A41–A53, K2).

The page decides nothing: what a button offers is the visit's opinion, asked again at the press
(A50). Calendar and list share one filter, which lasts as long as the visit (A45). A first frame
shows head, filters and month; the other parts are made by `later`, or when one is asked for.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.models.facts import Facts
from kiosk_app.desktop.models.offers import OPEN, OWN, reason
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.views import kept_filters
from kiosk_app.desktop.views.blanks import first
from kiosk_app.desktop.views.browse_parts import BrowseParts, Sessions
from kiosk_app.desktop.views.filter_bar import FilterBar
from kiosk_app.desktop.views.month_page import MonthPage
from kiosk_app.desktop.views.offering import offer_now, refusal_of
from kiosk_app.desktop.views.page_head import PageHead
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.labels import Panel
from kiosk_app.desktop.widgets.later import Step
from kiosk_app.desktop.widgets.low_room import LowRoom
from kiosk_app.domain.listing import SessionFilter, SessionRow
from kiosk_app.domain.times import DEFAULT_ZONE
from kiosk_app.i18n.problems import sentence
from kiosk_app.i18n.texts import _

if TYPE_CHECKING:
    from kiosk_app.desktop.views.day_panel import DayPanel
    from kiosk_app.desktop.views.head_tokens import HeadTokens
    from kiosk_app.desktop.views.list_page import ListPage
    from kiosk_app.desktop.views.more_filters import MoreFilters

_TICK = 30_000
"""Milliseconds between looks at the clock, while the page is shown."""
_WIDE, _MIDDLE = 1600, 1360
"""Widths from which the day panel is 480 or 420 pixels wide; below, 384."""
_TIGHT = 760
"""Height below which the page does with smaller margins."""
_FOLDED = 560
"""Height of the window at 100 % of text size below which the filters stand behind one button."""
_TWO_COLUMNS_FROM = 900
_LEAST = 360
"""Pixels that calendar or list have at 100 % of text size; a lower page scrolls."""


class BrowseView(QWidget):
    """The page on which a student finds a session.

    Args:
        visit: who is there and what may be asked.
        parts: makes what a first frame does not show.
        zone: the zone of the kiosk.
        home_campus: the location shown first; None for all.
        contact: where a student gets tokens, in the words of the campus.
        parent: owner.
    """

    book_requested = Signal(object)
    """The SessionRow to book, as it is now; the rules allow it."""
    refused = Signal(object, object, bool)
    """SessionRow, as it is now, the code of why it cannot be booked, and whether a seat was just lost."""

    def __init__(
        self,
        visit: Visit,
        parts: BrowseParts,
        *,
        zone: str = DEFAULT_ZONE,
        home_campus: str | None = None,
        contact: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._visit, self._parts, self._home, self._contact = visit, parts, home_campus, contact
        self._facts = Facts(visit.reading, visit.now, zone, partial(offer_now, visit))
        self._day: DayPanel | None = None
        self._list: ListPage | None = None
        self._tokens: HeadTokens | None = None
        self._more: MoreFilters | None = None
        self._sessions: list[Sessions] = []
        self._noted, self._mode = False, "calendar"
        self.head = PageHead(lambda: _("Book a session"))
        self.filters = FilterBar()
        self.month = MonthPage(visit.reading, visit.now, zone)
        self._day_place: QWidget = Panel("card")
        self._calendar = QWidget()
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._calendar)
        self._pages = QStackedWidget()
        self._room = LowRoom(self, self._pages, lambda: round(_LEAST * current().text_scale))
        self._clock = QTimer(self, interval=_TICK)
        self._clock.timeout.connect(self._tick)
        self._lay_out()
        self._listen()
        self.reset()

    def later(self) -> list[Step]:
        """Return what is left to build, in the order in which people see it."""
        first: list[Step] = [lambda: self.day, self.month.table.follow_fingers]
        return [*first, self._note_zone, lambda: self.more]

    @property
    def day(self) -> "DayPanel":
        """The sessions of the chosen day."""
        if self._day is None:
            day = self._day = self._parts.day_panel(self._facts)
            empty, self._day_place = self._day_place, day
            self._across.replaceWidget(empty, day)
            empty.deleteLater()
            self._fit()
            day.show_day(self.month.day)
            self._join(day, self.month.show_day)
        return self._day

    @property
    def list_page(self) -> "ListPage":
        """The list; it is built when it is first shown."""
        if self._list is None:
            page = self._list = self._parts.list_page(self._facts)
            page.cleared.connect(self._clear)
            page.dates_changed.connect(self._keep)
            self._pages.addWidget(page)
            self._join(page, self._show_in_calendar)
        return self._list

    @property
    def more(self) -> "MoreFilters":
        """The filters by instructor and topic, where there is something to choose."""
        if self._more is None:
            more = self._more = self._parts.more_filters()
            self.filters.take(more)
            self._offer_more()
        return self._more

    def _offer_more(self) -> None:
        if self._more is not None:
            self._more.offer(*self._visit.reading.instructors_and_topics())

    @property
    def tokens(self) -> "HeadTokens":
        """The tokens of whoever is signed in."""
        if self._tokens is None:
            self._tokens = self._parts.head_tokens(self.head, self._contact)
        return self._tokens

    def _join(self, part: Sessions, show_day: Callable[[date], None]) -> None:
        """Let a part hear what the page hears, and the page what people do on it."""
        part.pressed.connect(self._press)
        part.day_asked.connect(show_day)
        part.ask(self.filters.wanted, self._visit.student_id, online=self._visit.online)
        self._sessions.append(part)

    def _note_zone(self) -> None:
        self._noted = True
        self._write_note()

    # what people see

    def reset(self) -> None:
        """Begin anew, as at the start and at the end of a visit: calendar, own location, today."""
        self.filters.set_campuses(self._visit.reading.campuses())
        self.filters.clear(self._home)
        self.filters.put_away()
        self._room.go_to_top()
        self.show_mode(self._mode)
        self.month.show_day(self._first_day())
        if self._list is not None:
            self._list.reset()
        self._ask(unseen=True)

    def ask_for(self, shown: SessionRow) -> None:
        """Ask to book a session that was chosen before anybody signed in."""
        self.month.show_day(shown.exam_date)
        self._press(shown)

    def _first_day(self) -> date:
        """Return the first day from today on that still offers something, or today."""
        today = self.month.model.today()
        now = self._visit.now()
        coming = SessionFilter(campus=self._home, first_day=today, starts_after=now)
        found = first(self._visit.reading, coming)
        return found.exam_date if found else today

    def show_type(self, mock_type: MockType | None) -> None:
        """Narrow to one type of session, or show all."""
        self.filters.set_filter(self.filters.campus.current, mock_type)
        self._ask()

    def prefer(self, mode: str) -> None:
        """Show the calendar or the list, and begin with it from now on."""
        self._mode = mode
        self.show_mode(mode)

    def show_mode(self, mode: str) -> None:
        """Show the calendar or the list; it reads what changed while nobody looked at it."""
        self.filters.choose_mode(mode)
        page = self.list_page if mode == "list" else self._calendar
        if page is not self._pages.currentWidget():
            self._pages.setCurrentWidget(page)
            for part in self._seen():
                part.changed(None)
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the clock while somebody looks."""
        super().showEvent(event)
        self._tick()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._clock.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set calendar and day side by side, or one over the other on an upright screen."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take other sizes; every part speaks the language for itself, but for the zone's note."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        elif event.type() == QEvent.Type.LanguageChange:
            self._write_note()
            self._write_head()

    def _lay_out(self) -> None:
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(24)
        self._across.addWidget(self.month, 1)
        self._across.addWidget(self._day_place)
        self._pages.addWidget(self._calendar)
        self._calendar.setAutoFillBackground(True)  # Qt paints nothing under it for a button's sake
        self._tall = QVBoxLayout(self)
        self._tall.addWidget(self.head)
        self._tall.addWidget(self.filters)
        self._tall.addWidget(self._pages, 1)

    def _listen(self) -> None:
        visit = self._visit
        self.filters.changed.connect(self._ask)
        self.filters.changed.connect(self._keep)
        self.filters.mode_chosen.connect(self.show_mode)
        self.month.day_changed.connect(self._show_day)
        self.month.entered.connect(self._enter_day)
        visit.sessions_changed.connect(self._sessions_changed)
        visit.bookings_changed.connect(lambda: self._sessions_changed(None))
        visit.bookings_changed.connect(self._write_head)
        visit.waits_changed.connect(self._offers_changed)
        visit.balances_changed.connect(self._offers_changed)
        visit.chances_changed.connect(self._chances_changed)
        visit.began.connect(self._greet)
        visit.ended.connect(lambda _expired: self.reset())

    def _greet(self) -> None:
        """Begin anew, with the filters that somebody left the last time (A79)."""
        self.reset()
        if kept := self._visit.filters:
            kept_filters.show(kept, self.filters, lambda: self.list_page, lambda: self.more)
            self._ask()

    def _keep(self) -> None:
        self._visit.keep_filters(kept_filters.chosen(self.filters, self._list))

    def _ask(self, *, unseen: bool = False) -> None:
        """Let every part that is seen read what fits; at the end of a visit all forget the person."""
        visit, wanted = self._visit, self.filters.wanted
        if unseen or not self._lists:
            self.month.ask(wanted, visit.student_id)
        for part in self._sessions if unseen else self._seen():
            part.ask(wanted, visit.student_id, online=visit.online)
        self._write_head()
        self.month.wait_for_data(waiting=self._waiting())

    @property
    def _lists(self) -> bool:
        """Whether the list is shown, not the calendar."""
        return self._list is not None and self._pages.currentWidget() is self._list

    def _seen(self) -> list[Sessions]:
        """Return the parts of the page that is shown; the others read anew when they are."""
        return [part for part in self._sessions if (part is self._list) is self._lists]

    def _waiting(self) -> bool:
        return self._visit.online and self._visit.reading.synced_at() is None

    def _show_day(self, day: date) -> None:
        """Show the day that was chosen; a panel that is not there yet begins with it."""
        if self._day is not None:
            self._day.show_day(day)

    def _write_head(self) -> None:
        visit, zone = self._visit, self._facts.zone
        if visit.student is not None or self._tokens is not None:
            balances = visit.balances if visit.student else None
            aged = None if visit.online else visit.balances_at
            self.tokens.show(
                balances, self.filters.mock_type, zone=zone, aged=aged, purse=visit.purse()
            )

    def _write_note(self) -> None:
        """Name the zone of all times; an hour or a language changes it, no filter does."""
        if self._noted:
            self.head.set_note(self._parts.zone_note(self._facts.zone, self._visit.now()))

    def _sessions_changed(self, session_ids: frozenset[str] | None) -> None:
        self.filters.set_campuses(self._visit.reading.campuses())
        self._offer_more()
        if not self._lists:
            self.month.model.changed(session_ids)
        self.month.wait_for_data(waiting=self._waiting())
        for part in self._seen():
            part.changed(session_ids)

    def _offers_changed(self) -> None:
        self._write_head()
        for part in self._seen():
            part.offers_changed()

    def _chances_changed(self) -> None:
        held = not self._visit.online and self._visit.link.guaranteed > 0
        self.month.legend.show_shield(shown=held)
        self._ask()
        self._offers_changed()

    def _tick(self) -> None:
        if not self._lists:
            self.month.tick()
        for part in self._seen():
            part.tick()
        self._write_note()
        self._write_head()

    def _press(self, shown: SessionRow) -> None:
        """Look again and hand on, say in place what one has already, or let it be told why not (A50)."""
        row = self._visit.reading.session(shown.session_id, self._visit.student_id)
        if row is None:
            self._say(shown, sentence(Code.SESSION_NOT_FOUND))
            return
        offer = offer_now(self._visit, row)
        if offer in OWN:
            self._say(shown, reason(offer))
        elif offer in OPEN:
            self.book_requested.emit(row)
        else:
            self.refused.emit(row, refusal_of(self._visit, row), shown.left > row.left)

    def _say(self, row: SessionRow, text: str) -> None:
        if self._list is not None and self._lists:
            self._list.say(text)
        elif card := self.day.card_of(row.session_id):
            card.say(text)

    def _enter_day(self) -> None:
        if button := self.day.first_button():
            button.setFocus(Qt.FocusReason.TabFocusReason)

    def _clear(self) -> None:
        self.filters.clear()
        self.filters.changed.emit()

    def _show_in_calendar(self, day: date) -> None:
        self.show_mode("calendar")
        self.month.show_day(day)

    def _fit(self) -> None:
        width, height = self.width(), self.height()
        upright = height > width
        tight = height < _TIGHT and not upright
        # Of the window, not of the page: a keyboard that comes moves no filter.
        low = self.window().height() < _FOLDED * current().text_scale
        self.filters.set_folds(folds=low, head=self.head)
        edge, top = 32 if width >= _WIDE else 24, 8 if tight else 24
        self._tall.setContentsMargins(edge, top, edge, edge if not tight else 8)
        self._tall.setSpacing(8 if tight else 20)
        across = QBoxLayout.Direction.LeftToRight
        self._across.setDirection(QBoxLayout.Direction.TopToBottom if upright else across)
        self._across.setSpacing(16 if tight or width < _WIDE else 24)
        scale = current().text_scale
        panel = 480 if width >= _WIDE else 420 if width >= _MIDDLE else 384
        wanted = 16_777_215 if upright else round(panel * min(scale, 1.25))
        self._day_place.setMinimumWidth(0 if upright else wanted)
        self._day_place.setMaximumWidth(wanted)
        if self._day is not None:
            self._day.set_columns(2 if upright and width >= _TWO_COLUMNS_FROM * scale else 1)
        self._across.setStretch(0, 16 if upright else 1)
        self._across.setStretch(1, 10 if upright else 0)
        self._room.look()
