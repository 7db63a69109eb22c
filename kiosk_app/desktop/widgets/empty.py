"""What stands where nothing is to be shown: a sign, what happened, and a way on (02b, 03b)."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.tile import Tile

_SIGN = 104
_TEXT = 640
_SIGN_FROM = 400
"""Pixels of height at 100 % of text size from which there is room for the sign."""


class EmptyState(QWidget):
    """A round sign, a title, a text and up to two buttons, in the middle of the room."""

    def __init__(
        self, icon: str, buttons: tuple[Button, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = Label("", "title", wrap=True)
        self._text = Label("", "lead", wrap=True)
        self._sign = Tile(icon, "primary", _SIGN, round_=True)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setMaximumWidth(_TEXT)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for label in (self._title, self._text):
            centred = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            centred.addStretch(1)
            centred.addWidget(label, 100)
            centred.addStretch(1)
            column.addLayout(centred)
        column.addSpacing(12)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(current().px("gap"))
        self._buttons.addStretch(1)
        for button in buttons:
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        column.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """Give way in small rooms; the sign goes first."""
        return QSize(0, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the sign out where there is no room for it."""
        super().resizeEvent(event)
        self._sign.setVisible(self.height() >= _SIGN_FROM * current().text_scale)

    def write(self, title: str, text: str) -> None:
        """Say what happened."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))

    @property
    def words(self) -> str:
        """Title and text, as a screen reader would say them."""
        return f"{self._title.text()}. {self._text.text()}"
