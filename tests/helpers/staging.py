"""A window on the screen for tests that act like a person: shown, active, its events done."""

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QApplication


def on_screen(qtbot, window, width=1920, height=1080):
    """Show a window, make it the active one and wait for it."""
    qtbot.addWidget(window)
    window.resize(width, height)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    settle()
    return window


_ROUNDS = 60
"""Of events, after which a window that still lays itself out anew will never stand still."""

_QUIET = 3
"""Rounds in a row without a layout, after which none is to come."""


class _LaidOut(QObject):
    """Sees whether anything was asked to lay itself out anew."""

    asked = False

    def eventFilter(self, _watched, event):  # noqa: N802 - the name is Qt's
        self.asked = self.asked or event.type() is QEvent.Type.LayoutRequest
        return False


def settle():
    """Let what was put off for later happen now.

    A widget that grew asks the one around it for room, and that one is answered a round later; what
    was put off may put something off.
    """
    app, layouts = QApplication.instance(), _LaidOut()
    app.installEventFilter(layouts)
    try:
        quiet = 0
        for _round in range(_ROUNDS):
            layouts.asked = False
            QApplication.processEvents()
            quiet = 0 if layouts.asked else quiet + 1
            if quiet == _QUIET:
                return
    finally:
        app.removeEventFilter(layouts)
    raise AssertionError("the window does not come to rest")


def on_the_glass(widget):
    """Move the window so that the middle of `widget` lies on the (small) offscreen screen.

    Qt asks the screen what lies under a finger wherever a page can be dragged.
    """
    window = widget.window()
    at = widget.mapTo(window, widget.rect().center())
    window.move(QPoint(400, 400) - at)
    settle()


class Counted(QObject):
    """Counts how often an event of one kind comes to a widget: to be painted, to lay out anew."""

    def __init__(self, watched, kind=QEvent.Type.Paint):
        super().__init__(watched)
        self._kind, self.count = kind, 0
        watched.installEventFilter(self)

    def eventFilter(self, _watched, event):  # noqa: N802 - the name is Qt's
        self.count += event.type() == self._kind
        return False
