"""Garbage of a window is collected on its thread and between events, whoever makes one object too many."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from kiosk_app.app.collector import Collector, collect_what_is_due

ENOUGH = 5_000


class Knot:
    """Keeps itself, so that only a collection ends it."""

    def __init__(self):
        self.itself = self


def ended_on(knot):
    """Return a list that gets the name of the thread a knot ends on."""
    ended = []
    weakref.finalize(knot, lambda: ended.append(threading.current_thread().name))
    return ended


def litter():
    for _ in range(ENOUGH):
        Knot()


def let_another_thread_litter():
    thread = threading.Thread(target=litter, name="another")
    thread.start()
    thread.join()


@pytest.fixture
def python_collects():
    """As in every process that nobody has told otherwise."""
    gc.collect()
    gc.enable()
    yield
    gc.disable()


@pytest.fixture
def collector(qtbot, python_collects):
    parent = QObject()
    collector = Collector(parent)
    yield collector
    collector.end()


def test_python_alone_collects_on_the_thread_that_litters(python_collects):
    ended = ended_on(Knot())
    let_another_thread_litter()
    assert ended == ["another"]


def test_garbage_waits_for_the_thread_of_the_window(qtbot, collector):
    ended = ended_on(Knot())
    let_another_thread_litter()
    assert ended == []
    qtbot.waitUntil(lambda: bool(ended), timeout=30_000)
    assert ended == [threading.main_thread().name]


def test_a_timer_in_a_knot_outlives_another_threads_litter(qtbot, collector):
    ticked = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticked.append(1))
    knot = Knot()
    knot.timer = timer
    timer.start(1)
    ended = ended_on(knot)
    del knot, timer
    let_another_thread_litter()
    qtbot.waitUntil(lambda: len(ticked) > 2, timeout=30_000)
    qtbot.waitUntil(lambda: bool(ended), timeout=30_000)


class Littering(QWidget):
    """Makes objects whenever it is dressed anew, as any handler in Python may."""

    def changeEvent(self, event):  # noqa: N802 - Qt calls it so
        if event.type() == QEvent.Type.StyleChange:
            litter()


def dress_anew(qtbot, qapp):
    """Lay another style sheet; return what had ended of a knot when that was done, and the knot's end."""
    window = Littering()
    qtbot.addWidget(window)
    window.show()
    ended, before = ended_on(Knot()), qapp.styleSheet()
    qapp.setStyleSheet("QLabel { padding: 1px }")
    meanwhile = list(ended)
    qapp.setStyleSheet(before)
    return meanwhile, ended


def test_python_alone_collects_while_qt_goes_through_its_widgets(qtbot, qapp, python_collects):
    meanwhile, _ended = dress_anew(qtbot, qapp)
    assert meanwhile


def test_no_widget_goes_while_qt_goes_through_them(qtbot, qapp, collector):
    meanwhile, ended = dress_anew(qtbot, qapp)
    assert not meanwhile
    qtbot.waitUntil(lambda: bool(ended), timeout=30_000)


def test_what_was_before_is_so_again(qtbot, python_collects):
    parent = QObject()
    for _ in range(2):
        collector = Collector(parent)
        assert not gc.isenabled()
        collector.end()
        assert gc.isenabled()
    gc.disable()
    Collector(parent).end()
    assert not gc.isenabled()


def test_the_oldest_generation_that_is_due_is_collected(collector):
    gc.collect()
    assert collect_what_is_due() is None
    thresholds = gc.get_threshold()
    gc.set_threshold(500, 2, 2)
    try:
        kept, seen = [], []
        for _ in range(40):
            kept += [[] for _ in range(600)]
            seen.append(collect_what_is_due())
    finally:
        gc.set_threshold(*thresholds)
    assert set(seen) == {0, 1, 2}
    assert seen.count(0) > seen.count(1) > seen.count(2)
