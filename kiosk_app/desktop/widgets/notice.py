"""A sentence in place: why something did not happen, right where it was asked for."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk_app.desktop.widgets.labels import Icon, Label, Panel, restyle
from kiosk_app.desktop.widgets.speech import announce, give_role


class Notice(Panel):
    """A strip with an icon and a sentence; hidden while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("plain", parent)
        self.setProperty("surface", None)
        self._icon = Icon("info", "warn", 24)
        self._text = Label("", "second", tone="warn", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        give_role(self, QAccessible.Role.AlertMessage)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, or an empty text."""
        return self._text.text()

    def say(self, text: str, tone: Literal["warn", "bad"] = "warn") -> None:
        """Say it, for eyes and for screen readers."""
        self._icon.set_icon("circle-alert" if tone == "bad" else "info", tone)
        self._text.setText(text)
        self._text.set_tone(tone)
        self.setProperty("notice", tone)
        restyle(self)
        self.setAccessibleName(text)
        self.show()
        announce(self, text)

    def clear(self) -> None:
        """Say nothing any more."""
        self._text.setText("")
        self.hide()
