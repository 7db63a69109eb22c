"""The painted side of the attract screen: what to do here, in words and as a picture (01a)."""

from math import sin

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from kiosk_app.desktop.theme import mirror
from kiosk_app.desktop.theme.theme import current, make_font
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.hero_art import Art, draw
from kiosk_app.i18n import texts

_WIDE, _HIGH = 900, 600
"""Pixels across, and down at 100 % of text size, from which the words have the picture's margins."""
_GROWN = 1.25
"""The title is this much larger than any other text."""
_LINE = 1.1
"""Height of a line of the title, in letters."""
_GAP = 0.42
"""Room between title and sentence, in letters."""
_LEAST = 0.5
"""How far a title shrinks before its lines are simply too many."""
NEWS_MS = 6_000
"""How long what just happened stands in the place of the sentence."""
_FLAGS = int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class Hero(QWidget):
    """Title, sentence and picture on the hero colour, with room for buttons at the bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.mark_role(self, "Grouping")
        self._title = self._text = self._news = ""
        self._newly = QTimer(self, interval=NEWS_MS, singleShot=True)
        self._newly.timeout.connect(self.hush)
        self._art: Art = "card"
        self._shown: list[Button] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(16)
        self._around = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._around.addStretch(1)
        self._around.addLayout(self._buttons)

    def set_words(self, title: str, text: str, art: Art = "card") -> None:
        """Say something, beside a picture: how a card is scanned, or a closed door at night."""
        self._title, self._text, self._art = title, text, art
        self._write()

    @property
    def news(self) -> str:
        """What just happened, while it stands there."""
        return self._news

    def tell(self, news: str) -> None:
        """Say what just happened under the title, for some seconds, in the place of the sentence."""
        self._news = news
        self._newly.start()
        self._write()
        speech.announce(self, news)

    def hush(self) -> None:
        """Say what is always said."""
        self._newly.stop()
        self._news = ""
        self._write()

    def _write(self) -> None:
        self.setAccessibleName(f"{self._title}. {self._news or self._text}".rstrip(". "))
        self.update()

    def add_button(self, button: Button) -> None:
        """Put a button at the bottom, after those that are there."""
        self._shown.append(button)
        self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def fit(self) -> None:
        """Set the buttons side by side where they fit, else under one another."""
        margin = self._margin
        self._around.setContentsMargins(margin, 0, margin, min(64, margin))
        widths = [button.sizeHint().width() for button in self._shown]
        across = sum(widths) + self._buttons.spacing() <= self.width() - 2 * margin
        direction = QBoxLayout.Direction
        self._buttons.setDirection(direction.LeftToRight if across else direction.TopToBottom)
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the buttons anew."""
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        """Be content with little."""
        return QSize(280, 280)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, waves, words and picture."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("hero"))
        _waves(painter, self.size(), theme.color("heroLine"))
        top = self._words(painter)
        free = QRectF(0, top + 24, self.width(), self._foot() - top - 56)
        draw(painter, free, self._art, rtl=self.isRightToLeft())
        painter.end()

    @property
    def _margin(self) -> int:
        return 96 if self._roomy else 40

    @property
    def _roomy(self) -> bool:
        return self.width() >= _WIDE and self.height() >= _HIGH * current().text_scale

    def _foot(self) -> int:
        """Return where the buttons begin."""
        tops = [button.y() for button in self._shown if button.isVisible()]
        return min(tops, default=self.height() - 24)

    def _words(self, painter: QPainter) -> int:
        """Write title and sentence; return where they end."""
        theme, margin = current(), self._margin
        width = self.width() - 2 * margin
        top = margin - 8 if self._roomy else margin
        box = QRect(margin, top, min(width, 760), self.height())
        said = self._news or self._text
        weight = 600 if self._news else 400
        text_font = make_font(round(theme.px("bodyLg") * 1.2), weight, display=False)
        text_height = QFontMetrics(text_font).boundingRect(box, _FLAGS, said).height()
        font = self._title_font(width, self._foot() - top - text_height - 16)
        painter.setFont(font)
        painter.setPen(theme.color("onHero"))
        metrics = QFontMetrics(font)
        for line in _lines(self._title, metrics, _measure(font, width)):
            at = QRect(margin, top, width, metrics.height())
            painter.drawText(at, self._start() | int(Qt.TextFlag.TextDontClip), line)
            top += round(font.pixelSize() * _LINE)
        top += round(font.pixelSize() * _GAP)
        painter.setFont(text_font)
        painter.setPen(theme.color("onHero" if self._news else "onHero2"))
        box.moveTop(top)
        box = mirror.seen(self.layoutDirection(), self.rect(), box)
        painter.drawText(box, self._start(), said)
        return top + painter.boundingRect(box, self._start(), said).height()

    def _title_font(self, width: int, height: int) -> QFont:
        """Return the largest letters with which no word of the title is cut and nothing covered."""
        longest = max(
            map(QFontMetrics(_title_font()).horizontalAdvance, self._title.split()), default=1
        )
        share = min(1.0, width / max(1, longest), self.height() / 900)
        font = _title_font(max(_LEAST, share))
        while share > _LEAST:
            lines = _lines(self._title, QFontMetrics(font), _measure(font, width))
            if len(lines) * font.pixelSize() * _LINE + font.pixelSize() * _GAP <= height:
                break
            share -= 0.05
            font = _title_font(max(_LEAST, share))
        return font

    def _start(self) -> int:
        return int(mirror.start(self.layoutDirection())) | _FLAGS


def _title_font(share: float = 1.0) -> QFont:
    font = make_font(round(current().px("display") * _GROWN * share), 700)
    if not texts.right_to_left():
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 96.5)
    return font


def _measure(font: QFont, width: int) -> int:
    """Return how wide a line of the title may be."""
    return min(width, round(font.pixelSize() * 7))


def _lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Return the text in lines that fit; Qt sets its own too far apart for large letters."""
    found: list[str] = []
    for word in text.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and metrics.horizontalAdvance(longer) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found


def _waves(painter: QPainter, size: QSize, colour: QColor) -> None:
    """Paint lines like water over the lower half, the lower the clearer."""
    count, step = 9, 24
    for number in range(count):
        painter.setPen(QPen(_faint(colour, (number + 1) / count), 1.4))
        base = size.height() * (0.56 + 0.052 * number)
        across = range(0, size.width() + step, step)
        swings = (20 * sin(x / 170 + number * 0.55) + 10 * sin(x / 83 + number) for x in across)
        painter.drawPolyline([QPointF(x, base + y) for x, y in zip(across, swings, strict=True)])


def _faint(colour: QColor, share: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(share)
    return made
