"""One backend process for a module, and for each test a kiosk with a profile of its own."""

import itertools
from types import SimpleNamespace

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtCore import QCoreApplication, QEvent

from kiosk_app.app.enrolment import enrol
from kiosk_app.desktop.theme import theme
from kiosk_app.i18n import texts
from tests.helpers.backend import add_session, add_student, enrol_code, far_day, query
from tests.helpers.backend_process import ProcessBackend
from tests.helpers.booth import Booth, copy_profile

_numbers = itertools.count(7001)


@pytest.fixture(scope="module")
def backend(postgres, tmp_path_factory):
    with postgres.database() as url:
        process = ProcessBackend(url, tmp_path_factory.mktemp("backend") / "backend.log")
        process.start()
        yield process
        process.stop()


@pytest.fixture(scope="module")
def enrolled(backend, tmp_path_factory):
    """A profile as `kiosk enrol` leaves it."""
    keyring.set_keyring(fail.Keyring())  # this runs before the fixture that does it for a test
    folder = tmp_path_factory.mktemp("device") / "profile"
    enrol(folder, backend.url, enrol_code(backend.database), allow_file_secrets=True)
    return folder


@pytest.fixture
def profile(enrolled, tmp_path):
    return copy_profile(enrolled, tmp_path / "profile")


@pytest.fixture(autouse=True)
def _look(qapp):
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    texts.use("en")
    theme.apply(qapp, theme.Theme())


@pytest.fixture
def open_booth(qapp, backend, tmp_path):
    """Start the kiosk; closed after the test, and its engine must end in time."""
    opened = []

    def start(profile, mode="kiosk") -> Booth:
        opened.append(Booth(profile, tmp_path, backend, mode))
        return opened[-1]

    yield start
    ended = [booth.close() for booth in opened]  # every one, also when the first did not
    assert all(ended)


@pytest.fixture
def booth(open_booth, profile, session, student):
    """A kiosk that is online, knows the sessions and waits for somebody."""
    return open_booth(profile).arrive()


@pytest.fixture
def somebody(backend):
    """Add a student with these tokens; `held` tells their live bookings and spent tokens."""

    def add(**tokens):
        number = f"QX{next(_numbers)}"
        email, name = f"ana.{number.lower()}@example.org", f"Ana {number}"
        contact = add_student(backend.database, number, email=email, name=name, **tokens)
        return SimpleNamespace(
            number=number,
            email=email,
            contact=contact,
            name=name,
            held=lambda: held(backend.database, contact),
        )

    return add


def held(database: str, contact: str) -> tuple[int, int]:
    ((live,),) = query(
        database,
        "SELECT count(*) FROM bookings WHERE contact_id = %s AND is_active = 'Active'",
        contact,
    )
    ((spent,),) = query(
        database,
        "SELECT COALESCE(-sum(amount), 0) FROM ledger WHERE contact_id = %s AND kind <> 'opening'",
        contact,
    )
    return live, int(spent)


@pytest.fixture
def student(somebody):
    """Somebody with tokens for some discussions."""
    return somebody(discussion=3)


@pytest.fixture
def session(add):
    """A discussion a week ahead."""
    return add(days=7)


@pytest.fixture
def add(backend):
    """Add sessions that the next test does not see."""
    made = []

    def act(days=7, **more):
        made.append(add_session(backend.database, day=far_day(days), **more))
        return made[-1]

    yield act
    query(backend.database, "UPDATE mock_sessions SET is_active = false WHERE id = ANY(%s)", made)
