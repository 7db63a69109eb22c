"""A button that opens a list of which one is chosen (design §3)."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.theme import icons, mirror
from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.drop_list import DropList

_CHEVRON = 20


class MenuButton(Button):
    """Choose one of a few things; the button shows which one it is.

    Args:
        icon: Lucide name before the text.
        neutral: the key that means *no choice made*; any other tints the button.
        parent: owner.
    """

    chosen = Signal(str)
    """A person chose this key; setting it by program stays silent."""

    def __init__(self, icon: str, neutral: str, parent: QWidget | None = None) -> None:
        super().__init__(" ", "secondary", icon=icon, size="small", parent=parent)
        self.setProperty("menu", "true")
        self._neutral, self._key = neutral, neutral
        self._choices: dict[str, Choice] = {}
        self._label = ""
        self.clicked.connect(self.open)

    @property
    def current(self) -> str:
        """The key that is chosen."""
        return self._key

    def set_choices(self, choices: list[Choice], label: str) -> None:
        """Offer these; `label` says what is chosen here, for screen readers."""
        self._choices = {choice.key: choice for choice in choices}
        self._label = label
        self._show()

    def choose(self, key: str) -> None:
        """Choose without telling anybody; an unknown key raises KeyError."""
        self._choices[key]
        self._key = key
        self._show()

    def open(self) -> DropList:
        """Open the list, on the row that is chosen."""
        opened = DropList(self, list(self._choices.values()), self._key)
        opened.setAccessibleName(self._label)
        opened.chosen.connect(self._take)
        return opened

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the list."""
        if event.key() == Qt.Key.Key_Down:
            self.open()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, then the chevron at its end."""
        super().paintEvent(event)
        painter = QPainter(self)
        role = "onPrimaryTint" if self._key != self._neutral else "ink"
        top = (self.height() - _CHEVRON) // 2
        at = QRect(self.width() - current().px("pad") + 4 - _CHEVRON, top, _CHEVRON, _CHEVRON)
        at = mirror.seen(self.layoutDirection(), self.rect(), at)
        picture = icons.pixmap("chevron-down", role, _CHEVRON, self.devicePixelRatioF())
        painter.drawPixmap(at.topLeft(), picture)
        painter.end()

    def _take(self, key: str) -> None:
        self.choose(key)
        self.chosen.emit(key)

    def _show(self) -> None:
        choice = self._choices[self._key]
        self.setText(choice.text)
        self.setAccessibleName(f"{self._label}: {choice.name or choice.text}")
        state = "on" if self._key != self._neutral else "off"
        if self.property("state") != state:
            self.setProperty("state", state)
            self._refresh_icon()
            restyle(self)
