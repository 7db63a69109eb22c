"""A booking and a cancel are whole or not at all, whichever of their steps fails (A32, B5, B7)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    discussion_body,
    query,
)

FAIL = """
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'this step fails'; END $$;
"""
WATCH = """
CREATE TABLE steps (n bigint GENERATED ALWAYS AS IDENTITY, relation text, op text);
CREATE FUNCTION step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO steps (relation, op) VALUES (TG_TABLE_NAME, TG_OP); RETURN NULL; END $$;
"""
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND relname NOT IN ('steps', 'alembic_version') ORDER BY 1
"""
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER broken AFTER INSERT OR UPDATE ON bookings
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()
"""
NEXT_TO_IT = "timeline_notes"
"""The one step that may fail without the booking (A33)."""


@pytest.fixture(scope="module")
def url(postgres) -> Iterator[str]:
    with postgres.database() as url:
        query(url, "SELECT crm_switch(true), webhook_switch(true)")
        query(url, FAIL)
        yield url


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    backend = RunningBackend(url)
    backend.start()
    with Api(backend.url, add_device(url)) as device:
        device.discussions()  # that this device was here is noted before anybody counts
        yield device
    backend.stop()


def everything(url: str) -> dict[str, str]:
    """Return all that is in the database, except when and how often somebody came by."""
    passing_by = {"devices"}
    texts = "SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {} t"
    tables = [name for (name,) in query(url, TABLES)]
    return {name: query(url, texts.format(name))[0][0] for name in tables if name not in passing_by}


@contextmanager
def watched(url: str) -> Iterator[list[tuple[str, str]]]:
    """Collect every kind of row that is written meanwhile, in the order of its first row."""
    query(url, WATCH)
    for (name,) in query(url, TABLES):
        query(
            url,
            f"CREATE TRIGGER zz_step AFTER INSERT OR UPDATE OR DELETE ON {name}"
            " FOR EACH ROW EXECUTE FUNCTION step()",
        )
    steps: list[tuple[str, str]] = []
    try:
        yield steps
        steps += query(url, "SELECT relation, op FROM steps GROUP BY 1, 2 ORDER BY min(n)")
    finally:
        query(url, "DROP FUNCTION step CASCADE; DROP TABLE steps")


@contextmanager
def broken(url: str, trigger: str, relation: str) -> Iterator[None]:
    """Let a step fail."""
    query(url, trigger)
    try:
        yield
    finally:
        query(url, f"DROP TRIGGER broken ON {relation}")


def failing(steps: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield a trigger for each step that fails before it is done, and one for the commit itself."""
    for relation, op in steps:
        yield (
            relation,
            f"CREATE TRIGGER broken BEFORE {op} ON {relation} FOR EACH ROW EXECUTE FUNCTION fail()",
        )
    yield "bookings", AT_COMMIT


def test_a32_whatever_step_of_a_create_fails_nothing_is_left_of_it(api, url):
    session = add_session(url, capacity=50)
    first = add_student(url, "S0", discussion=1)
    with watched(url) as steps:
        body = discussion_body(session, first, student_id="S0")
        assert api.create(body, "idem_disc_step_0").status_code == 201
    assert {
        ("bookings", "INSERT"),
        ("ledger", "INSERT"),
        ("mock_sessions", "UPDATE"),
        ("changes", "INSERT"),
        ("mail_outbox", "INSERT"),
        ("audit_log", "INSERT"),
        ("crm_queue", "INSERT"),
        (NEXT_TO_IT, "INSERT"),
    } <= set(steps)
    for n, (relation, trigger) in enumerate(failing(steps), start=1):
        contact = add_student(url, f"S{n}", discussion=1)
        body, key = discussion_body(session, contact, student_id=f"S{n}"), f"idem_disc_step_{n}"
        before = everything(url)
        with broken(url, trigger, relation):
            answer = api.create(body, key)
        if relation == NEXT_TO_IT:
            assert answer.status_code == 201, trigger
            assert answer.json()["data"]["associations"]["warnings"]
            continue
        assert answer.status_code == 500, trigger
        assert everything(url) == before, trigger
        again = api.create(body, key)
        assert again.status_code == 201, trigger
        assert again.json()["data"]["token_details"]["tokens_before"] == 1


def test_a32_whatever_step_of_a_cancel_fails_the_booking_stands(api, url):
    session = add_session(url, capacity=50)
    contact = add_student(url, "C0", discussion=2)
    body = discussion_body(session, contact, student_id="C0")
    made = api.create(body, "idem_disc_stop_0").json()["data"]
    with api.as_visitor("C0") as visitor:
        with watched(url) as steps:
            assert visitor.cancel(made["id"]).status_code == 200
        assert {("bookings", "UPDATE"), ("ledger", "INSERT"), ("mock_sessions", "UPDATE")} <= set(
            steps
        )
        made = api.create(body, "idem_disc_stop_1").json()["data"]
        for relation, trigger in failing(steps):
            before = everything(url)
            with broken(url, trigger, relation):
                assert visitor.cancel(made["id"]).status_code == 500, trigger
            assert everything(url) == before, trigger
        refund = visitor.cancel(made["id"]).json()["data"]["token_refunded"]
    assert refund["new_balance"] == 2
