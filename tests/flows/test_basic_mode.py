"""The kiosk against a server that speaks the documented API and nothing more (architecture §2.4).

Server and commands are processes of their own; the line between them is cut and mended.
"""

import json

import pytest

from kiosk_app.app.client import build_engine, open_reading
from kiosk_app.app.profile import Profile
from kiosk_app.domain.listing import Standing
from kiosk_app.sync import events, intents
from kiosk_app.sync.events import LinkState
from tests.helpers.basic_process import Basic
from tests.helpers.device import wish
from tests.helpers.lossy_line import LossyLine
from tests.helpers.samples import EMAIL, STUDENT
from tests.helpers.terminal import Terminal, start
from tests.helpers.watch import Watch

WHO = ("--student-id", STUDENT, "--email", EMAIL)
PATIENCE = 600


@pytest.fixture
def server():
    server = Basic()
    yield server
    server.close()


@pytest.fixture
def line(server):
    with LossyLine(server.port) as line:
        yield line


class Processes:
    """Every command a process of its own; words in, its document out."""

    def __init__(self, profile):
        self.profile = profile

    def json(self, *words, status=0):
        process = start(self.profile, *words, "--json")
        printed, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == status, errors
        return json.loads(printed)


@pytest.fixture
def kiosk(tmp_path, line, capsys):
    kiosk = Terminal(tmp_path / "profile", capsys)
    made = kiosk.json("enrol", line.url, "--allow-file-secrets")
    assert (made["state"], made["device_id"]) == ("enrolled", "")
    return kiosk


def book(kiosk, session, status=0):
    return kiosk.json("book", "--session", session, *WHO, "--name", "Ana Sol", status=status)


def test_it_lists_books_queues_replays_once_and_cancels(kiosk, line, server):
    kiosk = Processes(kiosk.profile)
    synced = kiosk.json("sync", "--once")
    assert (synced["synced"], synced["sessions"], synced["link"]) == (True, 3, "online")
    booked = book(kiosk, "s1")
    assert (booked["state"], booked["tokens_remaining"]) == ("confirmed", 1)
    assert booked["booking_code"].startswith("Mock Discussion-QX4417-")
    line.change(refused=True)
    saved = book(kiosk, "s2")
    assert saved["state"] == "queued"
    assert len(server.creates()) == 1
    line.change(cut_down=10)  # the server hears and books, and nobody hears it
    kiosk.json("sync", "--once", status=1)
    line.change()
    assert kiosk.json("sync", "--once")["confirmed"] == 1
    keys = {heard[2] for heard in server.creates()}
    bodies = {json.dumps(heard[3]) for heard in server.creates()}
    assert (len(keys), len(bodies)) == (2, 2), "one key and one body for each wish"
    assert server.bookings() == [("s1", "Active"), ("s2", "Active")]
    mine = kiosk.json("bookings", *WHO)["bookings"]
    assert [(b["standing"], b["can_cancel"]) for b in mine] == [("confirmed", True)] * 2
    assert kiosk.json("cancel", booked["booking_code"], *WHO)["state"] == "cancelled"
    assert server.bookings()[0] == ("s1", "Cancelled")
    standing = {b["id"]: b["standing"] for b in kiosk.json("bookings", *WHO)["bookings"]}
    assert standing[booked["booking_ref"]] == "cancelled"
    assert book(kiosk, "s3")["state"] == "confirmed"
    kiosk.json("sync", "--once")
    assert {s["id"]: s["left"] for s in kiosk.json("sessions")["sessions"]} == {
        "s1": 2,
        "s2": 0,
        "s3": 0,
    }


def test_who_has_no_token_or_is_nobody_is_told_so(kiosk):
    kiosk.json("sync", "--once")
    bo = ("--student-id", "QX9", "--email", "bo@example.org", "--name", "Bo Ek")
    answer = kiosk.json("book", "--session", "s1", *bo, status=1)
    assert answer["code"] in {"INSUFFICIENT_TOKENS", "CONTACT_NOT_FOUND"}
    answer = kiosk.json("book", "--session", "s1", *bo[:2], "--email", EMAIL, *bo[4:], status=1)
    assert answer["code"] == "EMAIL_MISMATCH"


def test_the_engine_goes_offline_and_comes_back(kiosk, line, server):
    watch = Watch()
    engine = build_engine(Profile(kiosk.profile), watch.publish)
    engine.start()
    watch.wait(events.LinkChanged, lambda e: e.state is LinkState.ONLINE and e.synced_at)
    engine.send(intents.Identify(STUDENT, EMAIL))
    assert watch.wait(events.VisitBegan).balances.mock_discussion_token == 2
    line.change(refused=True)
    line.drop_all()
    for _ in range(3):
        engine.send(intents.SyncNow())
    watch.wait(events.LinkChanged, lambda e: e.state is LinkState.OFFLINE, since=5)
    engine.send(wish("s1"))
    assert watch.wait(events.RequestSettled).state == "queued"
    since = len(watch.events)
    line.change()
    engine.send(intents.SyncNow())
    settled = watch.wait(events.RequestSettled, lambda e: e.state == "confirmed", since)
    reading = open_reading(Profile(kiosk.profile))
    row = reading.session("s1", STUDENT)
    assert (row.standing, row.left) == (Standing.CONFIRMED, 1)
    reading.close()
    engine.send(intents.Cancel(settled.booking_ref))
    assert watch.wait(events.CancelSettled).state == "cancelled"
    assert server.bookings() == [("s1", "Cancelled")]
    assert [e.fault for e in watch.events if isinstance(e, events.FaultRaised)] == []
    assert engine.stop()
