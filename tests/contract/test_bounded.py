"""No handler is at work for ever (A4): it is ended with an answer, and what it asked with it."""

import asyncio
from contextlib import contextmanager

import psycopg
import pytest
from msgspec.structs import fields

from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.server.bounded import Bound
from kiosk_app.backend.server.parts import Parts
from kiosk_app.backend.server.serving import Serving
from kiosk_app.contract.problems import Code
from kiosk_app.gateway import http
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_session,
    add_student,
    discussion_body,
    make_parts,
    query,
)

SHORT_S = 0.3
WAITS_FOR_EVER = ("lock_timeout=0", "statement_timeout=0")
"""Nothing but the bound ends what waits for a lock."""


@pytest.fixture
def bounded(database_url, api):
    """A second process over the same database, whose handlers have little time."""
    backend = RunningBackend(database_url, longest_s=SHORT_S, settings=WAITS_FOR_EVER)
    backend.start()
    with Api(backend.url, api.token) as there:
        yield there
    backend.stop()


@contextmanager
def locked(url, table):
    """Keep everybody from a table; gives out who waits for it. At the end the lock is still held."""
    with psycopg.connect(url) as holder:
        holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")

        def standing(where):
            text = f"SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND {where}"
            return holder.execute(text, (table,)).fetchone()[0]

        yield lambda: standing("NOT granted")
        assert standing("granted AND pid = pg_backend_pid()") == 1
        holder.rollback()


def check_tokens(api):
    who = {"student_id": "QX4417", "email": "ana@example.org"}
    return api.http.post("/mock-discussions/validate-credits", json=who)


def test_a4_what_waits_is_ended_with_an_answer_and_waits_no_more(bounded, running_backend):
    add_student(running_backend.database, discussion=2)
    with locked(running_backend.database, "contacts") as waiting:
        answer = check_tokens(bounded)
        assert waiting() == 0, "what it asked of the database is taken back"
    assert answer.status_code == 503
    assert answer.json()["code"] == Code.SERVICE_DEGRADED
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["X-Request-Id"] in answer.json()["instance"]


def test_a4_a_booking_that_was_ended_is_made_once_when_it_is_asked_for_again(
    bounded, api, running_backend
):
    """Creates that met are one statement, which is nobody's to take back; the key finds its booking."""
    url = running_backend.database
    contact = add_student(url, discussion=2)
    body = discussion_body(add_session(url), contact)
    with locked(url, "contacts"):
        ended = [bounded.create(body, key="idem_disc_bounded") for _ in range(2)]
    assert [one.json()["code"] for one in ended] == [Code.SERVICE_DEGRADED] * 2
    assert api.create(body, key="idem_disc_bounded").status_code in {200, 201}
    assert query(url, "SELECT count(*) FROM bookings") == [(1,)]
    assert check_tokens(api).json()["data"]["available_credits"] == 1


def test_a4_more_ended_requests_than_connections_leave_all_of_them_usable(bounded, running_backend):
    with locked(running_backend.database, "mock_sessions"):
        for _ in range(12):
            assert bounded.discussions(realtime="true").status_code == 503
    text = bounded.http.get(f"{bounded.root}/metrics").text
    assert "kiosk_database_up 1.0" in text


async def test_a4_what_has_begun_to_answer_takes_as_long_as_it_takes(postgres):
    """A stream outlives a request that was begun after it and has run out of time."""
    bound = Bound(Serving(make_parts(postgres.emptied(), longest_s=0.01)))
    begun, enough, sent = asyncio.Event(), asyncio.Event(), []

    async def streams(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        begun.set()
        await enough.wait()
        await send({"type": "http.response.body", "body": b"the end"})

    async def hangs(_scope, _receive, _send):
        await asyncio.Event().wait()

    async def take(message):
        sent.append(message)

    stream = asyncio.create_task(bound.handle({}, None, take, streams))
    await begun.wait()
    with pytest.raises(Refusal) as refused:
        await bound.handle({}, None, take, hangs)
    assert refused.value.code is Code.SERVICE_DEGRADED
    assert not stream.done()
    enough.set()
    await stream
    assert sent[-1]["body"] == b"the end"


async def test_a4_another_clock_that_ran_out_is_not_taken_for_this_one(postgres):
    bound = Bound(Serving(make_parts(postgres.emptied())))

    async def fails(_scope, _receive, _send):
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await bound.handle({}, None, None, fails)


def test_a4_how_long_client_and_server_wait():
    assert (http.READ_SECONDS, http.WRITE_SECONDS) == (10.0, 30.0)
    (longest,) = (one.default for one in fields(Parts) if one.name == "longest_s")
    assert longest == 60.0
