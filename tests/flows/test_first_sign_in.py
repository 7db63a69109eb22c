"""Somebody whom only the CRM knows signs in; and what happens when one of the two is away (B24-B28)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from kiosk_app.backend.outside.crm.hubspot import HubSpotCrm, HubSpotSettings
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    discussion_body,
    query,
)
from tests.helpers.crm_records import PROPERTIES
from tests.helpers.hubspot import CONTACTS, TOKEN, HubSpot, running_hubspot

CREDITS = ("/mock-discussions/validate-credits", "/mock-exams/validate-credits")


@pytest.fixture(scope="module")
def server() -> Iterator[HubSpot]:
    with running_hubspot() as crm:
        yield crm


@pytest.fixture
def there(server: HubSpot) -> HubSpot:
    server.forget()
    server.store.put(CONTACTS, **PROPERTIES)
    return server


@contextmanager
def kiosk(database: str, there: HubSpot, patience: float = 30, **core: object) -> Iterator[Api]:
    settings = HubSpotSettings(token=TOKEN, base=there.url, patience=patience)
    backend = RunningBackend(database, crm=HubSpotCrm(settings), **core)
    backend.start()
    try:
        with Api(backend.url, add_device(database)) as device:
            yield device
    finally:
        backend.stop()


@pytest.fixture
def api(database_url: str, there: HubSpot) -> Iterator[Api]:
    with kiosk(database_url, there) as device:
        yield device


def check(api: Api, path: str = CREDITS[0], student_id="QX4417", email="ana@example.org"):
    body = {"student_id": student_id, "email": email}
    if "exams" in path:
        body["mock_type"] = "Situational Judgment"
    return api.http.post(path, json=body)


def contacts(database: str) -> list[tuple]:
    return query(database, "SELECT hubspot_id, student_id, email, name FROM contacts")


@pytest.mark.parametrize(("path", "tokens"), [(CREDITS[0], 2), (CREDITS[1], 1)])
def test_b24_a_student_of_the_crm_is_taken_over_with_all_balances(
    api, there, database_url, path, tokens
) -> None:
    (number,) = there.store.records[CONTACTS]
    answer = check(api, path)
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["available_credits"] == tokens
    assert answer.json()["data"]["contact_id"] != number
    assert contacts(database_url) == [(number, "QX4417", "ana@example.org", "Ana Sol Reyes")]
    ledger = query(database_url, "SELECT credit_field, amount, kind FROM ledger ORDER BY 1")
    assert ledger == [("mock_discussion_token", 2, "opening"), ("sj_credits", 1, "opening")]
    ((synced,),) = query(database_url, "SELECT synced_at FROM crm_contacts")
    assert synced is not None
    assert there.calls == [f"/crm/v3/objects/{CONTACTS}/search"]


def test_b24_the_second_sign_in_makes_no_crm_call(api, there) -> None:
    visit = api.visit()
    assert visit.status_code == 201, visit.text
    assert visit.json()["balances"]["mock_discussion_token"] == 2
    assert len(there.calls) == 1
    assert api.visit().status_code == 201
    assert check(api).status_code == 200
    assert len(there.calls) == 1


def test_b24_a_student_of_ours_is_never_asked_for(api, there, database_url) -> None:
    add_student(database_url, discussion=1)
    assert check(api).json()["data"]["available_credits"] == 1
    assert check(api, email="other@example.org").json()["code"] == "EMAIL_MISMATCH"
    assert there.calls == []


@pytest.mark.parametrize(
    ("pair", "refusal"),
    [
        (("QX9", "ana@example.org"), (404, "STUDENT_NOT_FOUND")),
        (("QX4417", "other@example.org"), (400, "EMAIL_MISMATCH")),
        (("QX9", "other@example.org"), (404, "STUDENT_NOT_FOUND")),
    ],
)
def test_b25_half_a_match_is_refused_and_nothing_is_stored(
    api, there, database_url, pair, refusal
) -> None:
    answer = check(api, CREDITS[0], *pair)
    assert (answer.status_code, answer.json()["code"]) == refusal
    visit = api.visit(*pair)
    assert (visit.status_code, visit.json()["code"]) == (404, "NO_MATCH")
    assert contacts(database_url) == []
    assert query(database_url, "SELECT count(*) FROM ledger") == [(0,)]
    assert len(there.calls) == 2


def test_b25_both_halves_from_two_people_do_not_make_one(api, there, database_url) -> None:
    there.store.put(CONTACTS, **(PROPERTIES | {"student_id": "QX9", "email": "z@example.org"}))
    assert check(api, student_id="QX9", email="ana@example.org").json()["code"] == "EMAIL_MISMATCH"
    assert contacts(database_url) == []


def test_b25_e_mails_agree_whatever_their_case(api, database_url) -> None:
    assert check(api, email="Ana@Example.ORG").status_code == 200
    assert len(contacts(database_url)) == 1


def test_b25_an_id_that_cannot_be_one_is_not_asked_for(api, there) -> None:
    answer = check(api, student_id="QX 44'17")
    assert answer.json()["code"] == "STUDENT_NOT_FOUND"
    assert there.calls == []


def test_b26_ten_first_sign_ins_at_once_make_one_contact(api, database_url) -> None:
    with ThreadPoolExecutor(10) as people:
        answers = list(people.map(lambda _: check(api), range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"]["contact_id"] for answer in answers}) == 1
    assert len(contacts(database_url)) == 1
    assert query(database_url, "SELECT sum(amount) FROM ledger") == [(3,)]


def test_f14_the_fallback_can_be_switched_off(there, database_url) -> None:
    with kiosk(database_url, there, crm_fallback=False) as api:
        assert check(api).json()["code"] == "STUDENT_NOT_FOUND"
        assert api.visit().json()["code"] == "NO_MATCH"
    assert there.calls == []


@pytest.mark.parametrize("kind", ["503", "html", "403"])
def test_b27_a_new_student_while_the_crm_is_away_is_told_to_come_back(
    api, there, database_url, kind
) -> None:
    there.fail(kind, times=2)
    for answer in (check(api), api.visit()):
        assert (answer.status_code, answer.json()["code"]) == (503, "SERVICE_DEGRADED")
        assert int(answer.headers["Retry-After"]) > 0
    assert contacts(database_url) == []
    assert check(api).status_code == 200


def test_b27_nobody_waits_long_for_a_slow_crm(there, database_url) -> None:
    there.fail("slow")
    with kiosk(database_url, there, patience=0.2) as api:
        answer = check(api)
    assert (answer.status_code, answer.json()["code"]) == (503, "SERVICE_DEGRADED")


def test_a68_a_missing_token_property_answers_property_not_found(api, there) -> None:
    del there.store.definitions[CONTACTS]["mock_discussion_token"]
    answer = check(api)
    assert (answer.status_code, answer.json()["code"]) == (500, "PROPERTY_NOT_FOUND")


@contextmanager
def database_away(postgres, database: str) -> Iterator[None]:
    """Send everybody out of a database and let nobody in."""
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    ends = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    postgres._admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgres._admin(ends)
    try:
        yield
    finally:
        postgres._admin(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_b27_while_our_database_is_away_credits_come_from_the_crm(
    api, there, postgres, database_url
) -> None:
    (number,) = there.store.records[CONTACTS]
    session = add_session(database_url)
    assert check(api, student_id="QX9", email="x@example.org").status_code == 404
    with database_away(postgres, database_url):
        answer = check(api)
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]["available_credits"] == 2
        assert answer.json()["data"]["contact_id"] == number
        assert check(api, email="x@example.org").json()["code"] == "EMAIL_MISMATCH"
        there.fail("503")
        assert check(api).json()["code"] == "SERVICE_DEGRADED"
        # Bookings are never written there instead.
        there.calls.clear()
        refused = api.create(discussion_body(session, number))
        assert refused.json()["code"] == "SERVICE_DEGRADED"
        assert there.calls == []
    assert contacts(database_url) == []


def test_a5_booking_and_cancelling_ask_nothing_of_the_crm(api, there, database_url) -> None:
    query(database_url, "SELECT crm_switch(true)")
    session = add_session(database_url)
    contact = check(api).json()["data"]["contact_id"]
    there.calls.clear()
    there.quota = 0
    made = api.create(discussion_body(session, contact, name="Ana Sol Reyes"))
    assert made.status_code == 201, made.text
    visitor = api.as_visitor()
    assert visitor.cancel(made.json()["data"]["id"]).status_code == 200
    visitor.close()
    assert there.calls == []
    queued = query(database_url, "SELECT entity, count(*) FROM crm_queue GROUP BY 1 ORDER BY 1")
    assert queued == [("booking", 1), ("contact", 1), ("note", 1), ("session", 1)]
