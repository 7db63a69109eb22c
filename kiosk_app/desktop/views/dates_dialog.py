"""Choosing the days of the list: a first and a last one on a calendar (03a, A79)."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.models.days import Days
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.day_grid import DayGrid
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.i18n import formats
from kiosk_app.i18n.texts import _


class DatesDialog(Dialog):
    """Two taps choose a range; one day alone is a range too.

    Args:
        host: the window to cover.
        today: days before it cannot be chosen.
        days: what was chosen before.
    """

    chosen = Signal(object)
    """The Days, both ends known."""

    def __init__(self, host: QWidget, today: date, days: Days) -> None:
        super().__init__(host)
        self._title, self._told = Label("", "h2", wrap=True), Paragraph("", "second")
        self.grid = DayGrid(today, days)
        self._cancel = Button(_("Cancel"), size="large")
        self.show_button = Button(_("Show these days"), "primary", size="large")
        self.grid.changed.connect(self._tell)
        self.add_action(self._cancel, self.dismiss)
        self.add_action(self.show_button, self._finish)
        for part in (self._title, self._told, self.grid):
            self.body.column.addWidget(part)
        self.retranslate()

    def first_field(self) -> QWidget | None:
        """Begin where a choice stands, or at the first day that can be chosen."""
        days = self.grid.days
        return self.grid.button(days.first) if days.first else super().first_field()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.set_title(_("Pick dates"))
        self._title.setText(_("Pick dates"))
        self._cancel.setText(_("Cancel"))
        self.show_button.setText(_("Show these days"))
        self.grid.retranslate()
        self._tell()

    def _tell(self) -> None:
        days = self.grid.days
        self.show_button.setEnabled(days.first is not None)
        self._told.setText(
            days_text(days) if days.first else _("Tap the first day, then the last.")
        )

    def _finish(self) -> None:
        days = self.grid.days
        self.dismiss()
        self.chosen.emit(Days(days.first, days.last or days.first))


def days_text(days: Days) -> str:
    """Write a range as a person would: `Tue, Nov 24 to Wed, Dec 2`, or one day."""
    if days.first is None:
        return ""
    first = formats.day_short(days.first)
    if days.last is None or days.last == days.first:
        return first
    return _("{first} to {last}").format(first=first, last=formats.day_short(days.last))
