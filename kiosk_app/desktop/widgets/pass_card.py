"""The pass: a ticket with a tear-off stub, for a booking (QR) or a request that waits (steps)."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, current, make_font
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Label, line
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.pass_stub import CRAMPED_WIDTH, STUB_WIDTH, Stub
from kiosk_app.desktop.widgets.pass_text import PassText
from kiosk_app.desktop.widgets.status_chip import StatusChip
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.i18n import formats

WIDTH, HEIGHT, _LOW = 1240, 372, 300
NOTCH = 18
LONGEST_CODE = 20
"""Letters of a short code, at most."""
_NARROW = 1100
_STACKED = 760
_SPARE = 2
"""Pixels that a text gets beside those it measures."""
_GAP, _LEAST_GAP = 28, 16
"""Pixels between two facts, and how far they give way before a fact wraps."""
_ONCE_WRAPPED = 0.45
"""The part of a fact's width that a second line saves; lines are seldom equally long."""
_UNDER_HEAD = 2
"""The place in the column of what comes after the title and its line."""


class PassCard(QWidget):
    """Paints the ticket and holds its texts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text: PassText | None = None
        self._facts: list[_Fact] = []
        self._cramped = False
        self._tile = Tile("ticket", "primary", 64)
        self._title = Label("", "h2", wrap=True)
        self._title.setMinimumWidth(1)  # it wraps before the state beside it is cut
        self._subtitle = Paragraph("", "second")
        self._chip = StatusChip()
        self._grid = QGridLayout()
        self._code_label = Label("", "second")
        self._code = Label("", "h1")
        self._code.setProperty("role", "code")
        self._code.setProperty("grown", "false")
        font = make_font(current().px("h1"), 700)
        font.setFeature(QFont.Tag("zero"), 1)  # a slashed 0, so that nobody reads it as an O
        self._code.setFont(font)
        self._person_label = Label("", "second")
        self._person = Label("", "title", wrap=True)
        self._person.setProperty("role", "fact")
        self._bottom = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._code_column = QVBoxLayout()
        self._stub = Stub()
        self._main = QVBoxLayout()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._build()
        self.set_low(low=False)
        self.setMaximumWidth(WIDTH)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        speech.give_role(self, "Grouping")

    def show_text(self, text: PassText) -> None:
        """Say something else, or the same in another language."""
        self._text = text
        self._tile.set_icon(TYPE_ICON[text.mock_type], TYPE_ROLE[text.mock_type])
        self._title.setText(text.title)
        self._subtitle.setText(text.subtitle)
        self._chip.set_standing(text.standing)
        self._code_label.setText(text.code_label)
        self._show_code(text.code)
        self._code.setAccessibleName(f"{text.code_label}: {' '.join(text.code)}")
        self._person_label.setText(text.person_label)
        self._person.setText(text.person)
        self._show_facts(text.facts)
        self._stub.show_text(text)
        self.setAccessibleName(formats.listed(text.title, *(value for _, value in text.facts)))
        self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """Keep nothing of anybody: no name, no code, no calendar entry."""
        if self._text is not None:
            self.show_text(PassText(mock_type=self._text.mock_type, standing=self._text.standing))
            self._text = None

    def set_low(self, *, low: bool, cramped: bool = False) -> None:
        """Take no more height than the texts need, or that of the picture.

        Args:
            low: whether there is little height.
            cramped: whether there is so little that the code comes first and the QR code beside it,
                for what is below them is not seen without a scroll.
        """
        side = 24 if cramped else 40
        self._main.setContentsMargins(side, 20 if low else 32, side, 20 if low else 28)
        self._main.setSpacing(8 if cramped else 14 if low else 24)
        self._stub.set_low(low=low, cramped=cramped)
        self.setMinimumHeight(_LOW if low else HEIGHT)
        if cramped != self._cramped:
            self._cramped = cramped
            self._tile.setVisible(not cramped)
            self._title.set_role("title" if cramped else "h2")
            self._place_code()
            self._fit(self.width())

    def text(self) -> PassText | None:
        """Return what the pass says."""
        return self._text

    def sizeHint(self) -> QSize:
        """Return the size of the picture, more where the texts need it."""
        return QSize(WIDTH, max(self.minimumHeight(), super().sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        """Return the least width at which the stacked ticket cuts no text."""
        return QSize(520, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put facts in two rows where it is narrow, and the stub below where it is narrower."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        stacked = width < _STACKED * (1 if self._cramped else current().text_scale)
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        self._row.setDirection(way)
        self._stub.setMinimumWidth(0 if stacked else self._stub_width())
        self._stub.setMaximumWidth(WIDTH if stacked else self._stub_width())
        narrow = width < _NARROW
        below = narrow or self._cramped
        self._bottom.setDirection(
            QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        )
        self._arrange_facts()

    def changeEvent(self, event: QEvent) -> None:
        """Give the facts what they need in other letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit(self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ticket: rounded, two notches, a dashed tear line between them."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = self._tear()
        shape = QPainterPath()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape.addRoundedRect(box, theme.px("radiusXl"), theme.px("radiusXl"))
        for end in (first, last):
            notch = QPainterPath()
            notch.addEllipse(end, NOTCH, NOTCH)
            shape = shape.subtracted(notch)
        certain = self._text is None or self._text.certain
        edge = QPen(theme.color("line" if certain else "warnFill"), 1 if certain else 2)
        if not certain:
            edge.setDashPattern([4, 3])
        painter.setPen(edge)
        painter.setBrush(theme.color("surface"))
        painter.drawPath(shape)
        tear = QPen(theme.color("lineStrong"), 2)
        tear.setDashPattern([3, 2])
        painter.setPen(tear)
        along = QPointF(0, NOTCH) if first.x() == last.x() else QPointF(NOTCH, 0)
        painter.drawLine(first + along, last - along)

    def _tear(self) -> tuple[QPointF, QPointF]:
        if self._row.direction() is QBoxLayout.Direction.TopToBottom:
            y = float(self._stub.y())
            return QPointF(1, y), QPointF(self.width() - 1, y)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = float(self._stub_width() if rtl else self.width() - self._stub_width())
        return QPointF(x, 1), QPointF(x, self.height() - 1)

    def _stub_width(self) -> int:
        return CRAMPED_WIDTH if self._cramped else STUB_WIDTH

    def _place_code(self) -> None:
        """Set the code over the facts where what stands under them may be out of sight."""
        code = self._code_column
        (self._bottom if self._cramped else self._main).removeItem(code)
        code.setParent(None)
        if self._cramped:
            self._main.insertLayout(_UNDER_HEAD, code)
        else:
            self._bottom.insertLayout(0, code)
        self._stretch_code()

    def _stretch_code(self) -> None:
        if not self._cramped:
            self._bottom.setStretch(0, 3 if self._code.wordWrap() else 0)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._tile)
        head.addLayout(words, 1)
        head.addWidget(self._chip)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(16)
        code, person = self._code_column, QVBoxLayout()
        for column, parts in (
            (code, (self._code_label, self._code)),
            (person, (self._person_label, self._person)),
        ):
            column.setSpacing(0)
            column.addStretch(1)
            for part in parts:
                column.addWidget(part)
        for part in (self._person_label, self._person):
            part.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self._bottom.addLayout(code)
        self._bottom.addStretch(1)
        self._bottom.addLayout(person)
        main = self._main
        main.addLayout(head)
        main.addWidget(line())
        main.addLayout(self._grid)
        main.addStretch(1)
        main.addLayout(self._bottom)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addLayout(main, 1)
        self._row.addWidget(self._stub)

    def _show_code(self, code: str) -> None:
        """Write it large; one of a server that has no short codes smaller, and in full."""
        long = len(code) > LONGEST_CODE
        grown = "true" if long or current().text_scale > 1 else "false"
        if grown != self._code.property("grown"):
            self._code.setProperty("grown", grown)
            restyle(self._code)
        self._code.setWordWrap(long)
        self._stretch_code()
        self._code.setText(code)

    def _show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        while len(self._facts) > len(facts):
            gone = self._facts.pop()
            self._grid.removeWidget(gone)  # or it takes its share of the line until it is deleted
            gone.hide()
            gone.deleteLater()
        while len(self._facts) < len(facts):
            self._facts.append(_Fact())
        for fact, (label, value) in zip(self._facts, facts, strict=True):
            fact.show_text(label, value)
        self._arrange_facts()

    def _arrange_facts(self) -> None:
        """Give each fact the width of its words; where that is too much, the longest wraps first."""
        in_line = self.width() >= _NARROW and self._fit_one_line()
        columns = max(1, len(self._facts)) if in_line else 2
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
            self._grid.setColumnMinimumWidth(column, 0)
        for index, fact in enumerate(self._facts):
            self._grid.addWidget(fact, index // columns, index % columns)
            at = index % columns
            self._grid.setColumnStretch(at, max(fact.needs(), self._grid.columnStretch(at)))
        if in_line:
            self._widen()

    def _room(self) -> int:
        sides = self._main.contentsMargins()
        return self.width() - self._stub_width() - sides.left() - sides.right()

    def _fit_one_line(self) -> bool:
        """Say whether all facts stand side by side, the longest that can wrap on two lines at most."""
        needs = [fact.needs() for fact in self._facts]
        longest = max((fact.needs() for fact in self._facts if fact.wraps), default=0)
        gaps = _LEAST_GAP * max(0, len(needs) - 1)
        return sum(needs) - round(longest * _ONCE_WRAPPED) + gaps <= self._room()

    def _widen(self) -> None:
        """Keep the columns of one line as wide as they need, all but the longest that can wrap."""
        needs = [fact.needs() for fact in self._facts]
        spare, between = self._room() - sum(needs), max(1, len(needs) - 1)
        gap = min(_GAP, max(_LEAST_GAP, spare // between))
        self._grid.setHorizontalSpacing(gap)
        short = spare < gap * between
        wraps = [fact.needs() if short and fact.wraps else 0 for fact in self._facts]
        longest = wraps.index(max(wraps)) if any(wraps) else None
        for column, need in enumerate(needs):
            self._grid.setColumnMinimumWidth(column, 0 if column == longest else need)


class _Fact(QWidget):
    """A label over a value."""

    def __init__(self) -> None:
        super().__init__()
        self._label = Label("", "second")
        self._value = Label("", "title", wrap=True)
        self._value.setProperty("role", "fact")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._label)
        column.addWidget(self._value)
        column.addStretch(1)

    def show_text(self, label: str, value: str) -> None:
        """Say another fact."""
        self._label.setText(label)
        self._value.setText(value)
        self._value.setAccessibleName(f"{label}: {value}")

    @property
    def wraps(self) -> bool:
        """Whether it may stand on two lines: a date and hours may not."""
        return " " in self._value.text()

    def needs(self) -> int:
        """Return the width in pixels at which no word of it wraps."""
        widths = []
        for label in (self._label, self._value):
            label.ensurePolished()
            widths.append(label.fontMetrics().horizontalAdvance(label.text()) + _SPARE)
        return max(widths)
