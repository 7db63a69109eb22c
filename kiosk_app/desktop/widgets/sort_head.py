"""The head of the list: a button for each column that sorts, in reach of Tab and Space (A44)."""

from PySide6.QtCore import QEvent, QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Panel
from kiosk_app.i18n.texts import _

_APART = 12
"""Pixels between an arrow and the next column: where there are fewer, the order is not pointed out."""


class SortHead(Panel):
    """Buttons over the columns of a table; the one that sorts shows which way.

    Args:
        keys: what the program calls each column that sorts, in order.
        parent: owner.
    """

    chosen = Signal(int)

    def __init__(self, keys: list[int], parent: QWidget | None = None) -> None:
        super().__init__("plain", parent)
        self.setProperty("surface", None)
        self.setProperty("part", "columns")
        self._texts: dict[int, str] = {}
        self._places: dict[int, tuple[int, int]] = {}
        self._sorted, self._descending = keys[0], False
        self.buttons = {key: self._make(key) for key in keys}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_texts(self, texts: dict[int, str]) -> None:
        """Name the columns."""
        self._texts = texts
        self._write()

    def set_places(self, places: dict[int, tuple[int, int]]) -> None:
        """Put each button over its column: start and width; a column left out is hidden."""
        self._places = places
        self._move()

    def show_order(self, key: int, *, descending: bool) -> None:
        """Show which column sorts, and which way."""
        self._sorted, self._descending = key, descending
        self._write()

    def sizeHint(self) -> QSize:
        """Return a height for fingers."""
        return QSize(0, current().px("controlSm") + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep every button over its column."""
        super().resizeEvent(event)
        self._move()

    def changeEvent(self, event: QEvent) -> None:
        """Take other sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
            self._move()

    def order_words(self) -> str:
        """Return what a screen reader says of the order: *Sorted by Date, ascending*."""
        text = self._texts.get(self._sorted, "")
        if self._descending:
            return _("Sorted by {column}, descending").format(column=text)
        return _("Sorted by {column}, ascending").format(column=text)

    def _make(self, key: int) -> Button:
        button = Button(" ", "column", icon="arrow-up-down", trailing=True, parent=self)
        button.clicked.connect(lambda: self.chosen.emit(key))
        return button

    def _write(self) -> None:
        for key, button in self.buttons.items():
            text = self._texts.get(key, "")
            on = key == self._sorted
            button.setText(text)
            state = "on" if on else "off"
            if state != button.property("state"):
                button.setProperty("state", state)
                restyle(button)
            button.setAccessibleName(
                self.order_words() if on else _("Sort by {column}").format(column=text)
            )
        self._move()

    def _move(self) -> None:
        height = current().px("controlSm")
        for key, button in self.buttons.items():
            start, width = self._places.get(key, (0, 0))
            button.setVisible(width > 0)
            if width:
                button.set_icon(self._arrow(key))
                if button.sizeHint().width() > width - _APART and key != self._sorted:
                    button.set_icon(None)
                wide = max(height, button.sizeHint().width())  # a short word is no smaller to touch
                place = QRect(start, 1, min(width, wide), height)
                button.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))

    def _arrow(self, key: int) -> str:
        if key != self._sorted:
            return "arrow-up-down"
        return "arrow-down" if self._descending else "arrow-up"
