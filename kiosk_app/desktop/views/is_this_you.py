"""*Is this you?* after a card: the first letters of a name, a yes, and a way out (K4, K26)."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.i18n.texts import _


class IsThisYou(Dialog):
    """Ask whoever came with a card whether it is theirs; whatever is not a yes ends their visit.

    Args:
        visit: holds the person back until they answer.
        letters: their name, masked.
        host: the window to cover.
    """

    def __init__(self, visit: Visit, letters: str, host: QWidget) -> None:
        super().__init__(host, width=680)
        self._visit = visit
        self.heading = Label("", "h1", wrap=True)
        self.name = Label(letters, "h1", wrap=True)
        self.text = Paragraph("", "lead")
        self.no = Button("", size="large")
        self.yes = Button("", "primary", icon="check", size="large")
        self._letters = ", ".join(word[0] for word in letters.split())
        centre = Qt.AlignmentFlag.AlignHCenter
        self.body.column.setSpacing(16)
        self.body.column.addWidget(Tile("id-card", "primary", 72), 0, centre)
        for label in (self.heading, self.name, self.text):
            label.setAlignment(centre)
            self.body.column.addWidget(label)
        self.add_action(self.no, self.cancel)
        self.add_action(self.yes, self._begin)
        self.retranslate()
        visit.ended.connect(self.dismiss)

    def first_field(self) -> QWidget:
        """Start on the answer that opens nothing."""
        return self.no

    def dismiss(self) -> None:
        """Go; who has not said yes leaves with it."""
        if self._visit.doorstep.occupied:
            self._visit.doorstep.clear()
            self._visit.sign_out()
        super().dismiss()

    def retranslate(self) -> None:
        """Write the texts anew."""
        title = _("Is this you?")
        self.set_title(title)
        self.heading.setText(title)
        self.name.setAccessibleName(
            _("Name that begins with {letters}").format(letters=self._letters)
        )
        self.text.setText(
            _(
                "The card and the e-mail belong to this person. Nothing of theirs is shown before you say yes."
            )
        )
        self.no.setText(_("Not me"))
        self.yes.setText(_("Yes, it is me"))

    def _begin(self) -> None:
        self._visit.confirm()
        self.dismiss()
