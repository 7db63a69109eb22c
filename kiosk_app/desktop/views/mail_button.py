"""*E-mail it to me* on a pass: to which address, and what became of it (05)."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.domain.identifiers import new_client_key
from kiosk_app.domain.masking import masked_email
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import MAIL_OFFLINE, PassMailed

FEATURE = "mail"


class MailButton(QObject):
    """A button and the line under it; the page that owns it places both.

    Nothing is shown where the server is not known to mail confirmations.

    Args:
        visit: whose booking, and the door to the engine.
        page: the page.
    """

    changed = Signal()
    """It says something else, and may need other room."""

    def __init__(self, visit: Visit, page: QWidget) -> None:
        super().__init__(page)
        self._visit = visit
        self._ref = ""
        self._waits = False
        self._key = ""
        self._busy = False
        self._became: PassMailed | None = None
        self.button = Button(_("E-mail it to me"), icon="mail")
        self.note = Paragraph("", "second")
        self.button.hide()
        self.note.hide()
        self.button.clicked.connect(self._ask)
        visit.pass_mailed.connect(self._settled)
        visit.link_changed.connect(self.write)
        visit.ended.connect(self.forget)

    def show_booking(self, ref: str | None, *, waits: bool = False) -> None:
        """Offer the mail of a booking.

        Args:
            ref: the booking; None offers nothing.
            waits: it is none yet, but will be confirmed, or refused, by a mail of its own.
        """
        if (ref or "") != self._ref:
            self.forget()
        self._ref, self._waits = ref or "", waits
        self.write()

    def forget(self) -> None:
        """Offer nothing, and know nobody's booking."""
        self._ref = self._key = ""
        self._waits = self._busy = False
        self._became = None
        self.write()

    def write(self) -> None:
        """Write button and line anew."""
        offered = bool(self._visit.student) and self._visit.offers(FEATURE)
        booked = offered and bool(self._ref)
        self.button.setVisible(booked)
        self.button.set_busy(self._busy)
        self.button.setEnabled(self._visit.online)
        self.button.setText(_("Sending…") if self._busy else _("E-mail it to me"))
        text = self._text() if offered and (self._ref or self._waits) else ""
        bad = self._became is not None and self._became.code is not None
        self.note.setText(text)
        self.note.set_tone("warn" if bad and text else None)
        self.note.setVisible(bool(text))
        self.button.setAccessibleDescription(text)
        self.changed.emit()

    def _text(self) -> str:
        became = self._became
        address = masked_email(self._visit.student.email) if self._visit.student else ""
        if self._waits:
            return _("The confirmation goes to {address} once the booking is confirmed.").format(
                address=address
            )
        if became is None and not self._visit.online:
            return code_sentence(MAIL_OFFLINE)
        if became is None:
            return _("The e-mail goes to {address}.").format(address=address)
        if became.code is not None:
            return code_sentence(became.code)
        if became.state == "under_way":
            return _(
                "A confirmation is already on its way to {address}, so no second one is sent."
            ).format(address=became.address)
        return _("The confirmation is on its way to {address}.").format(address=became.address)

    def _ask(self) -> None:
        """Ask with a key of this press; one that nobody answered is asked for again by its own."""
        if self._busy or not self._ref:
            return
        if self._became is None or self._became.state != "unknown":
            self._key = new_client_key("idem_mail_")
        self._busy, self._became = True, None
        self._visit.mail_pass(self._ref, self._key)
        self.write()
        announce(self.button, self.button.text())

    def _settled(self, event: PassMailed) -> None:
        if not self._busy or event.ref != self._ref:
            return
        self._busy, self._became = False, event
        self.write()
        announce(self.button, self.note.text(), assertive=event.code is not None)
