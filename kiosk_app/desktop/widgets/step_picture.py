"""The picture of one step of several: what is done, as icons on a tint, and which step it is."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk_app.desktop.theme import icons, marks, mirror
from kiosk_app.desktop.theme.theme import current

BROAD = QSize(160, 132)
"""Least width, and height, of a picture that stands over its words."""
_SMALL = QSize(124, 92)
"""Size of one that stands beside them; it has room for one icon."""
_CORNER = 8
_SHARE, _GAP = 0.5, 0.16
"""Side of an icon, and the room between two, in heights of the picture."""


class StepPicture(QWidget):
    """Icons on a tint with the number of the step in a corner; the words beside it say the same.

    Args:
        number: of the step.
        icons_: Lucide names, in reading order.
        parent: owner.
    """

    def __init__(self, number: int, *icons_: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._icons = str(number), icons_
        self.set_broad(broad=True)

    def set_broad(self, *, broad: bool) -> None:
        """Stand over the words in all of their width, or beside them."""
        self._size = BROAD if broad else _SMALL
        across = QSizePolicy.Policy.Expanding if broad else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return how large it stands."""
        return self._size

    def minimumSizeHint(self) -> QSize:
        """Want no less."""
        return self._size

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint tint, icons and number in the theme's colours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, box, plain = current(), QRectF(self.rect()), marks.high_contrast()
        radius = theme.px("radiusLg")
        marks.fill(painter, box, radius, theme.color("surface" if plain else "primaryTint"))
        if plain:
            marks.edge(painter, box, radius, theme.color("line"), marks.EDGE)
        self._draw_icons(painter, "ink" if plain else "onPrimaryTint")
        self._draw_number(painter)
        painter.end()

    def _draw_icons(self, painter: QPainter, role: str) -> None:
        narrow = self._size == _SMALL
        shown = self._icons[:1] if narrow else self._icons
        room = self.rect().adjusted(self._disc.right() if narrow else 0, 0, 0, 0)
        side, gap = round(self.height() * _SHARE), round(self.height() * _GAP)
        wide = len(shown) * side + (len(shown) - 1) * gap
        x, y = room.left() + (room.width() - wide) // 2, (self.height() - side) // 2
        for name in shown:
            place = mirror.seen(self.layoutDirection(), self.rect(), QRect(x, y, side, side))
            painter.drawPixmap(
                place.topLeft(), icons.pixmap(name, role, side, self.devicePixelRatioF())
            )
            x += side + gap

    @property
    def _disc(self) -> QRect:
        """Where the number stands, as if written from left to right."""
        side = round(QFontMetrics(current().font("label", 700)).height() * 1.3)
        return QRect(_CORNER, _CORNER, side, side)

    def _draw_number(self, painter: QPainter) -> None:
        theme = current()
        disc = mirror.seen(self.layoutDirection(), self.rect(), self._disc)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("primary"))
        painter.drawEllipse(QRectF(disc))
        painter.setPen(theme.color("onPrimary"))
        painter.setFont(theme.font("label", 700))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, self._number)
