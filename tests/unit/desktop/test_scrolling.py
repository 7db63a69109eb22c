"""A column that scrolls: what has the focus is never out of sight, and the head stays where it can."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from tests.helpers.staging import on_screen, settle


@pytest.fixture
def column(qtbot):
    made = ScrollColumn()
    head, made.button = QLabel("What it is about"), QPushButton("Go on")
    head.setFixedHeight(300)
    made.column.addWidget(head)
    made.column.addWidget(made.button)
    made.column.addStretch(1)
    on_screen(qtbot, made, 400, 600)
    made.button.setFocus()
    return made


def test_what_has_the_focus_is_looked_for_once_nothing_of_it_is_seen(column):
    column.resize(400, 200)
    settle()
    seen = column.button.visibleRegion().boundingRect()
    assert 0 < seen.height() <= 25
    assert seen.top() == 0


def test_the_head_stays_while_a_part_of_it_is_seen(column):
    column.resize(400, column.button.y() + column.button.height() // 2)
    settle()
    assert column.verticalScrollBar().value() == 0 < column.verticalScrollBar().maximum()
