"""What the student record says, side by side and read-only (04a)."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.labels import Label, line
from kiosk_app.i18n import bidi

_NARROW = 560
_LEAST = 60
"""Pixels of the narrowest value."""


class RecordStrip(QFrame):
    """Label and value pairs in one box; an e-mail takes two lines where it has to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[tuple[Label, _Value]] = []
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setProperty("surface", "readonly")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_pairs(self, pairs: list[tuple[str, str]]) -> None:
        """Write the pairs; their number stays what it was at first."""
        while len(self._pairs) < len(pairs):
            self._add()
        for (caption, text), (name, value) in zip(self._pairs, pairs, strict=True):
            caption.setText(name)
            text.write(value)
            text.setAccessibleName(f"{name}: {value}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the pairs where it is narrow."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != way:
            self._row.setDirection(way)

    def _add(self) -> None:
        caption, value = Label("", "second"), _Value("", "strong")
        if self._pairs:
            self._row.addWidget(line("v"))
            value.setMinimumWidth(_LEAST)
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(2)
        column.addWidget(caption)
        column.addWidget(value)
        column.addStretch(1)
        self._row.addWidget(cell, 2 if len(self._pairs) > 1 else 1)
        self._pairs.append((caption, value))


class _Value(Label):
    """What a record says; an e-mail breaks before its domain, and only what is longer is shortened."""

    _full = ""

    def write(self, value: str) -> None:
        """Show another value."""
        self._full = value
        self._fit(self.width() if self.isVisible() else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit into the new width."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, room: int | None) -> None:
        """Use so many pixels across, or as many as it takes."""
        self.setFont(current().font_for(self._full, "body", 600))
        metrics = self.fontMetrics()
        if room is None or metrics.horizontalAdvance(self._full) <= room:
            self.setText(self._full)
            return
        parts = self._full.replace("@", "\n@", 1).splitlines()
        middle = Qt.TextElideMode.ElideMiddle
        shown = (bidi.forward(metrics.elidedText(part, middle, room)) for part in parts)
        self.setText("\n".join(shown))
