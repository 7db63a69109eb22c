"""What is taken out of a layout has no place in Qt's books any more."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from kiosk_app.desktop.widgets.flow import clear


class Measured(QLabel):
    """A label that counts how often it is measured."""

    asked = 0

    def sizeHint(self):  # noqa: N802 - the name is Qt's
        self.asked += 1
        return super().sizeHint()


@pytest.fixture
def rows(qapp):
    host = QWidget()
    column = QHBoxLayout(host)
    made = QHBoxLayout(), QHBoxLayout()
    for row in made:
        column.addLayout(row)
    yield host, made
    host.deleteLater()


def test_a_widget_that_changed_its_row_is_measured_once_for_many_questions(rows):
    host, (first, second) = rows
    label = Measured("words", host)
    first.addWidget(label)
    first.addStretch(1)
    clear(first)
    second.addWidget(label)
    assert (first.count(), second.count()) == (0, 1)
    host.layout().activate()
    label.asked = 0
    for _question in range(20):
        second.itemAt(0).sizeHint()
    assert label.asked <= 1
