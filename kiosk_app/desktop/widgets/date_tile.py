"""A day as a small calendar leaf."""

from datetime import date

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.i18n import formats

_LEAST = 76
_AROUND = 12
_WEEK = [date(2026, 11, day) for day in range(2, 9)]
"""Some seven days, for their names."""


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
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speech.give_role(self, "StaticText")
        self.set_day(day)

    def sizeHint(self) -> QSize:
        """Return the size that holds the name of any day, so that all tiles are as wide."""
        line = self._lines[0]
        line.ensurePolished()
        names = (formats.weekday_short(day) for day in _WEEK)
        longest = max(map(line.fontMetrics().horizontalAdvance, names))
        return QSize(max(_LEAST, longest + _AROUND), super().sizeHint().height())

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
