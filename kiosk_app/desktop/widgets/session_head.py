"""The session a form is about, in the tint of its type (04a)."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import IconText, Label
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.tile import SeatMark, Tile
from kiosk_app.domain.seats import SeatState
from kiosk_app.i18n import formats


class SessionHead(QFrame):
    """Day, hours, place and seats of one session."""

    def __init__(self, mock_type: MockType, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.give_role(self, "Grouping")
        self._day = Label("", "title", wrap=True)
        self._hours = Paragraph("", "second")
        self._place = IconText("map-pin", "", "second", icon_role="ink")
        self._mark = SeatMark(Mark.AVAILABLE)
        self._seats = Label("", "second")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._day)
        words.addWidget(self._hours)
        seats = QHBoxLayout()
        seats.setSpacing(8)
        seats.addStretch(1)
        seats.addWidget(self._mark)
        seats.addWidget(self._seats)
        facts = QVBoxLayout()
        facts.setSpacing(2)
        facts.addWidget(self._place, 0, Qt.AlignmentFlag.AlignRight)
        facts.addLayout(seats)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(20, 16, 20, 16)
        self._row.setSpacing(16)
        self._row.addWidget(Tile(TYPE_ICON[mock_type], TYPE_ROLE[mock_type], 60, on_tint=True))
        self._row.addLayout(words, 1)
        self._row.addLayout(facts)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("tint", TYPE_ROLE[mock_type])
        for label in (self._place.label, self._seats):
            label.setProperty("tone", "ink")

    def show_facts(
        self,
        day: str,
        hours: str,
        place: str,
        seats: str,
        state: SeatState | None,
        *,
        online: bool,
    ) -> None:
        """Write the facts, already in the language of the screen; None marks no seats."""
        self._day.setText(day)
        self._hours.setText(hours)
        self._place.set_text(place)
        self._place.icon.set_icon("video" if online else "map-pin", "ink")
        self._seats.setText(seats)
        self._mark.setVisible(state is not None)
        tone = "ink"
        if state is not None:
            self._mark.set_mark(Mark(state.value))
            tone = {SeatState.FEW: "warn", SeatState.FULL: "past"}.get(state, "ink")
        self._seats.setProperty("tone", tone)
        restyle(self._seats)
        self.setAccessibleName(formats.listed(day, hours, place, seats))
