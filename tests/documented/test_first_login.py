"""B24 to B28: somebody whom only the CRM knows, and what is heard while it is away."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kiosk_app.backend.outside.crm.hubspot import HubSpotCrm, HubSpotSettings
from tests.documented.client import Client
from tests.documented.shapes import IDENTITY, held
from tests.documented.world import World, opened
from tests.helpers.hubspot import CONTACTS, TOKEN, HubSpot, running_hubspot

SYSTEMS = pytest.mark.parametrize("system", ["mock-discussions", "mock-exams"])
_numbers = itertools.count(1)
BALANCES = {
    "mock_discussion_token": "2",
    "sj_credits": "1",
    "shared_mock_credits": "4",
}


@pytest.fixture(scope="module")
def there() -> Iterator[HubSpot]:
    with running_hubspot() as crm:
        yield crm


@pytest.fixture(scope="module")
def world(postgres: Any, there: HubSpot) -> Iterator[World]:
    settings = HubSpotSettings(token=TOKEN, base=there.url, patience=5)
    with opened(postgres, crm=HubSpotCrm(settings)) as made:
        yield made


@pytest.fixture
def known(there: HubSpot) -> dict[str, str]:
    """A student of the CRM alone, and what asks for their tokens."""
    there.calls.clear()
    there.faults.clear()
    name = f"CRM{next(_numbers)}"
    who = {"student_id": name, "email": f"{name.lower()}@example.org"}
    there.store.put(CONTACTS, firstname="Ana", lastname="Sol", **who, **BALANCES)
    return {**who, "mock_type": "Situational Judgment"}


@SYSTEMS
def test_b24_b28_the_first_time_one_search_then_none(
    client: Client, there: HubSpot, known: dict[str, str], system: str
) -> None:
    data = held(client.credits(known, system).ok(), IDENTITY)
    assert data["student_name"] == "Ana Sol"
    assert data["available_credits"] == (2 if system == "mock-discussions" else 5)
    assert len(there.calls) == 1
    assert client.credits(known, system).ok() == data
    other = "mock-exams" if system == "mock-discussions" else "mock-discussions"
    assert client.credits(known, other).ok()["contact_id"] == data["contact_id"]
    assert len(there.calls) == 1


def test_b24_who_came_from_the_crm_books_without_another_call(
    client: Client, world: World, there: HubSpot, known: dict[str, str]
) -> None:
    contact = client.credits(known).ok()["contact_id"]
    session = world.session("Mock Discussion")
    wish = world.wish(world.student(), session) | {
        **{name: known[name] for name in ("student_id", "email")},
        "contact_id": contact,
        "name": "Ana Sol",
    }
    there.fail("503", times=9)
    assert client.discuss(wish).ok(201)["token_details"]["tokens_remaining"] == 1
    assert len(there.calls) == 1


@SYSTEMS
def test_b25_both_must_agree(client: Client, known: dict[str, str], system: str) -> None:
    unknown = {**known, "student_id": "ZZ0001"}
    client.credits(unknown, system).refused(404, "STUDENT_NOT_FOUND")
    other = {**known, "email": "other@example.org"}
    client.credits(other, system).refused(400, "EMAIL_MISMATCH")


@SYSTEMS
def test_a21_a68_a_crm_without_the_token_field_is_a_fault_of_the_set_up(
    client: Client, there: HubSpot, known: dict[str, str], system: str
) -> None:
    fields = there.store.definitions[CONTACTS]
    lost = fields.pop("mock_discussion_token")
    try:
        client.credits(known, system).refused(500, "PROPERTY_NOT_FOUND")
    finally:
        fields["mock_discussion_token"] = lost


def test_b26_ten_at_once_are_one_student(client: Client, known: dict[str, str]) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(client.credits, [known] * 10))
    assert len({answer.ok()["contact_id"] for answer in answers}) == 1


@SYSTEMS
def test_b27_while_the_crm_is_away_a_newcomer_is_told_to_come_back(
    client: Client, world: World, there: HubSpot, known: dict[str, str], system: str
) -> None:
    there.fail("503", times=9)
    answer = client.credits(known, system)
    answer.refused(503, "SERVICE_DEGRADED")
    assert int(answer.headers["Retry-After"]) >= 1
    ours = world.student()
    body = {**known, "student_id": ours.student_id, "email": ours.email}
    assert client.credits(body, system).ok()["eligible"] is True
