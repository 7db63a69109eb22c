"""Why a session cannot be booked, and what can be: asked by pressing a button that does not book."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.contract.problems import Code
from kiosk_app.desktop.views.refusal_panel import RefusalPanel
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.domain.listing import SessionRow
from kiosk_app.i18n.texts import _

_CLASHES = frozenset({Code.DUPLICATE_BOOKING, Code.OVERLAPPING_BOOKING})
"""Refusals whose other side stands in *My bookings*."""


class WhyDialog(Dialog):
    """The reason in words, the nearest alternatives with one tap each, and the waitlist.

    Args:
        visit: who asks.
        row: the session.
        code: why it cannot be booked.
        host: the window to cover.
        lost: the last seat went a moment ago.
    """

    chosen = Signal(object)
    """SessionRow of another session to book."""
    sign_in = Signal(object)
    """The SessionRow to come back to once the person is known."""
    show_bookings = Signal()

    def __init__(
        self, visit: Visit, row: SessionRow, code: Code, host: QWidget, *, lost: bool = False
    ) -> None:
        super().__init__(host, width=860)
        self.reasons = RefusalPanel(visit, row, code, moment="lost" if lost else "before")
        self.back_button = Button(_("Back to the calendar"), size="large")
        self.bookings_button = Button(_("My bookings"), size="large", icon="ticket")
        self.add_action(self.back_button, self.dismiss)
        if visit.student is not None and code in _CLASHES:
            self.add_action(self.bookings_button, self._go_to_bookings)
        self.body.column.addWidget(self.reasons)
        self.reasons.chosen.connect(self._choose)
        self.reasons.resized.connect(self.refit)
        if self.reasons.join is not None:
            self.reasons.join.sign_in.connect(lambda: self._leave_for(row))
        self.retranslate()
        visit.ended.connect(self.dismiss)

    def first_field(self) -> QWidget | None:
        """What a person came for: the waitlist, another session, or the way back."""
        others = [other.button for other in self.reasons.others]
        join = [self.reasons.join.button] if self.reasons.join else []
        return next(iter([*join, *others]), self.back_button)

    def retranslate(self) -> None:
        """Write every text anew."""
        self.set_title(self.reasons.title.text())
        self.back_button.setText(_("Back to the calendar"))
        self.bookings_button.setText(_("My bookings"))

    def _choose(self, row: SessionRow) -> None:
        self.dismiss()
        self.chosen.emit(row)

    def _leave_for(self, row: SessionRow) -> None:
        self.dismiss()
        self.sign_in.emit(row)

    def _go_to_bookings(self) -> None:
        self.dismiss()
        self.show_bookings.emit()
