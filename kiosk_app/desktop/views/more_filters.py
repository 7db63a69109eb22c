"""Two filters more, by instructor and by topic, where the sessions leave something to choose (A79).

They belong to the filter bar and are made after the first frame. Beside the month, which needs the
height of a second line, only what is chosen is there.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.menu_button import MenuButton
from kiosk_app.i18n.texts import _

_ALL = ""
_LONGEST = 18
"""Letters of a name that a button shows; its list and screen readers have all of it."""


class MoreFilters(QObject):
    """Both buttons; one that would offer a single value is not there."""

    chosen = Signal()
    """A person chose; setting it by program stays silent."""
    reshaped = Signal()
    """Other buttons are there, or take another room."""

    def __init__(self) -> None:
        super().__init__()
        self._instructors, self._topics = list[str](), list[str]()
        self._roomy = True
        self._people = self._make("graduation-cap")
        self._subjects = self._make("messages-square")
        self.retranslate()

    @property
    def buttons(self) -> tuple[MenuButton, ...]:
        """Instructor and topic."""
        return (self._people, self._subjects)

    @property
    def offered(self) -> tuple[QWidget, ...]:
        """The buttons that are there."""
        pairs = zip(self.buttons, (self._instructors, self._topics), strict=True)
        return tuple(
            button for button, names in pairs if (self._roomy and len(names) > 1) or button.current
        )

    @property
    def instructor(self) -> str | None:
        """The one instructor whose sessions are shown, or None for all."""
        return self._people.current or None

    @property
    def topic(self) -> str | None:
        """The one topic that is shown, or None for all."""
        return self._subjects.current or None

    def set_roomy(self, *, roomy: bool) -> None:
        """Offer a choice, or only to take one back."""
        if roomy != self._roomy:
            self._roomy = roomy
            self._show()

    def offer(self, instructors: list[str], topics: list[str]) -> None:
        """Offer these; what is chosen stays, even while no session has it."""
        offered = (_with(self.instructor, instructors), _with(self.topic, topics))
        if offered != (self._instructors, self._topics):
            self._instructors, self._topics = offered
            self._write()

    def choose(self, instructor: str | None, topic: str | None) -> None:
        """Choose without telling anybody; what nobody knows means all."""
        self._people.choose(instructor if instructor in self._instructors else _ALL)
        self._subjects.choose(topic if topic in self._topics else _ALL)
        self._show()

    def clear(self) -> None:
        """Narrow by nothing."""
        self.choose(None, None)

    def retranslate(self) -> None:
        """Write every text anew; choices stay."""
        self._write()

    def _write(self) -> None:
        people = [_choice(name) for name in self._instructors]
        topics = [_choice(name) for name in self._topics]
        self._people.set_choices([Choice(_ALL, _("All instructors")), *people], _("Instructor"))
        self._subjects.set_choices([Choice(_ALL, _("All topics")), *topics], _("Topic"))
        self._show()

    def _show(self) -> None:
        """Hide what is not offered; the bar shows the others when they have their place."""
        for button in self.buttons:
            if button not in self.offered:
                button.hide()
        self.reshaped.emit()

    def _make(self, icon: str) -> MenuButton:
        button = MenuButton(icon, _ALL)
        button.chosen.connect(self._take)
        return button

    def _take(self, _key: str) -> None:
        self._show()
        self.chosen.emit()


def _with(chosen: str | None, names: list[str]) -> list[str]:
    return names if chosen is None or chosen in names else sorted([*names, chosen])


def _choice(name: str) -> Choice:
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
    return Choice(name, short, name=name)
