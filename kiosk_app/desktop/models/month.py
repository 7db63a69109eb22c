"""A month of sessions as a table: seven columns, four weeks or more, one cell a day (A43).

The whole grid is read at once, of each day no more than fits; a change re-reads it and tells the
view only of the days that differ.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kiosk_app.domain.listing import DaySessions, SessionFilter, SessionRow, Standing
from kiosk_app.domain.times import day_in, month_span, weeks_ahead
from kiosk_app.i18n import formats
from kiosk_app.i18n.sessions import sessions_count
from kiosk_app.i18n.texts import _, ngettext
from kiosk_app.sync.reading import Reading

DAYS = 7
AHEAD = 3
"""Weeks that are shown from today's on: at the end of a month the next one follows below it."""
ROOM = 12
"""Sessions of a day that are read, until a view says how many it has room for."""
NOWHERE = QModelIndex()
AnyIndex = QModelIndex | QPersistentModelIndex


class DayCell(Struct, frozen=True, kw_only=True):
    """One day of the grid."""

    day: date
    count: int = 0
    """How many sessions it has; today only those that have not started (A47)."""
    rows: tuple[SessionRow, ...] = ()
    """The first by start, and all that the visiting student has to do with; none when it is over."""
    past: bool = False
    today: bool = False
    other_month: bool = False
    loading: bool = False
    """Nothing was ever read: the cell shows where sessions will be (A49)."""


HELD = frozenset(
    {
        Standing.CONFIRMED,
        Standing.GUARANTEED,
        Standing.SENDING,
        Standing.UNKNOWN,
        Standing.QUEUED,
        Standing.CANCELLING,
    }
)
"""Standings of a seat or a request that a person would call theirs."""


