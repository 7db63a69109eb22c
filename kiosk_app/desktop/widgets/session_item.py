"""One session in a list of *My bookings*: day, type, hours, place, what it is, what to do (07a)."""

from collections.abc import Sequence
from datetime import date
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, current
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.date_tile import DateTile
from kiosk_app.desktop.widgets.flow import clear
from kiosk_app.desktop.widgets.labels import IconText, Label
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.status_chip import StatusChip
from kiosk_app.desktop.widgets.tile import Tile

Item = TypeVar("Item", bound="SessionItem")
_NARROW = 1240
_SHARES = {2: 6, 3: 4, 4: 4, 5: 5}
"""Columns take fixed shares, so that they stand under one another in every row."""


class SessionItem(QWidget):
    """A row with its buttons; wide rows use columns, narrow ones two lines.

    Args:
        day: of the session.
        mock_type: its type.
        chip: what it is to the student.
        parent: owner.
    """

    def __init__(
        self, day: date, mock_type: MockType, chip: StatusChip, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._day = DateTile(day)
        self._tile = Tile(TYPE_ICON[mock_type], TYPE_ROLE[mock_type], 52)
        self._title = Label("", "strong", wrap=True)
        self._title.setProperty("role", "name")
        self._hours = Paragraph("", "second")
        self._place = IconText("map-pin", "", "body", icon_role="ink2")
        self._place.label.setWordWrap(True)
        self._held = Paragraph("", "second")
        self.chip = chip
        self._code = Label("", "second")
        self._problem = Paragraph("", "second", tone="bad")
        self._grid = QGridLayout(self)
        self._narrow: bool | None = None
        self._first = True
        speech.give_role(self, "Grouping")

    def set_first(self, *, first: bool) -> None:
        """Draw no line above the first item."""
        self._first = first
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Part the item from the one above it."""
        if not self._first:
            QPainter(self).fillRect(0, 0, self.width(), 1, current().color("line"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose columns or two lines."""
        super().resizeEvent(event)
        self.fit(event.size().width())

    def fit(self, width: int) -> None:
        """Choose columns or two lines for a width; before it is shown, or the page grows by it."""
        self._arrange(narrow=width < _NARROW)

    def write_session(
        self, day: date, title: str, hours: str, place: str, *, online: bool, held: str = ""
    ) -> None:
        """Write what and when and where the session is, in the language of the screen."""
        self._day.set_day(day)
        self._title.setText(title)
        self._hours.setText(hours)
        self._place.set_text(place)
        self._place.icon.set_icon("video" if online else "map-pin")
        self._held.setText(held)
        self._held.setVisible(bool(held))

    def write_problem(self, text: str) -> None:
        """Say what is wrong, or nothing."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def lay_out(self, buttons: Sequence[Button]) -> None:
        """Put everything in its place, the buttons at the end."""
        self._what = _column(self._title, self._hours)
        self._where = QWidget()
        where = QVBoxLayout(self._where)
        where.setContentsMargins(0, 0, 0, 0)
        where.setSpacing(2)
        held = QHBoxLayout()
        held.setContentsMargins(current().px("label") + 10, 0, 0, 0)  # under the words
        held.addWidget(self._held)
        where.addStretch(1)
        where.addWidget(self._place)
        where.addLayout(held)
        where.addStretch(1)
        self._state = _column(self.chip, self._code)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        self._grid.setContentsMargins(24, 14, 24, 14)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        for part in (self._what, self._where):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._arrange(narrow=True)  # what has no place yet would be shown as a window of its own

    def _arrange(self, *, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        grid, top = self._grid, Qt.AlignmentFlag.AlignVCenter
        for column in range(6):
            grid.setColumnStretch(column, 0)
        grid.addWidget(self._day, 0, 0, 2 if narrow else 1, 1, top)
        grid.addWidget(self._tile, 0, 1, 2 if narrow else 1, 1, top)
        grid.addWidget(self._what, 0, 2)
        if narrow:
            grid.addWidget(self._where, 1, 2)
            grid.addWidget(self._state, 0, 3)
            grid.addWidget(self._buttons, 1, 3)
            grid.addWidget(self._problem, 2, 2, 1, 2)
            grid.setColumnStretch(2, 1)
            return
        grid.addWidget(self._where, 0, 3)
        grid.addWidget(self._state, 0, 4)
        grid.addWidget(self._buttons, 0, 5)
        grid.addWidget(self._problem, 1, 2, 1, 4)
        for column, share in _SHARES.items():
            grid.setColumnStretch(column, share)


class SessionList(QFrame, Generic[Item]):
    """Items in one card with a line between them; equal rows keep their widgets and the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self.items: list[Item] = []
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_items(self, items: Sequence[Item]) -> None:
        """Hold these items in this order; those no longer among them are deleted."""
        if list(items) == self.items:
            return
        clear(self._column)
        for gone in self.items:
            if gone not in items:
                gone.hide()
                gone.deleteLater()
        for position, item in enumerate(items):
            item.set_first(first=position == 0)
            if item not in self.items:
                item.fit(self.width())
            self._column.addWidget(item)
            item.show()
        self.items = list(items)


def _column(*parts: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addStretch(1)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return made
