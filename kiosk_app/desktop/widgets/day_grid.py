"""A month of days as buttons, on which a first and a last day are chosen (03a, *Pick dates*)."""

import calendar
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.models.days import Days
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.domain.times import month_on
from kiosk_app.i18n import formats
from kiosk_app.i18n.texts import _

_WEEKS, _DAYS = 6, 7
_SUNDAY_FIRST = calendar.Calendar(calendar.SUNDAY)


class DayGrid(QWidget):
    """One month at a time; arrows walk by days and weeks, Page Up and Down by months.

    Args:
        today: days before it cannot be chosen.
        days: what is chosen at first.
        parent: owner.
    """

    changed = Signal()

    def __init__(self, today: date, days: Days, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days = days
        self._today = today
        self._month = (days.first or today).replace(day=1)
        self._title = Label("", "title")
        self.back = Button("", "secondary", icon="chevron-left", size="small")
        self.forward = Button("", "secondary", icon="chevron-right", size="small")
        self._names = [Label("", "second") for _day in range(_DAYS)]
        self._buttons = [self._make() for _place in range(_WEEKS * _DAYS)]
        self._shown: list[date | None] = [None] * len(self._buttons)
        self.back.clicked.connect(lambda: self._turn(-1))
        self.forward.clicked.connect(lambda: self._turn(1))
        self._lay_out()
        self.retranslate()

    def button(self, day: date) -> Button:
        """Return the button of a day that is shown; raises ValueError for another."""
        return self._buttons[self._shown.index(day)]

    def choose(self, days: Days) -> None:
        """Take a choice without telling anybody."""
        self.days = days
        self._write()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.back.setAccessibleName(_("Previous month"))
        self.forward.setAccessibleName(_("Next month"))
        sunday = date(2026, 11, 1)
        for number, label in enumerate(self._names):
            label.setText(formats.weekday_short(sunday + timedelta(days=number)))
        self._write()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk over the days with the keys."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            day = next(
                (
                    day
                    for one, day in zip(self._buttons, self._shown, strict=True)
                    if one is watched
                ),
                None,
            )
            if day is not None and (to := self._walked(day, Qt.Key(event.key()))):
                self._show(to)
                self.button(to).setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _make(self) -> Button:
        button = Button(" ", "quiet", size="small", parent=self)
        button.installEventFilter(self)
        button.clicked.connect(lambda: self._tap(button))
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title, 1)
        head.addWidget(self.back)
        head.addWidget(self.forward)
        grid = QGridLayout()
        grid.setSpacing(8)
        for column, label in enumerate(self._names):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(label, 0, column)
            grid.setColumnStretch(column, 1)
        for place, button in enumerate(self._buttons):
            grid.addWidget(button, 1 + place // _DAYS, place % _DAYS)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(16)
        column_.addLayout(head)
        column_.addLayout(grid)

    def _write(self) -> None:
        year, month = self._month.year, self._month.month
        self._title.setText(formats.month_title(year, month))
        days = [day for week in _SUNDAY_FIRST.monthdatescalendar(year, month) for day in week]
        self._shown = [*days, *[None] * (len(self._buttons) - len(days))]
        for button, day in zip(self._buttons, self._shown, strict=True):
            here = day is not None and day.month == month
            button.setVisible(here)
            if day is None or not here:
                continue
            button.setText(str(day.day))
            button.setEnabled(day >= self._today)
            kind = self.days.kind_of(day)
            button.set_kind(kind)
            chosen = _("chosen") if kind != "quiet" else ""
            button.setAccessibleName(f"{formats.day_long(day)} {chosen}".strip())
        self.back.setEnabled(self._month > self._today)

    def _tap(self, button: Button) -> None:
        day = self._shown[self._buttons.index(button)]
        if day is not None:
            self.choose(self.days.tapped(day))
            self.changed.emit()

    def _turn(self, months: int) -> None:
        self._month = month_on(self._month, months)
        self._write()

    def _show(self, day: date) -> None:
        if (day.year, day.month) != (self._month.year, self._month.month):
            self._month = day.replace(day=1)
            self._write()

    def _walked(self, day: date, key: Qt.Key) -> date | None:
        aside = -1 if self.isRightToLeft() else 1
        steps = {
            Qt.Key.Key_Left: -aside,
            Qt.Key.Key_Right: aside,
            Qt.Key.Key_Up: -_DAYS,
            Qt.Key.Key_Down: _DAYS,
            Qt.Key.Key_PageUp: -calendar.monthrange(day.year, day.month)[1],
            Qt.Key.Key_PageDown: calendar.monthrange(day.year, day.month)[1],
        }
        if key not in steps:
            return None
        return max(day + timedelta(days=steps[key]), self._today)
