"""A painted board of sessions: what, when, where, and how many seats are left (01a)."""

from msgspec import Struct
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme import icons, marks, mirror
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, current
from kiosk_app.desktop.widgets import speech
from kiosk_app.i18n import formats

ROW, LOW_ROW = 104, 84
"""Pixels of a row, and of one where six would not fit otherwise."""
MOST = 6
_TILE = 52
_GAP = 16
_WHOLE = int(Qt.TextFlag.TextDontClip)
"""Marks over and under letters reach beyond their line."""
_LEAD = 4
"""Pixels between a name and its detail."""


class BoardLine(Struct, frozen=True):
    """One session as the board shows it; texts are in the language in use."""

    mock_type: MockType
    title: str
    detail: str
    seats: str
    few: bool


class NextSessions(QWidget):
    """As many lines as there is room for, six at most."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[BoardLine, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        speech.give_role(self, "StaticText")

    @property
    def lines(self) -> tuple[BoardLine, ...]:
        """The lines that are painted."""
        return self._lines[: self._count]

    def show_lines(self, lines: tuple[BoardLine, ...]) -> None:
        """Show other sessions."""
        if lines != self._lines:
            self._lines = lines
            spoken = (formats.listed(line.title, line.detail, line.seats) for line in lines)
            self.setAccessibleName(". ".join(spoken))
            self.update()

    def sizeHint(self) -> QSize:
        """Want room for all lines."""
        return QSize(560, MOST * ROW)

    def minimumSizeHint(self) -> QSize:
        """Be content with one line."""
        return QSize(280, self._row_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines, each under a rule, and a last rule."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._row_height()
        for number, line in enumerate(self.lines):
            self._rule(painter, number * height)
            self._paint_line(painter, QRect(0, number * height, self.width(), height), line)
        if self.lines:
            self._rule(painter, len(self.lines) * height)
        painter.end()

    @property
    def _count(self) -> int:
        return min(MOST, len(self._lines), max(1, (self.height() - 1) // self._row_height()))

    def _row_height(self) -> int:
        text = QFontMetrics(current().font("title")).height()
        text += QFontMetrics(current().font("label")).height()
        usual = ROW if self.height() >= MOST * ROW else LOW_ROW
        return max(usual, text + 24)

    def _rule(self, painter: QPainter, y: int) -> None:
        painter.fillRect(QRect(0, y, self.width(), 1), current().color("line"))

    def _paint_line(self, painter: QPainter, box: QRect, line: BoardLine) -> None:
        theme = current()
        self._tile(painter, box, line.mock_type)
        bold, plain = theme.font("title", 600), theme.font_for(line.detail, "label")
        seats = theme.font_for(line.seats, "label", 700 if line.few else 600)
        mark = theme.px("label")
        seats_width = QFontMetrics(seats).horizontalAdvance(line.seats)
        taken = seats_width + mark + 8
        words = QRect(_TILE + _GAP, box.top(), box.width() - _TILE - 2 * _GAP - taken, box.height())
        high, low = QFontMetrics(bold).height(), QFontMetrics(plain).height()
        top = box.center().y() - (high + low + _LEAD) // 2
        painter.setPen(theme.color("ink"))
        painter.setFont(bold)
        self._write(painter, QRect(words.left(), top, words.width(), high), line.title)
        painter.setPen(theme.color("ink2"))
        painter.setFont(plain)
        self._write(
            painter, QRect(words.left(), top + high + _LEAD, words.width(), low), line.detail
        )
        painter.setPen(theme.color("warn" if line.few else "ok"))
        painter.setFont(seats)
        end = QRect(box.width() - seats_width, box.top(), seats_width, box.height())
        self._write(painter, end, line.seats)
        dot = QRect(end.left() - mark - 8, box.top(), mark, box.height())
        shape = Mark.FEW if line.few else Mark.AVAILABLE
        marks.seat_mark(painter, shape, QPointF(self._mirrored(dot).center()), mark * 0.72)

    def _tile(self, painter: QPainter, box: QRect, mock_type: MockType) -> None:
        theme, role = current(), TYPE_ROLE[mock_type]
        square = self._mirrored(QRect(0, box.center().y() - _TILE // 2, _TILE, _TILE))
        plain = marks.high_contrast()
        ground = theme.color("surface" if plain else f"{role}Tint")
        marks.fill(painter, QRectF(square), theme.px("radius"), ground)
        if plain:
            marks.edge(painter, QRectF(square), theme.px("radius"), theme.color("line"), marks.EDGE)
        pixels = _TILE // 2
        picture = icons.pixmap(TYPE_ICON[mock_type], role, pixels, self.devicePixelRatioF())
        inset = (_TILE - pixels) // 2
        painter.drawPixmap(square.topLeft() + QPointF(inset, inset).toPoint(), picture)

    def _write(self, painter: QPainter, box: QRect, text: str) -> None:
        side = mirror.start(self.layoutDirection())
        elided = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, box.width() + 1
        )
        how = int(side | Qt.AlignmentFlag.AlignVCenter) | _WHOLE
        painter.drawText(self._mirrored(box), how, elided)

    def _mirrored(self, box: QRect) -> QRect:
        if not self.isRightToLeft():
            return box
        return QRect(self.width() - box.right() - 1, box.top(), box.width(), box.height())
