"""What can happen at the server's end, by the numbers of docs/faults.md, with the real backend."""

import signal
import threading
from datetime import UTC, datetime, timedelta
from time import monotonic

import httpx
import psycopg
import pytest

from kiosk_app.app.client import open_reading
from kiosk_app.app.profile import Profile
from kiosk_app.backend.core.books import check_books
from kiosk_app.cache.store import open_mirror
from tests.helpers import wire_faults as wire
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    discussion_body,
    query,
)
from tests.helpers.lossy_line import LossyLine
from tests.helpers.peer import Peer
from tests.helpers.samples import session_facts
from tests.helpers.terminal import Terminal, start

KEY = "idem_disc_of_one_act"
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def test_f13_a_request_delivered_twice_at_once_has_one_effect(running_backend):
    url = running_backend.database
    contact, session, token = add_student(url, discussion=2), add_session(url), add_device(url)
    with (
        LossyLine(int(running_backend.url.rsplit(":", 1)[1])) as line,
        Api(line.url, token) as device,
    ):
        line.change(doubled=True)
        for number in range(5):
            body = discussion_body(session, contact)
            answer = device.create(body, key=f"{KEY}_{number}")
            expected = {200, 201} if number == 0 else {400}  # the same day again
            assert answer.status_code in expected, answer.text
    assert query(url, "SELECT count(*) FROM bookings") == [(1,)]
    assert query(url, "SELECT sum(amount) FROM ledger") == [(1,)]


def test_f14_a_retry_after_months_gets_the_first_verdict(database_url):
    """Keys are columns of the booking, not entries of a cache."""
    moment = [datetime.now(UTC)]
    backend = RunningBackend(database_url, clock=lambda: moment[0])
    backend.start()
    contact, session = add_student(database_url, discussion=2), add_session(database_url)
    body = discussion_body(session, contact)
    with Api(backend.url, add_device(database_url)) as device:
        first = device.create(body, key=KEY)
        moment[0] += timedelta(days=90)
        again = device.create(body, key=KEY, replay=True)
    backend.stop()
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["data"]["id"] == first.json()["data"]["id"]
    assert query(database_url, "SELECT count(*) FROM bookings") == [(1,)]


def test_f11_a_first_try_that_arrives_after_its_cancel_books_nothing(api, running_backend):
    """It was held up on its way; its replay was booked meanwhile, and the student cancelled."""
    url = running_backend.database
    contact, session = add_student(url, discussion=2), add_session(url)
    body = discussion_body(session, contact, requested_at="2027-01-05T15:00:00.000Z")
    made = api.create(body, key=KEY, replay=True).json()["data"]
    with api.as_visitor() as visitor:
        assert visitor.cancel(made["id"]).status_code == 200
    late = api.create(body, key=KEY)
    assert (late.status_code, late.json()["code"]) == (409, "BOOKING_CANCELLED")
    assert query(url, "SELECT sum(amount) FROM ledger") == [(2,)]
    another = api.create(body | {"requested_at": "2027-01-05T15:07:00.000Z"}, key=KEY)
    assert another.status_code == 201, "a new act, as documented (A28)"


async def test_f16_a_server_killed_while_it_processes_leaves_all_or_nothing(backend_process, core):
    url = backend_process.database
    contact, session, token = add_student(url, discussion=1), add_session(url), add_device(url)
    body = discussion_body(session, contact)

    def ask():
        with Api(backend_process.url, token) as device, pytest.raises(httpx.TransportError):
            device.create(body, key=KEY)

    with psycopg.connect(url) as holder:
        holder.execute("SELECT 1 FROM mock_sessions WHERE id = %s FOR UPDATE", [session])
        asking = threading.Thread(target=ask)
        asking.start()
        deadline = monotonic() + 60
        while query(url, WAITS) == [(0,)]:
            assert monotonic() < deadline, "the create never reached the session"
        backend_process.kill()
        asking.join()
        holder.rollback()
    backend_process.start()
    with Api(backend_process.url, token) as device:
        again = device.create(body, key=KEY, replay=True)
    assert again.status_code in {200, 201}
    assert query(url, "SELECT count(*) FROM bookings") == [(1,)]
    assert [one for one in await check_books(core) if not one.ok] == []


def test_f31_killed_between_two_pages_the_old_view_stays_until_the_new_is_whole(tmp_path, capsys):
    peer = Peer().start()
    day = (datetime.now(UTC) + timedelta(days=30)).date()
    peer.add_session(session_facts("old", day=day))
    kiosk = Terminal(tmp_path / "profile", capsys)
    kiosk.enrol(peer.url, "CODE-1234")
    kiosk.json("sync", "--once")
    for number in range(2_500):
        peer.add_session(session_facts(f"t{number:04}", day=day))
    peer.drop_session("old")
    peer.epoch = "two"
    peer.fail("after=", wire.hang)
    process = start(kiosk.profile, "sync", "--once")
    peer.wait_for("after=")
    arrived = open_mirror(kiosk.profile, Profile(kiosk.profile).unlock().keys())
    deadline = monotonic() + 60
    while arrived._row("SELECT count(*) FROM arriving")[0] < 2_000:
        assert monotonic() < deadline, "the first page was not stored"
    arrived.close()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    reading = open_reading(Profile(kiosk.profile))
    assert (reading.session("old") is not None, reading.session("t0000")) == (True, None)
    reading.close()
    assert kiosk.json("sync", "--once")["sessions"] == 2_500
    peer.stop()
