"""The two dialogs of *My bookings*: everything about one booking, and the question before a cancel."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.credits import CreditField
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.mail_button import MailButton
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.cost_card import BeforeAfter
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.qr import QrCode
from kiosk_app.desktop.widgets.status_chip import StatusChip
from kiosk_app.desktop.widgets.tile import Tile, headed
from kiosk_app.domain.listing import BookingRow, Standing
from kiosk_app.i18n import formats, zones
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.names import field_of, format_name, tokens_counted, tokens_name, type_name
from kiosk_app.i18n.texts import _

_SEATED = frozenset(
    {Standing.CONFIRMED, Standing.GUARANTEED, Standing.CANCELLING, Standing.COMPLETED}
)

_WAITING = frozenset({Standing.SENDING, Standing.GUARANTEED, Standing.UNKNOWN, Standing.QUEUED})


def request_only(row: BookingRow) -> bool:
    """Say whether a row is a request without a seat.

    Only the server gives a booking its state; a seat this kiosk guaranteed is one without it.
    """
    return row.state is None and row.standing is not Standing.GUARANTEED


class DetailsDialog(Dialog):
    """Everything about one booking, with its code and the calendar event as a QR code."""

    def __init__(self, row: BookingRow, host: QWidget, visit: Visit) -> None:
        super().__init__(host, width=960)
        self._row, self._visit = row, visit
        self._heading = Label("", "h2", wrap=True)
        self._chip = StatusChip(row.standing)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(32)
        self._facts.setVerticalSpacing(14)
        self._facts.setColumnStretch(1, 1)
        self._labels: list[tuple[Label, Label]] = []
        self._hint = Paragraph("", "second")
        self.mail = MailButton(visit, self)
        self.mail.button.setProperty("tall", "large")
        self._close = Button(_("Close"), size="large")
        self.foot.addWidget(self.mail.button, 1)
        self.add_action(self._close, self.dismiss)
        self._build()
        self.retranslate()
        self.mail.changed.connect(self.refit)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.set_title(_("Booking details"))
        self._heading.setText(type_name(self._row.mock_type))
        self._chip.retranslate()
        self._close.setText(_("Close"))
        self._hint.setText(_("Scan with your phone camera"))
        self._offer_mail()
        for (name, value), (title, text) in zip(self._pairs(), self._labels, strict=True):
            title.setText(name)
            text.setText(value)

    def _offer_mail(self) -> None:
        """Offer the mail of a booking that stands; one that waits goes by itself when it is one."""
        row, over = self._row, self._row.ends_at <= self._visit.now()
        booked = row.standing is Standing.CONFIRMED and not over
        self.mail.show_booking(row.ref if booked else None, waits=row.standing in _WAITING)

    def _pairs(self) -> list[tuple[str, str]]:
        row = self._row
        code = _("Request number") if request_only(row) else _("Booking code")
        if row.standing is Standing.GUARANTEED:
            code = _("Receipt number")
        pairs = [
            (code, row.code),
            (_("Date"), zones.day_full(row.exam_date)),
            (_("Time"), wording.hours_text(row)),
            (_("Time zone"), zones.zone_long(row.time_zone, row.starts_at)),
            (_("Where"), wording.where_text(row)),
        ]
        if row.seat:
            pairs.append((_("Seat"), str(row.seat)))
        if row.delivery_format:
            pairs.append((_("Format"), format_name(row.delivery_format)))
        if field := field_of(row.token_used):
            pairs.append((_("Paid with"), tokens_counted(field, 1)))
        if row.problem:
            pairs.append((_("What happened"), code_sentence(row.problem)))
        return pairs

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(20)
        head.addWidget(Tile(TYPE_ICON[self._row.mock_type], TYPE_ROLE[self._row.mock_type], 64))
        head.addWidget(self._heading, 1)
        head.addWidget(self._chip)
        for at, _pair in enumerate(self._pairs()):
            title, text = Label("", "second"), Label("", "strong", wrap=True)
            for label in (title, text):
                label.setAlignment(Qt.AlignmentFlag.AlignTop)
            title.setContentsMargins(0, 2, 0, 0)
            self._facts.addWidget(title, at, 0)
            self._facts.addWidget(text, at, 1)
            self._labels.append((title, text))
        body = QHBoxLayout()
        body.setSpacing(32)
        body.addLayout(self._facts, 1)
        if self._row.standing in _SEATED:
            body.addLayout(self._code())
        self.body.column.addLayout(head)
        self.body.column.addSpacing(4)
        self.body.column.addLayout(body)
        self.body.column.addWidget(self.mail.note)

    def _code(self) -> QVBoxLayout:
        code = QrCode()
        code.set_text(wording.calendar_code(self._row))
        code.setAccessibleName(_("Add to your calendar"))
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout()
        self._hint.setFixedWidth(code.sizeHint().width())
        column.addWidget(code, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._hint)
        column.addStretch(1)
        return column


class CancelDialog(Dialog):
    """Ask before a cancel: what is lost, what comes back; Keep comes first and has the focus."""

    def __init__(
        self, visit: Visit, row: BookingRow, host: QWidget, confirmed: Callable[[], None]
    ) -> None:
        super().__init__(host, width=760)
        self._visit, self._row, self._confirmed = visit, row, confirmed
        self._heading = Label("", "h2", wrap=True)
        self._lost = Paragraph("", "lead")
        self._back = Notice("ok")
        self._numbers = BeforeAfter("ok")
        self._back.add_widget(self._numbers)
        self.keep_button = Button(_("Keep my booking"), size="large")
        self.cancel_button = Button(_("Yes, cancel it"), "destroy", size="large")
        self.add_action(self.keep_button, self.dismiss)
        self.add_action(self.cancel_button, self._cancel)
        self._build()
        self.retranslate()
        visit.ended.connect(self.dismiss)

    def first_field(self) -> QWidget | None:
        """Keep is the safe answer."""
        return self.keep_button

    def retranslate(self) -> None:
        """Write every text anew."""
        request = request_only(self._row)
        title = _("Cancel this request?") if request else _("Cancel this booking?")
        self.set_title(title)
        self._heading.setText(title)
        what = formats.listed(
            type_name(self._row.mock_type),
            wording.when_text(self._row),
            wording.where_text(self._row),
        )
        self._lost.setText(f"{what}. {self._loss(request=request)}")
        self._write_refund(request=request)
        self.keep_button.setText(_("Keep my request") if request else _("Keep my booking"))
        self.cancel_button.setText(_("Yes, cancel it"))

    def _loss(self, *, request: bool) -> str:
        if request:
            return _("It is taken back and no seat is asked for.")
        return _("Your seat goes to someone else and you may not get it back.")

    def _write_refund(self, *, request: bool) -> None:
        field = field_of(self._row.token_used)
        late = not request and self._row.is_late(self._visit.now())
        self._back.set_tone("warn" if late else "ok", "circle-alert" if late else None)
        self._numbers.setVisible(field is not None and not late)
        if request:
            self._back.set_text(_("No token was taken. The one on hold is free again."))
        elif late:
            self._back.set_text(
                _("It is too late for your token to come back. It stays used if you cancel now.")
            )
        elif self._row.late_after and field:
            self._back.set_text(
                _("{tokens} comes back to you if the cancel arrives before {when}.").format(
                    tokens=tokens_counted(field, 1),
                    when=formats.day_and_time(self._row.late_after, self._row.time_zone),
                )
            )
            self._show_numbers(field)
        elif field:
            self._back.set_text(
                _("{tokens} comes back to you.").format(tokens=tokens_counted(field, 1))
            )
            self._show_numbers(field)
        else:
            self._back.set_text(_("Your token comes back to you."))

    def _show_numbers(self, field: CreditField) -> None:
        held = getattr(self._visit.balances, field.value)
        self._numbers.show_numbers(held, held + 1)
        self._numbers.setAccessibleName(f"{tokens_name(field)}: {held} → {held + 1}")

    def _build(self) -> None:
        self.body.column.addLayout(headed(Tile("calendar-x", "bad", 72), self._heading, self._lost))
        self.body.column.addWidget(self._back)

    def _cancel(self) -> None:
        self._confirmed()
        self.dismiss()
