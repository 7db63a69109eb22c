"""Every fault the engine can name has words for the banner; so has what a kiosk finds out itself."""

import pytest

from kiosk_app.contract.problems import Code
from kiosk_app.gateway.outcomes import Trouble
from kiosk_app.i18n import faults, problems
from kiosk_app.sync.events import NOT_SAVED, OFFLINE_UNKNOWN, Fault


def test_the_faults_of_the_engine_are_the_faults_with_sentences():
    assert {fault.value for fault in Fault} == set(faults.FAULTS)


@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_says_what_happened_and_what_to_do(fault):
    what, then = faults.fault_words(fault)
    assert what.endswith(".")
    assert "desk" in then


def test_an_unknown_fault_still_gets_words():
    assert "desk" in faults.fault_words("gremlins")[1]


def test_not_knowing_somebody_offline_has_its_own_sentence():
    said = faults.code_sentence(OFFLINE_UNKNOWN)
    assert "offline" in said
    assert said != problems.sentence(Code.INTERNAL_ERROR)


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [(1, "1 minute,"), (60, "1 minute,"), (61, "2 minutes,"), (900, "15 minutes")],
)
def test_minutes_to_wait_are_rounded_up(seconds, wait):
    assert wait in problems.too_many_tries(seconds)


def test_without_a_time_the_wait_is_a_few_minutes():
    assert problems.too_many_tries(None) == problems.sentence(Code.TOO_MANY_ATTEMPTS)


def test_every_trouble_has_a_sentence():
    assert {trouble.value for trouble in Trouble} == set(faults.TROUBLES)


def test_what_this_machine_could_not_save_is_not_blamed_on_the_server():
    assert faults.code_sentence(NOT_SAVED) != faults.code_sentence("OF_TOMORROW")
