"""A short list that opens over the page, of which one is chosen; a child of the window, no popup."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.fingers import scroll_by_finger
from kiosk_app.desktop.widgets.labels import Panel
from kiosk_app.desktop.widgets.speech import give_role

_GAP = 8
_PAD = 8
_EDGE = 3
"""Pixels of the margin and of the thickest line round the rows."""
_CLOSING = frozenset({QEvent.Type.Resize, QEvent.Type.LanguageChange})


class DropList(Panel):
    """Rows under the button that opened it; a touch elsewhere or Esc closes it.

    Args:
        opener: the button; the list lies in its window, and focus goes back to it.
        choices: the rows.
        current: the key of the row that is on.
    """

    chosen = Signal(str)

    def __init__(self, opener: QWidget, choices: list[Choice], current: str) -> None:
        super().__init__("card", opener.window())
        self._opener = opener
        self.buttons: dict[str, Button] = {}
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        column.setSpacing(0)
        for choice in choices:
            button = self._make(choice, on=choice.key == current)
            column.addWidget(button)
            self.buttons[choice.key] = button
        scroll = QScrollArea()
        scroll.setWidget(rows)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll_by_finger(scroll.viewport())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(scroll)
        give_role(self, "PopupMenu")
        self._scroll, self._rows = scroll, rows
        self._place()
        self.show()
        self.raise_()
        self._place()
        self.buttons[current].setFocus(Qt.FocusReason.PopupFocusReason)
        _app().installEventFilter(self)

    def leave(self) -> None:
        """Close without choosing; focus goes back."""
        _app().removeEventFilter(self)
        self.hide()
        self.deleteLater()
        self._opener.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close at a touch elsewhere; walk with the arrows."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            if isinstance(watched, QWidget) and not self._holds(event):
                self.leave()
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if isinstance(watched, QWidget) and self.isAncestorOf(watched):
                return self._walk(Qt.Key(event.key()))
        elif event.type() in _CLOSING and watched is self._opener.window():
            self.leave()
        return super().eventFilter(watched, event)

    def _make(self, choice: Choice, *, on: bool) -> Button:
        whole = choice.name or choice.text  # what a button has no room for has some here
        button = Button(whole, "item", icon="check" if on else choice.icon, parent=self)
        button.setProperty("state", "on" if on else "off")
        button.setAccessibleName(whole)
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setChecked(on)
        button.clicked.connect(lambda: self._take(choice.key))
        return button

    def _take(self, key: str) -> None:
        self.leave()
        self.chosen.emit(key)

    def _holds(self, event: QMouseEvent) -> bool:
        return QRect(self.mapToGlobal(QPoint(0, 0)), self.size()).contains(
            event.globalPosition().toPoint()
        )

    def _walk(self, key: Qt.Key) -> bool:
        if key in {Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self.leave()
            return True
        buttons = list(self.buttons.values())
        here = next((n for n, b in enumerate(buttons) if b.hasFocus()), 0)
        steps = {
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(buttons) - 1,
        }
        if key not in steps:
            return False
        target = buttons[steps[key] % len(buttons)]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(target)
        return True

    def _place(self) -> None:
        """Lie under the button, or over it where there is more room, never outside the window."""
        window = self._opener.window()
        at = self._opener.mapTo(window, QPoint(0, 0))
        size = self._rows.sizeHint()
        around = 2 * _EDGE
        width = min(max(size.width() + around, self._opener.width()), window.width() - 2 * _GAP)
        below = window.height() - at.y() - self._opener.height() - 2 * _GAP
        above = at.y() - 2 * _GAP
        wanted = size.height() + around
        height = min(wanted, max(below, above))
        top = at.y() + self._opener.height() + _GAP
        if wanted > below and above > below:
            top = at.y() - _GAP - height
        left = at.x() + (self._opener.width() - width if self.isRightToLeft() else 0)
        left = max(_GAP, min(left, window.width() - width - _GAP))
        self.setGeometry(left, top, width, height)


def _app() -> QCoreApplication:
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("no application runs")
    return app
