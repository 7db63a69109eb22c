"""Nobody there: a quiet minute, a question, a countdown, the end; and what counts as a sign of life."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets.idle import IdleCount, IdleWatch, Quiet, StillThere, steady
from kiosk_app.desktop.widgets.input_watch import InputWatch
from tests.helpers.staging import on_screen, settle


class Clock:
    def __init__(self):
        self.at = 1_000.0

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def page(qtbot, qapp, clock):
    page = QWidget()
    page.button = QPushButton("Book")
    QVBoxLayout(page).addWidget(page.button)
    page.watch = InputWatch(qapp, page)
    page.watch.begin()
    page.idle = IdleWatch(page.watch, quiet=60, grace=15, now=clock, parent=page)
    page.heard = []
    page.idle.warn.connect(lambda left: page.heard.append(("warn", left)))
    page.idle.tick.connect(lambda left: page.heard.append(("tick", left)))
    page.idle.expired.connect(lambda: page.heard.append("expired"))
    on_screen(qtbot, page, 780, 600)
    page.button.setFocus()
    page.idle.start()
    return page


def wait(page, clock, seconds):
    clock.at += seconds
    page.idle.check()


def test_it_asks_after_a_minute_counts_and_ends(page, clock):
    wait(page, clock, 59.9)
    assert page.heard == []
    wait(page, clock, 0.1)
    wait(page, clock, 1)
    wait(page, clock, 0.5)
    wait(page, clock, 13.5)
    assert page.heard == [("warn", 15), ("tick", 14), "expired"]


def test_a_machine_that_slept_ends_the_visit_at_once(page, clock):
    wait(page, clock, 3_600)
    assert page.heard == ["expired"]
    assert not page.idle.running


@given(st.lists(st.floats(0, 200), max_size=30), st.floats(1, 120), st.floats(1, 60))
def test_never_asked_before_the_quiet_time_nor_ended_before_the_grace(steps, quiet, grace):
    clock = Clock()
    count = IdleCount(clock, quiet, grace)
    for step in steps:
        last = clock.at
        count.alive()
        clock.at += step
        stands, gone = count.look(), clock.at - last
        assert stands.expired == (gone >= quiet + grace) or abs(gone - quiet - grace) < 1e-6
        if gone < quiet - 1e-6:
            assert stands == Quiet()
        elif gone < quiet + grace - 1e-6 and gone > quiet + 1e-6:
            assert stands.left is not None
            assert 0 < stands.left <= grace + 1


SIGNS = {
    "key": lambda bot, page: bot.keyClick(page.button, Qt.Key.Key_A),
    "touch": lambda bot, page: bot.mouseClick(page.button, Qt.MouseButton.LeftButton),
    "beside every control": lambda bot, page: bot.mouseClick(page, Qt.MouseButton.LeftButton),
    "mouse": lambda bot, page: [bot.mouseMove(page, QPoint(n, n)) for n in (20, 40)],
}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_life_starts_the_count_anew(qtbot, page, clock, sign):
    wait(page, clock, 50)
    SIGNS[sign](qtbot, page)
    settle()
    wait(page, clock, 50)
    assert page.heard == []
    wait(page, clock, 10)
    assert page.heard == [("warn", 15)]


def test_a_page_that_moves_under_a_still_mouse_is_no_sign_of_life(page, clock):
    at = QPointF(30, 30)
    for _ in range(3):
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            at,
            at,
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(page, move)
    wait(page, clock, 60)
    assert page.heard == [("warn", 15)]


def test_nothing_is_counted_outside_a_visit(page, clock):
    page.idle.stop()
    wait(page, clock, 1_000)
    assert page.heard == []


def test_the_clock_runs_without_being_driven(qtbot, page, clock):
    page.idle._timer.setInterval(1)
    clock.at += 61
    qtbot.waitUntil(lambda: page.heard == [("warn", 14)])


def test_the_steady_clock_never_goes_back():
    seen = [steady() for _ in range(100)]
    assert seen == sorted(seen)


@pytest.fixture
def asked(page, clock):
    question = StillThere(page, page.idle, "Nothing has been booked yet.")
    question.out = []
    question.sign_out.connect(lambda: question.out.append(1))
    wait(page, clock, 61)
    question.open()
    question.show_left(14)
    settle()
    return question


def test_the_question_says_how_long_and_starts_on_yes(asked):
    assert asked.text.text() == (
        "We sign you out in 14 seconds to keep your bookings private. Nothing has been booked yet."
    )
    assert asked.ring.left == 14
    assert asked.stay.hasFocus()
    seen = QAccessible.queryAccessibleInterface(asked.panel)
    assert seen.text(QAccessible.Text.Name) == "Still there?"


def test_the_seconds_go_on_under_the_question(page, clock, asked):
    wait(page, clock, 9)
    assert asked.ring.left == 5
    assert "in 5 seconds" in asked.text.text()


def test_the_last_seconds_are_said_aloud(page, clock, asked, monkeypatch):
    said = []
    monkeypatch.setattr(
        "PySide6.QtGui.QAccessible.updateAccessibility",
        lambda event: said.append(event.message()),
    )
    for _ in range(14):
        wait(page, clock, 1)
    assert ["in 10 seconds" in said[0], "in 5 seconds" in said[1], len(said)] == [True, True, 2]


ANSWERS = {
    "yes": lambda bot, q: bot.mouseClick(q.stay, Qt.MouseButton.LeftButton),
    "enter": lambda bot, q: bot.keyClick(q.stay, Qt.Key.Key_Return),
    "escape": lambda bot, q: bot.keyClick(q.stay, Qt.Key.Key_Escape),
    "any other key": lambda bot, q: bot.keyClick(q.stay, Qt.Key.Key_X),
    "beside it": lambda bot, q: bot.mouseClick(q, Qt.MouseButton.LeftButton, pos=QPoint(5, 5)),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_goes_on_with_the_visit(qtbot, page, clock, asked, answer):
    with qtbot.waitSignal(asked.dismissed):
        ANSWERS[answer](qtbot, asked)
    assert page.button.hasFocus()
    wait(page, clock, 59)
    assert page.heard == [("warn", 14)]
    assert asked.out == []


def test_sign_out_is_taken_for_what_it_is(qtbot, page, clock, asked):
    with qtbot.waitSignal(asked.dismissed):
        qtbot.mouseClick(asked.leave, Qt.MouseButton.LeftButton)
    assert asked.out == [1]
    assert not page.idle.running


def test_no_answer_ends_the_visit_and_the_question(qtbot, page, clock, asked):
    with qtbot.waitSignal(asked.dismissed):
        wait(page, clock, 15)
    assert page.heard[-1] == "expired"
    assert asked.out == []


def test_tab_stays_inside(qtbot, asked):
    qtbot.keyClick(asked.stay, Qt.Key.Key_Tab)
    assert asked.leave.hasFocus()
    qtbot.keyClick(asked.leave, Qt.Key.Key_Tab)
    assert asked.stay.hasFocus()
