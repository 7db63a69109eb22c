"""Server-sent events on the wire: what they say, to whom, and from where they go on (K20, A69)."""

import threading

import httpx
import psycopg
import pytest

from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    discussion_body,
    make_parts,
    query,
)
from tests.helpers.streams import SseEvent, SseStream, settle

TITLE = "UPDATE mock_sessions SET title = %s WHERE id = %s"
LOOK = {"about": "look"}
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def booking(api, url):
    """What a booking of Ana's needs."""
    contact, session = add_student(url, discussion=3), add_session(url, capacity=2)
    return session, discussion_body(session, contact)


def test_a69_a_booking_tells_the_seats(api, url, booking):
    session, body = booking
    with SseStream(api, "/events/capacity") as stream:
        settle(url, stream)
        made = api.create(body).json()["data"]
        told = stream.next()
        assert (told.name, told.data.pop("at")[-1]) == ("capacity", "Z")
        assert told.data == {
            "mock_exam_id": session,
            "total_bookings": 1,
            "available_slots": 1,
            "status": "available",
        }
        with api.as_visitor() as visitor:
            visitor.cancel(made["id"])
        assert stream.next().data["available_slots"] == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE mock_sessions SET total_bookings = 2 WHERE id = %s", ("full", 0)),
        ("UPDATE mock_sessions SET leased_seats = 1 WHERE id = %s", ("available", 1)),
        ("UPDATE mock_sessions SET is_active = false WHERE id = %s", ("closed", 0)),
        ("DELETE FROM mock_sessions WHERE id = %s", ("closed", 0)),
    ],
)
def test_what_else_becomes_of_a_session(api, url, booking, change, told):
    """Changed by somebody who does not ring: found by polling."""
    with SseStream(api, "/events/capacity") as stream:
        settle(url, stream)
        query(url, change, booking[0])
        seats = stream.next().data
        assert (seats["status"], seats["available_slots"]) == told


def test_events_name_ids_and_everybody_hears_their_own(api, url, booking):
    session, body = booking
    desk = Api(api.root, add_device(url, "Desk", "desk"))
    visitor = api.as_visitor()
    add_student(url, "B2", email="bo@example.org", name="Bo")
    other = api.as_visitor("B2", "bo@example.org")
    everybody = (api, desk, visitor, other)
    streams = [SseStream(one) for one in everybody]
    settle(url, *streams)
    made = api.create(body).json()["data"]["id"]
    touched = {"sessions": [session]}
    for stream in streams:
        assert stream.next() == SseEvent("capacity", stream.id, touched)
    for stream in streams[1:3]:
        assert stream.next() == SseEvent("booking", stream.id, {"bookings": [made]})
    query(url, TITLE, "later", session)
    for stream in streams:
        assert stream.next().data == touched, "nobody else hears of the booking"
    for stream in streams:
        stream.close()
    for one in everybody[1:]:
        one.close()


@pytest.mark.parametrize("path", ["/events", "/events/capacity"])
def test_headers_and_the_schema(api, path):
    with SseStream(api, path) as stream:
        told = stream.answer.headers
        assert told["content-type"] == "text/event-stream; charset=utf-8"
        assert told["cache-control"] == "no-store"
        assert told["x-accel-buffering"] == "no"
        assert "content-encoding" not in told, "packing would hold events back"
    schema = httpx.get(f"{api.root}/schema/openapi.json").json()
    answers = schema["paths"][f"/api/v1{path}"]["get"]["responses"]
    assert set(answers["200"]["content"]) == {"text/event-stream"}
    assert "RATE_LIMITED" in answers["429"]["description"]


def test_what_came_after_the_last_event_comes_again(api, url):
    one, two = add_session(url), add_session(url)
    with SseStream(api) as stream:
        settle(url, stream)
        begin = stream.id
        query(url, TITLE, "a", one)
        first = stream.next()
    query(url, TITLE, "b", two)
    with SseStream(api, last=first.id) as stream:
        assert stream.id == first.id
    with SseStream(api, last=first.id) as stream:
        assert stream.next().data == {"sessions": [two]}
        here = stream.id
    with SseStream(api, last=begin) as stream:
        assert [stream.next().data["sessions"] for _ in range(2)] == [[one], [two]]
    with SseStream(api, last=here) as stream:
        query(url, TITLE, "c", one)
        assert stream.next().data == {"sessions": [one]}


