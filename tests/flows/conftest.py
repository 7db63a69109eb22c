import pytest

from kiosk_app.backend.storage.database import Database
from tests.helpers.post_office import PostOffice
from tests.helpers.smtp import Inbox, smtp_server


@pytest.fixture(autouse=True)
def _home_of_the_test(tmp_path, monkeypatch):
    """No command of a test may find, or make, a profile of the person who runs the tests."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    yield
    assert not (tmp_path / "home").exists()


@pytest.fixture
async def post(running_backend):
    """The mail jobs over a running backend's database, with an inbox at the other end."""
    inbox = Inbox()
    url = running_backend.database
    async with smtp_server(inbox) as port, Database(url, size=4) as db:
        yield PostOffice(db, url, inbox, port)
