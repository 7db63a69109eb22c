"""One session of the chosen day: what, when, where, seats, cost, and the button (02a, 06a)."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.models.offers import OPEN, Offer, label, spoken
from kiosk_app.desktop.theme import marks
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE
from kiosk_app.desktop.widgets.answer import Answer
from kiosk_app.desktop.widgets.buttons import Button, Kind
from kiosk_app.desktop.widgets.labels import Icon, IconText, Label
from kiosk_app.desktop.widgets.speech import give_role
from kiosk_app.desktop.widgets.tile import SeatMark, Tile
from kiosk_app.domain.listing import SessionRow
from kiosk_app.domain.seats import SeatState
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.sessions import place, seats_held, seats_long, tokens_count
from kiosk_app.i18n.texts import _

Look = tuple[Kind, str | None]
_LOOK: dict[Offer, Look] = {
    Offer.BOOK: ("primary", None),
    Offer.GUARANTEED: ("primary", None),
    Offer.REQUEST: ("secondary", None),
    Offer.CLAIM: ("primary", None),
    Offer.WAIT: ("secondary", None),
    Offer.IN_LINE: ("tonal", "hourglass"),
    Offer.BOOKED: ("tonal", "check"),
    Offer.WAITING: ("waiting", "hourglass"),
    Offer.CANCELLING: ("waiting", "hourglass"),
}
_OFF: Look = ("off", None)
_SIDE, _SIDE_SLIM = 24, 18
_QUIET = frozenset({Offer.FULL, Offer.CLOSED, Offer.WAIT})


class SessionCard(QWidget):
    """A session with its button; `set_row` changes it in place, so that focus stays."""

    pressed = Signal(object)
    """The SessionRow whose button was pressed."""

    def __init__(self, row: SessionRow, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row, self.offer = row, offer
        self._tile = Tile(TYPE_ICON[row.mock_type], TYPE_ROLE[row.mock_type], 52)
        self._name = Label("", "strong", wrap=True)
        self._time = Label("", "second", wrap=True)
        self._price = QWidget()
        self._cost_icon = Icon("coins", "ink2", 20)
        self._cost = Label("", "second")
        self._place = IconText("map-pin")
        self._mark = SeatMark(Mark.AVAILABLE)
        self._seats = Label("", "second", wrap=True)
        self._later = IconText("hourglass")
        self.answer = Answer()
        self.button = Button(label(offer), "primary", size="small")
        for facts in (self._place, self._later):
            facts.label.setWordWrap(True)
        self.button.clicked.connect(lambda: self.pressed.emit(self.row))
        self.setProperty("part", "session")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        give_role(self, "Grouping")
        self._slim = self._edged = False
        self._lay_out()
        self._write()

    def set_row(self, row: SessionRow, offer: Offer) -> None:
        """Show the session as it is now."""
        if (row, offer) == (self.row, self.offer):
            return
        self.row, self.offer = row, offer
        self._write()

    def set_slim(self, *, slim: bool) -> None:
        """Set the cost over the button, where the name needs the whole width."""
        if slim == self._slim:
            return
        self._slim = slim
        side = _SIDE_SLIM if slim else _SIDE
        if column := self.layout():
            column.setContentsMargins(side, 18, side, 18)
        if slim:
            self._top.removeWidget(self._price)
            self._end.insertWidget(1, self._price)
        else:
            self._end.removeWidget(self._price)
            self._top.addWidget(self._price, 0, Qt.AlignmentFlag.AlignTop)

    def set_edge(self, *, at_end: bool) -> None:
        """Draw a line to the next column."""
        self._edged = at_end
        self._draw_edge()

    def say(self, text: str) -> None:
        """Say under the session why it was not booked."""
        self.answer.say(text)

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.LayoutDirectionChange:
            self._draw_edge()
        elif event.type() == QEvent.Type.StyleChange:
            self.button.setProperty("contrast", "high" if marks.high_contrast() else "normal")

    def retranslate(self) -> None:
        """Write every text anew; what was said about a press is gone with the old language."""
        self.answer.clear()
        self._write()

    def _draw_edge(self) -> None:
        side = "left" if self.isRightToLeft() else "right"
        edge = side if self._edged else "none"
        if self.property("edge") != edge:
            self.setProperty("edge", edge)
            restyle(self)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 18, _SIDE, 18)
        column.setSpacing(10)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._time)
        top.addLayout(words, 1)
        cost = QHBoxLayout(self._price)
        cost.setContentsMargins(0, 0, 0, 0)
        cost.setSpacing(6)
        cost.addStretch(1)
        cost.addWidget(self._cost_icon)
        cost.addWidget(self._cost)
        top.addWidget(self._price, 0, Qt.AlignmentFlag.AlignTop)
        self._top = top
        column.addLayout(top)
        column.addLayout(self._foot())
        column.addWidget(self.answer)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(16)
        facts = QVBoxLayout()
        facts.setSpacing(8)
        facts.addWidget(self._place)
        seats = QHBoxLayout()
        seats.setSpacing(8)
        seats.setContentsMargins(1, 0, 0, 0)
        seats.addWidget(self._mark)
        seats.addWidget(self._seats, 1)
        facts.addLayout(seats)
        facts.addWidget(self._later)
        foot.addLayout(facts, 1)
        self._end = QVBoxLayout()
        self._end.setSpacing(6)
        self._end.addStretch(1)
        self._end.addWidget(self.button)
        foot.addLayout(self._end)
        return foot

    def _write(self) -> None:
        row, offer = self.row, self.offer
        name = type_name(row.mock_type)
        online = row.delivery_format is DeliveryFormat.VIRTUAL
        self._tile.set_icon(TYPE_ICON[row.mock_type], TYPE_ROLE[row.mock_type])
        self._name.setText(name)
        self._name.set_tone("quiet" if offer in _QUIET else None)
        self._time.setText(formats.span(row.starts_at, row.ends_at, row.time_zone))
        self._place.icon.set_icon("video" if online else "map-pin")
        self._place.set_text(place(row.campus, row.room))
        self._write_seats()
        costs = offer in OPEN or offer is Offer.NO_TOKENS
        tone = "warn" if offer is Offer.NO_TOKENS else None
        self._price.setVisible(costs)
        self._cost.setText(tokens_count(1))
        self._cost.set_tone(tone)
        self._cost_icon.set_icon("coins", tone or "ink2")
        self._write_promise()
        kind, icon = _LOOK.get(offer, _OFF)
        self.button.setText(label(offer))
        self.button.set_icon(icon)
        self.button.setProperty("contrast", "high" if marks.high_contrast() else "normal")
        self.button.set_kind(kind)
        self.button.setAccessibleName(spoken(offer, row))
        seats = self._later.label if offer is Offer.GUARANTEED else self._seats
        self.setAccessibleName(formats.listed(name, self._time.text(), seats.text()))

    def _write_promise(self) -> None:
        """Say before the tap what will happen offline."""
        held = self.offer is Offer.GUARANTEED
        self._later.setVisible(held or self.offer is Offer.REQUEST)
        self._later.icon.set_icon(*(("shield-check", "ok") if held else ("hourglass", "ink2")))
        self._later.label.set_tone("ok" if held else None)
        later = seats_held(self.row.guaranteed) if held else _("Sent when back online")
        self._later.set_text(later)
        self._mark.setVisible(not held)
        self._seats.setVisible(not held)

    def _write_seats(self) -> None:
        row, few = self.row, self.row.seats is SeatState.FEW
        self._mark.set_mark(Mark(row.seats.value))
        self._seats.setText(seats_long(row.left, row.capacity, row.waiting))
        self._seats.set_tone("few" if few else None)