@pytest.mark.parametrize("last", ["nonsense", "MDAwMDAwMDAwMDAwLjEuMQ"])
def test_a_cursor_that_leads_nowhere_is_told_to_look(api, url, last):
    with SseStream(api, last=last) as stream:
        assert stream.next() == SseEvent("notice", stream.id, LOOK)
        session = add_session(url)
        assert stream.next().data == {"sessions": [session]}


def test_a_cursor_from_before_the_server_started_is_told_to_look(url, api):
    with SseStream(api) as stream:
        query(url, "INSERT INTO server_secrets (name, value) VALUES ('a later transaction', '')")
        early = stream.id
    query(url, TITLE, "x", add_session(url))
    later = RunningBackend(url)
    later.start()
    with Api(later.url, api.token) as device, SseStream(device, last=early) as stream:
        assert stream.next().data == LOOK
    later.stop()


def test_a_slow_older_transaction_is_told_too(api, url):
    """One writes first and commits last: the later one is held back, then both are told."""
    slow, fast = add_session(url), add_session(url)
    with SseStream(api) as stream:
        settle(url, stream)
        with psycopg.connect(url) as older, psycopg.connect(url) as later:
            older.execute(TITLE, ("slow", slow))
            later.execute(TITLE, ("fast", fast))
            later.commit()
            older.commit()
        seen = set()
        while seen != {slow, fast}:
            seen |= set(stream.next().data["sessions"])


def test_a_server_that_stops_ends_its_streams(url):
    """It would wait for them for ever."""
    backend = RunningBackend(url)
    backend.start()
    devices = [Api(backend.url, add_device(url)) for _ in range(30)]
    streams = [SseStream(device) for device in devices]
    backend.stop()
    assert all(stream.ended() for stream in streams)
    for device in devices:
        device.close()


def test_a_stream_that_is_asked_for_while_the_server_stops_ends_too(url, caplog):
    """It is still on its way to its handler when the others are ended."""
    backend = RunningBackend(url)
    backend.start()
    told = []
    with Api(backend.url, add_device(url)) as device, psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE devices")
        asking = threading.Thread(target=lambda: told.append(device.http.get("/events").content))
        asking.start()
        while query(url, WAITS) == [(0,)]:
            assert asking.is_alive(), "it was answered without a look at the device"
        stopping = threading.Thread(target=backend.stop)
        stopping.start()
        backend.stopped_listening()
        holder.rollback()
        asking.join()
        stopping.join()
    assert told == [b""]
    assert "graceful shutdown exceeded" not in caplog.text


def test_a_revoked_device_is_cut_off_and_others_are_not(url):
    backend = RunningBackend(url, beat_s=0.05)
    backend.start()
    out, stays = (Api(backend.url, add_device(url)) for _ in range(2))
    with SseStream(out) as ending, SseStream(stays) as going:
        query(
            url,
            "UPDATE devices SET revoked_at = now() WHERE token_hash = sha256(%s)",
            out.token.encode(),
        )
        assert ending.ended()
        session = add_session(url)
        assert going.next().data == {"sessions": [session]}
        assert going.beats > 0
    out.close()
    stays.close()
    backend.stop()


def test_a_device_has_eight_streams_and_the_oldest_makes_room(api, url):
    streams = [SseStream(api) for _ in range(9)]
    query(url, TITLE, "x", add_session(url))
    assert streams[0].ended()
    assert all(stream.next().name == "capacity" for stream in streams[1:])
    for stream in streams:
        stream.close()


def test_the_kernel_is_told_to_end_what_is_half_open(database_url):
    """A socket whose other end is gone without a word: nothing but this would ever notice."""
    import socket  # noqa: PLC0415

    from kiosk_app.backend.server import doorway  # noqa: PLC0415

    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        pytest.skip("this system cannot count it")
    with socket.create_server(("127.0.0.1", 0)) as door:
        near = socket.create_connection(door.getsockname())
        far, _ = door.accept()

        class Wire:
            def get_extra_info(self, _name):
                return far

        doorway._end_when_silent(Wire())
        told = far.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        assert 0 < told <= 45_000
        near.close()
        far.close()
    assert make_parts(database_url)
