"""The grid of a month: touch a day, or walk through the days with the keyboard (design §3)."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from kiosk_app.desktop.delegates.day_cell import (
    FOLDED,
    DayLook,
    fitting,
    least_height,
    paint_day,
    paint_grid,
)
from kiosk_app.desktop.delegates.stamps import Board
from kiosk_app.desktop.models.month import DAYS, DayCell, MonthModel
from kiosk_app.desktop.widgets.fingers import scroll_by_finger

_STEP: dict[Qt.Key, int] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -DAYS,
    Qt.Key.Key_Down: DAYS,
}


_ENOUGH = 3
"""Sessions of a day that are told without the word *more* (design §3)."""


class MonthTable(QTableView):
    """Seven columns of days; weeks that are over are folded, the others share the height."""

    day_chosen = Signal(object)
    """The date of a day that was touched, or reached with the keyboard."""
    entered = Signal()
    """Enter on a day: on to its sessions."""
    month_asked = Signal(int)
    """Page keys: one month back or on."""

    def __init__(self, model: MonthModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._ringed = False
        self._held = QPersistentModelIndex()
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setModel(model)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setMinimumSectionSize(1)
            header.hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTableView.Shape.NoFrame)
        model.modelReset.connect(self._arrived)

    def share_height(self) -> None:
        """Give weeks that are over little, or nothing where room is short, and the others the rest."""
        weeks = range(self._model.rowCount())
        folded = [week for week in weeks if self._model.folded(week)]
        others, high = len(weeks) - len(folded), self.contentsRect().height()
        kept = _kept(len(folded), others, high)
        gone = folded[: len(folded) - kept]
        room = high - kept * FOLDED
        each = max(least_height(), room // max(1, others))
        spare = max(0, room - each * others)
        self._model.make_room(fitting(each + spare))
        # Row by row Qt would note what to paint again, later, when all of it was painted just now.
        with QSignalBlocker(self.verticalHeader()):
            for week in weeks:
                self.setRowHidden(week, week in gone)
                height = FOLDED if week in folded else each
                last = week == weeks[-1]
                self.setRowHeight(week, height + (spare if last else 0))
        self.updateGeometries()
        self.viewport().update()

    def week_height(self, weeks: int) -> int:
        """Return the height of a week in a month of so many, none of which is over."""
        return max(least_height(), self.contentsRect().height() // max(1, weeks))

    def paint_unseen(self, days: Sequence[DayCell], height: int) -> None:
        """Paint days of another month where nobody sees it, so that their pictures are there."""
        picture = QPixmap(1, 1)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        painter = QPainter(picture)
        painter.setLayoutDirection(self.layoutDirection())
        board = Board(painter, self.layoutDirection())
        for weekday, day in enumerate(days):
            box = (0, 0, self.columnWidth(weekday), height)
            paint_day(board, day, box, DayLook(folded=False, selected=False, ringed=False))
        painter.end()

    def follow_fingers(self) -> None:
        """Let a finger move the weeks, where they need more height than there is."""
        scroll_by_finger(self.viewport())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new height."""
        super().resizeEvent(event)
        self.share_height()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the days that need it; Qt would ask for each of them four times over."""
        model, region = self._model, event.region()
        ringed = self.currentIndex() if self._ringed and self.hasFocus() else QModelIndex()
        ring = ringed.row() * DAYS + ringed.column() if ringed.isValid() else None
        painter = QPainter(self.viewport())
        painter.setLayoutDirection(self.layoutDirection())
        board = Board(painter, self.layoutDirection())
        across = [(self.columnViewportPosition(n), self.columnWidth(n)) for n in range(DAYS)]
        weeks = [n for n in range(model.rowCount()) if not self.isRowHidden(n)]
        down = [(self.rowViewportPosition(n), self.rowHeight(n)) for n in weeks]
        folded = {n for n in weeks if model.folded(n)}
        days = [
            (week * DAYS + weekday, (left, top, width, height))
            for week, (top, height) in zip(weeks, down, strict=True)
            for weekday, (left, width) in enumerate(across)
        ]
        whole = region.rectCount() == 1 and event.rect() == self.viewport().rect()
        cells = model.cells
        past = [box for number, box in days if cells[number].past]
        paint_grid(board, across, down, past)
        for number, box in days:
            if whole or region.intersects(QRect(*box)):
                cell = cells[number]
                look = DayLook(
                    folded=number // DAYS in folded,
                    selected=cell.day == model.selected,
                    ringed=number == ring,
                )
                paint_day(board, cell, box, look)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch needs no focus ring."""
        self._ring(on=False)
        super().mousePressEvent(event)
        self._held = QPersistentModelIndex(self.indexAt(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the day that was pressed, if the finger is still on it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        held, self._held = self._held, QPersistentModelIndex()
        chosen = event.button() == Qt.MouseButton.LeftButton and held == index
        if chosen and self._open(index):
            self.day_chosen.emit(self._model.cell(index).day)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Wear the ring when the keyboard brought the focus."""
        super().focusInEvent(event)
        keys = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        self._ring(on=event.reason() in keys)
        if not self.currentIndex().isValid():
            self.show_day(self._model.selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by day, week and month; Enter goes on to the sessions."""
        key = Qt.Key(event.key())
        self._ring(on=True)
        if key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.month_asked.emit(-1 if key is Qt.Key.Key_PageUp else 1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.entered.emit()
        elif (day := self._walk(key)) is not None:
            self.day_chosen.emit(max(day, self._model.today()))
        else:
            event.ignore()

    def show_day(self, day: date | None) -> None:
        """Put the keyboard's place on a day, and let a screen reader know that it is chosen.

        No finger selects: a press that ends elsewhere chooses nothing.
        """
        index = self._model.index_of(day)
        if index.isValid():
            chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, chosen)

    def _walk(self, key: Qt.Key) -> date | None:
        here = self._model.selected
        if here is None:
            return None
        if key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            column = self._model.index_of(here).column()
            return here + timedelta(days=-column if key is Qt.Key.Key_Home else DAYS - 1 - column)
        if key not in _STEP:
            return None
        step = _STEP[key]
        mirrored = self.isRightToLeft() and abs(step) == 1
        return here + timedelta(days=-step if mirrored else step)

    def _open(self, index: QModelIndex) -> bool:
        return index.isValid() and bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)

    def _arrived(self) -> None:
        # Heights first: six weeks as high as five were would call for a scroll bar, and all be painted
        # once more without it. And the layout not later, which would be after a first painting.
        self.share_height()
        self.executeDelayedItemsLayout()
        self.show_day(self._model.selected)

    def _ring(self, *, on: bool) -> None:
        if self._ringed != on:
            self._ringed = on
            self.viewport().update()


def _kept(folded: int, others: int, high: int) -> int:
    """Return how many of the weeks that are over stay.

    The oldest go while a day gains a session by it; on a low screen, where days have no room for one
    beside all of these weeks, none stays.
    """
    if others * least_height() > high - folded * FOLDED:
        return 0 if others else folded
    shown = [
        min(_ENOUGH, fitting((high - kept * FOLDED) // max(1, others)))
        for kept in range(folded + 1)
    ]
    return max(kept for kept, pills in enumerate(shown) if pills == max(shown))
