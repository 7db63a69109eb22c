"""Each rule of the leases is taken away while their machine runs, and what breaks is found out."""

import pytest

from tests.helpers.lease_machine import found, started
from tests.helpers.lease_mutants import IN_MEMORY, IN_THE_DATABASE
from tests.helpers.lease_world import empty


@pytest.fixture(scope="module")
def shared_backend(postgres):
    """A backend that only this file uses."""
    yield from started(postgres)


@pytest.fixture
def backend(shared_backend):
    empty(shared_backend.database)
    return shared_backend


@pytest.fixture
def own_backend(postgres):
    """A backend whose database nobody uses afterwards."""
    yield from started(postgres)


@pytest.mark.parametrize("rule", IN_MEMORY)
def test_without_a_rule_the_machine_finds_what_breaks(rule, backend, monkeypatch):
    mutate, moves = IN_MEMORY[rule]
    mutate(backend.database, monkeypatch)
    assert found(backend, moves)


@pytest.mark.parametrize("rule", IN_THE_DATABASE)
def test_without_a_rule_of_the_database_too(rule, own_backend, monkeypatch):
    mutate, moves = IN_THE_DATABASE[rule]
    mutate(own_backend.database, monkeypatch)
    assert found(own_backend, moves)
