"""The state of the link, as the top bar shows it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.i18n.texts import _, pgettext


class Connection(QWidget):
    """The state of the link: a cloud and a word; a change is spoken politely.

    Below it stands until when this kiosk can guarantee seats with no network, where it can.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.mark_role(self, "StaticText")
        self._state = "connecting"
        self._icon = Icon("cloud-upload", "ink2")
        self._word = Label("", "second")
        self._ready_until = ""
        self._ready = Label("", "caption")
        self._ready.setProperty("role", "second")
        self._words = QWidget()
        words = QVBoxLayout(self._words)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addWidget(self._ready)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words)
        self.retranslate()

    def set_state(self, state: str) -> None:
        """Show `online`, `degraded` or `offline`."""
        if state != self._state:
            self._state = state
            self.retranslate()
            announce(self, self._word.text())

    def set_ready(self, clock: str) -> None:
        """Show until when seats are guaranteed offline; an empty text says nothing of it."""
        if clock != self._ready_until:
            self._ready_until = clock
            self.retranslate()

    def set_words(self, shown: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Show the word beside the cloud, or the cloud alone."""
        self._words.setVisible(shown)

    def retranslate(self) -> None:
        """Say the state in the language in use."""
        icon, tone, word = {
            "connecting": ("cloud-upload", "ink2", _("Connecting…")),
            "online": ("cloud-check", "ok", pgettext("link", "Online")),
            "degraded": ("cloud-upload", "warn", _("Slow connection")),
            "offline": ("cloud-off", "warn", _("Offline")),
        }[self._state]
        self._icon.set_icon(icon, tone)
        self._word.setText(word)
        self._word.set_tone(tone if tone != "ink2" else None)
        ready = _("Offline-ready until {clock}").format(clock=self._ready_until)
        self._ready.setText(ready)
        self._ready.setVisible(bool(self._ready_until))
        name = _("Connection: {state}").format(state=word)
        self.setAccessibleName(f"{name}. {ready}" if self._ready_until else name)
