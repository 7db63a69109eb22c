"""Text of more than one line: further apart than Qt sets a label, and what is said by the way lighter."""

from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.labels import Label, TextRole

_PITCH = 1.4
"""Baseline to baseline, of the font's pixels; a font by itself takes 1.2."""
_LOW = 900
"""Pixels of a window below which, with plain text, every line is needed for something else."""


class Paragraph(Label):
    """A label that wraps and has room between its lines, except in a low window.

    Args:
        text: what it says, already translated.
        role: size and weight.
        tone: colour, if not the plain one.
        aside: set what stands in parentheses at the end in a plain weight.
        parent: owner.
    """

    def __init__(
        self,
        text: str = "",
        role: TextRole = "body",
        *,
        tone: str | None = None,
        aside: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, tone=tone, wrap=True, parent=parent)
        self._aside = aside
        self._heights: dict[tuple[int, bool], int] = {}
        """By width, and whether the window is low."""

    def setText(self, text: str) -> None:
        """Write another text."""
        self._heights = {}
        super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font or direction."""
        self._heights = {}
        super().changeEvent(event)

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width, in pixels; Qt asks again and again."""
        key = (width, self._low())
        if (height := self._heights.get(key)) is None:
            height = self._height_at(width)
            self._heights[key] = height  # what Qt polishes meanwhile empties them
        return height

    def sizeHint(self) -> QSize:
        """Return the size Qt would choose, with room between the lines."""
        size = super().sizeHint()
        return size.expandedTo(QSize(0, self.heightForWidth(size.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw one plain line as every label, more of them by ourselves."""
        room = self.contentsRect()
        if room.height() < 2 * self.fontMetrics().lineSpacing() and not self._aside:
            super().paintEvent(event)
            return
        layout = self._laid(room.width())
        self._draw(QPainter(self), layout, room)

    def _height_at(self, width: int) -> int:
        plain = super().heightForWidth(width)
        if plain < 2 * self.fontMetrics().lineSpacing():
            return plain
        margins = self.contentsMargins()
        layout = self._laid(width - margins.left() - margins.right())
        high = _heights(layout)
        text = sum(high) + sum(self._gaps(high))
        return max(plain, text + margins.top() + margins.bottom())

    def _low(self) -> bool:
        return self.window().height() < _LOW * current().text_scale

    def _gaps(self, high: list[int]) -> list[int]:
        """Return the pixels under every line but the last, of lines as high as given."""
        pitch = 0 if self._low() else round(self.font().pixelSize() * _PITCH)
        return [max(0, pitch - one) for one in high[:-1]]

    def _laid(self, width: int) -> QTextLayout:
        """Return the text broken into lines."""
        layout = QTextLayout(super().text().replace("\n", "\u2028"), self.font())
        option = QTextOption(QStyle.visualAlignment(self.layoutDirection(), self.alignment()))
        option.setTextDirection(self.layoutDirection())
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        if self._aside:
            layout.setFormats(self._lighter())
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
        layout.endLayout()
        return layout

    def _draw(self, painter: QPainter, layout: QTextLayout, room: QRect) -> None:
        """Draw the lines in the middle of the room, as far apart as they fit."""
        high = _heights(layout)
        gaps = self._gaps(high)
        spare = max(0, room.height() - sum(high))
        if sum(gaps) > spare:
            gaps = [gap * spare // sum(gaps) for gap in gaps]
        above = (spare - sum(gaps) + 1) // 2
        top = 0 if self.alignment() & Qt.AlignmentFlag.AlignTop else above
        for number in range(len(high)):
            layout.lineAt(number).setPosition(QPointF(0, sum(high[:number]) + sum(gaps[:number])))
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        layout.draw(painter, QPointF(room.left(), room.top() + top))

    def _lighter(self) -> list[QTextLayout.FormatRange]:
        """Return the weight of what stands in parentheses at the end, if anything does."""
        text = super().text()
        start = text.rfind("(")
        if start < 1 or not text.rstrip().endswith(")"):
            return []
        plain, look = QTextLayout.FormatRange(), QTextCharFormat()
        look.setFontWeight(QFont.Weight.Normal)
        plain.start, plain.length, plain.format = start, len(text) - start, look
        return [plain]


def _heights(layout: QTextLayout) -> list[int]:
    """Return the height of every line in pixels; letters of another font can be taller."""
    return [ceil(layout.lineAt(n).height()) for n in range(layout.lineCount())]
