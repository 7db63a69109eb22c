"""The board of a kiosk at rest: whatever it says is said whole."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme import theme
from kiosk_app.desktop.widgets.next_sessions import BoardLine, NextSessions
from tests.helpers.looking import SLACK

NAMES = ("Mini-mock", "Jugement situationnel", "Situational Judgment")
WHENS = ("Today, 3:00 pm", "dim. 22 novembre, 13 h 30")
PLACES = ("Online", "North York", "Centre de Mississauga")

lines = st.builds(
    BoardLine,
    mock_type=st.sampled_from(list(MockType)),
    title=st.sampled_from(NAMES),
    when=st.sampled_from(WHENS),
    where=st.sampled_from(PLACES),
    seats=st.sampled_from(["1 left", "12 pl."]),
    few=st.booleans(),
)


def written(board):
    """Return what is painted, with its place and the place that it takes."""
    found, paint = [], QPainter.drawText

    def note(painter, box, how, text):
        taken = painter.fontMetrics().boundingRect(QRect(0, 0, box.width(), 10_000), how, text)
        found.append((text, box, taken))
        paint(painter, box, how, text)

    with patch.object(QPainter, "drawText", note):
        board.grab()
    return found


@pytest.mark.parametrize("text", [1.0, 1.25, 1.5])
@given(
    shown=st.lists(lines, min_size=1, max_size=6).map(tuple),
    width=st.integers(370, 900),
    height=st.integers(200, 700),
)
def test_every_word_is_written_and_has_its_room(qapp, text, shown, width, height):
    theme.apply(QApplication.instance(), theme.Theme("light", "kiosk", text))
    board = NextSessions()
    board.resize(width, height)
    board.show_lines(shown)
    found = written(board)
    said = [words.replace("\n", " · ") for words, _box, _taken in found]
    assert said == [w for line in board.lines for w in (line.title, line.detail, line.seats)]
    row = board._row_height()
    for number, (_words, box, taken) in enumerate(found):
        assert taken.width() <= box.width() + SLACK
        assert taken.height() <= box.height() + SLACK
        assert number // 3 * row <= box.top() + 1
        assert box.bottom() <= (number // 3 + 1) * row
    board.deleteLater()
