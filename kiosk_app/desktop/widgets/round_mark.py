"""A disc with an icon: how something ended, or how far it has come."""

from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.theme import icons
from kiosk_app.desktop.theme.theme import current

Edge = Literal["none", "dashed", "solid", "quiet"]


class RoundMark(QWidget):
    """A disc with an icon.

    Args:
        side: pixels.
        parent: owner.
    """

    def __init__(self, side: int = 112, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._role, self._ground = "check", "onOkFill", "okFill"
        self._edge: Edge = "none"
        self.set_side(side)

    def set_side(self, side: int) -> None:
        """Take another size."""
        self.setFixedSize(side, side)

    def set_look(self, icon: str, role: str, ground: str, edge: Edge = "none") -> None:
        """Show an icon on a disc; a dashed edge says that nothing is certain yet."""
        self._icon, self._role, self._ground, self._edge = icon, role, ground, edge
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw disc and icon."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color(self._ground))
        painter.setPen(self._pen())
        painter.drawEllipse(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        pixels = round(self.width() * 0.52)
        start = (self.width() - pixels) // 2
        painter.drawPixmap(start, start, icons.pixmap(self._icon, self._role, pixels))

    def _pen(self) -> QPen:
        if self._edge == "none":
            return QPen(Qt.PenStyle.NoPen)
        colour = current().color("lineStrong" if self._edge == "quiet" else self._role)
        pen = QPen(colour, 3 if self._edge == "dashed" else 1.5)
        if self._edge == "dashed":
            pen.setDashPattern([2, 1.4])
        return pen
