"""The state of the link, as the top bar shows it."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.i18n.texts import _


class Connection(QWidget):
    """The state of the link: a cloud and a word; a change is spoken politely."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = "connecting"
        self._icon = Icon("cloud-upload", "ink2")
        self._word = Label("", "second")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._word)
        self.retranslate()

    def set_state(self, state: str) -> None:
        """Show `online`, `degraded` or `offline`."""
        if state != self._state:
            self._state = state
            self.retranslate()
            announce(self, self._word.text())

    def set_words(self, shown: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Show the word beside the cloud, or the cloud alone."""
        self._word.setVisible(shown)

    def retranslate(self) -> None:
        """Say the state in the language in use."""
        icon, tone, word = {
            "connecting": ("cloud-upload", "ink2", _("Connecting…")),
            "online": ("cloud-check", "ok", _("Online")),
            "degraded": ("cloud-upload", "warn", _("Slow connection")),
            "offline": ("cloud-off", "warn", _("Offline")),
        }[self._state]
        self._icon.set_icon(icon, tone)
        self._word.setText(word)
        self._word.set_tone(tone if tone != "ink2" else None)
        self.setAccessibleName(_("Connection: {state}").format(state=word))
