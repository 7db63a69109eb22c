"""What has become of a booking, as an icon and a word; colour never says it alone."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.domain.listing import Standing
from kiosk_app.i18n.texts import _

Look = Literal["ok", "waiting", "bad", "quiet"]
_LOOK: dict[Standing, tuple[Look, str, Callable[[], str]]] = {
    Standing.NONE: ("quiet", "circle", lambda: _("Not booked")),
    Standing.CONFIRMED: ("ok", "circle-check", lambda: _("Confirmed")),
    Standing.GUARANTEED: ("ok", "shield-check", lambda: _("Seat guaranteed")),
    Standing.UNKNOWN: ("waiting", "circle-question-mark", lambda: _("Waiting for the answer")),
    Standing.SENDING: ("waiting", "cloud-upload", lambda: _("Being sent")),
    Standing.QUEUED: ("waiting", "hourglass", lambda: _("Waiting to be sent")),
    Standing.CANCELLING: ("waiting", "undo-2", lambda: _("Cancel waiting to be sent")),
    Standing.REFUSED: ("bad", "circle-alert", lambda: _("Not booked")),
    Standing.CANCELLED: ("quiet", "undo-2", lambda: _("Cancelled, token returned")),
    Standing.CANCELLED_LATE: ("quiet", "undo-2", lambda: _("Cancelled late, token used")),
    Standing.COMPLETED: ("quiet", "check-check", lambda: _("Completed")),
}
_ICON_ROLE: dict[Look, str] = {"ok": "ok", "waiting": "warn", "bad": "bad", "quiet": "ink2"}


class StatusChip(QFrame):
    """A pill with the state of a booking; waiting states have a dashed edge."""

    def __init__(
        self, standing: Standing = Standing.CONFIRMED, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._standing = standing
        self._icon = Icon("circle-check", "ok", current().px("label") + 2)
        self._word = Label("", "label")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 14, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._word)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speech.give_role(self, "StaticText")
        self.set_standing(standing)

    def set_standing(self, standing: Standing) -> None:
        """Show another state."""
        self._standing = standing
        look, icon, word = _LOOK[standing]
        self.show_words(look, icon, word())

    def show_words(self, look: Look, icon: str, words: str) -> None:
        """Show what is no standing of a booking, such as a place in a line."""
        self._icon.set_icon(icon, _ICON_ROLE[look])
        self._word.setText(words)
        self.setAccessibleName(words)
        if self.property("chip") != look:
            self.setProperty("chip", look)
            self._word.setProperty("tone", look)
            for part in (self, self._word):
                restyle(part)

    def retranslate(self) -> None:
        """Write the word anew."""
        self.set_standing(self._standing)
