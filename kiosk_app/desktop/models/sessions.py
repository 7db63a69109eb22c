"""The list of sessions: a window on any number of rows, read page by page as they are shown (A44).

Only pages that were looked at are in memory, at most `KEPT` of them. A change re-reads those pages
and tells the view of the rows that differ, so that scroll and selection stay where they are.
"""

from collections import OrderedDict
from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kiosk_app.desktop.models.offers import Offer, spoken
from kiosk_app.domain.listing import SessionFilter, SessionOrder, SessionRow
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import format_name, type_name
from kiosk_app.i18n.sessions import place, seats_held, seats_of
from kiosk_app.sync.reading import Reading

PAGE = 50
KEPT = 12
NOWHERE = QModelIndex()
AnyIndex = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """Columns of the list, in reading order."""

    DATE = 0
    TIME = 1
    SESSION = 2
    LOCATION = 3
    FORMAT = 4
    SEATS = 5
    ACTION = 6


ORDER: dict[Column, SessionOrder] = {
    Column.DATE: SessionOrder.DATE,
    Column.TIME: SessionOrder.TIME,
    Column.SESSION: SessionOrder.TYPE,
    Column.LOCATION: SessionOrder.LOCATION,
    Column.FORMAT: SessionOrder.FORMAT,
    Column.SEATS: SessionOrder.SEATS,
}
"""Columns that sort, and by what."""


class SessionsModel(QAbstractTableModel):
    """Sessions in the order of one column.

    Args:
        reading: where sessions come from, on this thread.
        offer: what a row's button offers the person now.
        parent: owner.
    """

    def __init__(
        self,
        reading: Reading,
        offer: Callable[[SessionRow], Offer],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reading, self._offer = reading, offer
        self._wanted = SessionFilter()
        self._student: str | None = None
        self._column, self._descending = Column.DATE, False
        self._pages: OrderedDict[int, list[SessionRow]] = OrderedDict()
        self._offers: dict[str, Offer] = {}
        self._count = reading.count(self._wanted)

    @property
    def sorted_by(self) -> tuple[Column, bool]:
        """The column that sorts, and whether it does so downwards."""
        return self._column, self._descending

    def ask(self, wanted: SessionFilter, student_id: str | None) -> None:
        """Show the sessions that fit `wanted`, as this student sees them."""
        if (wanted, student_id) == (self._wanted, self._student):
            return
        self.beginResetModel()
        self._wanted, self._student = wanted, student_id
        self._forget()
        self._count = self._reading.count(wanted)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; the query does the work."""
        if column not in ORDER:
            return
        self.beginResetModel()
        self._column = Column(column)
        self._descending = order is Qt.SortOrder.DescendingOrder
        self._forget()
        self.endResetModel()

    def changed(self, session_ids: frozenset[str] | None) -> None:
        """Take note that sessions changed; None means any of them may have."""
        if session_ids is not None and not session_ids:
            return
        self._offers.clear()
        self._resize(self._reading.count(self._wanted))
        for number in list(self._pages):
            self._reread(number)

    def offers_changed(self) -> None:
        """Take note that the person, their tokens or the link changed: buttons may read anew."""
        self._offers.clear()
        for number, rows in self._pages.items():
            if rows:
                first, last = number * PAGE, number * PAGE + len(rows) - 1
                self._say(first, last)

    def row(self, number: int) -> SessionRow | None:
        """Return a row, reading its page if need be; None when the list got shorter meanwhile."""
        page, place_in_page = divmod(number, PAGE)
        rows = self._page(page)
        return rows[place_in_page] if place_in_page < len(rows) else None

    def number_of(self, session_id: str) -> int | None:
        """Return where a session stands among the pages in memory."""
        for page, rows in self._pages.items():
            for at, row in enumerate(rows):
                if row.session_id == session_id:
                    return page * PAGE + at
        return None

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:
        """Return how many sessions fit."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:
        """Return the number of columns, the button's included."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, for those who listen; the view paints whole rows."""
        spoken_or_shown = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if not index.isValid() or role not in spoken_or_shown:
            return None
        row = self.row(index.row())
        return None if row is None else self._text(row, Column(index.column()))

    def _text(self, row: SessionRow, column: Column) -> str:
        match column:
            case Column.DATE:
                text = formats.day_short(row.exam_date)
            case Column.TIME:
                text = formats.clock(row.starts_at, row.time_zone)
            case Column.SESSION:
                text = type_name(row.mock_type)
            case Column.LOCATION:
                text = place(row.campus, row.room)
            case Column.FORMAT:
                text = format_name(row.delivery_format)
            case Column.SEATS:
                text = seats_of(row.left, row.capacity, row.waiting)
                if row.guaranteed:
                    text = seats_held(row.guaranteed)
            case Column.ACTION:
                text = spoken(self.offer_of(row), row)
        return text

    def offer_of(self, row: SessionRow) -> Offer:
        """Return what the button of a row offers the person now."""
        if row.session_id not in self._offers:
            self._offers[row.session_id] = self._offer(row)
        return self._offers[row.session_id]

    def _page(self, number: int) -> list[SessionRow]:
        if number not in self._pages:
            self._pages[number] = self._read(number)
            if len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number]

    def _read(self, number: int) -> list[SessionRow]:
        return self._reading.page(
            self._wanted,
            ORDER[self._column],
            descending=self._descending,
            offset=number * PAGE,
            limit=PAGE,
            student_id=self._student,
        )

    def _reread(self, number: int) -> None:
        before, after = self._pages[number], self._read(number)
        self._pages[number] = after
        for first, last in _runs(before, after):
            self._say(number * PAGE + first, number * PAGE + last)

    def _resize(self, count: int) -> None:
        """Grow or shrink at the end; which rows really moved, the re-read pages tell."""
        before = self._count
        if count > before:
            self.beginInsertRows(NOWHERE, before, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < before:
            self.beginRemoveRows(NOWHERE, count, before - 1)
            self._count = count
            self.endRemoveRows()

    def _say(self, first: int, last: int) -> None:
        bottom = min(last, self._count - 1)
        if first <= bottom:
            self.dataChanged.emit(self.index(first, 0), self.index(bottom, len(Column) - 1))

    def _forget(self) -> None:
        self._pages.clear()
        self._offers.clear()


def _runs(before: list[SessionRow], after: list[SessionRow]) -> list[tuple[int, int]]:
    """Return the stretches of `after`, both ends included, that are not as they were."""
    runs: list[tuple[int, int]] = []
    for number, row in enumerate(after):
        if number < len(before) and before[number] == row:
            continue
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
