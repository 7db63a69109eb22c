"""Fixtures that more than one room asks for; what they are made of is in `tests/helpers`."""

import atexit
import logging
import os
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import keyring
import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings
from keyring.backends import fail

from kiosk_app.app.tour import screen_without_display
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.storage.database import Database
from tests.helpers.backend import Api, RunningBackend, add_device
from tests.helpers.backend_process import ProcessBackend
from tests.helpers.garbage import collected_by_the_window
from tests.helpers.patience import PatientBot
from tests.helpers.postgres import Postgres

# How fast the machine is fails no property; examples share what a fixture made, and know it.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("any machine")

# Where it is set, every process that a test starts would compile the whole package for itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_TESTS = Path(__file__).parent
_COUNTED = [
    _TESTS / room
    for room in ("unit/domain", "unit/cache", "unit/sync", "unit/backend", "contract", "flows")
]
_SEARCHES = {
    *("test_schema.py", "test_schema_of_staff.py", "test_lease_machine.py"),
    *("test_lease_mutants.py", "test_books.py", "test_waitlist.py"),
    *("test_mail_always.py", "test_interleavings.py"),
}
"""They go the same ways a thousand times."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    with collected_by_the_window(item, nextitem), _counted(item):
        return (yield)


@contextmanager
def _counted(item):
    """Count lines only where the tests of a counted room run: counting doubles what a test costs."""
    counting = Coverage.current()
    wanted = any(map(item.path.is_relative_to, _COUNTED)) and item.path.name not in _SEARCHES
    if counting is None or wanted:
        yield
        return
    counting.stop()
    try:
        yield
    finally:
        counting.start()


_SCREEN = (1920, 1080)
if "QT_QPA_PLATFORM" not in os.environ and sys.platform == "linux":
    # Before anything makes a QApplication: a tap beyond the screen would be lost.
    # Processes that tests start use it too, so it goes only at the very end.
    _folder = Path(tempfile.mkdtemp(prefix="kiosk-tests-screen-"))
    os.environ["QT_QPA_PLATFORM"] = screen_without_display(_folder, _SCREEN)
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _keyring_of_nobody(monkeypatch):
    """No test, and no process a test starts, may reach the keyring of the person who runs it."""
    if os.environ.get("KIOSK_TEST_REAL_KEYRING") != "1":
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        keyring.set_keyring(fail.Keyring())


@pytest.fixture(autouse=True)
def _log_of_nobody_else():
    """A command that ran inside a test leaves no handler behind on a stream that is closed then."""
    root = logging.getLogger()
    level = root.level
    yield
    for handler in [one for one in root.handlers if type(one) is logging.StreamHandler]:
        root.removeHandler(handler)
        root.setLevel(level)


@pytest.fixture
def qtbot(qapp, request):
    return PatientBot(request)


@pytest.fixture(scope="session")
def postgres():
    # A run that is ended from outside must not leave its database behind.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("ended by SIGTERM"))
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def database_url(postgres):
    return postgres.emptied()


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


@pytest.fixture
async def core(database_url):
    """The core on a database of its own, without HTTP."""
    async with Database(database_url, size=16) as db:
        yield Core(db=db, shelf=Shelf())
