"""A search field that waits for a pause before it asks, and can be emptied with one touch."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStyle, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.fields import LineBox
from kiosk_app.i18n.texts import _

PAUSE = 150
"""Milliseconds without a key before a search is asked for."""


class SearchBox(LineBox):
    """Type to search; the cross empties it."""

    asked = Signal(str)
    """What to search for, once typing pauses."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("search", parent)
        self.setProperty("tall", "small")
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(lambda: self.asked.emit(self.text().strip()))
        self._cross = Button("", "quiet", icon="x", size="small", parent=self)
        self._cross.setCursor(Qt.CursorShape.ArrowCursor)
        self._cross.clicked.connect(self._empty)
        self._cross.hide()
        self.textEdited.connect(self._edited)
        self.textChanged.connect(lambda text: self._cross.setVisible(bool(text)))
        self.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.LayoutDirectionChange:
            self._place_cross()

    def retranslate(self) -> None:
        """Write every text anew; what was typed stays."""
        self.setPlaceholderText(_("Search by type, room or topic"))
        self.setAccessibleName(_("Search sessions"))
        self._cross.setAccessibleName(_("Clear the search"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cross at the end."""
        super().resizeEvent(event)
        self._place_cross()

    def _place_cross(self) -> None:
        size = current().px("controlSm")
        place = self.rect().adjusted(self.width() - size, 0, 0, 0)
        place = QStyle.visualRect(self.layoutDirection(), self.rect(), place)
        self._cross.setGeometry(place)

    def _edited(self, _text: str) -> None:
        self._pause.start()

    def _empty(self) -> None:
        self.clear()
        self._pause.stop()
        self.asked.emit("")
        self.setFocus(Qt.FocusReason.OtherFocusReason)
