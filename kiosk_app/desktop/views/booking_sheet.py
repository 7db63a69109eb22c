"""The sheet that books one session: form, one Confirm, and what became of it (04a-04c, 13c)."""

from msgspec import structs
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.contract.problems import Code
from kiosk_app.desktop.opinion import Choices
from kiosk_app.desktop.views.booking_form import BookingForm
from kiosk_app.desktop.views.placed import Placed
from kiosk_app.desktop.views.refusal_panel import MOST, RefusalPanel
from kiosk_app.desktop.views.wording import held_text
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.sheet import Sheet
from kiosk_app.domain.listing import SessionRow
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _, ngettext
from kiosk_app.sync.events import (
    CLAIM_UNANSWERED,
    NOT_SAVED,
    WAIT_OFFLINE,
    RequestSaved,
    RequestSettled,
)

SECOND_MS = 1000
PATIENCE_MS = 8000
"""After this long without an answer a person may leave the request with the kiosk."""
_TRY_AGAIN: frozenset[str] = frozenset(
    {
        Code.VALIDATION_ERROR,
        Code.RATE_LIMITED,
        Code.INTERNAL_ERROR,
        Code.SERVICE_DEGRADED,
        Code.LOCK_FAILED,
        NOT_SAVED,
        WAIT_OFFLINE,
        CLAIM_UNANSWERED,
    }
)
"""Refusals after which the same Confirm may succeed."""


