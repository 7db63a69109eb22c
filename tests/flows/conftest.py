from collections.abc import AsyncIterator, Iterator

import pytest

from kiosk_app.backend.outside.crm.hubspot import HubSpotCrm, HubSpotSettings
from kiosk_app.backend.storage.database import Database
from tests.helpers.crm_world import World
from tests.helpers.hubspot import TOKEN, HubSpot, running_hubspot
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


@pytest.fixture(scope="module")
def server() -> Iterator[HubSpot]:
    """The CRM of a file."""
    with running_hubspot() as crm:
        yield crm


@pytest.fixture
async def world(server: HubSpot, database_url: str) -> AsyncIterator[World]:
    """Our database with a CRM that knows nothing yet."""
    server.forget()
    crm = HubSpotCrm(HubSpotSettings(token=TOKEN, base=server.url))
    async with Database(database_url, size=4) as db:
        yield World(database_url, db, crm, server)
    await crm.close()
