"""The list: every session that fits, sorted by any column, found by words or dates (03a, A44)."""

from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kiosk_app.contract.filters import Span
from kiosk_app.desktop.models.days import Days
from kiosk_app.desktop.models.facts import Facts
from kiosk_app.desktop.models.sessions import ORDER, Column, SessionsModel
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.views.blanks import blank_of, next_named, next_with_seats, next_words, words
from kiosk_app.desktop.views.dates_dialog import DatesDialog, days_text
from kiosk_app.desktop.views.session_table import SessionTable
from kiosk_app.desktop.widgets.answer import Answer
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.chips import Chips
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.empty import EmptyState
from kiosk_app.desktop.widgets.flow import clear
from kiosk_app.desktop.widgets.labels import Label, Panel
from kiosk_app.desktop.widgets.menu_button import MenuButton
from kiosk_app.desktop.widgets.search_box import SearchBox
from kiosk_app.desktop.widgets.sort_head import SortHead
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.domain.listing import SessionFilter, SessionRow
from kiosk_app.domain.times import day_in
from kiosk_app.i18n import formats
from kiosk_app.i18n.sessions import sessions_count
from kiosk_app.i18n.texts import _

_ALL: Span = "all"
_WEEK: Span = "7"
_MONTH: Span = "30"
_WEEKEND: Span = "weekend"
_OWN: Span = "own"
_SATURDAY = 5
_GAP = 24
_SEARCH, _SEARCH_LEAST = 520, 360
_NO_LIMIT = 16_777_215
_HEAD_FROM = 370
"""Pixels under the search, at 100 % of text size, from which columns are named even without rows."""


def span_of(preset: str, today: date) -> tuple[date, date | None]:
    """Return the first and last day of a preset; None means no end."""
    if preset == _WEEK:
        return today, today + timedelta(days=6)
    if preset == _MONTH:
        return today, today + timedelta(days=29)
    if preset == _WEEKEND:
        saturday = today + timedelta(days=(_SATURDAY - today.weekday()) % 7)
        if today.weekday() > _SATURDAY:
            return today, today
        return saturday, saturday + timedelta(days=1)
    return today, None


