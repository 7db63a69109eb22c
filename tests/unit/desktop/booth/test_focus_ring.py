"""The focus ring: after a key, not after a touch; always round a field that is written in."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.desktop.widgets.focus_ring import FocusRing
from kiosk_app.desktop.widgets.input_watch import InputWatch
from tests.helpers.staging import on_screen, settle


class Stage(QWidget):
    def __init__(self):
        super().__init__()
        self.first, self.second, self.field, self.table = (
            QPushButton("First"),
            QPushButton("Second"),
            QLineEdit(),
            QTableView(),
        )
        self.long = QScrollArea()
        inside = QWidget()
        self.rows = [QPushButton(str(n)) for n in range(20)]
        lines = QVBoxLayout(inside)
        for row in self.rows:
            lines.addWidget(row)
        self.long.setWidget(inside)
        column = QVBoxLayout(self)
        for widget in (self.first, self.second, self.field, self.table, self.long):
            column.addWidget(widget)
        self.watch = InputWatch(QApplication.instance(), self)
        self.watch.begin()
        self.ring = FocusRing(self, self.watch)


@pytest.fixture
def stage(qtbot):
    stage = on_screen(qtbot, Stage(), 700, 900)
    stage.first.setFocus()
    settle()
    return stage


def tab(qtbot, widget):
    qtbot.keyClick(widget, Qt.Key.Key_Tab)
    settle()


@pytest.mark.parametrize("kind", ["pill", ""])
def test_there_is_nothing_inside_the_ring_where_a_cursor_blinks(stage, kind):
    stage.field.setProperty("kind", kind)
    stage.field.setFocus()
    settle()
    ring, image = stage.ring, QImage(stage.ring.size(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    ring.render(image, QPoint(), QRegion(), QWidget.RenderFlag(0))
    inside = ring.hole()
    assert inside.width() > stage.field.width() // 2
    painted = [
        QPoint(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha()
    ]
    assert painted
    assert not any(inside.contains(spot) for spot in painted)


def test_it_shows_after_a_key_and_hides_after_a_touch(qtbot, stage):
    assert stage.ring.target is None
    tab(qtbot, stage.first)
    assert stage.ring.target is stage.second
    qtbot.mouseClick(stage.first, Qt.MouseButton.LeftButton)
    settle()
    assert stage.ring.target is None


def test_a_field_shows_it_after_a_touch_too(qtbot, stage):
    qtbot.mouseClick(stage.field, Qt.MouseButton.LeftButton)
    settle()
    assert stage.ring.target is stage.field


def test_it_lies_outside_the_widget_by_gap_and_ring(qtbot, stage):
    tab(qtbot, stage.first)
    button = stage.second.geometry()
    assert stage.ring.geometry() == button.adjusted(-6, -6, 6, 6)
    assert stage.ring._ring == QRect(QPoint(6, 6), button.size())


def test_it_follows_what_moves(qtbot, stage):
    tab(qtbot, stage.first)
    stage.first.hide()
    stage.resize(500, 900)
    qtbot.waitUntil(lambda: stage.ring.geometry() == stage.second.geometry().adjusted(-6, -6, 6, 6))


def test_it_looks_at_nothing_while_no_ring_is_to_be_seen(qtbot, stage):
    """What a hand does with a mouse or finger sends a hundred events, and none moves a ring."""
    qtbot.mouseClick(stage.first, Qt.MouseButton.LeftButton)
    settle()
    assert stage.ring._watched == []
    tab(qtbot, stage.first)
    assert stage.ring._watched == [stage.second]


def test_it_goes_with_its_widget(qtbot, stage):
    tab(qtbot, stage.first)
    stage.second.hide()
    qtbot.waitUntil(lambda: stage.ring.target is not stage.second)


def test_it_never_leaves_the_page_that_scrolls(qtbot, stage):
    tab(qtbot, stage.first)
    stage.rows[0].setFocus()
    settle()
    assert stage.ring.target is stage.rows[0]
    bar = stage.long.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: stage.ring.target is None)
    bar.setValue(0)
    qtbot.waitUntil(lambda: stage.ring.target is stage.rows[0])


def test_touches_go_through_it(qtbot, stage):
    tab(qtbot, stage.first)
    at = stage.ring.geometry().center()
    assert stage.childAt(at) is stage.second


def test_a_view_with_cells_paints_its_own(qtbot, stage):
    tab(qtbot, stage.first)
    stage.table.setFocus()
    settle()
    assert stage.ring.target is None
