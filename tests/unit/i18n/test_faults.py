"""Every fault the engine can name has words for the banner; so has what a kiosk finds out itself."""

import re
from pathlib import Path

import pytest

from kiosk_app.contract.problems import Code
from kiosk_app.domain.faults import CODES, CRASHED, NO_SESSIONS, OTHER_CODE
from kiosk_app.gateway.outcomes import Trouble
from kiosk_app.i18n import faults, problems
from kiosk_app.sync.events import NOT_SAVED, OFFLINE_UNKNOWN, Fault


def test_the_faults_of_the_engine_are_the_faults_with_sentences():
    known = {fault.value for fault in Fault} | {NO_SESSIONS, CRASHED}
    assert known == set(faults.FAULTS) == set(faults.STAFF) == set(CODES)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("fault", sorted(CODES))
def test_staff_are_told_what_to_do(fault, language):
    assert faults.staff_words(fault, language).endswith(".")
    assert faults.staff_words(fault, "fr") != faults.staff_words(fault, "en")


def test_the_manual_lists_every_number_with_what_staff_do():
    page = (Path(__file__).parents[3] / "docs" / "operating.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(K-[A-Z]+-\d)` \|(.*)\|$", page, flags=re.MULTILINE))
    assert set(rows) == {*CODES.values(), OTHER_CODE}


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
