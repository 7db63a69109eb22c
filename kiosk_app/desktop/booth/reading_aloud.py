"""Reading aloud: what has the focus, where one is, and what is announced, as a screen reader has it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget

from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.devices.voice import Voice
from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import _

_TITLES = frozenset({"display", "h1", "headline"})
_ACTING = frozenset({QEvent.Type.KeyRelease, QEvent.Type.MouseButtonRelease})


class ReadAloud(QObject):
    """Speaks for whoever asked for it, until they leave.

    Args:
        app: its focus is followed.
        make: makes the voice; is given what to call when nothing can be heard, on any thread.
        parent: owner.
    """

    silent = Signal()
    """The system's speech does not work; told once."""

    def __init__(
        self,
        app: QApplication,
        make: Callable[[Callable[[], None]], Voice],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._app, self._make = app, make
        self._voice: Voice | None = None
        self._here: QWidget | None = None
        self._said = self._title = ""
        self.silent.connect(self._tell_silent)

    def set_on(self, *, on: bool) -> None:
        """Begin to read, or fall silent."""
        if on and self._voice is None:
            self._voice = self._make(self.silent.emit)
            speech.listen(self._announced)
            self._app.focusChanged.connect(self._focused)
            self._said = self._title = ""
            self._focused(None, self._app.focusWidget())
        elif not on and self._voice is not None:
            speech.listen(None)
            self._app.focusChanged.disconnect(self._focused)
            self._leave()
            self._voice.close()
            self._voice = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look again after a key or a tap: a list moves without its focus moving."""
        if event.type() in _ACTING:
            QTimer.singleShot(0, self, self._look)
        return False

    def _focused(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._leave()
        self._here = now
        if now is not None:
            now.installEventFilter(self)
            self._said = ""
            self._look()

    def _leave(self) -> None:
        here, self._here = self._here, None
        if here is not None:
            here.removeEventFilter(self)

    def _look(self) -> None:
        here = self._here
        if here is None or not here.isVisible():
            return
        name, title = "" if _unspoken(here) else _spoken(here), _title_of(here)
        if name == self._said and title == self._title:
            return
        news = (title if title != self._title else "", name)
        self._said, self._title = name, title
        self._say(". ".join(part for part in news if part))

    def _announced(self, text: str) -> None:
        self._say(text)

    def _say(self, text: str) -> None:
        if self._voice is not None and text:
            self._voice.say(text, texts.language())

    def _tell_silent(self) -> None:
        here = self._app.activeWindow()
        if here is not None:
            speech.announce(here, _("Nothing can be read aloud on this kiosk."), assertive=True)


def _unspoken(widget: QWidget) -> bool:
    """Say whether a widget is part of what nobody beside the kiosk may hear."""
    step: QWidget | None = widget
    while step is not None:
        if step.property(speech.UNSPOKEN):
            return True
        step = step.parentWidget()
    return False


def _spoken(widget: QWidget) -> str:
    """Return what a screen reader calls the part of a widget that has the focus."""
    node = QAccessible.queryAccessibleInterface(widget)
    inside: QAccessibleInterface | None = node.focusChild()
    part = node if inside is None else inside
    kinds = QAccessible.Text
    said = (part.text(kinds.Name), part.text(kinds.Value), part.text(kinds.Description))
    return ". ".join(dict.fromkeys(one for one in said if one))


def _title_of(widget: QWidget) -> str:
    """Return the title of the page or dialog that a widget stands in."""
    above = widget.parentWidget()
    while above is not None:
        if above.accessibleName() and above.property("overlay"):
            return above.accessibleName()
        above = above.parentWidget()
    for label in widget.window().findChildren(Label):
        if label.property("role") in _TITLES and label.isVisible() and label.text():
            return label.text()
    return ""
