"""The sheet that moves a booking: choose another session, see old and new, confirm (07a)."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.opinion import Choices
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.move_choices import MoveChoices
from kiosk_app.desktop.views.move_pair import MovePair
from kiosk_app.desktop.views.placed import Placed
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.session_head import SessionHead
from kiosk_app.desktop.widgets.sheet import Sheet
from kiosk_app.domain.identifiers import new_client_key
from kiosk_app.domain.listing import BookingRow, SessionRow
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import MOVE_UNANSWERED, MoveSettled, RequestSettled

PATIENCE_MS = 8000
"""After this long without an answer the sheet says so."""


class MoveSheet(Sheet):
    """Move one booking to another session of its type; a refusal leaves it where it was.

    Args:
        visit: whose booking, and the door to the engine.
        booking: what is moved.
        host: the window to cover.
    """

    finished = Signal(object)
    """`Placed`: the same booking, in its new session."""

    def __init__(self, visit: Visit, booking: BookingRow, host: QWidget) -> None:
        super().__init__(host)
        self._visit, self._booking = visit, booking
        self._to: SessionRow | None = None
        self._key = ""
        self._asking = False
        self._problem = ""
        self._slow = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._slow.timeout.connect(self._took_long)
        self.summary = Notice("bad")
        self.summary.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._old_title, self.old = Label("", "label"), SessionHead(booking.mock_type)
        self.choices = MoveChoices(visit, booking)
        self.pair = MovePair(visit, booking)
        self.back_button = Button(_("Cancel"), size="large")
        self.confirm_button = Button(_("Move my booking"), "primary", icon="check", size="large")
        self._build()
        self._connect()
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        super().retranslate()
        self.set_title(_("Move your booking"))
        self._old_title.setText(_("Your booking now"))
        row = self._booking
        self.old.show_facts(
            formats.day_long(row.exam_date),
            wording.hours_text(row),
            wording.where_text(row),
            row.code,
            None,
            online=row.delivery_format is DeliveryFormat.VIRTUAL,
        )
        self._write()

    def cancel(self) -> None:
        """Go back to the list, or close; while the answer is awaited, neither."""
        if self._asking:
            return
        if self._to is not None:
            self._choose(None)
        else:
            self.dismiss()

    def _build(self) -> None:
        column = self.body.column
        column.setContentsMargins(40, 24, 40, 12)
        column.setSpacing(12)
        for part in (self.summary, self._old_title, self.old, self.pair, self.choices):
            column.addWidget(part)
        column.addStretch(1)
        self.foot.addWidget(self.back_button, 2)
        self.foot.addWidget(self.confirm_button, 5)

    def _connect(self) -> None:
        visit = self._visit
        self.close_button.clicked.disconnect()
        self.close_button.clicked.connect(self._close)
        self.back_button.clicked.connect(self.cancel)
        self.confirm_button.clicked.connect(self._confirm)
        self.choices.chosen.connect(self._choose)
        visit.move_settled.connect(self._settled)
        visit.sessions_changed.connect(self._sessions_changed)
        visit.ended.connect(self.dismiss)

    def _close(self) -> None:
        if not self._asking:
            self.dismiss()

    def _choose(self, row: SessionRow | None) -> None:
        """Show the session to move to beside the old one, or the list again."""
        self._to, self._problem = row, ""
        self._key = new_client_key("idem_move_") if row is not None else ""
        self._write()
        if row is not None:
            self.confirm_button.setFocus()
            speech.announce(self, f"{self.pair.new.title.text()}: {self.pair.new.accessibleName()}")
        else:
            self.focus_first()
        self.body.verticalScrollBar().setValue(0)

    def _write(self) -> None:
        row = self._to
        if row is not None:
            self.pair.show_move(row)
        self.pair.setVisible(row is not None)
        for part in (self._old_title, self.old, self.choices):
            part.setVisible(row is None)
        self.confirm_button.setVisible(row is not None)
        self.back_button.setText(_("Cancel") if row is None else _("Choose another"))
        self.confirm_button.setText(_("Moving…") if self._asking else _("Move my booking"))
        for button in (self.back_button, self.close_button):
            button.setEnabled(not self._asking)
        self._write_problem()

    def _write_problem(self) -> None:
        unknown = self._problem == MOVE_UNANSWERED
        title = _("No answer has come") if unknown else _("Your booking was not moved")
        self.summary.set_text(title, code_sentence(self._problem) if self._problem else "")
        self.summary.setVisible(bool(self._problem))

    def _confirm(self) -> None:
        if self._to is None or self._asking:
            return
        refusal = self._visit.move_refusal(self._booking, self._to)
        if refusal is not None:
            self._refuse(refusal)
            return
        self._asking, self._problem = True, ""
        self._visit.move(self._booking.ref, self._to, self._key)
        self.confirm_button.set_busy(True)
        self._slow.start()
        self._write()

    def _took_long(self) -> None:
        self.summary.set_tone("warn", "hourglass")
        self.summary.set_text(
            _("This takes longer than usual"), _("We wait for the answer. You keep your seat.")
        )
        self.summary.show()
        speech.announce(self.summary, self.summary.text())

    def _settled(self, event: MoveSettled) -> None:
        if not self._asking or event.ref != self._booking.ref:
            return
        self._asking = False
        self._slow.stop()
        self.confirm_button.set_busy(False)
        self.summary.set_tone("bad")
        if event.state == "moved" and self._to is not None:
            self.finished.emit(self._moved(event, self._to))
            self.dismiss()
        else:
            self._refuse(event.code or "")

    def _refuse(self, code: str) -> None:
        """Say why, and show the list as it is now; a move nobody answered may be confirmed again."""
        self._problem = code
        self._write_problem()
        self.summary.setFocus()
        if code != MOVE_UNANSWERED:
            self._to = None
            self.choices.refresh()
        self._write()
        self.body.verticalScrollBar().setValue(0)
        speech.announce(self.summary, self.summary.text(), assertive=True)

    def _moved(self, event: MoveSettled, row: SessionRow) -> Placed:
        booking = event.booking
        code = booking.booking_code if booking else self._booking.code
        settled = RequestSettled(
            request_id=event.ref,
            state="confirmed",
            number=code,
            booking_ref=event.ref,
            booking_code=code,
        )
        return Placed(
            request_id=event.ref,
            row=row,
            choices=Choices(discussion_format=self._booking.delivery_format),
            opinion=self._visit.opinion(row),
            placed_at=self._visit.now(),
            number=code,
            settled=settled,
            moved=True,
        )

    def _sessions_changed(self, _ids: frozenset[str] | None) -> None:
        if self._to is None:
            self.choices.follow()
