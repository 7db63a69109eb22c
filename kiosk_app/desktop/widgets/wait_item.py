"""One wait for a seat in *My bookings*: the place in line, or the offer with its time (A78)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.session_item import SessionItem
from kiosk_app.desktop.widgets.status_chip import StatusChip
from kiosk_app.domain.listing import SessionRow, WaitRow
from kiosk_app.i18n.texts import _


class WaitItem(SessionItem):
    """A wait with its buttons: leave while one waits, claim or decline while a seat is held."""

    claim = Signal()
    decline = Signal()
    leave = Signal()

    def __init__(self, row: SessionRow, wait: WaitRow, parent: QWidget | None = None) -> None:
        super().__init__(row.exam_date, row.mock_type, StatusChip(), parent)
        self.row, self.wait = row, wait
        self._code.setWordWrap(True)
        self.claim_button = Button(_("Claim seat"), "primary", size="small")
        self.decline_button = Button(_("Decline"), size="small")
        self.leave_button = Button(_("Leave the list"), size="small")
        self.lay_out((self.leave_button, self.decline_button, self.claim_button))
        for button, told in (
            (self.claim_button, self.claim),
            (self.decline_button, self.decline),
            (self.leave_button, self.leave),
        ):
            button.clicked.connect(told)

    def show_wait(self, wait: WaitRow, name: str, *, offered: bool) -> None:
        """Show another place in the line, or the offer."""
        self.wait = wait
        self.setAccessibleName(name)
        for button, words, shown in (
            (self.claim_button, _("Claim seat"), offered),
            (self.decline_button, _("Decline"), offered),
            (self.leave_button, _("Leave the list"), not wait.offered_until),
        ):
            button.setText(words)
            button.setAccessibleName(f"{words}: {name}")
            button.setVisible(shown)

    def show_state(self, words: str, note: str, *, held: bool) -> None:
        """Write the place in line, or that a seat is held, and what ticks or explains it."""
        if held:
            self.chip.show_words("ok", "armchair", words)
        else:
            self.chip.show_words("waiting", "hourglass", words)
        self._code.setText(note)
        self._code.setVisible(bool(note))

    def set_busy(self, *, busy: bool) -> None:
        """Take no further step while one is asked for."""
        for button in (self.claim_button, self.decline_button, self.leave_button):
            button.setEnabled(not busy)
