"""A QR code drawn as rectangles: black on white in every theme, with its quiet zone (ISO/IEC 18004)."""

from collections.abc import Sequence
from importlib import import_module

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk_app.desktop.widgets import speech

QUIET_MODULES = 4
LEAST = 200
"""Pixels; a smaller code is hard to read for a phone at arm's length."""


class QrCode(QWidget):
    """A square QR code.

    Args:
        side: the largest side in pixels; the code takes the largest whole module size that fits,
            and grows beyond `side` rather than fall under 200 pixels.
        parent: owner.
    """

    def __init__(self, side: int = 248, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._rows: Sequence[Sequence[int]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speech.give_role(self, "Graphic")

    def set_text(self, text: str) -> None:
        """Encode `text` with medium error correction; text too long for a code is a ValueError."""
        # segno brings an HTTP client and XML with it: 30 ms that no first frame has to wait for.
        code = import_module("segno").make(
            text, error="m", micro=False, boost_error=False, encoding="utf-8"
        )
        self._rows = tuple(bytes(row) for row in code.matrix)
        self.updateGeometry()
        self.update()

    def modules(self) -> Sequence[Sequence[int]]:
        """Return the rows of modules, 1 is dark; empty before a text is set."""
        return self._rows

    def module_px(self) -> int:
        """Return the side of one module in whole pixels."""
        count = len(self._rows) + 2 * QUIET_MODULES
        return max(self._side // count, -(-LEAST // count), 1)

    def sizeHint(self) -> QSize:
        """Return the side of code and quiet zone."""
        side = (len(self._rows) + 2 * QUIET_MODULES) * self.module_px()
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the white ground, then every dark run of every row."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        module = self.module_px()
        for y, row in enumerate(self._rows):
            top = (y + QUIET_MODULES) * module
            for x, dark in enumerate(row):
                if dark:
                    left = (x + QUIET_MODULES) * module
                    painter.fillRect(QRect(left, top, module, module), Qt.GlobalColor.black)
