"""A group of buttons of which one is on: what segmented controls and chips share.

The group is one Tab stop, on the button that is on. Screen readers see radio buttons.
"""

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button, ButtonSize, Kind


class Choice(Struct, frozen=True):
    """One thing to choose.

    `key` is what the program calls it, `text` what people read, `name` what is spoken where the
    text alone says too little (`English` for `EN`).
    """

    key: str
    text: str
    icon: str | None = None
    name: str = ""


class ChoiceGroup(QWidget):
    """Exclusive buttons; a subclass lays them out.

    Args:
        kind: look of each button.
        follow: whether an arrow key chooses at once (segments) or only moves there (chips).
        size: height of each button.
        parent: owner.
    """

    button_class = Button
    """What each of them is made of."""
    chosen = Signal(str)
    """A person chose this key; setting it by program stays silent."""

    def __init__(
        self,
        kind: Kind,
        *,
        follow: bool,
        size: ButtonSize = "small",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._follow, self._size = kind, follow, size
        speech.mark_role(self, "Grouping")
        self._buttons: dict[str, Button] = {}

    @property
    def current(self) -> str | None:
        """The key that is on, or None before one was chosen."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), None)

    def choose(self, key: str) -> None:
        """Turn one on without telling anybody; an unknown key raises KeyError."""
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> Button:
        """Return the button of a key."""
        return self._buttons[key]

    def set_choices(self, choices: list[Choice]) -> None:
        """Offer these; the same keys in the same order keep their buttons, focus and state."""
        if [c.key for c in choices] != list(self._buttons):
            self._rebuild(choices)
        for choice in choices:
            button = self._buttons[choice.key]
            button.setText(choice.text)
            button.setAccessibleName(choice.name or choice.text)
            button.set_icon(choice.icon)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move inside the group with arrows, Home and End."""
        # The class first: to ask for the type makes an object of Python, for every event there is.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            target = self._target(watched, Qt.Key(event.key()))
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                if self._follow and not target.isChecked():
                    target.click()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Turn the outer corners round with the direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._shape()
        elif event.type() == QEvent.Type.LanguageChange:
            for button in self._buttons.values():
                button.updateGeometry()  # edges between segments are part of their size

    def _target(self, watched: QObject, key: Qt.Key) -> Button | None:
        buttons = [b for b in self._buttons.values() if b.isEnabled()]
        if watched not in buttons:
            return None
        here = next(i for i, b in enumerate(buttons) if b is watched)
        back, on = (
            (Qt.Key.Key_Right, Qt.Key.Key_Left)
            if self.isRightToLeft()
            else (Qt.Key.Key_Left, Qt.Key.Key_Right)
        )
        steps = {back: here - 1, Qt.Key.Key_Up: here - 1, on: here + 1, Qt.Key.Key_Down: here + 1}
        steps |= {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(buttons) - 1}
        return buttons[steps[key] % len(buttons)] if key in steps else None

    def _rebuild(self, choices: list[Choice]) -> None:
        before = self.current
        layout = self.layout()
        assert layout is not None  # noqa: S101 - every subclass sets one when it is made
        for button in self._buttons.values():
            layout.removeWidget(button)
            button.hide()
            button.setParent(None)
            button.deleteLater()
        self._buttons = {choice.key: self._make(choice) for choice in choices}
        self._shape()
        for button in self._buttons.values():
            layout.addWidget(button)
        if before in self._buttons:
            self.choose(before)

    def _make(self, choice: Choice) -> Button:
        button = self.button_class(
            choice.text, self._kind, icon=choice.icon, size=self._size, parent=self
        )
        button.setAutoExclusive(True)
        button.installEventFilter(self)
        button.clicked.connect(lambda: self.chosen.emit(choice.key))
        return button

    def _shape(self) -> None:
        """Round the outer corners; `first` is the leftmost."""
        buttons = list(self._buttons.values())
        if self.isRightToLeft():
            buttons.reverse()
        last = len(buttons) - 1
        ends = {0: "first", last: "last"} if last else {0: "only"}
        for number, button in enumerate(buttons):
            button.setProperty("place", ends.get(number, "middle"))
            restyle(button)
