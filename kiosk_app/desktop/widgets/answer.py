"""A sentence in place: why a press did nothing, right where it was asked for."""

from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.speech import announce


class Answer(Notice):
    """A notice that is hidden while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warn", icon="info", parent=parent)
        self.hide()

    def say(self, text: str) -> None:
        """Say it, for eyes and for screen readers; what happened first, then what to do."""
        happened, _stop, rest = text.partition(". ")
        self.set_tone("warn", "info")
        self.set_text(f"{happened}." if rest else happened, rest)
        self.show()
        announce(self, text)

    def clear(self) -> None:
        """Say nothing any more."""
        self.set_text("")
        self.hide()
