"""Rows of the accessibility panel: what it is, a line of help, and a switch or a choice at the end."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.desktop.theme import icons, mirror
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.segmented import Segmented
from kiosk_app.desktop.widgets.tile import Tile

ROW_HEIGHT, _AIR, _TIGHT = 92, 12, 2
"""Pixels: of a row, and above and below its words, as drawn and where there is little height."""
_SWITCH = QSize(84, 48)
_THUMB, _INSET, _CHECK = 32, 8, 20
_STACKED = 640
"""Width at 100 % under which a choice stands below its words."""


class NeedWords(QWidget):
    """Icon, title and help, as every row begins."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.help = Label("", "strong", wrap=True), Paragraph("", "second")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.help)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addStrut(ROW_HEIGHT - 2 * _AIR)
        row.addWidget(Tile(icon, "primary", 52))
        row.addLayout(words, 1)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def write(self, title: str, help_text: str) -> None:
        """Say what it is and what it does."""
        self.title.setText(title)
        self.help.setText(help_text)


class SwitchRow(QAbstractButton):
    """On or off; the whole row is the target, Space and Enter act on it.

    No QCheckBox: a screen reader would take the box it does not paint for its place.
    """

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.words = NeedWords(icon)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, _AIR, 0, _AIR)
        row.setSpacing(0)
        row.addWidget(self.words, 1)
        row.addSpacing(_SWITCH.width() + 24)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def write(self, title: str, help_text: str) -> None:
        """Say what it is and what it does."""
        self.words.write(title, help_text)
        self.setAccessibleName(title)
        self.setAccessibleDescription(help_text)

    def set_tight(self, *, tight: bool) -> None:
        """Take less height, or that of the picture."""
        _set_air(self, tight=tight)

    def sizeHint(self) -> QSize:
        """Return the size of the words rather than that of a check box."""
        return QSize(_STACKED, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Return the height of the words at the width there is."""
        return QSize(0, self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        """Return the height the words need."""
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout else ROW_HEIGHT

    def hitButton(self, position: QPoint) -> bool:
        """The whole row is the target."""
        return self.rect().contains(position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the switch at the end of the row; a check on its thumb when it is on."""
        theme, on = current(), self.isChecked()
        at = QRect(self.width() - _SWITCH.width(), (self.height() - _SWITCH.height()) // 2, 0, 0)
        at.setSize(_SWITCH)
        at = mirror.seen(self.layoutDirection(), self.rect(), at)
        inset = _SWITCH.width() - _THUMB - _INSET if on else _INSET
        thumb = QRect(at.x() + inset, at.y() + _INSET, _THUMB, _THUMB)
        thumb = mirror.seen(self.layoutDirection(), at, thumb)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("primary" if on else "lineStrong"), 2))
        painter.setBrush(theme.color("primary" if on else "surface"))
        painter.drawRoundedRect(QRectF(at).adjusted(1, 1, -1, -1), 23, 23)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("onPrimary" if on else "lineStrong"))
        painter.drawEllipse(thumb)
        if on:
            gap = (_THUMB - _CHECK) // 2
            painter.drawPixmap(
                thumb.topLeft() + QPoint(gap, gap), icons.pixmap("check", "primary", _CHECK)
            )
        painter.end()


class ChoiceRow(QWidget):
    """One of a few; the choice goes below the words where the row is too narrow for both."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.choice = NeedWords(icon), Segmented()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, _AIR, 0, _AIR)
        self._row.setSpacing(16)
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.choice)

    def write(self, title: str, help_text: str) -> None:
        """Say what it is and what it does."""
        self.words.write(title, help_text)
        self.choice.setAccessibleName(title)

    def set_tight(self, *, tight: bool) -> None:
        """Take less height, or that of the picture."""
        _set_air(self, tight=tight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand words and choice beside or over one another."""
        super().resizeEvent(event)
        self.fit(self.width())

    def fit(self, width: int) -> None:
        """Choose the direction for a width."""
        narrow = width < _STACKED * current().text_scale
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != way:
            self._row.setDirection(way)


def _set_air(row: QWidget, *, tight: bool) -> None:
    layout, air = row.layout(), _TIGHT if tight else _AIR
    if layout is not None and layout.contentsMargins().top() != air:
        layout.setContentsMargins(0, air, 0, air)
        row.updateGeometry()
