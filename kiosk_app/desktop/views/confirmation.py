"""What became of a booking: the pass, or the request that waits, and then the way out (05, 06b)."""

from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.calendar_file import CalendarFile
from kiosk_app.desktop.views.mail_button import MailButton
from kiosk_app.desktop.views.placed import Placed
from kiosk_app.desktop.views.printing import Printing
from kiosk_app.desktop.views.slip_button import SlipButton
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.pass_card import WIDTH, PassCard
from kiosk_app.desktop.widgets.round_mark import RoundMark
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.desktop.widgets.sign_out_bar import SECONDS, SignOutBar
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import CancelSettled, RequestSaved, RequestSettled

_TALL, _LOW, _CRAMPED, _SIDE = 112, 64, 48, 32
_AFTER_CARD = 3
"""The place in the column where the words under the title go when the pass comes before them."""
_TEXT_WIDTH = 1040
_LOW_BELOW, _SNUG_BELOW = 760, 940
"""Below this height mark and margins shrink, so that the pass is seen whole."""
_CRAMPED_BELOW = 600
"""Below this height at 100 % of text size the code and the QR code come before all else."""


class ConfirmationView(QWidget):
    """Show one placed request and sign out after a while.

    A request that is answered while the page is open turns into the pass, or into the refusal, in
    place.

    Args:
        visit: who booked.
        calendar_folder: where *Save calendar file* writes; None (a kiosk) leaves the button out.
        printing: the slip printer; None leaves the button out.
        seconds: how long until the sign-out.
        tick_ms: length of a second; tests shorten it.
        parent: owner.
    """

    book_another = Signal()
    show_bookings = Signal()
    sign_out = Signal()

    def __init__(
        self,
        visit: Visit,
        *,
        calendar_folder: Path | None = None,
        printing: Printing | None = None,
        seconds: int = SECONDS,
        tick_ms: int = 1000,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._visit = visit
        self._placed: Placed | None = None
        self._name = ""
        self._withdrawing = False
        self.mark = RoundMark(_TALL)
        self.title = Label("", "display", wrap=True)
        self.title.setProperty("role", "headline")
        self.explained = Paragraph("", "lead")
        self.card = PassCard()
        self.file_button = Button(_("Save calendar file"), icon="calendar-plus")
        self.withdraw_button = Button(_("Cancel this request"), icon="undo-2")
        self.other_button = Button(_("Choose another session"), "outline", icon="calendar-days")
        self.bookings_button = Button(_("My bookings"), icon="ticket")
        self.bar = SignOutBar(seconds, tick_ms=tick_ms)
        self._file = CalendarFile(visit, calendar_folder, self)
        self.slip = SlipButton(visit, printing, self)
        self.mail = MailButton(visit, self)
        self._ways = (
            *(
                self.slip.button,
                self.mail.button,
                self.file_button,
                self.withdraw_button,
                self.other_button,
            ),
            self.bookings_button,
        )
        self._head = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body = ScrollColumn(spacing=8)
        self._build()
        self._connect()

    def show_placed(self, placed: Placed) -> None:
        """Show a request that was just placed, and start the countdown."""
        self._placed = placed
        self._withdrawing = False
        self._name = self._visit.student.name if self._visit.student else ""
        self.retranslate()
        self.bar.start()
        speech.announce(self, f"{self.title.text()}. {self.explained.text()}")

    def placed(self) -> Placed | None:
        """Return what is shown."""
        return self._placed

    def forget(self) -> None:
        """Show nothing about anybody."""
        self._placed, self._name = None, ""
        self.bar.stop()
        self.title.setText("")
        self.explained.setText("")
        self.card.hide()
        self.card.clear()
        self.slip.forget()
        self.mail.forget()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.file_button.setText(_("Save calendar file"))
        self.withdraw_button.setText(
            _("Cancelling…") if self._withdrawing else _("Cancel this request")
        )
        self.other_button.setText(_("Choose another session"))
        self.bookings_button.setText(_("My bookings"))
        placed = self._placed
        if placed is None:
            return
        self._write_head(placed)
        self.card.show_text(wording.pass_text(placed, self._name, self._visit.now()))
        self.card.show()
        self.slip.show_placed(placed)
        self._offer_mail(placed)
        self.file_button.setVisible(self._file.offered and placed.state == "confirmed")
        self.withdraw_button.setVisible(placed.state in {"queued", "sending"})
        self.withdraw_button.setEnabled(not self._withdrawing)
        self.other_button.setVisible(placed.state == "refused")
        self._fit()

    def _offer_mail(self, placed: Placed) -> None:
        settled = placed.settled if placed.state == "confirmed" else None
        ref = settled.booking_ref if settled else None
        self.mail.show_booking(ref, waits=placed.state not in {"confirmed", "refused"})

    def _fit(self) -> None:
        """Set side by side what a line has room for, and under one another what it has not."""
        self._fit_height()
        direction, room = QBoxLayout.Direction, self.width() - 2 * _SIDE
        wide = self.title.fontMetrics().horizontalAdvance(self.title.text()) + _LOW + 32
        beside = self.height() < _LOW_BELOW and wide <= room
        self._head.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self.title.setWordWrap(not beside)
        shown = [button.sizeHint().width() + 16 for button in self._ways if not button.isHidden()]
        across = sum(shown) <= room
        self._buttons.setDirection(direction.LeftToRight if across else direction.TopToBottom)

    def _fit_height(self) -> None:
        """Save height on a low screen; of a pass the codes are seen without a scroll on any."""
        text, height = self.card.text(), self.height()
        low = height < _LOW_BELOW
        cramped = height < _CRAMPED_BELOW * current().text_scale and bool(text and text.qr)
        self.mark.set_side(_CRAMPED if cramped else _LOW if low else _TALL)
        self.title.set_role("h2" if cramped else "headline")
        self.card.set_low(low=low or cramped, cramped=cramped)
        self.bar.set_low(low=cramped)
        edge = 8 if cramped else 12 if low else 16 if height < _SNUG_BELOW else 44
        self._body.column.setContentsMargins(_SIDE, edge, _SIDE, min(edge, 24))
        self._body.column.removeItem(self._said)
        self._said.setParent(None)
        self._body.column.insertLayout(_AFTER_CARD if cramped else 1, self._said)

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Put the focus where a person goes on, and where no page has to be moved for it."""
        super().showEvent(event)
        self.bar.another.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Save height on a low screen."""
        super().resizeEvent(event)
        self._fit()

    def _write_head(self, placed: Placed) -> None:
        first = self._name.split(" ")[0]
        match placed.state:
            case "confirmed":
                self.mark.set_look("check", "onOkFill", "okFill")
                title = _("You are booked, {name}").format(name=first)
                text = _("Keep your booking code. You will need it at check-in.")
                if placed.moved:
                    title = _("Your booking is moved, {name}").format(name=first)
                    text = _("Your booking code is the same as before. The old seat is given up.")
            case "refused":
                self.mark.set_look("circle-alert", "bad", "badTint")
                title = _("This was not booked")
                text = code_sentence(placed.settled.code or "") if placed.settled else ""
            case "guaranteed":
                self.mark.set_look("shield-check", "onOkFill", "okFill")
                title = _("Seat guaranteed")
                text = self._guaranteed_text(placed)
            case "unknown":
                self.mark.set_look("circle-question-mark", "warn", "warnTint", "dashed")
                title = _("We wait for the answer")
                text = _(
                    "Your request was sent, but no answer has come yet, so it may be booked or"
                    " not. This kiosk keeps asking. You will see the result in My bookings."
                )
            case _:
                self.mark.set_look("hourglass", "warn", "warnTint", "dashed")
                title = _("Saved on this kiosk")
                text = _(
                    "It will be sent automatically as soon as the connection is back. Your seat"
                    " is not confirmed yet. You will see the result in My bookings."
                )
                if self._visit.online:
                    text = _(
                        "It is being sent. Your seat is not confirmed yet. You will see the"
                        " result here and in My bookings."
                    )
        self.title.setText(title)
        self.explained.setText(text)

    def _guaranteed_text(self, placed: Placed) -> str:
        """Say why it is a promise, and by what knowledge of tokens and eligibility."""
        text = _(
            "This kiosk was holding seats for this session, so yours is confirmed even though we"
            " are offline."
        )
        if known := self._visit.balances_at:
            clock = formats.clock(known, placed.row.time_zone)
            text += " " + _("Tokens and eligibility as of {clock}.").format(clock=clock)
        return text

    def _build(self) -> None:
        column = self._body.column
        self._head.setSpacing(16)
        self._head.addStretch(1)
        self._head.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self._head.addWidget(self.title)
        self._head.addStretch(1)
        column.addLayout(self._head)
        for label in (self.title, self.explained, self.mail.note):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._said = _centred(self.explained, _TEXT_WIDTH)
        column.addLayout(self._said)
        column.addSpacing(12)
        column.addLayout(_centred(self.card, WIDTH))
        column.addSpacing(12)
        self._buttons.setSpacing(16)
        self._buttons.addStretch(1)
        for button in self._ways:
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        column.addWidget(self.slip.note)
        column.addWidget(self.mail.note)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self._body, 1)
        page.addWidget(self.bar)
        for button in (self.file_button, self.withdraw_button, self.other_button):
            button.hide()

    def _connect(self) -> None:
        visit = self._visit
        visit.saved.connect(self._saved)
        visit.settled.connect(self._settled)
        visit.cancel_settled.connect(self._cancelled)
        visit.link_changed.connect(self._link_changed)
        visit.ended.connect(self.forget)
        self.file_button.clicked.connect(self._save_file)
        self.withdraw_button.clicked.connect(self._withdraw)
        self.other_button.clicked.connect(self.book_another)
        self.bookings_button.clicked.connect(self.show_bookings)
        self.bar.book_another.connect(self.book_another)
        self.bar.sign_out.connect(self.sign_out)
        self.mail.changed.connect(self._fit)

    def _saved(self, event: RequestSaved) -> None:
        if self._placed and event.request_id == self._placed.request_id:
            self._placed = structs.replace(self._placed, number=event.number)
            self.retranslate()

    def _settled(self, event: RequestSettled) -> None:
        """Turn the page into the answer, and give time to read it."""
        if self._placed is None or event.request_id != self._placed.request_id:
            return
        before = self._placed.state
        self._placed = structs.replace(
            self._placed, settled=event, number=event.number or self._placed.number
        )
        self.retranslate()
        if self._placed.state != before:
            self.bar.start()
            speech.announce(self, f"{self.title.text()}. {self.explained.text()}")

    def _link_changed(self) -> None:
        if self._placed:
            self.retranslate()

    def _withdraw(self) -> None:
        if self._placed and not self._withdrawing:
            self._withdrawing = True
            self._visit.cancel(self._placed.request_id)
            self.retranslate()

    def _cancelled(self, event: CancelSettled) -> None:
        if self._placed is None or event.ref != self._placed.request_id:
            return
        self._withdrawing = False
        if event.state == "refused":
            self.retranslate()
            self.explained.setText(code_sentence(event.code or ""))
            return
        self.show_bookings.emit()

    def _save_file(self) -> None:
        settled = self._placed.settled if self._placed else None
        if settled and settled.booking_ref:
            self._file.ask(settled.booking_ref, settled.booking_code or settled.number)


def _centred(widget: QWidget, width: int) -> QHBoxLayout:
    """Return a row that keeps the widget in its middle and no wider than `width`."""
    widget.setMaximumWidth(width)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget, 1000)
    row.addStretch(1)
    return row
