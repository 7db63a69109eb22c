"""A page that is too low for all of it can be moved as a whole, rather than crushing its last part."""

from collections.abc import Callable

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.desktop.widgets.fingers import scroll_by_finger


class LowRoom(QObject):
    """Looks whether a page has room for its body; where it has not, the page is set to scroll.

    Once set it stays so: with more room there is nothing to scroll.

    Args:
        page: its layout gives the body what the other parts leave.
        body: the part that is crushed first.
        least: the height in pixels that the body is to have.
    """

    def __init__(self, page: QWidget, body: QWidget, least: Callable[[], int]) -> None:
        super().__init__(page)
        self._page, self._body, self._least = page, body, least
        self._scrolls = False
        self._area: QtWidgets.QScrollArea | None = None
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._look)
        for one in (page, body):
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when there is other room, be it that a line over the body came or went."""
        if event.type() == QEvent.Type.Resize:
            self.look()
        return super().eventFilter(watched, event)

    def look(self) -> None:
        """Look when the layout has come to rest."""
        self._soon.start()

    def go_to_top(self) -> None:
        """Show the page from its beginning."""
        if self._area is not None:
            self._area.verticalScrollBar().setValue(0)

    def _look(self) -> None:
        least = self._least()
        if not self._scrolls:
            fits = self._body.height() >= least and not self._hangs_over()
            if not self._page.isVisible() or fits:
                return
            self._set_to_scroll()
        self._body.setMinimumHeight(least)

    def _hangs_over(self) -> bool:
        """Say whether the page is higher than what it stands in, which gave it what it needs."""
        around = self._page.parentWidget()
        while around is not None and around.height() >= self._page.height():
            around = around.parentWidget()
        return around is not None

    def _set_to_scroll(self) -> None:
        self._scrolls = True
        layout = self._page.layout()
        assert layout is not None  # noqa: S101 - the body lies in it
        inner = QWidget()
        inner.setLayout(layout)
        area = self._area = QtWidgets.QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        scroll_by_finger(area.viewport())
        outer = QVBoxLayout(self._page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
