"""*Print a slip* on the pass, and what became of it (05)."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.views.placed import Placed
from kiosk_app.desktop.views.printing import Printing, slip_of, trouble_text
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.devices.slips import Trouble
from kiosk_app.i18n import zones
from kiosk_app.i18n.texts import _

_PRINTABLE = frozenset({"confirmed", "guaranteed", "queued"})


class SlipButton(QObject):
    """A button and the line under it; the page that owns it places both.

    Args:
        visit: the clock.
        printing: the printer; None (no printer stands here) shows nothing.
        page: the page.
    """

    def __init__(self, visit: Visit, printing: Printing | None, page: QWidget) -> None:
        super().__init__(page)
        self._visit, self._printing = visit, printing
        self._placed: Placed | None = None
        self._ticket: int | None = None
        self._became: Trouble | str | None = None
        self.button = Button(_("Print a slip"), icon="printer")
        self.note = Paragraph("", "second")
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button.clicked.connect(self._print)
        self.button.hide()
        self.note.hide()
        if printing is not None:
            printing.done.connect(self._done)

    def show_placed(self, placed: Placed) -> None:
        """Offer the slip of this request; another request or another state is another slip."""
        before, self._placed = self._placed, placed
        if before is None or (before.request_id, before.state) != (placed.request_id, placed.state):
            self._ticket = self._became = None
        self._write()

    def forget(self) -> None:
        """Offer nothing."""
        self._placed = self._ticket = self._became = None
        self._write()

    def _write(self) -> None:
        offered = self._placed is not None and self._placed.state in _PRINTABLE
        self.button.setVisible(offered and self._printing is not None)
        self.button.set_busy(self._ticket is not None)
        self.button.setText(_("Printing…") if self._ticket else _("Print a slip"))
        bad = isinstance(self._became, Trouble)
        if isinstance(self._became, Trouble):
            text = trouble_text(self._became)
        else:
            text = _("Printed. Take your slip.") if self._became else ""
        self.note.setText(text)
        self.note.set_tone("warn" if bad else None)
        self.note.setVisible(bool(text) and offered)

    def _print(self) -> None:
        if self._printing is None or self._placed is None or self._ticket is not None:
            return
        stamp = zones.stamp(self._visit.now(), self._placed.row.time_zone)
        self._became = None
        self._ticket = self._printing.send(slip_of(self._placed, self._printing.place, stamp))
        self._write()
        announce(self.button, self.button.text())

    def _done(self, ticket: int, trouble: Trouble | None) -> None:
        if ticket != self._ticket:
            return
        self._ticket, self._became = None, trouble or "printed"
        self._write()
        announce(self.button, self.note.text(), assertive=trouble is not None)
