"""A staff user signs in at a desk; the password leaves the field the moment it is sent (K26)."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.fields import Field
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.i18n.texts import _


class StaffSignIn(QWidget):
    """E-mail, password and a button."""

    sign_in = Signal(str, str)
    """E-mail and password."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why = Paragraph("", "second")
        self.email, self.password = Field("mail"), Field("lock")
        self.password.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.go = Button("", "primary", size="small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self._why, self.email, self.password, self.go):
            column.addWidget(part)
        self.go.clicked.connect(self._send)
        self.email.edit.returnPressed.connect(self.password.edit.setFocus)
        self.password.edit.returnPressed.connect(self._send)
        self.email.edited.connect(lambda _text: self.email.clear_error())
        self.retranslate()

    def answer(self, sentence: str) -> None:
        """Say why nobody was signed in; an empty text says nothing."""
        self.go.set_busy(False)
        self.password.set_text("")
        if sentence:
            self.email.set_error(sentence)
        else:
            self.email.clear_error()

    def wipe(self) -> None:
        """Forget who it was."""
        self.email.set_text("")
        self.answer("")

    def retranslate(self) -> None:
        """Write every text anew."""
        self._why.setText(_("Sign in to see what the server holds for the desk."))
        self.email.set_label(_("Staff e-mail"))
        self.password.set_label(_("Password"))
        self.go.setText(_("Sign in"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _send(self) -> None:
        email, password = self.email.text().strip(), self.password.text()
        if email and password and not self.go.busy:
            self.go.set_busy(True)
            self.password.set_text("")
            self.sign_in.emit(email, password)
