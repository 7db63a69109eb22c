"""K29: every write leaves one row that says who did what to whom, or neither is there."""

import psycopg
import pytest

from tests.contract.test_rights import RIGHTS
from tests.helpers.audited_town import Town
from tests.helpers.backend import (
    PASSWORD,
    query,
)

NO_ROW = {
    ("POST", "/mock-discussions/validate-credits"): "reads",
    ("POST", "/mock-exams/validate-credits"): "reads",
    ("POST", "/visits"): "a kiosk's everyday; its wrong tries are counted elsewhere",
    ("PUT", "/visits/filters"): "how a student looks at lists changes nothing for anybody",
    ("POST", "/outbox/rejections"): "writes a mail, which is kept itself",
    ("POST", "/leases/sync"): "every few seconds; a copied device that it finds has its row",
    ("POST", "/staff/refresh"): "the same sign-in; a token that is used twice has its row",
    ("POST", "/admin/cron/{job}"): "runs what runs anyway",
}


@pytest.fixture
def town(running_backend):
    one = Town(running_backend)
    yield one
    one.close()


def log(url):
    return query(
        url,
        "SELECT action, actor_kind, actor_id IS NOT NULL, subject_id::text, request_id IS NOT NULL,"
        " device_id IS NOT NULL FROM audit_log ORDER BY id",
    )


def test_every_write_route_leaves_exactly_one_row(town):
    seen = set()
    for route, call, action, kind, concerns in town.cases():
        before = len(log(town.url))
        answer = call()
        assert answer.status_code < 300, (route, answer.text)
        subject = town.contact if concerns else None
        assert log(town.url)[before:] == [(action, kind, True, subject, True, True)], route
        seen.add(route)
    writes = {route for route in RIGHTS if route[0] != "GET"}
    assert seen == writes - set(NO_ROW)


def test_what_is_repeated_is_logged_once(town):
    body = town.booking()
    made = town.visitor.create(body, key="idem_disc_again")
    assert town.visitor.create(body, key="idem_disc_again").json()["data"]["idempotent_request"]
    ref = made.json()["data"]["id"]
    for _ in range(2):
        assert town.visitor.cancel(ref).status_code == 200
    for _ in range(2):
        assert town.admin.http.post(f"/admin/devices/{town.device}/revoke").status_code == 200
    actions = [row[0] for row in log(town.url)]
    assert actions.count("booking.created") == actions.count("booking.cancelled") == 1
    assert actions.count("device.revoked") == 1


def test_without_the_row_nothing_is_done(town):
    """The log refuses every row: each write fails whole."""
    cases = list(town.cases())
    query(
        town.url,
        "CREATE FUNCTION no_log() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the log is full'; END $$",
    )
    query(
        town.url,
        "CREATE TRIGGER no_log BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION no_log()",
    )
    try:
        rows, books = log(town.url), town.books()
        for route, call, *_ in cases:
            answer = call()
            assert answer.status_code == 500, (route, answer.text)
            assert answer.json()["code"] == "INTERNAL_ERROR"
            assert log(town.url) == rows
            assert town.books() == books, route
    finally:
        query(town.url, "DROP TRIGGER no_log ON audit_log")
        query(town.url, "DROP FUNCTION no_log()")
    for route, call, *_ in cases:
        assert call().status_code < 300, route


def test_the_log_is_added_to_and_never_changed(town):
    town.booked()
    for statement in ("UPDATE audit_log SET reason = 'x'", "DELETE FROM audit_log"):
        with pytest.raises(psycopg.errors.IntegrityError, match="never changed"):
            query(town.url, statement)


def test_an_actor_lasts_as_long_as_its_transaction(town):
    refs = [town.booked() for _ in range(3)]
    with psycopg.connect(town.url, autocommit=True) as connection:
        actor = '{"kind": "user", "id": "7", "device": null, "request": "r1"}'
        connection.execute("SELECT act_as(%s::jsonb, NULL)", [actor])
        complete = "UPDATE bookings SET is_active = 'Completed' WHERE id = %s"
        connection.execute(complete, [refs[0]])
        with connection.transaction():
            connection.execute("SELECT act_as(%s::jsonb, NULL)", [actor])
            connection.execute(complete, [refs[1]])
        connection.execute(complete, [refs[2]])
    rows = query(
        town.url,
        "SELECT actor_kind, actor_id FROM audit_log WHERE action = 'booking.completed' ORDER BY id",
    )
    assert rows == [("system", None), ("user", "7"), ("system", None)]


def test_nothing_personal_is_in_it(town):
    for _, call, *_ in town.cases():
        call()
    town.admin.http.get("/desk/students", params={"q": "ana@example.org"})
    text = repr(query(town.url, "SELECT * FROM audit_log"))
    for personal in ("QX4417", "Ana", "ana@", "sam@", PASSWORD):
        assert personal not in text
