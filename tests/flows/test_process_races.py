"""Many at once over real HTTP against several backend processes on one database (A4, A31, B21)."""

import asyncio
import signal

import httpx
import psycopg
import pytest

from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    far_day,
    query,
)
from tests.helpers.backend_process import ProcessBackend

CREATE = "/api/v1/mock-discussions/create-booking"
BUSY = "LOCK_FAILED"
_WRITES = 50
"""Bookings that one device of these tests makes; the product allows 60 a minute."""


@pytest.fixture(scope="module")
def processes(postgres, tmp_path_factory):
    folder, url = tmp_path_factory.mktemp("processes"), postgres.emptied()
    started = [ProcessBackend(url, folder / f"{n}.log") for n in range(2)]
    for one in started:
        one.start()
    yield started
    for one in started:
        one.stop()


@pytest.fixture
def url(database_url, processes):
    return database_url


def at_once(url, processes, bodies, keys=None):
    """Send every booking at once, in turn to each process; a busy one is sent again, as told."""
    devices = [add_device(url) for _ in range(-(-len(bodies) // _WRITES) * 4)]

    async def one(http, n):
        while True:
            answer = await http.post(
                processes[n % len(processes)].url + CREATE,
                json=bodies[n],
                headers={
                    "Authorization": f"Bearer {devices[n % len(devices)]}",
                    "X-Idempotency-Key": keys[n] if keys else f"idem_disc_{n:06}",
                },
            )
            if answer.status_code != 503:
                return answer
            assert answer.json()["code"] == BUSY, answer.text
            assert answer.headers["retry-after"] == "1"

    async def run():
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(verify=False, timeout=60, limits=limits) as http:
            return await asyncio.gather(*(one(http, n) for n in range(len(bodies))))

    return asyncio.run(run())


def add_students(url, count):
    """Add students S0, S1 … with one token each; return their ids."""
    rows = query(
        url,
        "WITH people AS (INSERT INTO contacts (student_id, email, name)"
        " SELECT 'S' || n, 'ana@example.org', 'Ana Sol' FROM generate_series(0, %s - 1) n"
        " RETURNING id, student_id), tokens AS ("
        " INSERT INTO ledger (contact_id, credit_field, amount, kind)"
        " SELECT id, 'mock_discussion_token', 1, 'opening' FROM people)"
        " SELECT id::text FROM people ORDER BY substr(student_id, 2)::integer",
        count,
    )
    return [one for (one,) in rows]


def codes(answers):
    return sorted(one.json().get("code", "booked") for one in answers)


def booked(url):
    """Return the bookings, after a look at seats and debits, which must be as many."""
    (counts,) = query(
        url,
        "SELECT (SELECT count(*) FROM bookings WHERE is_active = 'Active'),"
        " (SELECT sum(total_bookings) FROM mock_sessions),"
        " (SELECT coalesce(-sum(amount), 0) FROM ledger WHERE kind = 'booking'),"
        " (SELECT count(*) FROM changes WHERE entity = 'booking')",
    )
    assert len(set(map(int, counts))) == 1, counts
    return counts[0]


def test_a31_two_hundred_students_and_ten_seats(url, processes):
    session = add_session(url, capacity=10)
    people = add_students(url, 200)
    bodies = [discussion_body(session, one, student_id=f"S{n}") for n, one in enumerate(people)]
    answers = at_once(url, processes, bodies)
    assert codes(answers) == ["DISCUSSION_FULL"] * 190 + ["booked"] * 10
    assert booked(url) == 10


def test_one_student_in_two_sessions_of_a_day(url, processes):
    contact = add_student(url, discussion=5)
    bodies = [discussion_body(add_session(url), contact) for _ in range(2)]
    assert codes(at_once(url, processes, bodies)) == ["DUPLICATE_BOOKING", "booked"]
    assert booked(url) == 1


def test_one_key_at_both_processes_is_one_booking(url, processes):
    contact, session = add_student(url, discussion=5), add_session(url)
    bodies = [discussion_body(session, contact)] * 12
    answers = at_once(url, processes, bodies, keys=["idem_disc_the_same"] * 12)
    assert sorted(one.status_code for one in answers) == [200] * 11 + [201]
    assert len({one.json()["data"]["id"] for one in answers}) == 1
    assert booked(url) == 1


def test_b21_crossed_sessions_book_all(url, processes):
    """A wants one and two, B two and one, at different processes, many times."""
    days = [far_day(30 + n) for n in range(10)]
    rooms = [[add_session(url, day=day, capacity=2) for _ in range(2)] for day in days]
    people = [add_student(url, f"S{n}", discussion=40) for n in range(2)]
    bodies = [
        discussion_body(rooms[n][(n + who) % 2], people[who], day=day, student_id=f"S{who}")
        for n, day in enumerate(days)
        for who in range(2)
    ]
    assert {one.status_code for one in at_once(url, processes, bodies)} == {201}
    assert booked(url) == 20


def test_a_locked_session_says_so_and_the_next_one_does_not_wait_for_it(url, processes):
    """A30: about a second, then 503; others go on meanwhile."""
    students = [add_student(url, f"S{n}", discussion=1) for n in range(2)]
    stuck, free = add_session(url), add_session(url)
    token = add_device(url)
    with psycopg.connect(url) as holder:
        holder.execute("SELECT 1 FROM mock_sessions WHERE id = %s FOR UPDATE", (stuck,))
        with Api(processes[0].url, token) as device:
            refused = device.create(discussion_body(stuck, students[0], student_id="S0"))
            assert (refused.status_code, refused.json()["code"]) == (503, BUSY)
            assert refused.headers["retry-after"] == "1"
            made = device.create(discussion_body(free, students[1], student_id="S1"))
            assert made.status_code == 201
    assert booked(url) == 1


def test_a_process_killed_inside_its_transaction_leaves_no_trace(url, processes, tmp_path):
    """Its booking is written and not committed: the debit waits for a lock of somebody else."""
    contact, session = add_student(url, discussion=1), add_session(url, capacity=1)
    token = add_device(url)
    body, key = discussion_body(session, contact), "idem_disc_killed"
    victim = ProcessBackend(url, tmp_path / "victim.log")
    victim.start()
    waiting = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'ledger'::regclass"
    with psycopg.connect(url, autocommit=True) as watcher, psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE ledger IN EXCLUSIVE MODE")

        async def send_and_kill():
            async with httpx.AsyncClient(base_url=victim.url, verify=False, timeout=60) as http:
                headers = {"Authorization": f"Bearer {token}", "X-Idempotency-Key": key}
                asking = asyncio.create_task(http.post(CREATE, json=body, headers=headers))
                while not (found := watcher.execute(waiting).fetchone()):
                    await asyncio.sleep(0)
                    assert not asking.done()
                victim._process.send_signal(signal.SIGKILL)
                with pytest.raises(httpx.TransportError):
                    await asking
                return found[0]

        backend = asyncio.run(send_and_kill())
        victim.kill()
        alive = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
        while watcher.execute(alive, (backend,)).fetchone():
            pass  # the database gives up its side when the lock is refused
    assert booked(url) == 0
    with Api(processes[1].url, token) as device:
        assert device.create(body, key=key).status_code == 201
    assert booked(url) == 1
