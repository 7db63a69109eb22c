"""The rows of the list: touch the button of a row, or walk and press Enter (03a)."""

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from kiosk_app.desktop.delegates.session_row import (
    PAD,
    RowLook,
    action_rect,
    paint_card,
    paint_row,
    row_height,
)
from kiosk_app.desktop.delegates.stamps import Board
from kiosk_app.desktop.models.sessions import Column, SessionsModel
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.fingers import scroll_by_finger

_SHARE: dict[Column, int] = {
    Column.DATE: 199,
    Column.TIME: 168,
    Column.SESSION: 348,
    Column.LOCATION: 338,
    Column.FORMAT: 218,
    Column.SEATS: 300,
    Column.ACTION: 285,
}
"""Widths on a kiosk 1920 pixels wide; other widths share alike."""
_LEAST_ACTION = 190
_FORMAT_FROM = 1240
NARROW = 768
"""Width below which a row becomes a card (A51)."""


class SessionTable(QTableView):
    """Sessions as rows or cards; columns give way as the width shrinks."""

    pressed = Signal(object)
    """The SessionRow whose button was pressed."""
    columns_moved = Signal()

    def __init__(self, model: SessionsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._narrow = False
        self._held: int | None = None
        self.setModel(model)
        model.modelReset.connect(self._arrived)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setMinimumSectionSize(1)
            header.hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTableView.Shape.NoFrame)
        # Every pixel is painted: what is scrolled can be moved, and only what comes is painted.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        scroll_by_finger(self.viewport())
        self._share_width()

    @property
    def narrow(self) -> bool:
        """Whether rows are cards."""
        return self._narrow

    def places(self) -> dict[int, tuple[int, int]]:
        """Return start and width of every column that is shown, as the head needs them."""
        found: dict[int, tuple[int, int]] = {}
        if not self.narrow:
            for column in Column:
                if not self.isColumnHidden(column) and column is not Column.ACTION:
                    start = self.columnViewportPosition(column)
                    if self.isRightToLeft():
                        start = self.viewport().width() - start - self.columnWidth(column)
                    pad = PAD if column is Column.DATE else 0
                    found[int(column)] = (start + pad, self.columnWidth(column) - pad)
        return found

    def fit(self) -> None:
        """Take the sizes of the theme and the width there is."""
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._share_width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that need it, each as a whole; Qt would ask for every cell on its own."""
        painter, model = QPainter(self.viewport()), self._model
        painter.setLayoutDirection(self.layoutDirection())
        board = Board(painter, self.layoutDirection())
        region, width = event.region(), self.viewport().width()
        around = region.boundingRect()
        across = self._across()
        number, top = self.rowAt(around.top()), around.top()
        while 0 <= number < model.rowCount() and top <= around.bottom():
            top, height = self.rowViewportPosition(number), self.rowHeight(number)
            if region.intersects(QRect(0, top, width, height)):
                self._paint(board, number, across, top, height)
            number, top = number + 1, top + height
        if top <= around.bottom():
            below = QRect(0, top, width, around.bottom() + 1 - top)
            painter.fillRect(below, current().color("surface"))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show at once that a button is held."""
        super().mousePressEvent(event)
        self._hold(self._button_at(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press the button that was held and let go in the same place."""
        super().mouseReleaseEvent(event)
        held, at = self._held, self._button_at(event)
        self._hold(None)
        if held is not None and held == at and event.button() == Qt.MouseButton.LeftButton:
            self._press(held)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first row when the keyboard comes here."""
        super().focusInEvent(event)
        keys = {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        by_key = event.reason() in keys
        if by_key and not self.currentIndex().isValid() and self._model.rowCount():
            self.setCurrentIndex(self._first_cell(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button of the row; Home and End go to the first row and the last."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            if self.currentIndex().isValid():
                self._press(self.currentIndex().row())
        elif event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            last = self._model.rowCount() - 1
            self.setCurrentIndex(self._first_cell(0 if event.key() == Qt.Key.Key_Home else last))
        elif event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def button_rect(self, number: int) -> QRect:
        """Return where the button of a row stands in the viewport."""
        column = Column.SESSION if self.narrow else Column.ACTION
        box = self.visualRect(self._model.index(number, column))
        row = self._model.row(number)
        if row is None:
            return QRect()
        offer = self._model.offer_of(row)
        return action_rect(box, offer, self.layoutDirection(), narrow=self.narrow)

    def _across(self) -> dict[Column, tuple[int, int]]:
        """Return where every column that is shown is seen: its left edge and its width."""
        return {
            column: (self.columnViewportPosition(column), self.columnWidth(column))
            for column in Column
            if not self.isColumnHidden(column)
        }

    def _paint(
        self,
        board: Board,
        number: int,
        across: dict[Column, tuple[int, int]],
        top: int,
        height: int,
    ) -> None:
        row = self._model.row(number)
        if row is None:
            place = QRect(0, top, self.viewport().width(), height)
            board.painter.fillRect(place, current().color("surface"))
            return
        columns = {key: QRect(left, top, width, height) for key, (left, width) in across.items()}
        look = RowLook(
            chosen=self.selectionModel().isRowSelected(number, QModelIndex()),
            pressed=self._held == number,
        )
        offer = self._model.offer_of(row)
        if self.narrow:
            paint_card(board, row, offer, columns[Column.SESSION], look)
        else:
            paint_row(board, row, offer, columns, look)

    def _button_at(self, event: QMouseEvent) -> int | None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return None
        inside = self.button_rect(index.row()).contains(event.position().toPoint())
        return index.row() if inside else None

    def _press(self, number: int) -> None:
        row = self._model.row(number)
        if row is not None:
            self.pressed.emit(row)

    def _hold(self, number: int | None) -> None:
        if number != self._held:
            self._held = number
            self.viewport().update()

    def _first_cell(self, number: int) -> QModelIndex:
        return self._model.index(number, Column.SESSION)

    def _arrived(self) -> None:
        # Delayed, the layout would come after a first painting of all rows, and cause another.
        self.executeDelayedItemsLayout()

    def _share_width(self) -> None:
        width = self.viewport().width()
        scale = current().text_scale
        narrow = width < NARROW * scale
        self._narrow = narrow
        self.verticalHeader().setDefaultSectionSize(row_height(narrow=narrow))
        shown = [Column.SESSION] if narrow else list(Column)
        if width < _FORMAT_FROM * scale and not narrow:
            shown.remove(Column.FORMAT)
        for column in Column:
            self.setColumnHidden(column, column not in shown)
        for column, size in _widths(shown, width, round(_LEAST_ACTION * scale)).items():
            self.setColumnWidth(column, size)
        self.columns_moved.emit()


def _widths(shown: list[Column], width: int, least_action: int) -> dict[Column, int]:
    """Share `width` among columns; the button keeps its least width."""
    if len(shown) == 1:
        return {shown[0]: width}
    action = max(least_action, width * _SHARE[Column.ACTION] // sum(_SHARE.values()))
    rest = [column for column in shown if column is not Column.ACTION]
    total = sum(_SHARE[column] for column in rest)
    sizes = {column: (width - action) * _SHARE[column] // total for column in rest}
    return sizes | {Column.ACTION: width - sum(sizes.values())}
