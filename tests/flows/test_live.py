"""What one client books is on the other's screen without waiting for a poll (A69, E49)."""

import pytest

from kiosk_app.app.client import build_engine, open_reading
from kiosk_app.app.enrolment import enrol
from kiosk_app.app.profile import Profile
from kiosk_app.sync import events, loops
from kiosk_app.sync.link import LinkState
from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    enrol_code,
)
from tests.helpers.backend_process import ProcessBackend
from tests.helpers.streams import SseStream, settle
from tests.helpers.terminal import Terminal
from tests.helpers.watch import Watch

WHO = ("--student-id", "QX4417", "--email", "ana@example.org", "--name", "Ana Sol")


@pytest.fixture
def mirror(tmp_path, running_backend, monkeypatch):
    """A kiosk at work that polls once an hour; what it reads, and what it publishes."""
    monkeypatch.setattr(loops, "FEED_SECONDS", 3600.0)
    url = running_backend.database
    enrol(tmp_path / "one", running_backend.url, enrol_code(url), allow_file_secrets=True)
    profile, watch = Profile(tmp_path / "one"), Watch()
    engine = build_engine(profile, watch.publish)
    engine.start()
    watch.wait(events.LinkChanged, lambda e: e.state is LinkState.ONLINE and e.synced_at)
    reading = open_reading(profile)
    yield reading, watch
    reading.close()
    assert engine.stop()


def test_a_booking_at_one_kiosk_shows_at_the_other(tmp_path, capsys, mirror, running_backend):
    reading, watch = mirror
    url = running_backend.database
    session = add_session(url, capacity=3)
    add_student(url, discussion=1)
    other = Terminal(tmp_path / "two", capsys)
    other.enrol(running_backend.url, enrol_code(url))
    other.json("sync", "--once")
    assert other.json("book", "--session", session, *WHO)["state"] == "confirmed"

    def shows(_event):
        reading.refresh()
        row = reading.session(session)
        return row is not None and row.left == 2

    watch.wait(events.SessionsChanged, shows)


def test_a_booking_through_one_process_reaches_a_stream_of_another(backend_process, tmp_path):
    """The bell rings in every process."""
    url = backend_process.database
    contact, session = add_student(url, discussion=1), add_session(url, capacity=3)
    token = add_device(url)
    second = ProcessBackend(url, tmp_path / "second.log")
    second.start()
    with (
        Api(second.url, token) as listens,
        Api(backend_process.url, token) as books,
        SseStream(listens, "/events/capacity") as stream,
    ):
        settle(url, stream)
        assert books.create(discussion_body(session, contact)).status_code == 201
        told = stream.next().data
        assert (told["mock_exam_id"], told["available_slots"]) == (session, 2)
        assert second.stop() == 0, "an open stream does not hold it up"
        assert stream.ended()
