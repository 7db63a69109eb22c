"""One session that can be had instead: when, where, how many seats, and one button (13c)."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import IconText, Label
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.domain.listing import SessionRow
from kiosk_app.i18n.sessions import seats_long
from kiosk_app.i18n.texts import _


class OtherSession(QWidget):
    """A line with *Choose* at its end."""

    def __init__(self, row: SessionRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.button = Button(_("Choose"), size="small")
        self._when = Label("", "strong", wrap=True)
        online = row.delivery_format is DeliveryFormat.VIRTUAL
        self._where = IconText("video" if online else "map-pin", "", "second")
        self._where.label.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._when)
        words.addWidget(self._where)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 8, 0, 8)
        across.setSpacing(16)
        across.addWidget(Tile(TYPE_ICON[row.mock_type], TYPE_ROLE[row.mock_type], 52))
        across.addLayout(words, 1)
        across.addWidget(self.button)
        self.retranslate()

    def show_row(self, row: SessionRow, *, able: bool) -> None:
        """Show the same session as it is now; one that cannot be had any more keeps its place."""
        self.row = row
        self.button.setEnabled(able)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        when = wording.when_text(self.row)
        self._when.setText(when)
        lost = not self.button.isEnabled() and self.row.left > 0
        # Short, so that no line is added and nothing below moves.
        told = _("Not available") if lost else seats_long(self.row.left, self.row.capacity)
        self._where.set_text(f"{wording.where_text(self.row)} · {told}")
        self.button.setText(_("Choose"))
        self.button.setAccessibleName(_("Choose {when}").format(when=when))
