"""What the disk can do to a kiosk (failure cases F4 to F9, F32, F33): a sentence, and nothing lost."""

import json
import signal

import pytest

from kiosk_app.cache import journal
from kiosk_app.cache.faults import CacheUnavailable, Reason
from kiosk_app.cache.files import QUEUE, Keys, connect
from kiosk_app.cache.request import State
from kiosk_app.cache.store import open_files
from kiosk_app.sync.events import NOT_SAVED, Fault, FaultRaised, RequestSaved
from tests.helpers import wire_faults as wire
from tests.helpers.device import at_bench
from tests.helpers.files import KEYS, opened
from tests.helpers.peer import Peer
from tests.helpers.samples import EMAIL, NOW, STUDENT, new_request, session_facts
from tests.helpers.terminal import Terminal, start

OTHER = Keys(queue=bytes(32), mirror=bytes(32))
CREATE = "create-booking"


@pytest.fixture
async def device(tmp_path, peer, clock):
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.sign_in()
        yield device


def fill_up(queue):
    """Leave the queue not one page more than it has, as a full disk does."""
    pages = queue._connection.execute("PRAGMA page_count").fetchone()[0]
    queue._connection.execute(f"PRAGMA max_page_count = {pages}")


async def test_a_full_disk_refuses_before_anything_is_said_and_heals(device, peer):
    queue = device.station.queue
    fill_up(queue)
    settled, saved = None, 0
    while settled is None or settled.code != NOT_SAVED:
        settled = await device.place("s1", topic_preference="long " * 40)
        saved += settled.code != NOT_SAVED
    assert [e.fault for e in device.told(FaultRaised)] == [Fault.STORAGE_FULL]
    assert len(device.told(RequestSaved)) == saved == len(queue.all())
    assert journal.first_broken(queue.journal()) is None
    queue._connection.execute("PRAGMA max_page_count = 1000000")
    assert (await device.place("s1")).number.startswith("Q-")


async def test_a_disk_that_fills_while_the_answer_comes_loses_no_booking(device, peer, clock):
    queue = device.station.queue
    confirm = queue.confirm

    def full(*_):
        raise CacheUnavailable(Reason.FULL, device.folder / QUEUE)

    queue.confirm = full
    settled = await device.place("s1")
    assert (settled.state, len(peer.live())) == ("queued", 1)
    assert [e.fault for e in device.told(FaultRaised)] == [Fault.STORAGE_FULL]
    queue.confirm = confirm
    await device.replay.drain()
    assert device.request(settled.request_id).state is State.CONFIRMED
    assert len(peer.live()) == 1


async def test_a_disk_that_became_read_only_saves_nothing_and_says_so(device, peer):
    device.station.queue._connection.execute("PRAGMA query_only = ON")
    settled = await device.place("s1")
    assert (settled.state, settled.code) == ("refused", NOT_SAVED)
    assert [e.fault for e in device.told(FaultRaised)] == [Fault.STORAGE_READ_ONLY]
    assert peer.calls(CREATE) == []


def test_a_corrupt_mirror_is_rebuilt_and_the_queue_untouched(tmp_path):
    files = opened(tmp_path)
    request = files.queue.save(new_request(), NOW)
    files.close()
    (tmp_path / "mirror.db").write_bytes(b"\0" * 50_000)
    files = opened(tmp_path)
    assert (files.put_aside, files.mirror.synced_at()) == (None, None)
    assert files.queue.get(request.id) == request
    files.close()


@pytest.mark.parametrize("harm", ["first page", "later page", "cut short", "another file"])
def test_a_damaged_queue_is_put_aside_and_a_new_one_made(tmp_path, harm):
    files = opened(tmp_path)
    for _ in range(30):
        files.queue.save(new_request(), NOW)
    files.close()
    path = tmp_path / QUEUE
    content = bytearray(path.read_bytes())
    if harm == "another file":
        content = bytearray(b"PK\x03\x04 something else " * 500)
    elif harm == "cut short":
        del content[len(content) // 2 :]
    else:
        place = 100 if harm == "first page" else 5 * 4096 + 100
        content[place : place + 64] = b"\xff" * 64
    path.write_bytes(content)
    files = opened(tmp_path)
    assert files.reason is Reason.DAMAGED
    assert files.put_aside.read_bytes() == bytes(content)
    assert files.queue.all() == []
    files.queue.save(new_request(), NOW)
    files.close()


def test_a_wrong_key_puts_the_queue_aside_and_the_right_one_still_opens_it(tmp_path):
    files = opened(tmp_path)
    request = files.queue.save(new_request(), NOW)
    files.close()
    files = opened(tmp_path, OTHER)
    assert files.reason is Reason.WRONG_KEY
    assert files.queue.all() == []
    files.close()
    rescued = connect(files.put_aside, KEYS.queue, durable=True)
    assert rescued.execute("SELECT id FROM requests").fetchall() == [(request.id,)]
    rescued.close()


def test_two_damaged_queues_in_one_second_both_stay(tmp_path):
    kept = set()
    for _ in range(2):
        opened(tmp_path).close()
        (tmp_path / QUEUE).write_bytes(b"broken" * 1000)
        files = opened(tmp_path)
        kept.add(files.put_aside)
        files.close()
    assert len(kept) == 2
    assert all(path.exists() for path in kept)


def test_a_queue_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path):
    opened(tmp_path).close()
    connection = connect(tmp_path / QUEUE, KEYS.queue, durable=True)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (tmp_path / QUEUE).read_bytes()
    with pytest.raises(CacheUnavailable) as caught:
        open_files(tmp_path, KEYS, NOW)
    assert caught.value.reason is Reason.TOO_NEW
    assert (tmp_path / QUEUE).read_bytes() == before


