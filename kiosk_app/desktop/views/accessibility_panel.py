"""The accessibility panel: sits low, changes apply at once and last one visit (K39, design 01d)."""

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.comfort import PATIENT_S, TEXT_SIZES, Comfort, Needs
from kiosk_app.desktop.theme.tokens import ThemeName
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.labels import Label, line
from kiosk_app.desktop.widgets.need_rows import ChoiceRow, SwitchRow
from kiosk_app.desktop.widgets.overlay import MARGIN, Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.i18n.texts import _, ngettext

_WIDTH, _FROM_BELOW = 960, 48
_SPARE = 4
"""Pixels more than tight rows need, or a scroll bar of the higher ones stays for its own sake."""
_LOOKS: tuple[tuple[ThemeName, str], ...] = (
    ("light", "sun"),
    ("dark", "moon"),
    ("hc", "contrast"),
)


class AccessibilityPanel(Dialog):
    """Everything a person may need of the screen.

    Args:
        host: the window to cover.
        comfort: takes the wishes and meets them.
    """

    def __init__(self, host: QWidget, comfort: Comfort) -> None:
        super().__init__(host, _WIDTH)
        self._comfort = comfort
        self.title, self._note = Label("", "h2"), Paragraph("", "second")
        self.close_button = Button(icon="x")
        self.text = ChoiceRow("a-large-small")
        self.look = ChoiceRow("contrast")
        self.lowered = SwitchRow("arrow-down-to-line")
        self.more_time = SwitchRow("hourglass")
        self.still = SwitchRow("zap-off")
        self.aloud = SwitchRow("volume-2")
        self._rows: list[ChoiceRow | SwitchRow] = [
            self.text,
            self.look,
            self.lowered,
            self.more_time,
            self.still,
        ]
        if comfort.speaks:
            self._rows.append(self.aloud)
        self.reset_button = Button(" ", "secondary")
        self.done_button = Button(" ", "primary")
        self.retranslate()  # makes the buttons of the choices, so that Tab meets them in order
        self._build()
        self._listen()
        self._show(comfort.needs)

    def retranslate(self) -> None:
        """Write the texts anew."""
        minutes, sizes = PATIENT_S // 60, self._comfort.sizes()
        self.set_title(_("Accessibility"))
        self.title.setText(_("Accessibility"))
        self._note.setText(_("Changes apply now and reset when you sign out."))
        self.close_button.setAccessibleName(_("Close"))
        self.text.write(_("Text size"), _("Everything grows, nothing is cut off"))
        self.text.choice.set_choices(
            [Choice(str(n), "A", name=_("{n} per cent").format(n=n)) for n in sizes]
        )
        self.look.write(_("Colours"), _("Light, dark or high contrast"))
        words = {
            "light": (_("Light"), ""),
            "dark": (_("Dark"), ""),
            "hc": (_("High"), _("High contrast")),
        }
        self.look.choice.set_choices(
            [Choice(k, words[k][0], icon, words[k][1]) for k, icon in _LOOKS]
        )
        self.lowered.write(
            _("Lower the controls"), _("Moves the page to the lower part of the screen")
        )
        self.more_time.write(
            _("More time"),
            ngettext(
                "We ask whether you are there after {n} minute",
                "We ask whether you are there after {n} minutes",
                minutes,
            ).format(n=minutes),
        )
        self.still.write(_("Reduce motion"), _("Turns off slides and fades"))
        self.aloud.write(
            _("Read aloud"), _("Says what you touch and what the page says; others hear it too")
        )
        self.reset_button.setText(_("Reset all"))
        self.done_button.setText(_("Done"))
        for size in sizes:
            letter = str(TEXT_SIZES.index(size))
            self.text.choice.button(str(size)).setProperty("letter", letter)

    def first_field(self) -> QWidget | None:
        """Begin with the first choice, on what is chosen."""
        return self.text.choice.button(str(self._comfort.needs.size))

    def dismiss(self) -> None:
        """Go, and hear of no more changes."""
        self._comfort.told = lambda: None
        super().dismiss()

    def changeEvent(self, event: QEvent) -> None:
        """Take another height when the text grows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self.refit)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self._note)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addLayout(words, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.column.setSpacing(0)
        self.body.column.addLayout(head)
        self.body.column.addSpacing(12)
        for row in self._rows:
            self.body.column.addWidget(row)
            self.body.column.addWidget(line())
        self.add_action(self.reset_button, self._reset)
        self.add_action(self.done_button, self.dismiss)

    def _listen(self) -> None:
        comfort = self._comfort
        comfort.told = lambda: self._show(comfort.needs)
        self.close_button.clicked.connect(self.cancel)
        self.text.choice.chosen.connect(self._take)
        self.look.choice.chosen.connect(self._take)
        for switch in (self.lowered, self.more_time, self.still, self.aloud):
            switch.clicked.connect(self._take)

    def _take(self, _what: object = None) -> None:
        """Adopt what the rows say now."""
        look = next(name for name, _icon in _LOOKS if name == self.look.choice.current)
        self._comfort.adopt(
            replace(
                self._comfort.needs,
                look=look,
                size=int(self.text.choice.current or TEXT_SIZES[0]),
                lowered=self.lowered.isChecked(),
                more_time=self.more_time.isChecked(),
                still=self.still.isChecked(),
                aloud=self.aloud.isChecked(),
            )
        )

    def _reset(self) -> None:
        self._comfort.forget()

    def _show(self, needs: Needs) -> None:
        self.text.choice.choose(str(needs.size))
        self.look.choice.choose(needs.look)
        self.lowered.setChecked(needs.lowered)
        self.more_time.setChecked(needs.more_time)
        self.still.setChecked(needs.still)
        self.aloud.setChecked(needs.aloud)

    def _rest(self) -> QRect:
        """Where hands that do not reach high still reach it."""
        for row in (self.text, self.look):
            row.fit(min(_WIDTH, self.width() - 48) - 82)
        place = self._with_rows(tight=False)
        most = self.height() - 2 * MARGIN
        if place.height() >= most:
            place = self._with_rows(tight=True)
            place.setHeight(min(place.height() + _SPARE, most))
        place.moveBottom(self.height() - min(_FROM_BELOW, (self.height() - place.height()) // 2))
        return place

    def _with_rows(self, *, tight: bool) -> QRect:
        for row in self._rows:
            row.set_tight(tight=tight)
        return super()._rest()
