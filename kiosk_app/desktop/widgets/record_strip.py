"""What the student record says, side by side and read-only (04a)."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.labels import Label, line

_NARROW = 560


class RecordStrip(QFrame):
    """Label and value pairs in one box; the last one, the e-mail, may be elided."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[tuple[Label, Label]] = []
        self._values: list[str] = []
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setProperty("surface", "readonly")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_pairs(self, pairs: list[tuple[str, str]]) -> None:
        """Write the pairs; their number stays what it was at first."""
        while len(self._pairs) < len(pairs):
            self._add()
        self._values = [value for _, value in pairs]
        for (caption, text), (name, value) in zip(self._pairs, pairs, strict=True):
            caption.setText(name)
            text.setText(value)
            text.setAccessibleName(f"{name}: {value}")
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the pairs where it is narrow; shorten the e-mail where it is too long."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != way:
            self._row.setDirection(way)
        self._elide()

    def _add(self) -> None:
        caption, value = Label("", "second"), Label("", "strong")
        if self._pairs:
            self._row.addWidget(line("v"))
            value.setMinimumWidth(60)
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(20, 12, 20, 12)
        column.setSpacing(2)
        column.addWidget(caption)
        column.addWidget(value)
        self._row.addWidget(cell, 2 if len(self._pairs) > 1 else 1)
        self._pairs.append((caption, value))

    def _elide(self) -> None:
        if not self._pairs:
            return
        label, full = self._pairs[-1][1], self._values[-1]
        font = current().font_for(full, "body", 600)
        label.setFont(font)
        metrics = label.fontMetrics()
        room = label.width() if self.isVisible() else metrics.horizontalAdvance(full) + 1
        label.setText(metrics.elidedText(full, Qt.TextElideMode.ElideMiddle, max(room, 60)))
