"""How a kiosk is used, for somebody who stands before it and does not know where to begin."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.step_picture import BROAD, StepPicture
from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import _

_ACROSS = 800
"""Pixels at 100 % of text size from which the steps stand side by side."""
_PICTURES = (("id-card", "keyboard"), ("calendar-days",), ("qr-code",))


class HelpStep(QWidget):
    """One step: its picture, what is done in two or three words, and a sentence."""

    def __init__(self, number: int, pictured: tuple[str, ...]) -> None:
        super().__init__()
        speech.give_role(self, "Grouping")
        self._number = number
        self.picture = StepPicture(number, *pictured)
        self.title, self.text = Label("", "title", wrap=True), Paragraph("", "body")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.text)
        words.addStretch(1)
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(16)
        self._parts.addWidget(self.picture)
        self._parts.addLayout(words, 1)

    def write(self, title: str, text: str) -> None:
        """Say what is done."""
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(f"{self._number}. {title}")

    def set_upright(self, *, upright: bool) -> None:
        """Stand with the picture over the words, or beside them."""
        direction = QBoxLayout.Direction
        self._parts.setDirection(direction.TopToBottom if upright else direction.LeftToRight)
        self.picture.set_broad(broad=upright)


class HelpSteps(QWidget):
    """The steps side by side with arrows between them, or under one another where that is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = [HelpStep(number, icons) for number, icons in enumerate(_PICTURES, 1)]
        self._arrows = [Icon("chevron-right", "ink3") for _between in self.steps[1:]]
        self._across: bool | None = None
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for number, step in enumerate(self.steps):
            if number:
                self._row.addWidget(self._arrows[number - 1], 0, Qt.AlignmentFlag.AlignTop)
            self._row.addWidget(step, 1)
        for arrow in self._arrows:
            arrow.setFixedHeight(BROAD.height())  # in the middle of the pictures

    def retranslate(self) -> None:
        """Write the texts anew."""
        words = (
            (
                _("Sign in"),
                _("Scan your card or type your student ID, then your e\u2011mail."),
            ),
            (
                _("Pick a session"),
                _("You see what it costs before you confirm."),
            ),
            (
                _("Keep your code"),
                _("When you walk away, you are signed out."),
            ),
        )
        for step, (title, text) in zip(self.steps, words, strict=True):
            step.write(title, text)

    def fit(self, width: int) -> None:
        """Stand as this width allows."""
        across = width >= _ACROSS * current().text_scale
        if across == self._across:
            return
        self._across = across
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.LeftToRight if across else direction.TopToBottom)
        self._row.setSpacing(8 if across else 12)
        for step in self.steps:
            step.set_upright(upright=across)
        for arrow in self._arrows:
            arrow.setVisible(across)


class HelpDialog(Dialog):
    """Three steps and whom to ask.

    Args:
        host: the window to cover.
        staffed: whether there may be somebody to ask.
    """

    def __init__(self, host: QWidget, *, staffed: bool) -> None:
        super().__init__(host, width=960)
        self.heading = Label("", "h2", wrap=True)
        self.steps = HelpSteps()
        self.who = Label("", "strong", wrap=True)
        if not staffed:
            self.who.hide()
        self.unread = Paragraph("", "second")
        self.body.column.setSpacing(16)
        for part in (self.heading, self.steps, self.who, self.unread):
            self.body.column.addWidget(part)
        self.done = Button("", "primary", size="large")
        self.add_action(self.done, self.dismiss)
        self.retranslate()

    def first_field(self) -> QWidget:
        """Start on the way back."""
        return self.done

    def shape(self, width: int) -> None:
        """Set the steps side by side where they have room."""
        self.steps.fit(width)

    def retranslate(self) -> None:
        """Write the texts anew."""
        title = _("How this kiosk works")
        self.set_title(title)
        self.heading.setText(title)
        self.steps.retranslate()
        self.who.setText(_("Ask the front desk. They can do all of this for you."))
        self.unread.setText(
            _("No native speaker has read these texts yet. Tell the front desk what reads wrong.")
        )
        self.unread.setVisible(texts.language() in texts.UNREAD)
        self.done.setText(_("Back"))
