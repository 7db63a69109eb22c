"""How a kiosk is used, for somebody who stands before it and does not know where to begin."""

from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import _


class HelpDialog(Dialog):
    """Three steps and whom to ask.

    Args:
        host: the window to cover.
    """

    def __init__(self, host: QWidget) -> None:
        super().__init__(host, width=760)
        self.heading = Label("", "h1", wrap=True)
        self.steps = [Label("", "lead", wrap=True) for _step in range(3)]
        self.who = Label("", "strong", wrap=True)
        self.unread = Label("", "second", wrap=True)
        self.body.column.setSpacing(16)
        for label in (self.heading, *self.steps, self.who, self.unread):
            self.body.column.addWidget(label)
        self.done = Button("", "primary", size="large")
        self.add_action(self.done, self.dismiss)
        self.retranslate()

    def first_field(self) -> QWidget:
        """Start on the way back."""
        return self.done

    def retranslate(self) -> None:
        """Write the texts anew."""
        title = _("How this kiosk works")
        self.set_title(title)
        self.heading.setText(title)
        words = (
            _("1. Scan your student card, or type your student ID. Then type your e-mail."),
            _("2. Pick a day, then a session. You see what it costs before you confirm."),
            _("3. Keep your booking code. You are signed out when you walk away."),
        )
        for label, text in zip(self.steps, words, strict=True):
            label.setText(text)
        self.who.setText(_("Ask the front desk. They can do all of this for you."))
        self.unread.setText(
            _("No native speaker has read these texts yet. Tell the front desk what reads wrong.")
        )
        self.unread.setVisible(texts.language() in texts.UNREAD)
        self.done.setText(_("Back"))
