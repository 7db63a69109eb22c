"""A column that scrolls by finger, wheel and keyboard."""

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.desktop.widgets.fingers import scroll_by_finger

_BREATH = 24
"""Pixels that are seen at least of what has the focus."""


class ScrollColumn(QScrollArea):
    """Widgets under one another, as wide as the area; scrolls when they are taller than it.

    Args:
        spacing: pixels between the widgets.
        parent: owner.
    """

    def __init__(self, spacing: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = QWidget()
        self.column = QVBoxLayout(self._content)
        self.column.setSpacing(spacing)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll_by_finger(self.viewport())

    def height_for(self, width: int) -> int:
        """Return the height all widgets need at a width."""
        self._content.ensurePolished()
        self.column.activate()
        if self.column.hasHeightForWidth():
            return self.column.totalHeightForWidth(width)
        return self.column.totalSizeHint().height()

    def look_for_room(self) -> None:
        """Take the scroll bar away if nothing needs it; its width alone may wrap a line and keep it."""
        if self.verticalScrollBar().maximum():
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def clear(self) -> None:
        """Take every widget out and delete it."""
        while item := self.column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what has the focus in sight when room is taken."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._show_focus)

    def _show_focus(self) -> None:
        """Scroll to the edge of what has the focus if nothing of it is seen: no more of the head goes."""
        here = QApplication.focusWidget()
        if here is None or not self._content.isAncestorOf(here):
            return
        if here.visibleRegion().isEmpty():
            self.ensureVisible(0, here.mapTo(self._content, QPoint()).y(), 0, _BREATH)

    def minimumSizeHint(self) -> QSize:
        """Be as small as the place allows; the content scrolls."""
        return QSize(0, 0)
