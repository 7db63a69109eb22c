"""The student's record above a form: every letter of it is there, on one line or on two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from kiosk_app.desktop.theme import theme
from kiosk_app.desktop.widgets.record_strip import RecordStrip
from tests.helpers.staging import settle

CAPTIONS = ("Name", "Student ID", "Email")
letters = st.text("abcdefghijklmnopqrstuvwxyz.", min_size=1, max_size=16)


def strip(address, width):
    theme.apply(QApplication.instance(), theme.Theme("light", "kiosk"))
    made = RecordStrip()
    made.show_pairs(list(zip(CAPTIONS, ("Priya Raman", "2604817", address), strict=True)))
    made.resize(width, 100)
    made.show()
    settle()
    return made


def value(made):
    return made._pairs[-1][1]


@given(letters, letters, st.integers(500, 1100))
def test_an_address_is_whole_wherever_its_parts_have_room(qapp, name, domain, width):
    made = strip(f"{name}@{domain}", width)
    label = value(made)
    lines = label.text().splitlines()
    wide = label.fontMetrics().horizontalAdvance
    assert all(wide(line) <= label.width() for line in lines)
    if max(wide(name), wide(f"@{domain}")) <= label.width():
        assert "".join(lines) == f"{name}@{domain}"
    assert len(lines) == 1 + (wide(f"{name}@{domain}") > label.width())
    made.deleteLater()


def test_an_address_on_two_lines_leaves_the_other_values_at_its_side(qtbot):
    made = strip("priya.raman.chandrasekhar@students.example.org", 640)
    qtbot.addWidget(made)
    label = value(made)
    assert label.text() == "priya.raman.chandrasekhar\n@students.example.org"
    tops = {pair[1].mapTo(made, QPoint(0, 0)).y() for pair in made._pairs}
    assert len(tops) == 1
    assert label.height() >= 2 * label.fontMetrics().height()


@pytest.mark.parametrize("width", [400, 900])
def test_a_screen_reader_hears_it_in_one_piece(qtbot, width):
    made = strip("priya.raman.chandrasekhar@students.example.org", width)
    qtbot.addWidget(made)
    assert value(made).accessibleName() == "Email: priya.raman.chandrasekhar@students.example.org"
