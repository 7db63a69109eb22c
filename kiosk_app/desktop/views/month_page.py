"""The calendar: one month with its sessions, and the way to other months (02a, A43)."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QEvent, QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.models.month import DAYS, MonthModel
from kiosk_app.desktop.views.month_ahead import MonthAhead
from kiosk_app.desktop.views.month_table import MonthTable
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label, Panel
from kiosk_app.desktop.widgets.legend import Legend
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.domain.listing import SessionFilter
from kiosk_app.domain.times import month_on
from kiosk_app.i18n import formats
from kiosk_app.i18n.texts import _
from kiosk_app.sync.reading import Reading

_LEGEND_FROM = 560
"""Pixels of height from which there is room for the legend."""
_HEAD_EDGES = 100
_NARROW = 600
"""Pixels of width below which the names of weekdays begin nearer the edge."""
LOADING_AFTER = 200
"""Milliseconds before an empty cache shows its skeleton (13a)."""


class MonthPage(Panel):
    """A month; the chosen day is a date, and the page follows it.

    Args:
        reading: where sessions come from.
        now: the clock, UTC.
        zone: the zone whose today it is.
        parent: owner.
    """

    day_changed = Signal(object)
    """The date whose sessions are to be shown."""
    entered = Signal()

    def __init__(
        self,
        reading: Reading,
        now: Callable[[], datetime],
        zone: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("card", parent)
        self.model = MonthModel(reading, now, zone, self)
        self.table = MonthTable(self.model)
        self._ahead = MonthAhead(self.model, self.table, self)
        self._title = Label("", "h2")
        self._back = Button("", icon="chevron-left", size="small")
        self._on = Button("", icon="chevron-right", size="small")
        self._today = Button(_("Today"), size="small")
        self._hint = Label("", "second")
        self._weekdays = [Label("", "label") for _day in range(DAYS)]
        self.legend = Legend()
        self._loading = QTimer(self, singleShot=True, interval=LOADING_AFTER)
        self._loading.timeout.connect(lambda: self._show_loading(loading=True))
        self._lay_out()
        self._back.clicked.connect(lambda: self.turn(-1))
        self._on.clicked.connect(lambda: self.turn(1))
        self._today.clicked.connect(self._go_to_today)
        self.table.day_chosen.connect(self.show_day)
        self.table.month_asked.connect(self.turn)
        self.table.entered.connect(self.entered)
        self.show_day(self.model.today())
        self.retranslate()

    @property
    def day(self) -> date:
        """The chosen day."""
        return self.model.selected or self.model.today()

    def ask(self, wanted: SessionFilter, student_id: str | None) -> None:
        """Show the sessions that fit, as this student sees them."""
        self.model.ask(wanted, student_id)

    def show_day(self, day: date) -> None:
        """Choose a day, in its month; a past one gives way to today."""
        day = max(day, self.model.today())
        changed = day != self.model.selected
        self.model.select(day)
        if not self.model.index_of(day).isValid():
            self._show_month(day.year, day.month)
        self.table.show_day(day)
        if changed:
            self.day_changed.emit(day)

    def turn(self, months: int) -> None:
        """Show another month and choose its first day that is not over."""
        first = month_on(self.model.begins, months)
        if first < self.model.today().replace(day=1):
            return
        self._show_month(first.year, first.month)
        self.show_day(first)
        announce(self.table, self._title.text())
        self._ahead.turned(months)

    def tick(self) -> None:
        """Take note that time went by: what has started is no longer offered."""
        today = self.model.today()
        if (self.model.year, self.model.month) < (today.year, today.month):
            self._show_month(today.year, today.month)
        self.model.refresh()
        self.table.share_height()
        self._write_head()
        if self.day < today:
            self.show_day(today)

    def wait_for_data(self, *, waiting: bool) -> None:
        """Show that sessions are on their way, a moment after there were none."""
        if not waiting:
            self._loading.stop()
            self._show_loading(loading=False)
        elif not self._loading.isActive():
            self._loading.start()

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language, or take other sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self.table.share_height()
            self._fit_head()
            self._write_weekdays()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure the head, now that its font is known."""
        super().showEvent(event)
        self._fit_head()
        self._write_weekdays()

    def minimumSizeHint(self) -> QSize:
        """Never force the page wider: the hint gives way."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        tall = self.height() >= _LEGEND_FROM
        self.legend.setVisible(tall)
        beside = 12 if tall else 6
        self._head.setContentsMargins(24, beside, 24, beside)
        self._fit_head()
        self._write_weekdays()
        bottom = 1 if tall else 12
        self._column.setContentsMargins(1, 1, 1, bottom)

    def retranslate(self) -> None:
        """Write every text anew."""
        self._back.setAccessibleName(_("Previous month"))
        self._on.setAccessibleName(_("Next month"))
        self._today.setText(_("Today"))
        self._today.setAccessibleName(_("Go to today"))
        self.table.setAccessibleName(_("Calendar"))
        self.table.setAccessibleDescription(_("Choose a day to see its sessions"))
        self._write_head()
        self._write_weekdays()
        if self.table.isVisible():
            self.table.viewport().update()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        head = self._head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addSpacing(12)
        for button in (self._back, self._on, self._today):
            head.addWidget(button)
        head.addStretch(1)
        head.addWidget(self._hint)
        week = QHBoxLayout()
        week.setContentsMargins(0, 0, 0, 0)
        week.setSpacing(0)
        for label in self._weekdays:
            label.setContentsMargins(0, 4, 0, 10)
            week.addWidget(label, 1)
        self._column.addLayout(head)
        self._column.addLayout(week)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.legend)

    def _go_to_today(self) -> None:
        today = self.model.today()
        self._show_month(today.year, today.month)
        self.show_day(today)

    def _show_month(self, year: int, month: int) -> None:
        self.model.show_month(year, month)
        self._write_head()

    def _show_loading(self, *, loading: bool) -> None:
        self.model.set_loading(loading)
        self._write_head()

    def _write_head(self) -> None:
        today = self.model.today()
        first = self.model.begins
        self._back.setEnabled(first > today.replace(day=1))
        loading = self.model.loading
        self._hint.setText(
            _("Loading sessions…") if loading else _("Choose a day to see its sessions")
        )
        self._fit_head()

    def _write_weekdays(self) -> None:
        """Name the weekdays, by one letter each where a column has no room for a name."""
        indent = 14 if self.width() >= _NARROW else 8
        room = self.width() // DAYS - indent
        days = self.model.week
        names = [formats.weekday_short(day) for day in days]
        metrics = self._weekdays[0].fontMetrics()
        narrow = self.isVisible() and max(map(metrics.horizontalAdvance, names)) > room
        for label, day, name in zip(self._weekdays, days, names, strict=True):
            label.setIndent(indent)
            label.setText(formats.weekday_narrow(day) if narrow else name)
            label.setAccessibleName(name)

    def _beside_title(self) -> int:
        return self.width() - _HEAD_EDGES - self._title.sizeHint().width()

    def _fit_head(self) -> None:
        """Write the month in full where it fits; the hint goes first, the month after, *Today*.

        A month whose short name is as long as its name is written smaller.
        """
        first = self.model.begins
        self._title.set_role("h2")
        self._title.setText(formats.months_title(first, self.model.last_month))
        if not self.isVisible():
            return  # fonts are not known before
        arrows = self._back.sizeHint().width() + self._on.sizeHint().width()
        today, hint = self._today.sizeHint().width(), self._hint.sizeHint().width()
        room = self._beside_title()
        if room < arrows + today:
            self._title.setText(formats.month_title(first.year, first.month))
            room = self._beside_title()
        if room < arrows:
            self._title.setText(f"{formats.month_short(first)} {first.year}")
            for smaller in ("title", "strong"):
                if self._beside_title() < arrows:
                    self._title.set_role(smaller)
        self._today.setVisible(room >= arrows + today)
        self._hint.setVisible(room >= arrows + today + hint)
