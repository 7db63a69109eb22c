"""The sessions of the chosen day, each with what a person can do about it (02a, 02b)."""

from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.desktop.models.facts import Facts
from kiosk_app.desktop.models.offers import Offer
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.views.blanks import (
    Blank,
    blank_of,
    next_named,
    next_with_seats,
    next_words,
    words,
)
from kiosk_app.desktop.views.session_card import SessionCard
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.empty import EmptyState
from kiosk_app.desktop.widgets.fingers import ONE_FRAME, scroll_by_finger
from kiosk_app.desktop.widgets.labels import Label, Panel, line
from kiosk_app.desktop.widgets.more_below import MoreBelow
from kiosk_app.desktop.widgets.skeleton import CardSkeleton
from kiosk_app.domain.listing import SessionFilter, SessionRow
from kiosk_app.domain.times import day_in
from kiosk_app.i18n import formats
from kiosk_app.i18n.sessions import sessions_count
from kiosk_app.i18n.texts import _, ngettext

_SLIM = 440
"""Pixels below which a card sets its cost over its button."""
_LEAST = 140
"""Pixels that the lowest card takes at 100 % of text size."""
_STEP = 2
"""Cards made between two frames while somebody is near their place."""
_LAYOUT, _QUEUED = QEvent.Type.LayoutRequest.value, QEvent.Type.MetaCall.value
"""What a list that grew or shrank posts: to itself, to where it lies, and for the scroll bar."""
_SPARE = 16
"""Cards kept for another day or filter, when there are fewer sessions to show."""


