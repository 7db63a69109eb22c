"""Events of bookings reach a program of the operator's over real HTTP (C13, C43, CP27-CP29)."""

import asyncio
import hashlib
import hmac
import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from kiosk_app.app.backend_webhooks import BadWebhookSetting, read_webhook_endpoint
from kiosk_app.backend.core.attendance import complete
from kiosk_app.backend.jobs.webhooks import Webhooks
from kiosk_app.backend.outside.webhooks import Endpoint
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.webhooks import EVENTS
from tests.helpers.backend import add_session, add_student, discussion_body, far_day, query
from tests.helpers.clocks import Clock
from tests.helpers.receiver import SECRET, receiving


@pytest.fixture
def there():
    with receiving() as one:
        yield one


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def clock():
    """The jobs' clock, behind no event however slow the machine is."""
    one = Clock()
    one.forward(days=1)
    return one


def job(db, there, clock):
    endpoint = Endpoint(url=there.url, secret=SECRET.encode()) if there else None
    return Webhooks(db, endpoint, clock)


@asynccontextmanager
async def jobs(url, there, clock, count=1):
    """As many processes as one likes."""
    async with Database(url, size=2) as db:
        yield [job(db, there, clock) for _ in range(count)]


def run(url, there, clock, count=1):
    async def once():
        async with jobs(url, there, clock, count) as several:
            return await asyncio.gather(*(one.run(clock.now) for one in several))

    return asyncio.run(once())


def signed(raw):
    """Check a body as its receiver does, with nothing of ours."""
    body = json.loads(raw)
    told = body.pop("signature")
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    right = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(told, right)


def book(api, url, contact, **session):
    room = add_session(url, **session)
    answer = api.create(discussion_body(room, contact, session.get("day")))
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"], room


def test_cp28_each_thing_that_happens_is_told_once(api, url, there, clock):
    contact = add_student(url, discussion=3)
    run(url, there, clock)
    booked, room = book(api, url, contact)
    later, other = far_day(40), far_day(50)
    there_too = add_session(url, day=later)
    with api.as_visitor() as visitor:
        move = {"session_id": there_too}
        key = {"X-Idempotency-Key": "idem_move_hook"}
        path = f"/bookings/{booked}/reschedule"
        assert visitor.http.post(path, json=move, headers=key).status_code == 200
        assert visitor.http.post(path, json=move, headers=key).status_code == 200, "a repeat"
        query(
            url,
            "UPDATE mock_sessions SET starts_at = starts_at + interval '1 h' WHERE id = %s",
            there_too,
        )
        assert visitor.cancel(booked, reason="ill").status_code == 200
        assert visitor.cancel(booked).status_code == 200, "a repeat"
    second, _ = book(api, url, contact, day=other)

    async def is_over():
        async with Database(url, size=1) as db:
            await complete(db, clock.now + timedelta(days=60))

    asyncio.run(is_over())
    run(url, there, clock)
    told = [
        (one["event"].removeprefix("booking."), one["data"]["bookingId"]) for one in there.bodies
    ]
    assert told == [
        ("created", booked),
        *[("rescheduled", booked)] * 2,
        ("cancelled", booked),
        ("created", second),
        ("completed", second),
    ]
    moved, shifted, cancelled = (one["data"]["metadata"] for one in there.bodies[1:4])
    assert moved["previousSessionId"] == room
    assert shifted["previousDateTime"] == there.bodies[1]["data"]["dateTime"]
    assert cancelled == {"reason": "ill"}
    assert query(url, "SELECT DISTINCT state FROM webhook_outbox") == [("sent",)]


def test_cp27_who_knows_the_secret_can_tell_what_is_ours(api, url, there, clock):
    run(url, there, clock)
    book(api, url, add_student(url, discussion=1))
    run(url, there, clock)
    ((headers, raw),) = there.took
    assert signed(raw)
    assert not signed(raw.replace(b"booking.created", b"booking.Created"))
    body = json.loads(raw)
    assert headers["X-Webhook-Signature"] == body["signature"]
    assert headers["X-Webhook-Id"] == body["id"]
    assert headers["Content-Type"] == "application/json"
    for personal in (b"QX4417", b"ana@example.org", b"Ana Sol"):
        assert personal not in raw


def test_nothing_is_written_for_nobody(api, url, there, clock):
    contact = add_student(url, discussion=3)
    book(api, url, contact)
    assert query(url, "SELECT 1 FROM webhook_outbox") == []
    run(url, there, clock)
    full = add_session(url, day=far_day(40), capacity=0)
    assert api.create(discussion_body(full, contact, far_day(40))).status_code == 400
    book(api, url, contact, day=far_day(41))
    assert query(url, "SELECT event FROM webhook_outbox") == [("booking.created",)]
    run(url, None, clock)
    assert query(url, "SELECT 1 FROM webhook_outbox") == [], "nowhere to send it to any more"
    assert there.took == []


