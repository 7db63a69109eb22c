"""The way to the waitlist of a full session: how it works, one button, and the place in line (A78)."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Icon, Label, Panel
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.domain.listing import SessionRow
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import WaitSettled


class JoinBlock(Panel):
    """Join the waitlist of one session, and read where one stands.

    Args:
        visit: who would wait.
        row: the full session.
        parent: owner.
    """

    sign_in = Signal()
    """Somebody wants to wait whom nobody knows yet."""
    answered = Signal()
    """It says something else, and may need another height."""

    def __init__(self, visit: Visit, row: SessionRow, parent: QWidget | None = None) -> None:
        super().__init__("readonly", parent)
        self._visit, self._row = visit, row
        self._answer: WaitSettled | None = None
        self.title = Label("", "strong", wrap=True)
        self.explained = Paragraph("", "second")
        self.button = Button(_("Join the waitlist"), "primary")
        self.button.clicked.connect(self._join)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self.explained)
        across = QHBoxLayout(self)
        across.setContentsMargins(20, 16, 20, 16)
        across.setSpacing(16)
        across.addWidget(Icon("hourglass", "ink2"))
        across.addLayout(words, 1)
        across.addWidget(self.button)
        visit.wait_settled.connect(self._settled)
        self.retranslate()

    @property
    def joined(self) -> bool:
        """Whether the person stands on the list now."""
        return self._answer is not None and self._answer.state == "done"

    def retranslate(self) -> None:
        """Write every text anew."""
        self.button.setText(_("Join the waitlist"))
        self.button.setVisible(not self.joined)
        answer = self._answer
        if answer is None:
            self.title.setText(_("Wait for a seat in this session"))
            self.explained.setText(
                _(
                    "When a seat comes free, it is held for the first in line for up to 30 minutes,"
                    " and we email you. Your token is used only when you take the seat."
                )
            )
        elif self.joined:
            self.title.setText(_("You are number {n} in line").format(n=answer.place))
            self.explained.setText(
                _("We email you when a seat is held for you. See your place in My bookings.")
            )
        else:
            self.title.setText(_("You are not on the waitlist"))
            if answer.state == "unknown":
                self.title.setText(_("We do not know yet whether you are on the waitlist"))
            self.explained.setText(code_sentence(answer.code or ""))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _join(self) -> None:
        if self._visit.student is None:
            self.sign_in.emit()
            return
        self.button.set_busy(True)
        self._visit.step_wait(self._row.session_id, "join")

    def _settled(self, event: WaitSettled) -> None:
        if event.session_id != self._row.session_id or event.step != "join":
            return
        self._answer = event
        self.button.set_busy(False)
        self.retranslate()
        self.answered.emit()
        speech.announce(self, f"{self.title.text()}. {self.explained.text()}")
