"""The head of a page: what it is for, and whose clock it shows."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets.labels import IconText, Label

_GAP = 24


class PageHead(QWidget):
    """Title and zone note, with room for what a page sets beside or under them.

    Args:
        title: the name of the page, in the language in use when it is asked.
        parent: owner.
    """

    resized = Signal()

    def __init__(self, title: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = title
        self._lodgers: tuple[QWidget, ...] = ()
        self._title = Label("", "h1")
        self._note = IconText("clock-3")
        self.tall = QVBoxLayout(self)
        self.tall.setContentsMargins(0, 0, 0, 0)
        self.tall.setSpacing(16)
        self.row = QHBoxLayout()
        self.row.setSpacing(_GAP)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._note)
        self.row.addLayout(words)
        self.row.setAlignment(words, Qt.AlignmentFlag.AlignVCenter)
        self.row.addStretch(1)
        self.tall.addLayout(self.row)
        self.retranslate()

    @property
    def room_beside(self) -> int:
        """Pixels beside the words and what a part of the page has lodged there."""
        return self.room_beside_words - sum(one.sizeHint().width() + _GAP for one in self._lodgers)

    @property
    def room_beside_words(self) -> int:
        """Pixels beside the words alone."""
        words = max(self._title.sizeHint().width(), self._note.sizeHint().width())
        return self.width() - words - _GAP

    def lodge(self, *widgets: QWidget) -> None:
        """Take widgets of another part of the page beside the words, where that saves it a line."""
        self._lodgers = widgets
        for widget in widgets:
            self.row.addWidget(widget)
        self.resized.emit()

    def set_note(self, text: str) -> None:
        """Say which zone the page's times are in."""
        self._note.set_text(text)

    def show_note(self, *, shown: bool) -> None:
        """Name the zone, or leave it to the rows where there is more than one."""
        self._note.setVisible(shown)

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Write the title anew; whoever knows the zone writes the note."""
        self._title.setText(self._name())

    def minimumSizeHint(self) -> QSize:
        """Never force the page wider: what stands beside goes under the title and wraps."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let what stands beside find its place."""
        super().resizeEvent(event)
        self.resized.emit()