def test_a_file_that_another_program_holds_is_named_so(tmp_path, monkeypatch):
    monkeypatch.setattr("kiosk_app.cache.files.WAIT_WRITING", 0.05)
    files = opened(tmp_path)
    holder = connect(tmp_path / QUEUE, KEYS.queue, durable=True)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(CacheUnavailable) as caught:
        files.queue.save(new_request(), NOW)
    assert caught.value.reason is Reason.LOCKED
    holder.execute("ROLLBACK")
    holder.close()
    assert files.queue.save(new_request(), NOW)
    files.close()


def test_a_wrong_statement_is_a_bug_and_no_state_of_the_world(tmp_path):
    files = opened(tmp_path)
    with pytest.raises(Exception, match="no such table") as caught:
        files.mirror._row("SELECT * FROM nonsense")
    assert not isinstance(caught.value, CacheUnavailable)
    files.close()


class TestProcesses:
    @pytest.fixture
    def peer(self):
        peer = Peer().start()
        peer.add_student(mock_discussion_token=3)
        peer.add_session(session_facts("s1", day=session_day()))
        yield peer
        peer.stop()

    @pytest.fixture
    def kiosk(self, tmp_path, capsys, peer):
        kiosk = Terminal(tmp_path / "profile", capsys)
        kiosk.enrol(peer.url, "CODE-1234")
        kiosk.json("sync", "--once")
        return kiosk

    def test_killed_while_sending_it_is_sent_again_and_booked_once(self, kiosk, peer):
        """kill -9 after the server has done it and before its answer."""
        peer.fail(CREATE, wire.hang)
        who = ("--student-id", STUDENT, "--email", EMAIL, "--name", "Ana Sol")
        process = start(kiosk.profile, "book", "--session", "s1", *who)
        peer.wait_for(CREATE)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        waiting = kiosk.json("outbox", "list")["requests"]
        assert [(r["state"], r["attempts"]) for r in waiting] == [("sending", 1)]
        assert kiosk.json("sync", "--once")["confirmed"] == 1
        assert len(peer.live()) == 1
        assert peer.calls(CREATE)[1].headers["x-replay"] == "1"

    def test_a_folder_that_cannot_be_written_gives_a_sentence(self, peer, capsys, tmp_path):
        place = tmp_path / "taken"
        place.write_text("a file where the folder should be")
        answer = Terminal(place / "profile", capsys).json(
            "enrol", peer.url, "CODE-1234", "--allow-file-secrets", status=1
        )
        assert answer["code"] == "STORAGE_READ_ONLY"
        assert str(place) in answer["message"]
        assert "CODE-1234" in peer.codes

    def test_a_lost_secrets_file_keeps_the_queue(self, kiosk, peer):
        before = (kiosk.profile / QUEUE).read_bytes()
        (kiosk.profile / "secrets.json").rename(kiosk.profile / "elsewhere")
        assert kiosk.json("sync", "--once", status=1)["code"] == "QUEUE_LOCKED"
        assert (kiosk.profile / QUEUE).read_bytes() == before
        (kiosk.profile / "elsewhere").rename(kiosk.profile / "secrets.json")
        assert kiosk.json("sync", "--once")["synced"]

    def test_secrets_that_others_may_read_are_refused(self, kiosk, peer):
        (kiosk.profile / "secrets.json").chmod(0o644)
        assert kiosk.json("sync", "--once", status=1)["code"] == "QUEUE_LOCKED"

    def test_a_damaged_settings_file_gives_a_sentence(self, kiosk, peer):
        (kiosk.profile / "device.json").write_text(json.dumps({"base_url": 3}))
        answer = kiosk.json("sync", "--once", status=1)
        assert answer["code"] == "SETTINGS_UNREADABLE"


def session_day():
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    return (datetime.now(UTC) + timedelta(days=30)).date()
