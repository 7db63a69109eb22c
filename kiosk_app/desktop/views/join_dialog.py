"""The way into the meeting of an online session: a code for the person's own phone (A81, D34).

A kiosk has neither camera nor privacy for it, so nothing is opened here; the address is not written
out either, for whoever stands behind could read it.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.views import wording
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.qr import QrCode
from kiosk_app.domain.listing import BookingRow
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _


class JoinDialog(Dialog):
    """Show the meeting of one booking.

    Args:
        row: a booking that can be joined now.
        visit: whose it is; the dialog goes with them.
        host: the window to cover.
    """

    def __init__(self, row: BookingRow, visit: Visit, host: QWidget) -> None:
        super().__init__(host, width=680)
        self._row = row
        self.heading, self.what = Label("", "h2", wrap=True), Label("", "strong", wrap=True)
        self.how = Paragraph("", "lead")
        self.code = QrCode(280)
        self.code.set_text(row.join_url or "")
        self.close_button = Button("", "primary", size="large")
        centre = Qt.AlignmentFlag.AlignHCenter
        self.body.column.setSpacing(16)
        for part in (self.heading, self.what, self.code, self.how):
            self.body.column.addWidget(part, 0, Qt.AlignmentFlag(0))
        self.body.column.setAlignment(self.code, centre)
        for label in (self.heading, self.what, self.how):
            label.setAlignment(centre)
        self.add_action(self.close_button, self.cancel)
        self.retranslate()
        visit.ended.connect(self.dismiss)

    def retranslate(self) -> None:
        """Write the texts anew."""
        title = _("Join your session")
        self.set_title(title)
        self.heading.setText(title)
        self.what.setText(
            formats.listed(type_name(self._row.mock_type), wording.when_text(self._row))
        )
        self.how.setText(
            _("Scan with your phone camera. The session opens on your phone, not on this kiosk.")
        )
        self.code.setAccessibleName(_("Code with the link to your session, for a phone camera"))
        self.close_button.setText(_("Close"))
