"""A look whether the profile can be worked with, and the end of the window in the midst of one."""

import threading

import pytest
from PySide6.QtCore import QObject, Signal

from kiosk_app.app import assembly, mending
from kiosk_app.app.mending import Mending
from kiosk_app.sync.events import Fault, FaultRaised

FATAL = FaultRaised(fault=Fault.NOT_ENROLLED, fatal=True)


class Told(QObject):
    """The visit, as far as faults go."""

    fault_raised = Signal(object)


class Profiles:
    """What a look finds: each waits until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Semaphore(0), threading.Semaphore(0)
        self.answers: list[bool] = []

    def can_work(self, _profile) -> bool:
        self.begun.release()
        assert self.go.acquire(timeout=60)
        return self.answers.pop(0)


@pytest.fixture
def profiles(monkeypatch):
    found = Profiles()
    monkeypatch.setattr(assembly, "can_work", found.can_work)
    monkeypatch.setattr(mending, "LOOK_MS", 0)
    return found


@pytest.fixture
def told(qapp):
    return Told()


def looks(qtbot, profiles: Profiles) -> None:
    """Wait for the beginning of a look."""
    qtbot.waitUntil(lambda: profiles.begun.acquire(blocking=False))


def test_it_looks_until_the_profile_works_and_then_begins_anew_once(
    qtbot, told, profiles, tmp_path
):
    anew = []
    Mending(tmp_path, told, lambda: anew.append(1), told)
    profiles.answers = [False, True]
    told.fault_raised.emit(FATAL)
    looks(qtbot, profiles)
    told.fault_raised.emit(FATAL)  # said twice, it is still looked at once
    profiles.go.release()
    looks(qtbot, profiles)
    assert not anew
    profiles.go.release()
    qtbot.waitUntil(lambda: anew == [1])
    assert not profiles.begun.acquire(blocking=False)


def test_a_window_that_ends_in_the_midst_of_a_look_waits_for_it_and_hears_no_more(
    qtbot, told, profiles, tmp_path
):
    anew = []
    looking = Mending(tmp_path, told, lambda: anew.append(1), told)
    profiles.answers = [True]
    told.fault_raised.emit(FATAL)
    looks(qtbot, profiles)
    threading.Timer(0.05, profiles.go.release).start()
    looking.close()
    assert not any(thread.name == "kiosk-mending" for thread in threading.enumerate())
    qtbot.wait(3 * mending.ASK_MS)  # what must not come has no signal
    assert not anew


def test_a_fault_that_the_engine_lives_with_is_not_looked_at(qtbot, told, profiles, tmp_path):
    Mending(tmp_path, told, lambda: None, told)
    told.fault_raised.emit(FaultRaised(fault=Fault.NOT_ENROLLED, fatal=False))
    qtbot.wait(50)
    assert not profiles.begun.acquire(blocking=False)
