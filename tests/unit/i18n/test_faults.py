"""Everything that can go wrong on this machine has a sentence."""

import pytest

from kiosk_app.gateway.outcomes import Trouble
from kiosk_app.i18n.faults import code_sentence, fault_sentence, trouble_sentence
from kiosk_app.sync.events import NOT_SAVED, OFFLINE_UNKNOWN, Fault


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault(fault):
    assert fault_sentence(fault).endswith(".")


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble(trouble):
    assert trouble_sentence(trouble).endswith(".")


@pytest.mark.parametrize("code", [NOT_SAVED, OFFLINE_UNKNOWN, "DISCUSSION_FULL", "OF_TOMORROW"])
def test_every_code(code):
    assert code_sentence(code).endswith(".")


def test_what_only_this_machine_knows_is_not_blamed_on_the_server():
    assert code_sentence(NOT_SAVED) != code_sentence("OF_TOMORROW")
