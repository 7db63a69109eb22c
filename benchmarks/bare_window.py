"""What a person does, on a bare table of Qt with plain strings; prints what each step took as JSON.

The least that a PySide6 window with a model in Python can do: as many rows and columns as ours, of the
same size, no delegate, no style sheet, no database. Steps are named as in `measured_window`.
"""

import json
import sys

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from benchmarks.steps import WORDS, Stopwatch, Took, turn_wheel

TURNS = 40
SIZE = (1848, 800)
AnyIndex = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class Plain(QAbstractTableModel):
    """Rows of strings that are made when they are asked for."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows, self._turn = rows, 0

    def show_others(self) -> None:
        """Show as many other rows."""
        self.beginResetModel()
        self._turn += 1
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802 - the name is Qt's
        """Return the number of rows."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:  # noqa: N802 - the name is Qt's
        """Return as many columns as month and list have."""
        return 0 if parent.isValid() else 7

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a string."""
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{self._turn} {index.row()} {index.column()}"
        return None


def table(rows: int, height: int) -> tuple[QTableView, Plain]:
    """Return a table that fills its columns over the width."""
    model, view = Plain(rows), QTableView()
    view.setModel(model)
    view.horizontalHeader().hide()
    view.verticalHeader().hide()
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    view.verticalHeader().setDefaultSectionSize(height)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    return view, model


def main(sessions: int) -> int:
    """Do the steps and print them."""
    app = QApplication(sys.argv)
    window, field = QWidget(), QLineEdit()
    month, days = table(5, SIZE[1] // 5)
    rows, listed = table(sessions, 77)
    column = QVBoxLayout(window)
    for part in (field, month, rows):
        column.addWidget(part)
    rows.hide()
    field.hide()
    window.resize(*SIZE)
    window.show()
    watch = Stopwatch(app)
    watch.settle()
    found: dict[str, list[Took]] = {
        name: [watch.step(days.show_others) for _turn in range(TURNS)]
        for name in ("month switch", "filter")
    }
    month.hide()
    rows.show()
    field.show()
    field.textEdited.connect(lambda _text: listed.show_others())
    watch.settle()
    found["sort"] = [watch.step(listed.show_others) for _turn in range(TURNS)]
    found["list scroll step"] = [watch.step(lambda: turn_wheel(rows)) for _turn in range(TURNS)]
    found["search keystroke"] = [
        watch.step(lambda key=letter: QTest.keyClicks(field, key)) for letter in WORDS
    ]
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
