"""A keyboard wedge and a person at the keys of a window, with a clock of their own."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent


class Keys:
    """Strikes keys where they enter a window, `gap` milliseconds apart."""

    def __init__(self, window):
        self._window, self._at = window, 100_000

    def strike(self, text, gap):
        for char in text:
            self._at += gap
            key = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}.get(char, Qt.Key.Key_unknown)
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, char)
                event.setTimestamp(self._at)
                QCoreApplication.sendEvent(self._window.windowHandle(), event)

    def scan(self, code, after=5_000):
        """Scan a code, long after whatever was before."""
        self._at += after
        self.strike(code + "\r", 2)

    def type(self, text):
        self.strike(text, 150)
