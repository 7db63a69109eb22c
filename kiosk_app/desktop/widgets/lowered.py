"""The part of the screen above lowered controls: nothing to touch, and a word why (design 13e)."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets.emblems import Logo
from kiosk_app.desktop.widgets.labels import Label, Panel
from kiosk_app.i18n.texts import _

_WORDS_FROM = 160
"""Pixels of height from which the words have room."""


class LoweredBand(Panel):
    """A band in the colour of the house."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("hero", parent)
        self._title, self._note = Label("", "h1", tone="hero"), Label("", "lead", tone="hero2")
        self._words = QWidget()
        lines = QVBoxLayout()
        lines.setSpacing(4)
        lines.addWidget(self._title)
        lines.addWidget(self._note)
        row = QHBoxLayout(self._words)
        row.setContentsMargins(64, 48, 64, 0)
        row.setSpacing(24)
        row.addWidget(Logo(hero=True), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._words)
        column.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self._title.setText(_("Controls are lowered"))
        self._note.setText(_("Everything you can touch is below this line."))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say nothing where there is no room for it."""
        super().resizeEvent(event)
        self._words.setVisible(self.height() >= _WORDS_FROM)
