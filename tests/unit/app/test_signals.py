"""A polite kill ends the window whenever it comes."""

import signal

import pytest
from PySide6.QtCore import QTimer

from kiosk_app.app.window import quit_on_signals

OTHERWISE = 7
LAST_RESORT_MS = 60_000


@pytest.fixture
def looking(qapp):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    timer = quit_on_signals(qapp)
    last = QTimer(singleShot=True, interval=LAST_RESORT_MS)
    last.timeout.connect(lambda: qapp.exit(OTHERWISE))
    last.start()
    yield
    last.stop()
    timer.stop()
    timer.deleteLater()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_before_the_event_loop_turns_is_kept_for_it(qapp, looking, number):
    signal.raise_signal(number)
    assert qapp.exec() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_event_loop_as_it_turns(qapp, looking, number):
    QTimer.singleShot(0, lambda: signal.raise_signal(number))
    assert qapp.exec() == 0
