"""The month that somebody may turn to next, read and painted while nobody does anything.

A month that nobody has seen takes twice the time of one that was: its pages of the file are to be
deciphered, and words to be laid out that no other month had. What is read here is shown to nobody, for
it may be old when its month is asked for; the pages and the pictures stay. It begins with the first
turn of a visit, and goes the way that was gone last: who does not turn pays nothing.
"""

from collections import deque

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.models.month import DAYS, DayCell, MonthModel
from kiosk_app.desktop.views.month_table import MonthTable
from kiosk_app.domain.times import month_on

RESTS_MS = 100
"""After a turn; a hand that turns in a hurry is not held up."""


class MonthAhead:
    """Reads the month beyond the one that is shown, then paints it week by week between two events.

    Args:
        model: the month that is shown.
        table: where it is painted.
        parent: ends it.
    """

    def __init__(self, model: MonthModel, table: MonthTable, parent: QWidget) -> None:
        self._model, self._table = model, table
        self._months = 0
        self._weeks: deque[list[DayCell]] | None = None
        self._height = 0
        self._next = QTimer(parent, singleShot=True)
        self._next.timeout.connect(self._go_on)

    def turned(self, months: int) -> None:
        """Take note that somebody turned this way, and begin anew when the hand rests."""
        self._months, self._weeks = months, None
        self._next.start(RESTS_MS)

    def _go_on(self) -> None:
        """Take one step, short beside a frame, and leave the thread to whoever waits for it."""
        if not self._table.isVisible():
            self._weeks = deque()  # what they say of a person who left is nobody's business
            return
        if self._weeks is None:
            self._weeks = self._read()
        elif self._weeks:
            self._table.paint_unseen(self._weeks.popleft(), self._height)
        if self._weeks:
            self._next.start(0)

    def _read(self) -> deque[list[DayCell]]:
        coming = month_on(self._model.begins, self._months)
        if coming < self._model.today().replace(day=1):
            return deque()
        days = self._model.read(coming.year, coming.month)
        self._height = self._table.week_height(len(days) // DAYS)
        return deque(days[n : n + DAYS] for n in range(0, len(days), DAYS))
