"""A day as a small calendar leaf."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.i18n import formats


class DateTile(QFrame):
    """A day as a small calendar leaf: weekday, number, month."""

    def __init__(self, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day = day
        self._lines = (Label("", "caption"), Label("", "title"), Label("", "caption"))
        self._lines[1].setProperty("role", "day")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 4, 6)
        column.setSpacing(0)
        for line in self._lines:
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(line)
        self.setProperty("surface", "readonly")
        self.setFixedWidth(76)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speech.give_role(self, "StaticText")
        self.set_day(day)

    def set_day(self, day: date) -> None:
        """Show another day."""
        self._day = day
        texts = (formats.weekday_short(day), str(day.day), formats.month_short(day))
        for line, text in zip(self._lines, texts, strict=True):
            line.setText(text)
        self.setAccessibleName(formats.day_long(day))

    def retranslate(self) -> None:
        """Write weekday and month anew."""
        self.set_day(self._day)
