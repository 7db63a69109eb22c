"""A page for staff: a head with its ways on, and under it a list beside what is looked at."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.flow import FlowLayout
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.low_room import LowRoom
from kiosk_app.desktop.widgets.paragraph import Paragraph

_NARROW = 1000
"""Pixels at 100 % of text size under which list and request stand one over the other."""
_SIDE, _GAP = 32, 12
"""Pixels beside the page, and between title and ways on."""
_ABREAST, _STACKED = 240, 640
"""Pixels at 100 % below which list and request would be crushed."""


class StaffPage(QWidget):
    """Lays the parts out, and again where the page is narrow, upright or low.

    Args:
        parent: owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.count = Label("", "h1", wrap=True), Paragraph("", "second")
        self.page = QVBoxLayout(self)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._ways = QWidget()
        self._body = QWidget()
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._body)
        self._low = LowRoom(self, self._body, self._least)

    def lay_out(self, ways: Sequence[QWidget], listed: QWidget, seen: Sequence[QWidget]) -> None:
        """Put the ways on into the head, and the list beside what is seen of it."""
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.count)
        line = FlowLayout(self._ways, spacing=12)
        for way in ways:
            line.addWidget(way)
        self._head.setSpacing(_GAP)
        self._head.addLayout(words, 1)
        self._head.addWidget(self._ways)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(24)
        self._across.addWidget(listed, 2)
        for part in seen:
            self._across.addWidget(part, 3)
        self.page.setContentsMargins(_SIDE, 24, _SIDE, 24)
        self.page.setSpacing(16)
        self.page.addLayout(self._head)
        self.page.addWidget(self._body, 1)

    def retranslate(self) -> None:
        """Write every text anew; each page its own."""
        raise NotImplementedError

    def look(self) -> None:
        """Ask for what the page shows, where somebody sees it; each page its own."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size; what is told comes in the language that is asked for."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.look()
        elif event.type() == QEvent.Type.StyleChange:
            self.fit()

    def fit(self) -> None:
        """Put what is seen under the list, and the ways on under the title, where room is short."""
        narrow = self.width() < _NARROW * current().text_scale or self.height() > self.width()
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._across.setDirection(way)
        title = self.title.fontMetrics().horizontalAdvance(self.title.text())
        wanted = title + _GAP + self._ways.sizeHint().width() + 2 * _SIDE
        below = QBoxLayout.Direction.TopToBottom
        self._head.setDirection(below if wanted > self.width() else way)
        self._low.look()

    def showEvent(self, event: QShowEvent) -> None:
        """Look whether there is room."""
        super().showEvent(event)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find the shape for another size."""
        super().resizeEvent(event)
        self.fit()

    def _least(self) -> int:
        stacked = self._across.direction() == QBoxLayout.Direction.TopToBottom
        return round((_STACKED if stacked else _ABREAST) * current().text_scale)
