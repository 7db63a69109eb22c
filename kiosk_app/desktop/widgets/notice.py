"""A coloured box inside a page: what needs attention, or what to know before a tap."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.desktop.widgets.paragraph import Paragraph

Tone = Literal["bad", "warn", "ok"]
_ICON: dict[Tone, str] = {"bad": "circle-alert", "warn": "cloud-off", "ok": "undo-2"}


class Notice(QFrame):
    """Icon, a strong line and a second one; takes the focus when it reports errors."""

    def __init__(
        self, tone: Tone, *, icon: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = Label("", "strong", wrap=True)
        self._text = Paragraph("", "second")
        self._icon = Icon(icon or _ICON[tone], tone)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 20, 14)
        row.setSpacing(16)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        speech.give_role(self, "AlertMessage")
        self.set_tone(tone, icon)

    def set_tone(self, tone: Tone, icon: str | None = None) -> None:
        """Take other colours."""
        self.setProperty("notice", tone)
        self._icon.set_icon(icon or _ICON[tone], tone)
        restyle(self)

    def set_text(self, title: str, text: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(" ".join(filter(None, (title, text))))

    def text(self) -> str:
        """Return all that the box says."""
        return self.accessibleName()

    def add_widget(self, widget: QWidget) -> None:
        """Put a control at the end of the box."""
        layout = self.layout()
        if layout:
            layout.addWidget(widget)
