"""One backend for each file, and a device for each test."""

import pytest

from tests.documented.client import Client
from tests.documented.world import World, opened


@pytest.fixture(scope="module")
def world(postgres):
    with opened(postgres) as made:
        yield made


@pytest.fixture
def client(world: World) -> Client:
    """A kiosk of its own, so that no test uses up another one's quota."""
    return world.device()
