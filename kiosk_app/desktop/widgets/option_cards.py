"""Exclusive choices as cards: icon, title, a line of help, and a tick on the chosen one (design §3)."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.desktop.theme import icons
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.desktop.widgets.paragraph import Paragraph

CARD_HEIGHT = 92
_TICK = 26
_NARROW = 560
"""Below this width the cards stand under one another."""


class OptionCard(QAbstractButton):
    """One choice; arrows move inside the group, Space chooses.

    No QRadioButton: a screen reader would take the dot it does not paint for its place.
    """

    def __init__(self, key: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self._wrong = False
        self._icon_name = icon
        self._icon = Icon(icon, "ink", 30)
        self._title = Label("", "strong", wrap=True)
        self._help = Paragraph("", "second")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._help)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 12, 14, 12)
        row.setSpacing(14)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        for part in (self._icon, self._title, self._help):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(CARD_HEIGHT)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.toggled.connect(self._recolour)

    def set_texts(self, title: str, help_text: str) -> None:
        """Name the choice and say what it means."""
        self._title.setText(title)
        self._help.setText(help_text)
        self._help.setVisible(bool(help_text))
        self.setAccessibleName(title)
        self.setAccessibleDescription(help_text)
        self.updateGeometry()

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the card as one of a group that still wants a choice."""
        self._wrong = wrong
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the texts rather than that of a radio button."""
        layout = self.layout()
        hint = layout.totalSizeHint() if layout else QSize()
        return QSize(hint.width(), max(CARD_HEIGHT, hint.height()))

    def minimumSizeHint(self) -> QSize:
        """Return the least size that cuts no text."""
        return QSize(0, CARD_HEIGHT)

    def hitButton(self, position: QPoint) -> bool:
        """The whole card is the target."""
        return self.rect().contains(position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card: tint, edge and tick when chosen."""
        theme, on = current(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = "primaryTint" if on else "surface3" if self.isDown() else "surface"
        edge = "bad" if self._wrong else "primary" if on else "lineStrong"
        width = 2 if on or self._wrong else 1
        painter.setBrush(theme.color(fill))
        painter.setPen(QPen(theme.color(edge), width))
        half = width / 2
        radius = theme.px("radius")
        box = self.rect().toRectF().adjusted(half, half, -half, -half)
        painter.drawRoundedRect(box, radius, radius)
        if on:
            self._draw_tick(painter)

    def _draw_tick(self, painter: QPainter) -> None:
        theme = current()
        place = QRect(self.width() - _TICK - 8, 8, _TICK, _TICK)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            place.moveLeft(8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("onPrimaryTint" if theme.name == "hc" else "primary"))
        painter.drawEllipse(place)
        role = "primaryTint" if theme.name == "hc" else "onPrimary"
        painter.drawPixmap(place.topLeft() + QPoint(5, 5), icons.pixmap("check", role, 16))

    def _recolour(self) -> None:
        on = self.isChecked()
        self._icon.set_icon(self._icon_name, "onPrimaryTint" if on else "ink")
        self._title.set_tone("tint" if on else None)
        self._help.set_tone("tint" if on else None)


class OptionCards(QWidget):
    """A row of cards of which one is chosen."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.give_role(self, "Grouping")
        self._group = QButtonGroup(self)
        self._cards: dict[str, OptionCard] = {}
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)

    def add(self, key: str, icon: str) -> OptionCard:
        """Add a choice; name it with `set_texts`."""
        card = OptionCard(key, icon)
        self._cards[key] = card
        self._group.addButton(card)
        self._row.addWidget(card, 1)
        card.toggled.connect(lambda on: self._toggled(key) if on else None)
        return card

    def card(self, key: str) -> OptionCard:
        """Return one choice."""
        return self._cards[key]

    def choose(self, key: str) -> None:
        """Choose for the person, as a preselection does."""
        self._cards[key].setChecked(True)

    def value(self) -> str | None:
        """Return the chosen key, or None while nothing is chosen."""
        button = self._group.checkedButton()
        return button.key if isinstance(button, OptionCard) else None

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the whole group, or take the mark away."""
        for card in self._cards.values():
            card.set_wrong(wrong=wrong)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand the cards under one another where they would be too narrow."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != way:
            self._row.setDirection(way)

    def _toggled(self, key: str) -> None:
        self.set_wrong(wrong=False)
        self.chosen.emit(key)
