"""What can happen to the stream of events (F17, F23 to F26): the mirror comes right all the same."""

import asyncio
import threading

import pytest

from kiosk_app.app.client import build_engine, open_reading
from kiosk_app.app.enrolment import enrol
from kiosk_app.app.profile import Profile
from kiosk_app.gateway.outcomes import Later, Refused, SignInAgain
from kiosk_app.sync import events, following, loops
from kiosk_app.sync.following import Following
from kiosk_app.sync.link import LinkState
from tests.helpers import wire_faults as wire
from tests.helpers.device import TestClock, at_bench
from tests.helpers.peer import Peer
from tests.helpers.samples import session_facts
from tests.helpers.watch import Watch

STREAM = "/api/v1/events"
HINT = b"id: %d\nevent: capacity\ndata: {}\n\n"


class Stream:
    """One answer to `GET /events`, which the test speaks through."""

    def __init__(self):
        self.opened, self._over = threading.Event(), threading.Event()
        self._handler = None

    def act(self, handler, _status, _data):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        self._handler = handler
        self.say(b"retry: 5000\nid: 0\n\n")
        self.opened.set()
        self._over.wait()

    def say(self, data):
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def end(self):
        self._over.set()


@pytest.fixture
def peer():
    peer = Peer(features=["changes", "visits", "events"]).start()
    peer.add_session(session_facts("s1"))
    yield peer
    peer.stop()


@pytest.fixture
def speaks(peer):
    """Hand out the next answers to `GET /events`, in order; each ends with the test."""
    streams = []

    def more(count):
        made = [Stream() for _ in range(count)]
        for stream in made:
            peer.fail(STREAM, stream.act, before=True)
        streams.extend(made)
        return made

    yield more
    for stream in streams:
        stream.end()


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def reading(tmp_path, peer, speaks, watch, monkeypatch):
    """An engine that polls once an hour and reconnects at once."""
    monkeypatch.setattr(loops, "FEED_SECONDS", 3600.0)
    monkeypatch.setattr(following, "HINT_GAP_SECONDS", 0.0)
    monkeypatch.setattr(following, "delay", lambda *_: 0.01)
    enrol(tmp_path / "profile", peer.url, "CODE-1234", allow_file_secrets=True)
    profile = Profile(tmp_path / "profile")
    engine = build_engine(profile, watch.publish)
    reading = open_reading(profile)
    reading.engine = engine
    yield reading
    reading.close()
    assert engine.stop()


def start(reading, watch):
    reading.engine.start()
    watch.wait(events.LinkChanged, lambda e: e.state is LinkState.ONLINE and e.synced_at)


def has(reading, session_id):
    reading.refresh()
    return reading.session(session_id) is not None


def changed(watch, reading, session_id):
    watch.wait(events.SessionsChanged, lambda _: has(reading, session_id))


def test_f26_lost_doubled_and_out_of_order(peer, speaks, watch, reading):
    """Nothing that a stream says is believed; it is only a reason to ask."""
    (stream,) = speaks(1)
    start(reading, watch)
    stream.opened.wait()
    peer.add_session(session_facts("s2"))
    stream.say(HINT % 9 + HINT % 9 + HINT % 3 + b"event: unheard-of\ndata: not json\n\n")
    changed(watch, reading, "s2")
    peer.add_session(session_facts("s3"))  # its event is lost; that of s4 brings both
    peer.add_session(session_facts("s4"))
    stream.say(HINT % 1)
    changed(watch, reading, "s4")
    assert has(reading, "s3")


def test_f25_a_stream_without_a_word_is_dead_and_another_is_opened(
    peer, speaks, watch, reading, monkeypatch
):
    monkeypatch.setattr(following, "SILENCE_SECONDS", 0.05)
    first, second = speaks(2)
    start(reading, watch)
    first.opened.wait()
    second.opened.wait()
    headers = [seen.headers for seen in peer.calls(STREAM)][:2]
    assert "last-event-id" not in headers[0]
    assert headers[1]["last-event-id"] == "0", "it goes on where it was"


@pytest.mark.parametrize("act", [wire.lose_answer, wire.html, wire.saying(404, "NOT_FOUND")])
def test_without_a_stream_it_polls(peer, watch, reading, act, monkeypatch):
    monkeypatch.setattr(loops, "FEED_SECONDS", 0.05)
    peer.fail(STREAM, act, before=True, times=10_000)
    start(reading, watch)
    peer.wait_for(STREAM)
    peer.add_session(session_facts("s2"))
    changed(watch, reading, "s2")


def test_a_server_without_events_is_not_asked_for_them(peer, watch, reading, monkeypatch):
    monkeypatch.setattr(loops, "FEED_SECONDS", 0.05)
    peer.features = ["changes", "visits"]
    start(reading, watch)
    peer.wait_for("/changes", 5)
    assert peer.calls(STREAM) == []


class Waiting(TestClock):
    """Says when it was asked often enough."""

    def __init__(self, often):
        super().__init__()
        self._often, self.enough = often, asyncio.Event()

    async def sleep(self, seconds):
        await super().sleep(seconds)
        if len(self.slept) >= self._often:
            self.enough.set()


async def test_f24_f17_a_flapping_link_makes_no_storm(tmp_path, peer):
    """Streams that end at once: the waits grow, and are drawn apart."""
    clock = Waiting(12)
    peer.fail(STREAM, wire.lose_answer, before=True, times=100)
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        task = asyncio.create_task(Following(device.station, lambda: None).run())
        await clock.enough.wait()
        task.cancel()
        assert [round(wait) for wait in clock.slept[:6]] == [4, 8, 16, 32, 60, 60]
        assert set(map(round, clock.slept[6:12])) == {60}, "once a minute at most"


@pytest.mark.parametrize(
    ("end", "at_least"),
    [
        (SignInAgain("UNAUTHORIZED"), 30.0),
        (Refused("NOT_FOUND", "", 404), 30.0),
        (Later(120.0, "RATE_LIMITED"), 120.0),
    ],
)
async def test_what_the_server_says_of_waiting_is_heeded(tmp_path, peer, clock, end, at_least):
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        device.station.draw = lambda: 0.0
        assert Following(device.station, lambda: None)._pause(end) >= at_least
