"""Where words will stand, while there is nothing to read yet (13a)."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.theme import marks
from kiosk_app.desktop.theme.theme import current

_CARD = 158
_BARS = (
    (24, 18, 52, 52),
    (92, 20, 200, 20),
    (92, 52, 150, 16),
    (24, 86, 170, 16),
    (24, 114, 130, 16),
)
_BUTTON = (124, 56)


class CardSkeleton(QWidget):
    """Cards without words."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as many as fit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current()
        for top in range(0, self.height() - _CARD + 1, _CARD):
            for x, y, width, height in _BARS:
                bar = QRectF(x, top + y, width, height)
                marks.fill(painter, bar, theme.px("radiusSm"), theme.color("surface3"))
            width, height = _BUTTON
            button = QRectF(self.width() - 24 - width, top + 82, width, height)
            marks.fill(painter, button, theme.px("radius"), theme.color("surface3"))
            painter.setPen(theme.color("line"))
            painter.drawLine(0, top + _CARD - 1, self.width(), top + _CARD - 1)
        painter.end()
