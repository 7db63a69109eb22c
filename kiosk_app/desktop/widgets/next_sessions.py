"""A painted board of sessions: what, when, where, and how many seats are left (01a)."""

from msgspec import Struct, structs
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
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
_WRAPPED = int(Qt.TextFlag.TextWordWrap)
_ENDLESS = 10_000
_AROUND = 24
"""Pixels over and under the words of a row."""
_LEAD = 4
"""Pixels between a name and its detail."""


class BoardLine(Struct, frozen=True):
    """One session as the board shows it; texts are in the language in use."""

    mock_type: MockType
    title: str
    when: str
    where: str
    seats: str
    few: bool

    @property
    def detail(self) -> str:
        """When and where, on one line."""
        return f"{self.when} · {self.where}"


class _Setting(Struct, frozen=True):
    """How all rows are set at a width: nothing is cut, and all are set alike."""

    words: int
    """Pixels across for name and detail."""
    title: QFont
    broken: bool
    """Whether where it is stands under when."""
    height: int
    """Of the tallest name and detail, with what is between."""

    def detail(self, line: BoardLine) -> str:
        return f"{line.when}\n{line.where}" if self.broken else line.detail


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
        height, setting = self._row_height(), self._setting()
        for number, line in enumerate(self.lines):
            self._rule(painter, number * height)
            box = QRect(0, number * height, self.width(), height)
            self._paint_line(painter, box, line, setting)
        if self.lines:
            self._rule(painter, len(self.lines) * height)
        painter.end()

    @property
    def _count(self) -> int:
        return min(MOST, len(self._lines), max(1, (self.height() - 1) // self._row_height()))

    def _row_height(self) -> int:
        usual = ROW if self.height() >= MOST * ROW else LOW_ROW
        return max(usual, self._setting().height + _AROUND)

    def _setting(self) -> _Setting:
        """Return how names and details fit: names smaller, then broken; the place under the time."""
        theme, lines = current(), self._lines
        taken = max((_wide(_seats_font(line), line.seats) for line in lines), default=0)
        words = max(1, self.width() - _TILE - 2 * _GAP - taken - theme.px("label") - 8)
        title, small = theme.font("title", 600), theme.font("body", 600)
        if any(_wide(title, line.title) > words for line in lines):
            title = small
        broken = any(_wide(_detail_font(line), line.detail) > words for line in lines)
        made = _Setting(words, title, broken, 0)
        usual = QFontMetrics(title).height() + QFontMetrics(theme.font("label")).height()
        heights = [
            _tall(title, line.title, words) + _tall(_detail_font(line), made.detail(line), words)
            for line in lines
        ]
        return structs.replace(made, height=max([usual, *heights]) + _LEAD)

    def _rule(self, painter: QPainter, y: int) -> None:
        painter.fillRect(QRect(0, y, self.width(), 1), current().color("line"))

    def _paint_line(
        self, painter: QPainter, box: QRect, line: BoardLine, setting: _Setting
    ) -> None:
        theme = current()
        self._tile(painter, box, line.mock_type)
        plain, detail = _detail_font(line), setting.detail(line)
        high = _tall(setting.title, line.title, setting.words)
        low = _tall(plain, detail, setting.words)
        left, top = _TILE + _GAP, box.center().y() - (high + low + _LEAD) // 2
        painter.setPen(theme.color("ink"))
        painter.setFont(setting.title)
        self._write(painter, QRect(left, top, setting.words, high), line.title, _WRAPPED)
        painter.setPen(theme.color("ink2"))
        painter.setFont(plain)
        place = QRect(left, top + high + _LEAD, setting.words, low)
        self._write(painter, place, detail, _WRAPPED)
        self._paint_seats(painter, box, line)

    def _paint_seats(self, painter: QPainter, box: QRect, line: BoardLine) -> None:
        theme, seats, mark = current(), _seats_font(line), current().px("label")
        seats_width = _wide(seats, line.seats)
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

    def _write(self, painter: QPainter, box: QRect, text: str, how: int = 0) -> None:
        side = mirror.start(self.layoutDirection())
        how |= int(side | Qt.AlignmentFlag.AlignVCenter) | _WHOLE
        painter.drawText(self._mirrored(box.adjusted(0, 0, 1, 0)), how, text)

    def _mirrored(self, box: QRect) -> QRect:
        if not self.isRightToLeft():
            return box
        return QRect(self.width() - box.right() - 1, box.top(), box.width(), box.height())


def _detail_font(line: BoardLine) -> QFont:
    return current().font_for(line.detail, "label")


def _seats_font(line: BoardLine) -> QFont:
    return current().font_for(line.seats, "label", 700 if line.few else 600)


def _wide(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)


def _tall(font: QFont, text: str, words: int) -> int:
    """Return the height of a text in as many lines as it takes."""
    return QFontMetrics(font).boundingRect(QRect(0, 0, words, _ENDLESS), _WRAPPED, text).height()