class DayPanel(Panel):
    """One day's sessions as cards; a change alters cards in place.

    Args:
        facts: where sessions come from, and what their buttons offer.
        parent: owner.
    """

    pressed = Signal(object)
    """The SessionRow whose button was pressed."""
    day_asked = Signal(object)
    """The date of the next session that fits."""

    def __init__(self, facts: Facts, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        speech.give_role(self, "Grouping")
        self._reading, self._now, self._zone, self._offer = facts
        self._day = day_in(self._zone, self._now())
        self._wanted = SessionFilter()
        self._student: str | None = None
        self._online = False
        self._columns = 1
        self._next: SessionRow | None = None
        self.cards: dict[str, SessionCard] = {}
        self._rows: tuple[SessionRow, ...] = ()
        """The first of the day, as many as there are cards; `_count` is all of them."""
        self._count = 0
        self._placed: list[SessionCard] = []
        self._spare: list[SessionCard] = []
        self._made = 0
        self._painted = False
        self._title = Label("", "title", wrap=True)
        self._when = Label("", "second")
        self._go = Button(_("Go"), "tonal", icon="arrow-right", trailing=True)
        self._go.clicked.connect(self._ask_next)
        self._empty = EmptyState("calendar", (self._go,))
        self._scroll = QScrollArea()
        self._list = QWidget()
        self._grid = QGridLayout(self._list)
        self._more = MoreBelow(self._scroll)
        self._pages = QStackedWidget()
        self._skeleton = CardSkeleton()
        self._further = QTimer(self, interval=0, singleShot=True)
        self._further.timeout.connect(self._go_further)
        self._lay_out()

    def ask(self, wanted: SessionFilter, student_id: str | None, *, online: bool) -> None:
        """Show the sessions that fit, as this student sees them."""
        turned = wanted != self._wanted
        if student_id != self._student:
            self._drop(self._spare)  # what they say is another person's
            self._spare = []
        self._wanted, self._student, self._online = wanted, student_id, online
        self.refresh(turned=turned)

    def show_day(self, day: date) -> None:
        """Show another day, from its first session."""
        turned = day != self._day
        if turned:
            self._day = day
            self._scroll.verticalScrollBar().setValue(0)
        self.refresh(turned=turned)

    def set_columns(self, columns: int) -> None:
        """Set cards in one column, or in two where the panel is wide."""
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def refresh(self, *, turned: bool = False) -> None:
        """Read the day again; cards of sessions that stay are changed, not made anew.

        `turned`: a person asked for other sessions, so that no finger lies on those there are; the
        cards they leave are written anew, which is many times faster than to make some, and those
        that are in sight first.
        """
        self._made = self._in_sight() if turned else max(self._made, self._in_sight())
        self._read(self._made)
        self._show_cards(turned=turned)
        self._write(self._count)

    def changed(self, session_ids: frozenset[str] | None) -> None:  # noqa: ARG002 - of any day
        """Take note that sessions changed."""
        self.refresh()

    def offers_changed(self) -> None:
        """Take note that a press would mean something else now."""
        self.refresh()

    def tick(self) -> None:
        """Take note that time went by: what has started is no longer offered."""
        self.refresh()

    @property
    def complete(self) -> bool:
        """Whether the cards are there that are in sight or near it."""
        return len(self.cards) >= self._count or (bool(self.cards) and not self._near_end())

    def card_of(self, session_id: str) -> SessionCard | None:
        """Return the card of a session of this day, made now if nobody has scrolled to it yet."""
        if session_id not in self.cards:
            self._read(self._count)
        for number, row in enumerate(self._rows):
            if row.session_id == session_id and session_id not in self.cards:
                self._made = number + 1
                self._show_cards()
        return self.cards.get(session_id)

    def first_button(self) -> QWidget | None:
        """Return what the keyboard should reach first."""
        if self.cards:
            return next(iter(self.cards.values())).button
        return self._go if self._go.isVisibleTo(self) else None

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give cards less margin in a slim panel."""
        super().resizeEvent(event)
        for card in self._placed:
            card.set_slim(slim=self._slim())
        self._further.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Make the first cards once the panel was seen; the first frame does not wait for them."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(ONE_FRAME, self, self._begin)

    def showEvent(self, event: QShowEvent) -> None:
        """Fill what is in sight."""
        super().showEvent(event)
        self._further.start()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._write(self._count)

    def _read(self, room: int) -> None:
        """Read how many sessions the day has and the first of them, however crowded it is."""
        found = self._reading.day(
            self._day, self._wanted, self._student, after=self._now(), room=room
        )
        self._rows, self._count = found.rows, found.count

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 20, 24, 20)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._when)
        head.addLayout(texts, 1)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._scroll.setWidget(self._list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar = self._scroll.verticalScrollBar()
        bar.valueChanged.connect(lambda _value: self._further.start())
        bar.rangeChanged.connect(lambda _least, _most: self._further.start())
        for page in (self._scroll, self._empty, self._skeleton):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 14)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(line())
        column.addWidget(self._pages, 1)

    def _show_cards(self, *, turned: bool = False) -> None:
        """Make, change and drop cards until they are those of the first rows."""
        rows = self._rows[: self._made] if self._painted else []
        kept = {row.session_id for row in rows}
        left = [card for key, card in self.cards.items() if key not in kept]
        spare, self._spare = (left if turned else []) + self._spare, []
        dropped = [] if turned else left
        shown: dict[str, SessionCard] = {}
        for row in rows:
            offer = self._offer(row)
            card = self.cards.get(row.session_id)
            if card is None and spare:
                card = spare.pop(0)
                card.hush()
            shown[row.session_id] = card or self._make_card(row, offer)
            shown[row.session_id].set_row(row, offer)
        self._spare = spare[:_SPARE]
        self._drop([*dropped, *spare[_SPARE:]])
        self.cards = shown
        if [*shown.values(), *self._spare] != self._placed:
            self._arrange()
        else:
            self._reveal()
        self._take_sizes()

    def _take_sizes(self) -> None:
        """Lay out before the next painting, with or without scroll bar; later, all is painted twice."""
        QCoreApplication.sendPostedEvents(self._list, _LAYOUT)
        QCoreApplication.sendPostedEvents(self._scroll.viewport(), _LAYOUT)
        QCoreApplication.sendPostedEvents(self._scroll, _QUEUED)

    def _drop(self, cards: list[SessionCard]) -> None:
        for card in cards:
            self._placed.remove(card)
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()

    def _begin(self) -> None:
        scroll_by_finger(self._scroll.viewport())
        self._made = max(self._made, self._in_sight())
        self._go_further()

    def _in_sight(self) -> int:
        """Return how many cards reach half a page beyond the edge, so that none is made right after.

        One more card makes the list longer, and all of it is painted again.
        """
        view, before = self._scroll.viewport().height(), self._scroll.verticalScrollBar().value()
        least = max(1, round(_LEAST * current().text_scale))
        return ((before + view * 3 // 2) // least + 1) * self._columns

    def _near_end(self) -> bool:
        """Say whether the end of the cards there are is less than half a page away."""
        bar = self._scroll.verticalScrollBar()
        return bar.maximum() - bar.value() < self._scroll.viewport().height() // 2

    def _go_further(self) -> None:
        """Make a few cards more while somebody is near the end of those there are."""
        if not self.complete and self._painted and self._scroll.isVisible():
            self._made = max(self._made, len(self.cards) + _STEP)
            if self._made > len(self._rows):
                self._read(self._made)
            self._show_cards()
            self._further.start()

    def _reveal(self) -> None:
        """Show the cards that say something, and hide the spare ones."""
        for card in self._placed:
            card.setVisible(card not in self._spare)
        self._count_below()

    def _count_below(self) -> None:
        cards = list(self.cards.values())
        buttons: list[QWidget] = [card.button for card in cards]
        self._more.count_parts([*cards], buttons, self._count - len(cards))

    def _make_card(self, row: SessionRow, offer: Offer) -> SessionCard:
        card = SessionCard(row, offer, self._list)
        card.pressed.connect(self.pressed)
        return card

    def _arrange(self) -> None:
        for card in self._placed:
            self._grid.removeWidget(card)
        self._placed = [*self.cards.values(), *self._spare]
        before: QWidget | None = None
        for number, card in enumerate(self._placed):
            row, column = divmod(number, self._columns)
            last = column == self._columns - 1
            card.set_edge(at_end=not last)
            card.set_slim(slim=self._slim())
            self._grid.addWidget(card, row, column)
            if before is not None:
                QWidget.setTabOrder(before, card.button)
            before = card.button
        for column in range(2):
            self._grid.setColumnStretch(column, int(column < self._columns))
        for row in range(self._grid.rowCount() + 1):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(len(self._placed), 1)
        self._reveal()

    def _write(self, count: int) -> None:
        self._title.setText(_first_up(formats.day_long(self._day)))
        self._when.setText(self._distance())
        if count or self._reading.synced_at() is not None:
            self._when.setText(f"{self._distance()} · {sessions_count(count)}")
        self.setAccessibleName(formats.listed(self._title.text(), self._when.text()))
        self._more.refresh()
        if count:
            self._pages.setCurrentWidget(self._scroll)
        else:
            self._write_empty()

    def _write_empty(self) -> None:
        later = replace(self._wanted, first_day=max(self._day, day_in(self._zone, self._now())))
        later = replace(later, starts_after=self._now())
        self._next = next_with_seats(self._reading, later)
        if self._next is not None:
            text = next_words(self._wanted.campus)
            self._empty.write(_("No sessions this day"), text, next_named(self._next))
            day = formats.day_bare(self._next.exam_date)
            self._go.setText(_("Go to {day}").format(day=day))
            self._go.setAccessibleName(self._go.text())
        else:
            open_ = SessionFilter(first_day=later.first_day, starts_after=later.starts_after)
            blank = blank_of(self._reading, open_, self._wanted, online=self._online)
            if blank is Blank.LOADING:
                self._pages.setCurrentWidget(self._skeleton)
                return
            title, text = words(blank, self._wanted)
            self._empty.write(_("No sessions this day") if blank is Blank.FILTERED else title, text)
        self._go.setVisible(self._next is not None)
        self._pages.setCurrentWidget(self._empty)

    def _slim(self) -> bool:
        return self.width() // self._columns < _SLIM * current().text_scale

    def _distance(self) -> str:
        days = (self._day - day_in(self._zone, self._now())).days
        if days <= 0:
            return _("Today")
        if days == 1:
            return _("Tomorrow")
        return ngettext("In {n} day", "In {n} days", days).format(n=days)

    def _ask_next(self) -> None:
        if self._next is not None:
            self.day_asked.emit(self._next.exam_date)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
