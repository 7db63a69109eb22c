"""An empty list says so, says why, and offers one way on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label, Panel
from kiosk_app.desktop.widgets.tiles import IconTile
from kiosk_app.i18n.texts import _


class EmptyState(Panel):
    """Icon, title, a sentence and at most one button."""

    acted = Signal()

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self._title = Label("", "h2", wrap=True)
        self._text = Label("", "lead", wrap=True)
        self.button = Button(_("Book a session"), "primary", icon="calendar-plus")
        self.button.clicked.connect(self.acted)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 56, 40, 56)
        column.setSpacing(10)
        column.addWidget(IconTile(icon, "onPrimaryTint", "primaryTint", 88), 0, centre)
        column.addSpacing(8)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(12)
        column.addWidget(self.button, 0, centre)

    def set_texts(self, title: str, text: str, action: str) -> None:
        """Say what is missing; an empty action shows no button."""
        self._title.setText(title)
        self._text.setText(text)
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.setAccessibleName(f"{title}. {text}")
