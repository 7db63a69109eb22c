"""The question before a place in a line, or a seat that is held, is given up (A78)."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.views import wording
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.tile import Tile, headed
from kiosk_app.domain.listing import SessionRow
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _
from kiosk_app.sync.intents import WaitStep


class WaitDialog(Dialog):
    """Ask whether to leave a waitlist or to decline its seat; to keep it comes first.

    Args:
        visit: who is asked.
        row: the session.
        step: `leave` or `decline`.
        host: the window to cover.
        confirmed: does it.
    """

    def __init__(
        self,
        visit: Visit,
        row: SessionRow,
        step: WaitStep,
        host: QWidget,
        confirmed: Callable[[], None],
    ) -> None:
        super().__init__(host, width=760)
        self._row, self._declines, self._confirmed = row, step == "decline", confirmed
        self._heading = Label("", "h2", wrap=True)
        self._lost = Paragraph("", "lead")
        self.keep_button = Button("", size="large")
        self.go_button = Button("", "destroy", size="large")
        self.add_action(self.keep_button, self.dismiss)
        self.add_action(self.go_button, self._go)
        self.body.column.addLayout(headed(Tile("hourglass", "warn", 72), self._heading, self._lost))
        self.retranslate()
        visit.ended.connect(self.dismiss)

    def first_field(self) -> QWidget | None:
        """To keep it is the safe answer."""
        return self.keep_button

    def retranslate(self) -> None:
        """Write every text anew."""
        row = self._row
        what = formats.listed(type_name(row.mock_type), wording.when_text(row))
        if self._declines:
            title, lost = _("Decline this seat?"), _("It goes to the next in line at once.")
            keep, go = _("Keep the offer"), _("Yes, decline it")
        else:
            title = _("Leave this waitlist?")
            lost = _("If you come back later, you stand at the end of the line.")
            keep, go = _("Keep my place"), _("Yes, leave it")
        self.set_title(title)
        self._heading.setText(title)
        self._lost.setText(f"{what}. {lost}")
        self.keep_button.setText(keep)
        self.go_button.setText(go)

    def _go(self) -> None:
        self._confirmed()
        self.dismiss()
