"""Two kiosks and the backend, in whatever order things go wrong: no seat is promised twice.

What happens and what must hold is in `tests/helpers/lease_world.py`. That it can fail is shown by
`test_lease_mutants.py`.
"""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.helpers.lease_machine import Leases, started


@pytest.fixture
def backend(postgres):
    yield from started(postgres)


def test_no_seat_is_promised_twice_whatever_happens(backend):
    run_state_machine_as_test(
        lambda: Leases(backend),
        settings=settings(
            max_examples=8,
            stateful_step_count=15,
            phases=[Phase.generate],  # what took so long to find takes longer to make smaller
            derandomize=True,
        ),
    )