class ListPage(QWidget):
    """Search, dates, the table, and what to do when it is empty.

    Args:
        facts: where sessions come from, and what their buttons offer.
        parent: owner.
    """

    pressed = Signal(object)
    """The SessionRow whose button was pressed."""
    cleared = Signal()
    """A person wants no filter at all."""
    day_asked = Signal(object)
    """A person wants to see the day of the next session."""
    dates_changed = Signal()
    """A person chose other days."""

    def __init__(self, facts: Facts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)  # Qt paints nothing under it for a letter's sake
        self._reading, self._now, self._zone, offer = facts
        self._base = self._asked = SessionFilter()
        self._student: str | None = None
        self._online = False
        self._next: SessionRow | None = None
        self._days = Days()
        self._preset = _ALL
        self.model = SessionsModel(self._reading, offer, self)
        self.table = SessionTable(self.model)
        self.head = SortHead([int(column) for column in ORDER])
        self.search = SearchBox()
        self.presets = Chips()
        self.dates = MenuButton("calendar-days", _ALL)
        self.sort_menu = MenuButton("arrow-up-down", f"{int(Column.DATE)}")
        self.answer = Answer()
        self._count = Label("", "second")
        self._show_next = Button(_("Show"), "secondary")
        self._clear = Button(_("Clear all filters"), "primary")
        self._empty = EmptyState("calendar-x", (self._show_next, self._clear))
        self._body = QStackedWidget()
        self._shape: tuple[bool, bool] | None = None
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def wanted(self) -> SessionFilter:
        """The filter of the page: that of the view, narrowed by search and dates."""
        today = day_in(self._zone, self._now())
        first, last = span_of(self._preset, today)
        if self._preset == _OWN and self._days.first:
            first, last = max(self._days.first, today), self._days.last
        return replace(
            self._base,
            search=self.search.text().strip(),
            first_day=first if self._preset != _ALL else None,  # a clock says as much, and sooner
            last_day=last,
            starts_after=self._minute(),
        )

    @property
    def dates_chosen(self) -> tuple[Span, Days]:
        """The days that a person chose: which kind, and their own."""
        return self._preset, self._days

    def restore_dates(self, span: Span, days: Days) -> None:
        """Choose days again; a person's own that are over are all days."""
        last = days.last or days.first
        over = last is None or last < day_in(self._zone, self._now())
        if span == _OWN and over:
            span, days = _ALL, Days()
        self._choose_dates(span, days)

    def ask(self, base: SessionFilter, student_id: str | None, *, online: bool) -> None:
        """Show the sessions that fit, as this student sees them."""
        self._base, self._student, self._online = base, student_id, online
        self._reload()

    def reset(self) -> None:
        """Forget search, dates and order, as at the end of a visit."""
        self.search.clear()
        self._choose_dates(_ALL)
        self.answer.clear()
        self._empty.write("", "")  # it repeats what was searched for
        self._sort(Column.DATE, descending=False)

    def changed(self, session_ids: frozenset[str] | None) -> None:
        """Take note that sessions changed; None means any of them may have."""
        kept = self._chosen_id()
        self.model.changed(session_ids)
        self._keep(kept)
        self._write_count()

    def offers_changed(self) -> None:
        """Take note that a press would mean something else now."""
        self.model.offers_changed()

    def tick(self) -> None:
        """Take note that time went by: what has started is no longer offered."""
        kept, at = self._chosen_id(), self.table.verticalScrollBar().value()
        self._reload()
        self._keep(kept)
        self.table.verticalScrollBar().setValue(at)

    def say(self, text: str) -> None:
        """Say under the list why a session was not booked."""
        self.answer.say(text)

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language, or take other sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self.table.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put search and dates side by side where they fit."""
        super().resizeEvent(event)
        self._fit()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._write_presets()
        texts = {
            int(Column.DATE): _("Date"),
            int(Column.TIME): _("Time"),
            int(Column.SESSION): _("Session"),
            int(Column.LOCATION): _("Location"),
            int(Column.FORMAT): _("Format"),
            int(Column.SEATS): _("Seats"),
        }
        self.head.set_texts(texts)
        self._write_sort_menu(texts)
        self.table.setAccessibleName(_("Sessions"))
        self.table.setAccessibleDescription(_("Choose a session to book it"))
        self._clear.setText(_("Clear all filters"))
        self.answer.clear()
        self._write_count()
        self.table.viewport().update()

    def _write_presets(self) -> None:
        """Offer the dates as chips, and as a menu for where chips have no room."""
        choices = [
            Choice(_ALL, _("All dates")),
            Choice(_WEEK, _("Next 7 days")),
            Choice(_MONTH, _("Next 30 days")),
            Choice(_WEEKEND, _("This weekend")),
            Choice(_OWN, days_text(self._days) or _("Pick dates"), "calendar-days"),
        ]
        self.presets.setAccessibleName(_("Dates"))
        self.presets.set_choices(choices)
        self.dates.set_choices(choices, _("Dates"))
        self._show_dates()

    def _show_dates(self) -> None:
        self.presets.choose(self._preset)
        self.dates.choose(self._preset)

    def _lay_out(self) -> None:
        self._tools = QVBoxLayout()
        self._tools.setSpacing(12)
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        for row in (self._first, self._second):
            row.setSpacing(_GAP)
            self._tools.addLayout(row)
        self._body.addWidget(self.table)
        self._body.addWidget(self._empty)
        card = Panel("card")
        inner = self._inner = QVBoxLayout(card)
        inner.setSpacing(0)
        inner.addWidget(self.head)
        inner.addWidget(self._body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(self._tools)
        column.addWidget(card, 1)
        column.addWidget(self.answer)
        self._stack(stacked=False)

    def _connect(self) -> None:
        self.search.asked.connect(lambda _text: self._reload())
        self.presets.chosen.connect(self._ask_dates)
        self.dates.chosen.connect(self._ask_dates)
        self.head.chosen.connect(lambda key: self._turn(Column(key)))
        self.sort_menu.chosen.connect(self._sort_by_menu)
        self.table.pressed.connect(self.pressed)
        self.table.columns_moved.connect(self._fit_head)
        self._clear.clicked.connect(self._clear_all)
        self._show_next.clicked.connect(self._ask_next)

    def _ask_dates(self, preset: str) -> None:
        """Show the days of a preset, or ask for a person's own; who asks and leaves keeps theirs."""
        if preset != _OWN:
            self._choose_dates(msgspec.convert(preset, Span))
            self._reload()
            self.dates_changed.emit()
            return
        self._show_dates()
        dialog = DatesDialog(self.window(), day_in(self._zone, self._now()), self._days)
        dialog.chosen.connect(self._take_days)
        dialog.open()

    def _take_days(self, days: Days) -> None:
        self._choose_dates(_OWN, days)
        self._reload()
        self.dates_changed.emit()

    def _choose_dates(self, preset: Span, days: Days = Days()) -> None:  # noqa: B008 - frozen
        self._preset, self._days = preset, days
        self._write_presets()
        self._fit()

    def _reload(self) -> None:
        wanted = self.wanted
        self.model.ask(wanted, self._student)
        self._write_count()
        timeless = replace(wanted, starts_after=None)
        if timeless != self._asked:  # a list of other sessions is read from its first
            self._asked = timeless
            self.table.scrollToTop()

    def _minute(self) -> datetime:
        """Return now, by the minute: one filter lasts until the clock's next one."""
        return self._now().replace(second=0, microsecond=0)

    def _write_count(self) -> None:
        count = self.model.rowCount()
        self._count.setText(sessions_count(count))
        self._body.setCurrentIndex(0 if count else 1)
        self._show_head()
        if not count:
            self._write_empty()

    def _write_empty(self) -> None:
        wanted = self.wanted
        open_ = SessionFilter(first_day=wanted.first_day, starts_after=wanted.starts_after)
        title, text = words(blank_of(self._reading, open_, wanted, online=self._online), wanted)
        self._next = next_with_seats(self._reading, replace(wanted, search="", last_day=None))
        named: tuple[str, ...] = ()
        if self._next is not None:
            text = f"{text}\n{next_words(wanted.campus)}".strip()
            named = next_named(self._next)
            day = formats.day_short(self._next.exam_date)
            self._show_next.setText(_("Show {day}").format(day=day))
        self._show_next.setVisible(self._next is not None)
        self._clear.setVisible(wanted != open_)
        self._empty.write(title, text, named)

    def _turn(self, column: Column) -> None:
        by, descending = self.model.sorted_by
        self._sort(column, descending=not descending if column is by else False)
        announce(self.table, self.head.order_words())

    def _sort(self, column: Column, *, descending: bool) -> None:
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.model.sort(column, order)
        self.head.show_order(int(column), descending=descending)
        self.sort_menu.choose(f"{int(column)}{'-' if descending else ''}")
        self.table.scrollToTop()

    def _sort_by_menu(self, key: str) -> None:
        self._sort(Column(int(key.rstrip("-"))), descending=key.endswith("-"))

    def _write_sort_menu(self, texts: dict[int, str]) -> None:
        choices = []
        for key, text in texts.items():
            choices.append(Choice(f"{key}", _("{column}, ascending").format(column=text)))
            choices.append(Choice(f"{key}-", _("{column}, descending").format(column=text)))
        self.sort_menu.set_choices(choices, _("Sort by"))

    def _fit(self) -> None:
        self.sort_menu.setVisible(self.table.narrow)
        self._show_head()
        top = current().px("radiusLg") if self.table.narrow else 1
        self._inner.setContentsMargins(1, top, 1, 14)
        others = self.presets.sizeHint().width() + self._count.sizeHint().width() + 2 * _GAP
        self._stack(stacked=others + _SEARCH_LEAST > self.width())
        room = self.width() - others
        self.search.setMaximumWidth(_SEARCH if room >= _SEARCH_LEAST else _NO_LIMIT)

    def _show_head(self) -> None:
        """Name the columns where there are some; on a low page what is said of none needs the room."""
        under = self.height() - self._tools.sizeHint().height()
        roomy = under >= _HEAD_FROM * current().text_scale
        shown = not self.table.narrow and (roomy or self.model.rowCount() > 0)
        self.head.setVisible(shown)

    def _stack(self, *, stacked: bool) -> None:
        """Set the search beside the dates: chips, or a menu where they have no room."""
        shape = (stacked, self.table.narrow)
        if shape == self._shape:
            return
        self._shape = shape
        for row in (self._first, self._second):
            clear(row)
        dates = self.dates if stacked else self.presets
        self._first.addWidget(self.search, 1)
        rest = self._second if self.table.narrow else self._first
        rest.addWidget(dates)
        if not stacked:
            rest.addStretch(1)
        rest.addWidget(self.sort_menu)
        if self.table.narrow:
            rest.addStretch(1)
        rest.addWidget(self._count)
        for one in (self.dates, self.presets):  # one without a place would be a window
            one.setVisible(one is dates)

    def _fit_head(self) -> None:
        self.head.set_places(self.table.places())
        self._fit()

    def _chosen_id(self) -> str | None:
        index = self.table.currentIndex()
        row = self.model.row(index.row()) if index.isValid() else None
        return row.session_id if row else None

    def _keep(self, session_id: str | None) -> None:
        number = self.model.number_of(session_id) if session_id else None
        if number is not None and number != self.table.currentIndex().row():
            self.table.setCurrentIndex(self.model.index(number, Column.SESSION))

    def _clear_all(self) -> None:
        self.search.clear()
        self._choose_dates(_ALL)
        self.cleared.emit()
        self._reload()

    def _ask_next(self) -> None:
        if self._next is not None:
            self.day_asked.emit(self._next.exam_date)
