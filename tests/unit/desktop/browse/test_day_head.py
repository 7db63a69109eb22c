"""The head of a day: its number, what stands beside it, how many sessions are missing."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from kiosk_app.desktop.delegates.day_cell import Head, _head
from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.theme import speaking, theme
from kiosk_app.desktop.theme.theme import current
from kiosk_app.i18n import texts


@pytest.fixture(params=["en", "fr", "ar"])
def spoken(request, qapp):
    speaking.speak(request.param)
    yield request.param
    speaking.speak("en")


def reach(line):
    """Return from where to where a line is written, in pixels from the start of the day."""
    wide = round(width_of(line.text, line.ink.size, line.ink.weight))
    if line.at_end:
        return line.start + line.width - wide, line.start + line.width
    return line.start, line.start + wide


@pytest.mark.parametrize("text", [1.0, 1.25, 1.5])
@given(
    day=st.tuples(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.booleans()),
    missing=st.integers(0, 30),
    width=st.integers(62, 260),
)
def test_no_word_of_it_lies_over_another(spoken, text, day, missing, width):
    day, today = day
    theme.apply(QApplication.instance(), theme.Theme("light", "kiosk", text))
    first = day if day.day == 1 else None
    head = Head(day.day, first, today, selected=False)
    lines = _head(head, missing, width, 120, current(), texts.language())
    written = [reach(line) for line in lines]
    for (_left, right), (left, _right) in pairwise(written):
        assert right <= left
    assert all(left >= 0 and right <= width for left, right in written)