class BookingSheet(Sheet):
    """Book one session for the person of the visit; a seat that is held for them is claimed.

    Args:
        visit: who books, and the door to the engine.
        row: the session.
        host: the window to cover.
        patience_ms: how long to wait for an answer before offering to leave; tests shorten it.
    """

    closed = Signal()
    """The sheet is gone and nothing was placed."""
    finished = Signal(object)
    """`Placed`: booked, or waiting on this device."""

    def __init__(
        self, visit: Visit, row: SessionRow, host: QWidget, *, patience_ms: int = PATIENCE_MS
    ) -> None:
        super().__init__(host)
        self._visit = visit
        self._placed: Placed | None = None
        self._done = False
        self.refusal: RefusalPanel | None = None
        """What stands in place of the form once nothing was booked."""
        self._problem = ""
        self._claims = visit.seat_offered(row.session_id)
        self._second = QTimer(self, interval=SECOND_MS)
        self._second.timeout.connect(self._write_promise)
        self._slow = QTimer(self, singleShot=True, interval=patience_ms)
        self._slow.timeout.connect(self._took_long)
        self.form = BookingForm(visit, row)
        self.summary = Notice("bad")
        self.summary.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.promise = Notice("warn")
        self.cancel_button = Button(_("Cancel"), size="large")
        self.confirm_button = Button(_("Confirm booking"), "primary", icon="check", size="large")
        self.summary.hide()
        for part in (self.summary, self.promise, self.form):
            self.body.column.addWidget(part)
        self.body.column.setContentsMargins(40, 24, 40, 12)
        self.body.column.setSpacing(20)
        self.foot.addWidget(self.cancel_button, 2)
        self.foot.addWidget(self.confirm_button, 5)
        self._connect()
        self.retranslate()
        if self._claims:
            self._second.start()

    @property
    def busy(self) -> bool:
        """Whether a request was placed and no answer has come."""
        return self._placed is not None

    def cancel(self) -> None:
        """Close; while a request is on its way, leave it with the kiosk once it is saved."""
        if self._placed is None:
            self.dismiss()
        elif self._placed.number:
            self._finish(self._placed)

    def first_field(self) -> QWidget | None:
        """The first question of the form, not the close button."""
        for cards in (self.form.format, self.form.hand):
            if cards and cards.isVisible() and (key := cards.value()):
                return cards.card(key)
        return super().first_field()  # not a text field: it would bring the keyboard unasked

    def focus_first(self) -> None:
        """Begin with the promise where the first question would push it out of sight."""
        first = self.first_field()
        if first is None or not self.promise.isVisible() or self._seen_with_promise(first):
            super().focus_first()
            return
        self.promise.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.promise.setFocus(Qt.FocusReason.TabFocusReason)

    def _seen_with_promise(self, first: QWidget) -> bool:
        if not self.form.isAncestorOf(first):
            return True
        self.body.column.activate()
        end = self.form.y() + first.mapTo(self.form, first.rect().bottomLeft()).y()
        return end - self.promise.y() < self.body.viewport().height()

    def retranslate(self) -> None:
        """Write every text anew."""
        super().retranslate()
        self.set_title(_("Book {type}").format(type=type_name(self.form.row.mock_type)))
        self._write_promise()
        self._write_buttons()
        if self.summary.isVisible() and not self._problem:
            self._summarise(self.form.check())
        elif self._problem:
            self._write_problem(self._problem)

    def _connect(self) -> None:
        visit = self._visit
        self.cancel_button.clicked.connect(self.cancel)
        self.confirm_button.clicked.connect(self._confirm)
        self.dismissed.connect(self._tell_closed)
        visit.saved.connect(self._saved)
        visit.settled.connect(self._settled)
        visit.sessions_changed.connect(self._seats_changed)
        visit.balances_changed.connect(self.form.refresh)
        visit.link_changed.connect(self._link_changed)
        visit.ended.connect(self.dismiss)

    def _confirm(self) -> None:
        if self._placed is not None:
            return
        self._problem = ""
        if problems := self.form.check():
            self._summarise(problems)
            self.summary.setFocus()
            return
        self.summary.hide()
        row = self._visit.reading.session(self.form.row.session_id, self._visit.student_id)
        opinion = self._visit.opinion(row or self.form.row)
        if self._claims and not self._visit.seat_offered(self.form.row.session_id):
            self._refuse(Code.OFFER_EXPIRED if self._visit.online else WAIT_OFFLINE)
            return
        if opinion.refusal:
            self._refuse(opinion.refusal)
            return
        choices = self.form.choices()
        self._placed = Placed(
            request_id=self._ask_for(choices),
            row=self.form.row,
            choices=choices,
            opinion=opinion,
            placed_at=self._visit.now(),
        )
        self._set_busy(busy=True)
        self._slow.start()

    def _ask_for(self, choices: Choices) -> str:
        """Place the request, or claim the seat that is held; return the request's id."""
        row = self.form.row
        wait = self._visit.wait_for(row.session_id) if self._claims else None
        if wait is not None:
            return self._visit.claim(row, wait, choices)
        return self._visit.place(row, choices)

    def _summarise(self, problems: list[str]) -> None:
        count = len(problems)
        title = ngettext(
            "One thing needs your attention", "{n} things need your attention", count
        ).format(n=count)
        if count:
            self.summary.set_text(title, " ".join(problems))
        self._show_summary(shown=bool(count))

    def _show_summary(self, *, shown: bool) -> None:
        from_nothing = shown and not self.summary.isVisible()
        self.summary.setVisible(shown)
        if from_nothing:
            self.body.verticalScrollBar().setValue(0)

    def _set_busy(self, *, busy: bool) -> None:
        self._write_buttons()
        self.form.setEnabled(not busy)
        self.confirm_button.set_busy(busy)
        self.cancel_button.setEnabled(not busy)
        self.close_button.setEnabled(not busy)
        if not busy:
            self._slow.stop()
            self.summary.set_tone("bad")

    def _write_buttons(self) -> None:
        placed = self._placed
        if self.refusal:
            self.cancel_button.setText(_("Back to the calendar"))
        elif self._waited:
            self.cancel_button.setText(_("Leave it with the kiosk"))
        else:
            self.cancel_button.setText(_("Cancel"))
        if placed:
            text = _("Saved, sending…") if placed.number else _("Booking…")
        elif self._claims:
            text = _("Claim this seat")
        else:
            queued = self._visit.opinion(self.form.row).promise == "queued"
            text = _("Save my request") if queued else _("Confirm booking")
        self.confirm_button.setText(text)
        self.confirm_button.setVisible(self.refusal is None)

    @property
    def _waited(self) -> bool:
        """Whether the person has waited long enough to be let go."""
        return bool(self._placed and self._placed.number) and not self._slow.isActive()

    def _write_promise(self) -> None:
        wait = self._visit.wait_for(self.form.row.session_id)
        if self._claims:
            self.promise.setVisible(self.refusal is None)
            self.promise.set_tone("ok", "hourglass")
            self.promise.set_text(_("A seat is held for you"), held_text(wait, self._visit.now()))
            return
        promise = self._visit.opinion(self.form.row).promise
        self.promise.setVisible(promise != "booked" and self.refusal is None)
        if promise == "guaranteed":
            self.promise.set_tone("ok", "shield-check")
            self.promise.set_text(
                _("You are offline, and this seat is guaranteed"),
                _(
                    "This kiosk keeps the seat for you. Your code comes when the connection is back."
                ),
            )
            return
        self.promise.set_tone("warn")
        self.promise.set_text(
            _("You are offline: this is a request, not yet a seat"),
            _("It is sent when the connection is back. You will see the result in My bookings."),
        )

    def _saved(self, event: RequestSaved) -> None:
        if self._placed and event.request_id == self._placed.request_id:
            self._placed = structs.replace(self._placed, number=event.number)
            self.close_button.setEnabled(True)
            self._write_buttons()
            speech.announce(self.confirm_button, self.confirm_button.text())
            if not self._slow.isActive():
                self._took_long()

    def _took_long(self) -> None:
        if self._placed is None:
            return
        self.summary.set_tone("warn", "hourglass")
        if self._placed.number:
            text = _("Your request is saved and will be sent. See the result in My bookings.")
            self.cancel_button.setEnabled(True)
        elif self._claims:
            text = _("We wait for the answer. The seat is held for you meanwhile.")
        else:
            text = _("We are still saving your request on this kiosk.")
        self.summary.set_text(_("This takes longer than usual"), text)
        self._show_summary(shown=True)
        self._write_buttons()
        speech.announce(self.summary, self.summary.text())

    def _settled(self, event: RequestSettled) -> None:
        if self.leaving or self._placed is None or event.request_id != self._placed.request_id:
            return
        if event.state == "refused":
            if not self._claims:  # an offered seat is claimed at once or not: nothing is kept of it
                self._visit.refusal_read(event.request_id)
            self._refuse(event.code or Code.INTERNAL_ERROR)
            return
        number = event.number or self._placed.number
        self._finish(structs.replace(self._placed, settled=event, number=number))

    def _refuse(self, code: str) -> None:
        """Keep the sheet open: the same form again, or the way to another session."""
        self._placed = None
        self.summary.hide()
        self._set_busy(busy=False)
        if code in _TRY_AGAIN:
            self._show_problem(code)
            return
        self.refusal = RefusalPanel(self._visit, self.form.row, code, most=MOST)
        self.refusal.chosen.connect(self._choose_other)
        self.body.column.addWidget(self.refusal)
        self.refusal.show()
        self.form.hide()
        self._write_promise()
        self._write_buttons()
        self._place()
        self.focus_refusal()
        speech.announce(self, f"{self.refusal.title.text()}. {self.refusal.explained.text()}")

    def shape(self, width: int, height: int) -> None:
        """Show as many other sessions as have room."""
        if self.refusal is not None:
            around = self.body.column.contentsMargins()
            self.refusal.fit(
                width - around.left() - around.right(), height - around.top() - around.bottom()
            )

    def focus_refusal(self) -> None:
        """Put the focus on the first alternative, or on the way back."""
        others = self.refusal.others if self.refusal else []
        (others[0].button if others else self.cancel_button).setFocus()

    def _show_problem(self, code: str) -> None:
        self._problem = code
        self._write_problem(code)
        self._show_summary(shown=True)
        self.summary.setFocus()
        self._write_buttons()

    def _write_problem(self, code: str) -> None:
        lost = code == CLAIM_UNANSWERED
        title = _("No answer has come") if lost else _("Nothing was booked")
        self.summary.set_text(title, code_sentence(code))

    def _choose_other(self, row: SessionRow) -> None:
        if self.refusal:
            self.refusal.hide()
            self.refusal.deleteLater()
            self.refusal = None
        self._claims = self._visit.seat_offered(row.session_id)
        self.form.show_row(row)
        self.form.show()
        self.retranslate()
        self.confirm_button.setFocus()

    def _seats_changed(self, ids: frozenset[str] | None) -> None:
        here = self.form.row.session_id
        if self.refusal is None and (ids is None or here in ids):
            row = self._visit.reading.session(here, self._visit.student_id)
            if row:
                self.form.show_row(row)

    def _link_changed(self) -> None:
        self._seats_changed(None)  # offline the seats that this kiosk holds count
        self.form.refresh()
        self._write_promise()
        self._write_buttons()

    def _finish(self, placed: Placed) -> None:
        self._done = True
        self._slow.stop()
        self.finished.emit(placed)
        self.dismiss()

    def _tell_closed(self) -> None:
        if not self._done:
            self.closed.emit()
