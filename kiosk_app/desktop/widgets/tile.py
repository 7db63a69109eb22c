"""Tiles and marks: an icon on a tint, a seat shape before its words."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.desktop.theme import marks
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.theme.tiles import draw_tile


class Tile(QWidget):
    """A square of tint with an icon; decoration, the words beside it say the same.

    Args:
        icon: Lucide name.
        role: colour role; `<role>Tint` is behind it (`sj`, `primary`, …).
        size: pixels.
        round_: a disc in place of a square, as empty pages show.
        on_tint: a plain ground, for a tile that lies on the tint already.
        parent: owner.
    """

    def __init__(
        self,
        icon: str,
        role: str,
        size: int,
        *,
        round_: bool = False,
        on_tint: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._role, self._round = icon, role, round_
        self._plain = on_tint
        self.setFixedSize(size, size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, role: str) -> None:
        """Show another icon on another tint."""
        if (icon, role) != (self._icon, self._role):
            self._icon, self._role = icon, role
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint tint and icon in the theme's colours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        draw_tile(painter, box, self._icon, self._role, round_=self._round, on_tint=self._plain)
        painter.end()


class SeatMark(QWidget):
    """A seat shape; the words beside it say the same."""

    def __init__(self, mark: Mark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = mark
        size = current().px("label")
        self.setFixedSize(size, size)

    def set_mark(self, mark: Mark) -> None:
        """Show another shape."""
        if mark is not self._mark:
            self._mark = mark
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the shape."""
        painter = QPainter(self)
        centre = QPointF(self.width() / 2, self.height() / 2)
        marks.seat_mark(painter, self._mark, centre, round(self.width() * 0.68))
        painter.end()


def headed(tile: Tile, *words: QWidget) -> QHBoxLayout:
    """Return the head of a question: the tile at the top, what is asked beside it."""
    column, top, row = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
    column.setSpacing(8)
    for line in words:
        column.addWidget(line)
    top.addWidget(tile)
    top.addStretch(1)
    row.setSpacing(24)
    row.addLayout(top)
    row.addLayout(column, 1)
    return row
