"""Before and after of a move, and what stays and what comes of it (07a)."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.mail_button import FEATURE as MAIL
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.desktop.widgets.move_card import MoveCard
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.domain.listing import BookingRow, SessionRow
from kiosk_app.domain.masking import masked_email
from kiosk_app.i18n import bidi
from kiosk_app.i18n.sessions import seats_long
from kiosk_app.i18n.texts import _

_TILE = 44


class MovePair(QWidget):
    """The old session, the new one, and in short lines what this device knows of the move.

    Args:
        visit: whose booking.
        booking: what is moved.
        parent: owner.
    """

    def __init__(self, visit: Visit, booking: BookingRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visit, self._booking = visit, booking
        kind, day = booking.mock_type, booking.exam_date
        self.old = MoveCard(kind, day, wanted=False)
        self.new = MoveCard(kind, day, wanted=True)
        icons = ("shield-check", "ticket-check", "coins", "mail")
        self.facts = [Paragraph("", "body") for _icon in icons]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.old)
        column.addWidget(Icon("arrow-down", "ink2"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.new)
        column.addSpacing(12)
        self._rows = [self._row(*one) for one in zip(icons, self.facts, strict=True)]
        for row in self._rows:
            column.addWidget(row)

    def show_move(self, row: SessionRow) -> None:
        """Write both sessions and what comes of the move."""
        booking = self._booking
        self.old.title.setText(_("Your booking now"))
        self.old.show_facts(
            booking.exam_date,
            wording.hours_text(booking),
            wording.where_text(booking),
            booking.code,
            None,
            online=booking.delivery_format is DeliveryFormat.VIRTUAL,
        )
        self.new.title.setText(_("It moves to"))
        self.new.show_facts(
            row.exam_date,
            wording.hours_text(row),
            wording.where_text(row),
            seats_long(row.left, row.capacity),
            row.seats,
            online=row.delivery_format is DeliveryFormat.VIRTUAL,
        )
        student = self._visit.student
        address = bidi.apart(masked_email(student.email)) if student else ""
        words = (
            _("You keep your seat until the move is confirmed."),
            _("Your booking code stays the same."),
            _("The same token pays. No other is used."),
            _("An e-mail with the new time goes to {address}.").format(address=address),
        )
        for label, text in zip(self.facts, words, strict=True):
            label.setText(text)
        self._rows[-1].setVisible(bool(address) and self._visit.offers(MAIL))

    @staticmethod
    def _row(icon: str, label: Label) -> QWidget:
        made = QWidget()
        across = QHBoxLayout(made)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(16)
        across.addWidget(Tile(icon, "primary", _TILE))
        across.addWidget(label, 1)
        return made
