"""One side of a move: the day as a calendar leaf, hours and place, in larger letters than a row."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.theme import TYPE_ROLE
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.date_tile import DateTile
from kiosk_app.desktop.widgets.labels import IconText, Label
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.tile import SeatMark
from kiosk_app.domain.seats import SeatState
from kiosk_app.i18n import formats


class MoveCard(QFrame):
    """The session a booking leaves, or, in the tint of its type, the one it goes to.

    Args:
        mock_type: of both sessions.
        day: of this one.
        wanted: whether it is the one to go to.
        parent: owner.
    """

    def __init__(
        self, mock_type: MockType, day: date, *, wanted: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        speech.give_role(self, "Grouping")
        self._leaf = DateTile(day)
        self.title = Label("", "label", wrap=True)
        self._day, self._hours = Label("", "title", wrap=True), Paragraph("", "lead")
        self._place, self._seats = IconText("map-pin", "", "body"), Paragraph("", "body")
        self._place.label.setWordWrap(True)
        self._mark = SeatMark(Mark.AVAILABLE)
        seats = QHBoxLayout()
        seats.setSpacing(8)
        seats.addWidget(self._mark)
        seats.addWidget(self._seats, 1)
        words = QVBoxLayout()
        words.setSpacing(4)
        for part in (self.title, self._day, self._hours):
            words.addWidget(part)
        words.addSpacing(6)
        words.addWidget(self._place)
        words.addLayout(seats)
        across = QHBoxLayout(self)
        across.setContentsMargins(24, 20, 24, 20)
        across.setSpacing(24)
        across.addWidget(self._leaf, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(words, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if wanted:
            self.setProperty("tint", TYPE_ROLE[mock_type])
        else:
            self.setProperty("surface", "readonly")

    def show_facts(
        self,
        day: date,
        hours: str,
        place: str,
        seats: str,
        state: SeatState | None,
        *,
        online: bool,
    ) -> None:
        """Write the facts, in the language of the screen; None marks no seats."""
        self._leaf.set_day(day)
        self._day.setText(formats.day_long(day))
        self._hours.setText(hours)
        self._place.set_text(place)
        self._place.icon.set_icon("video" if online else "map-pin", "ink")
        self._seats.setText(seats)
        self._mark.setVisible(state is not None)
        tone = None
        if state is not None:
            self._mark.set_mark(Mark(state.value))
            tone = {SeatState.FEW: "warn", SeatState.FULL: "past"}.get(state)
        self._seats.set_tone(tone)
        self.setAccessibleName(formats.listed(formats.day_long(day), hours, place, seats))