class MonthModel(QAbstractTableModel):
    """The days of a month view.

    Args:
        reading: where sessions come from, on this thread.
        now: the clock, UTC.
        zone: the zone whose today it is.
        parent: owner.
    """

    def __init__(
        self,
        reading: Reading,
        now: Callable[[], datetime],
        zone: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reading, self._now, self._zone = reading, now, zone
        self._wanted = SessionFilter()
        self._student: str | None = None
        self._loading = False
        self._room = ROOM
        self._selected: date | None = None
        self.year, self.month = self.today().year, self.today().month
        self._first, self._last = self._span(self.year, self.month)
        self._read_cells: list[DayCell] | None = None

    def today(self) -> date:
        """Return the day it is where the kiosk stands."""
        return day_in(self._zone, self._now())

    @property
    def begins(self) -> date:
        """The first day of the month that is shown; its grid may begin before."""
        return date(self.year, self.month, 1)

    @property
    def week(self) -> list[date]:
        """The days of the first week that is shown, one for each column."""
        return [self._first + timedelta(days=column) for column in range(DAYS)]

    def show_month(self, year: int, month: int) -> None:
        """Show another month."""
        self.beginResetModel()
        self.year, self.month = year, month
        self._first, self._last = self._span(self.year, self.month)
        self._read_cells = None
        self.endResetModel()

    def ask(self, wanted: SessionFilter, student_id: str | None) -> None:
        """Show the sessions that fit `wanted`, as this student sees them."""
        self._wanted, self._student = wanted, student_id
        self.refresh()

    def make_room(self, room: int) -> None:
        """Have so many sessions of each day, as fit into a cell; one says whether there are any."""
        before, self._room = self._room, max(1, room)
        if self._room > before:
            self.refresh()

    def set_loading(self, loading: bool) -> None:  # noqa: FBT001 - a property setter in Qt's manner
        """Show where sessions will be, while there is nothing to read."""
        if loading != self._loading:
            self._loading = loading
            self.refresh()

    @property
    def loading(self) -> bool:
        """Whether the grid shows where sessions will be."""
        return self._loading

    def changed(self, session_ids: frozenset[str] | None) -> None:
        """Take note that sessions changed; None means any of them may have."""
        if session_ids is None or session_ids:
            self.refresh()

    def refresh(self) -> None:
        """Read the grid again and tell the view of the days that differ."""
        if self._span(self.year, self.month) != (self._first, self._last):  # a week has ended
            self.show_month(self.year, self.month)
        if self._read_cells is None:  # nobody has looked yet
            return
        fresh = self.read(self.year, self.month)
        before = self._read_cells
        differ = [n for n, (old, new) in enumerate(zip(before, fresh, strict=True)) if old != new]
        self._read_cells = fresh
        for first, last in _stretches(differ):
            ends = [self.index(number // DAYS, number % DAYS) for number in (first, last)]
            self.dataChanged.emit(*ends)

    def select(self, day: date | None) -> None:
        """Mark the day whose sessions stand in the panel."""
        before, self._selected = self._selected, day
        for changed in {before, day} - {None}:
            index = self.index_of(changed)
            if index.isValid():
                self.dataChanged.emit(index, index)

    @property
    def selected(self) -> date | None:
        """The marked day."""
        return self._selected

    def cell(self, index: AnyIndex) -> DayCell:
        """Return the day at a valid index."""
        return self.cells[index.row() * DAYS + index.column()]

    def with_seats(self, cell: DayCell) -> int:
        """Return how many sessions of a day have a free seat, those that do not fit included."""
        rows = cell.rows
        if len(rows) < cell.count:
            wanted = replace(self._wanted, starts_after=self._now()) if cell.today else self._wanted
            rows = tuple(self._reading.days(cell.day, cell.day, wanted, self._student))
        return sum(row.left + row.guaranteed > 0 for row in rows)

    def index_of(self, day: date | None) -> QModelIndex:
        """Return where a day stands, or an invalid index when it is not in the grid."""
        if day is None or not self._first <= day <= self._last:
            return QModelIndex()
        number = (day - self._first).days
        return self.index(number // DAYS, number % DAYS)

    @property
    def last_month(self) -> date:
        """A day of the last month that is shown with weeks of its own."""
        return self._last - timedelta(days=DAYS - 1)

    def folded(self, week: int) -> bool:
        """Say whether a week is over, so that it takes less room."""
        return self._first + timedelta(days=week * DAYS + DAYS - 1) < self.today()

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:
        """Return the number of weeks."""
        return 0 if parent.isValid() else ((self._last - self._first).days + 1) // DAYS

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:
        """Return the number of weekdays."""
        return 0 if parent.isValid() else DAYS

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Past days cannot be chosen."""
        if not index.isValid() or self._day_at(index) < self.today():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the names of the weekdays."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return formats.weekday_short(self.week[section])
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the day's number, or what a screen reader says of the day; the view paints cells."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(self._day_at(index).day)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(self.cell(index))
        return None

    @property
    def cells(self) -> list[DayCell]:
        """The days of the grid, read when somebody first looks at them."""
        if self._read_cells is None:
            self._read_cells = self.read(self.year, self.month)
        return self._read_cells

    def read(self, year: int, month: int) -> list[DayCell]:
        """Read the grid of any month as this student sees it."""
        first, last = self._span(year, month)
        now, today = self._now(), self.today()
        by_day = self._reading.month(
            first, last, self._wanted, self._student, today=today, now=now, room=self._room
        )
        nothing = DaySessions(0, ())
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [
            DayCell(
                day=day,
                count=by_day.get(day, nothing).count,
                rows=by_day.get(day, nothing).rows,
                past=day < today,
                today=day == today,
                other_month=day.month != month,
                loading=self._loading and not by_day,
            )
            for day in days
        ]

    def _span(self, year: int, month: int) -> tuple[date, date]:
        first, last = month_span(year, month)
        return first, weeks_ahead(first, last, self.today(), AHEAD)

    def _day_at(self, index: AnyIndex) -> date:
        return self._first + timedelta(days=index.row() * DAYS + index.column())

    def _spoken(self, cell: DayCell) -> str:
        """Return *Tuesday, November 24, 4 sessions, 3 with seats, selected*."""
        said = [formats.day_long(cell.day)]
        if cell.today:
            said.append(_("today"))
        if cell.past:
            said.append(_("past"))
        elif cell.rows:
            seats, own = self.with_seats(cell), sum(row.standing in HELD for row in cell.rows)
            said.append(sessions_count(cell.count))
            said.append(ngettext("{n} with seats", "{n} with seats", seats).format(n=seats))
            if own:
                said.append(ngettext("{n} of yours", "{n} of yours", own).format(n=own))
        else:
            said.append(_("no sessions"))
        if cell.day == self._selected:
            said.append(_("selected"))
        return formats.listed(*said)


def _stretches(days: list[int]) -> list[tuple[int, int]]:
    """Return the stretches of days that follow each other in one week, both ends included."""
    found: list[tuple[int, int]] = []
    for day in days:
        if found and found[-1][1] == day - 1 and day % DAYS:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