def test_cp29_three_more_tries_then_a_person_is_asked(api, url, there, clock):
    run(url, there, clock)
    book(api, url, add_student(url, discussion=1))
    there.answers.extend([500, 404, 302, 503])
    for wait in (1, 2, 4):
        (report,) = run(url, there, clock)
        assert report.problem
        before = len(there.refused)
        clock.forward(seconds=wait - 0.01)
        run(url, there, clock)
        assert len(there.refused) == before, "not before its time"
        clock.forward(seconds=0.01)
    assert run(url, there, clock)[0].problem == "receiver: HTTP 503"
    state = "SELECT state, attempts, last_error FROM webhook_outbox"
    assert query(url, state) == [("dead", 4, "HTTP 503")]
    clock.forward(days=1)
    run(url, there, clock)
    assert (len(there.refused), there.took) == (4, [])

    async def revived():
        async with jobs(url, there, clock) as (one,):
            assert (await one.revive(clock.now)).done == 1
            await one.run(clock.now)

    asyncio.run(revived())
    (again,) = there.bodies
    assert {json.loads(raw)["id"] for _, raw in there.refused} == {again["id"]}
    assert signed(there.took[0][1])


def test_what_waits_and_what_was_given_up_is_seen_by_who_watches(api, url, there, clock):
    run(url, there, clock)
    for n, contact in enumerate([add_student(url, discussion=3)] * 3):
        book(api, url, contact, day=far_day(30 + n))
    query(
        url,
        "UPDATE webhook_outbox SET state = 'dead' WHERE seq = (SELECT min(seq) FROM webhook_outbox)",
    )
    answer = api.http.get(f"{api.root}/ready").json()
    assert answer["status"] == "ok", "a receiver that is away keeps nobody from booking"
    backlog = answer["backlog"]
    assert (backlog["webhooks_waiting"], backlog["webhooks_dead"]) == (2, 1)
    assert (backlog["mail_waiting"], backlog["jobs_overdue"]) == (3, 0)
    told = api.http.get(f"{api.root}/metrics").text.splitlines()
    assert {"kiosk_webhooks_waiting 2.0", "kiosk_webhooks_dead 1.0"} <= set(told)


def test_an_event_that_waits_holds_back_its_booking_and_no_other(api, url, there, clock):
    contact = add_student(url, discussion=3)
    run(url, there, clock)
    booked, _ = book(api, url, contact)
    with api.as_visitor() as visitor:
        visitor.cancel(booked)
    other, _ = book(api, url, contact, day=far_day(40))
    there.answers.append(500)
    run(url, there, clock)
    assert [one["data"]["bookingId"] for one in there.bodies] == [other]
    clock.forward(seconds=1)
    run(url, there, clock)
    assert [one["event"] for one in there.bodies[1:]] == ["booking.created", "booking.cancelled"]


def test_many_processes_send_each_event_once(api, url, there, clock):
    contact = add_student(url, discussion=12)
    run(url, there, clock)
    for n in range(12):
        book(api, url, contact, day=far_day(30 + n))
    reports = run(url, there, clock, count=4)
    assert sum(one.done for one in reports) == 12
    assert len({one["id"] for one in there.bodies}) == len(there.took) == 12


def test_what_a_dead_process_held_goes_out_again_under_the_same_id(api, url, there, clock):
    run(url, there, clock)
    book(api, url, add_student(url, discussion=1))

    async def dies_after_the_answer():
        async with Database(url, size=1) as db:
            return await EVENTS.claim(db, clock.now)

    held = asyncio.run(dies_after_the_answer())
    run(url, there, clock)
    assert there.took == [], "somebody may still be sending it"
    query(url, "UPDATE webhook_outbox SET claimed_until = now() - interval '1 s'")
    run(url, there, clock)
    assert [one["id"] for one in there.bodies] == [str(held.id)]


def test_a_receiver_that_is_away_is_named_without_its_address(api, url, there, clock, caplog):
    run(url, there, clock)
    book(api, url, add_student(url, discussion=1))
    there.url = "http://127.0.0.1:9/secret-path"
    assert run(url, there, clock)[0].problem == "receiver: ConnectError"
    told = " ".join(str(vars(one)) for one in caplog.records if "kiosk_app" in one.name)
    assert "secret-path" not in told
    assert SECRET not in told


def test_the_command_sends_what_waited_while_nobody_ran(api, url, there, clock, tmp_path):
    run(url, there, clock)
    book(api, url, add_student(url, discussion=1))
    done = subprocess.run(
        [sys.executable, "-m", "kiosk_app.app.backend_cli", "jobs", "run", "webhooks", "--json"],
        env={
            **os.environ,
            "KIOSK_DATABASE_URL": url,
            "KIOSK_MAIL_DIR": str(tmp_path),
            "KIOSK_WEBHOOK_URL": there.url,
            "KIOSK_WEBHOOK_SECRET": SECRET,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["done"] == 1
    assert [one["event"] for one in there.bodies] == ["booking.created"]


def test_settings_that_would_not_be_safe():
    def read(address, secret=SECRET):
        return read_webhook_endpoint({"KIOSK_WEBHOOK_URL": address, "KIOSK_WEBHOOK_SECRET": secret})

    assert read("") is None
    assert read("https://campus.example/hook").url == "https://campus.example/hook"
    assert read("http://localhost:8000/hook").secret == SECRET.encode()
    for address in ("http://campus.example/hook", "ftp://campus.example", "nonsense"):
        with pytest.raises(BadWebhookSetting, match="KIOSK_WEBHOOK_URL"):
            read(address)
    for secret in ("", "short"):
        with pytest.raises(BadWebhookSetting, match="KIOSK_WEBHOOK_SECRET") as fault:
            read("https://campus.example/hook", secret)
        assert "short" not in str(fault.value)
