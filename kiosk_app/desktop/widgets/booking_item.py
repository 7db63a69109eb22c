"""One booking or request in *My bookings*, with what became of it and what to do about it (07a)."""

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.session_item import SessionItem
from kiosk_app.desktop.widgets.status_chip import StatusChip
from kiosk_app.domain.listing import BookingRow
from kiosk_app.i18n.texts import _


class BookingText(Struct, frozen=True, kw_only=True):
    """What an item says, already in the language of the screen."""

    title: str
    hours: str
    place: str
    held: str
    """How it is held: format, or who gives it."""
    name: str
    """The whole booking in one line, for screen readers."""
    online: bool = False
    problem: str = ""
    """Why a request was refused."""
    cancel: bool = False
    move: bool = False
    join: bool = False
    busy: bool = False
    """A cancel was asked for and not answered."""
    undo: bool = False
    """The cancel can still be undone."""
    again: str = ""
    """Words of the button that leads to another session."""


class BookingItem(SessionItem):
    """A row of *My bookings* with its buttons."""

    details = Signal()
    cancel = Signal()
    move_asked = Signal()
    join_asked = Signal()
    undo = Signal()
    again = Signal()

    def __init__(self, row: BookingRow, parent: QWidget | None = None) -> None:
        super().__init__(row.exam_date, row.mock_type, StatusChip(row.standing), parent)
        self.row = row
        self.details_button = Button(_("Details"), size="small")
        self.join_button = Button(_("Join"), "primary", icon="video", size="small")
        self.move_button = Button(_("Move"), size="small")
        self.cancel_button = Button(_("Cancel"), "danger", size="small")
        self.undo_button = Button(_("Undo"), icon="undo-2", size="small")
        self.again_button = Button(_("Choose another session"), size="small")
        self.lay_out(
            (
                self.join_button,
                self.again_button,
                self.details_button,
                self.move_button,
                self.cancel_button,
                self.undo_button,
            )
        )
        for button, told in (
            (self.details_button, self.details),
            (self.join_button, self.join_asked),
            (self.move_button, self.move_asked),
            (self.undo_button, self.undo),
            (self.cancel_button, self.cancel),
            (self.again_button, self.again),
        ):
            button.clicked.connect(told)

    def show_row(self, row: BookingRow, text: BookingText) -> None:
        """Show another state of the booking, or the same in another language."""
        self.row = row
        self.write_session(
            row.exam_date, text.title, text.hours, text.place, online=text.online, held=text.held
        )
        self.chip.set_standing(row.standing)
        self._code.setText(row.code)
        self._code.setAccessibleName(" ".join(row.code))
        self.write_problem(text.problem)
        self._write_buttons(text)
        self.setAccessibleName(text.name)

    def _write_buttons(self, text: BookingText) -> None:
        self.details_button.setText(_("Details"))
        self.details_button.setAccessibleName(_("Details: {booking}").format(booking=text.name))
        self.join_button.setText(_("Join"))
        self.join_button.setAccessibleName(_("Join: {booking}").format(booking=text.name))
        self.join_button.setVisible(text.join)
        self.move_button.setText(_("Move"))
        self.move_button.setAccessibleName(_("Move: {booking}").format(booking=text.name))
        self.move_button.setVisible(text.move and not text.busy)
        self.cancel_button.setText(_("Cancelling…") if text.busy else _("Cancel"))
        self.cancel_button.setAccessibleName(_("Cancel: {booking}").format(booking=text.name))
        self.cancel_button.setVisible((text.cancel or text.busy) and not text.undo)
        self.undo_button.setText(_("Undo"))
        self.undo_button.setAccessibleName(_("Undo: {booking}").format(booking=text.name))
        self.undo_button.setVisible(text.undo)
        self.cancel_button.setEnabled(not text.busy)
        self.again_button.setText(text.again)
        self.again_button.setVisible(bool(text.again))
