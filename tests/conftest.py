"""Fixtures that more than one room asks for; what they are made of is in `tests/helpers`."""

import pytest

from tests.helpers.backend import Api, Postgres, ProcessBackend, RunningBackend, add_device


@pytest.fixture(scope="session")
def postgres():
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def database_url(postgres):
    with postgres.database() as url:
        yield url


@pytest.fixture
def running_backend(database_url):
    backend = RunningBackend(database_url)
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def backend_process(database_url, tmp_path):
    backend = ProcessBackend(database_url, tmp_path / "backend.log")
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def api(running_backend):
    """An enrolled kiosk without a visitor."""
    with Api(running_backend.url, add_device(running_backend.database)) as device:
        yield device
