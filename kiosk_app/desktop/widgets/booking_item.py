"""One booking or request in a list: day, type, hours, place, what became of it, what to do (07a)."""

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, current
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.date_tile import DateTile
from kiosk_app.desktop.widgets.labels import IconText, Label
from kiosk_app.desktop.widgets.status_chip import StatusChip
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.domain.listing import BookingRow
from kiosk_app.i18n.texts import _

_NARROW = 1240
_SHARES = {2: 6, 3: 4, 4: 4, 5: 5}
"""Columns take fixed shares, so that they stand under one another in every row."""


class BookingText(Struct, frozen=True, kw_only=True):
    """What an item says, already in the language of the screen."""

    title: str
    hours: str
    place: str
    held: str
    """How it is held: format, or who gives it."""
    name: str
    """The whole booking in one line, for screen readers."""
    online: bool = False
    problem: str = ""
    """Why a request was refused."""
    cancel: bool = False
    busy: bool = False
    """A cancel was asked for and not answered."""
    again: str = ""
    """Words of the button that leads to another session."""


class BookingItem(QWidget):
    """A row of *My bookings* with its buttons; wide rows use columns, narrow ones two lines."""

    details = Signal()
    cancel = Signal()
    again = Signal()

    def __init__(self, row: BookingRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self._day = DateTile(row.exam_date)
        self._tile = Tile(TYPE_ICON[row.mock_type], TYPE_ROLE[row.mock_type], 52)
        self._title = Label("", "strong", wrap=True)
        self._title.setProperty("role", "name")
        self._hours = Label("", "second", wrap=True)
        self._place = IconText("map-pin", "", "body", icon_role="ink2")
        self._place.label.setWordWrap(True)
        self._held = Label("", "second", wrap=True)
        self.chip = StatusChip(row.standing)
        self._code = Label("", "second")
        self._problem = Label("", "second", tone="bad", wrap=True)
        self.details_button = Button(_("Details"), size="small")
        self.cancel_button = Button(_("Cancel"), "danger", size="small")
        self.again_button = Button(_("Choose another session"), size="small")
        self._grid = QGridLayout(self)
        self._narrow: bool | None = None
        self._first = True
        self._build()
        speech.give_role(self, "Grouping")

    def show_row(self, row: BookingRow, text: BookingText) -> None:
        """Show another state of the booking, or the same in another language."""
        self.row = row
        self._day.set_day(row.exam_date)
        self._title.setText(text.title)
        self._hours.setText(text.hours)
        self._place.set_text(text.place)
        self._place.icon.set_icon("video" if text.online else "map-pin")
        self._held.setText(text.held)
        self._held.setVisible(bool(text.held))
        self.chip.set_standing(row.standing)
        self._code.setText(row.code)
        self._code.setAccessibleName(" ".join(row.code))
        self._problem.setText(text.problem)
        self._problem.setVisible(bool(text.problem))
        self._write_buttons(text)
        self.setAccessibleName(text.name)

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
        self._arrange(narrow=event.size().width() < _NARROW)

    def _write_buttons(self, text: BookingText) -> None:
        self.details_button.setText(_("Details"))
        self.details_button.setAccessibleName(_("Details: {booking}").format(booking=text.name))
        self.cancel_button.setText(_("Cancelling…") if text.busy else _("Cancel"))
        self.cancel_button.setAccessibleName(_("Cancel: {booking}").format(booking=text.name))
        self.cancel_button.setVisible(text.cancel or text.busy)
        self.cancel_button.setEnabled(not text.busy)
        self.again_button.setText(text.again)
        self.again_button.setVisible(bool(text.again))

    def _build(self) -> None:
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
        for button in (self.again_button, self.details_button, self.cancel_button):
            row.addWidget(button)
        for button, told in (
            (self.details_button, self.details),
            (self.cancel_button, self.cancel),
            (self.again_button, self.again),
        ):
            button.clicked.connect(told)
        self._grid.setContentsMargins(24, 14, 24, 14)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        for part in (self._what, self._where):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._arrange(narrow=False)

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


class BookingList(QFrame):
    """Items in one card with a line between them; equal rows keep their widgets and the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self.items: list[BookingItem] = []
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_items(self, items: list[BookingItem]) -> None:
        """Hold these items in this order; those no longer among them are deleted."""
        if items == self.items:
            return
        while self._column.count():
            self._column.takeAt(0)
        for gone in self.items:
            if gone not in items:
                gone.hide()
                gone.deleteLater()
        for position, item in enumerate(items):
            item.set_first(first=position == 0)
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
