"""The commands without a window, against a server of another make."""

import io
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from kiosk_app.app.profile import Profile
from kiosk_app.cache.export import collect
from kiosk_app.cache.files import QUEUE, connect
from kiosk_app.cache.schema import QUEUE_VERSION
from tests.helpers import wire_faults as wire
from tests.helpers.peer import Peer
from tests.helpers.peer_leases import Lending
from tests.helpers.samples import EMAIL, STUDENT, session_facts
from tests.helpers.terminal import Terminal, start

WHO = ("--student-id", STUDENT, "--email", EMAIL)
DAY = (datetime.now(UTC) + timedelta(days=30)).date()


@pytest.fixture(params=[False, True], ids=["everything", "documented only"])
def peer(request):
    peer = Peer(floor=request.param).start()
    peer.add_student(mock_discussion_token=3, cs_credits=1)
    peer.add_session(session_facts("s1", day=DAY, capacity=5, total_bookings=0))
    cs = session_facts("s2", day=DAY + timedelta(days=1), mock_type="Clinical Skills")
    peer.add_session(cs)
    yield peer
    peer.stop()


@pytest.fixture
def kiosk(tmp_path, capsys, peer):
    kiosk = Terminal(tmp_path / "profile", capsys)
    kiosk.enrol(peer.url, "CODE-1234")
    return kiosk


def book(kiosk, session="s1", status=0, *more):
    words = ("book", "--session", session, *WHO, "--name", "Ana Sol", *more)
    return kiosk.json(*words, status=status)


def test_a_day_at_the_front_desk(kiosk, peer):
    synced = kiosk.json("sync", "--once")
    assert (synced["synced"], synced["sessions"], synced["waiting"]) == (True, 2, 0)
    assert [s["id"] for s in kiosk.json("sessions")["sessions"]] == ["s1", "s2"]
    booked = book(kiosk)
    assert (booked["state"], booked["tokens_remaining"], booked["code"]) == ("confirmed", 2, None)
    mine = kiosk.json("bookings", *WHO)["bookings"]
    assert [(b["id"], b["standing"]) for b in mine] == [(booked["booking_ref"], "confirmed")]
    kiosk.json("sync", "--once")
    assert kiosk.json("sessions", "--type", "mock-discussion")["sessions"][0]["left"] == 4
    cancelled = kiosk.json("cancel", booked["booking_code"], *WHO)
    assert cancelled["state"] == "cancelled"
    assert kiosk.json("bookings", *WHO)["bookings"][0]["standing"] == "cancelled"
    assert peer.students[STUDENT]["balances"]["mock_discussion_token"] == 3


@pytest.mark.parametrize("peer", [False], ids=["everything"], indirect=True)
def test_one_sync_tells_a_restored_server_what_it_forgot(kiosk, peer):
    kiosk.json("sync", "--once")
    booked = book(kiosk)
    gone = peer.bookings.pop(booked["booking_ref"])
    gone["student"]["balances"]["mock_discussion_token"] += 1
    peer.epoch = "two"
    synced = kiosk.json("sync", "--once")
    assert (synced["waiting"], synced["confirmed"]) == (0, 1)
    assert [one["student"] for one in peer.live()] == [gone["student"]]


def test_the_exam_system_gets_its_own_fields(kiosk, peer):
    booked = book(kiosk, "s2", 0, "--hand", "left", "--attending", "Lab 3")
    assert booked["state"] == "confirmed"
    body = peer.calls("/bookings/create")[0].body
    assert (body["dominant_hand"], body["attending_location"]) == ("left", "Lab 3")
    assert "discussion_format" not in body
    assert kiosk.json("cancel", booked["booking_ref"], *WHO)["state"] == "cancelled"


def test_offline_it_waits_and_is_booked_once_when_the_server_is_back(kiosk, peer):
    kiosk.json("bookings", *WHO)
    kiosk.json("sync", "--once")
    peer.stop()
    saved = book(kiosk)
    assert (saved["state"], saved["booking_id"]) == ("queued", None)
    assert "not yet a seat" in saved["message"]
    waiting = kiosk.json("outbox", "list")["requests"]
    assert [(r["number"], r["state"]) for r in waiting] == [(saved["number"], "queued")]
    assert kiosk.json("sessions")["sessions"][0]["left"] == 4
    peer.start()
    synced = kiosk.json("sync", "--once")
    assert (synced["confirmed"], synced["waiting"], len(peer.live())) == (1, 0, 1)
    assert kiosk.json("outbox", "list")["requests"] == []


def test_an_unknown_student_is_refused_online(kiosk):
    words = ("book", "--session", "s1", "--student-id", "NOBODY", "--email", "x@example.org")
    answer = kiosk.json(*words, "--name", "No One", status=1)
    assert answer["code"] in {"NO_MATCH", "STUDENT_NOT_FOUND"}
    assert answer["message"].endswith(".")


def test_a_refused_request_can_be_sent_again(kiosk, peer):
    peer.fail("create-booking", wire.saying(400, "DISCUSSION_FULL"), before=True)
    refused = book(kiosk, "s1", 1)
    assert (refused["state"], refused["code"]) == ("refused", "DISCUSSION_FULL")
    again = kiosk.json("outbox", "retry", refused["number"])["requests"]
    assert [r["state"] for r in again] == ["confirmed"]


def test_a_waiting_request_is_discarded_only_knowingly(kiosk, peer):
    kiosk.json("sync", "--once")
    peer.fail("create-booking", wire.lose_answer)
    saved = book(kiosk)
    assert (saved["state"], saved["unanswered"], saved["booking_code"]) == ("unknown", True, None)
    doubt = kiosk.json("outbox", "discard", saved["number"], status=1)
    assert doubt["code"] == "MAY_BE_BOOKED"
    gone = kiosk.json("outbox", "discard", saved["number"].lower(), "--force")
    assert [r["state"] for r in gone["requests"]] == ["discarded"]
    assert kiosk.json("outbox", "discard", "Q-NONE", status=1)["code"] == "NOT_FOUND"


def test_the_outbox_is_handed_over_encrypted_and_taken_over_elsewhere(
    kiosk, peer, tmp_path, capsys, monkeypatch
):
    kiosk.json("sync", "--once")
    peer.stop()
    saved = book(kiosk)
    out = tmp_path / "outbox.export"
    summary = kiosk.json("outbox", "export", "--out", str(out))
    expected = {"requests": 1, "waiting": 1, "journal_sound": True, "whole": True}
    assert summary.items() >= expected.items()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert STUDENT.encode() not in out.read_bytes()
    assert kiosk.json("outbox", "export", "--out", "/nowhere/x", status=1)["code"] == "CANNOT_WRITE"
    peer.start()
    peer.codes.add("CODE-5678")
    other = Terminal(tmp_path / "other", capsys)
    other.enrol(peer.url, "CODE-5678")
    monkeypatch.setattr("sys.stdin", io.StringIO("WRONG\n"))
    assert other.json("outbox", "import", str(out), status=1)["code"] == "WRONG_PASSPHRASE"
    monkeypatch.setattr("sys.stdin", io.StringIO(summary["passphrase"] + "\n"))
    assert other.json("outbox", "import", str(out)) == {
        "taken": 1,
        "waiting": 0,
        "unvouched": [],
    }
    assert len(peer.live()) == 1
    (taken,) = other.json("outbox", "list", "--all")["requests"]
    assert (taken["number"], taken["state"]) == (saved["number"], "confirmed")
    assert taken["origin"] == Profile(kiosk.profile).settings().name
    # The first machine sends it too: the same key, the same booking.
    kiosk.json("sync", "--once")
    assert len(peer.live()) == 1


def test_of_a_damaged_queue_is_sent_what_can_be_read(kiosk, peer, tmp_path, capsys, monkeypatch):
    """The queue was put aside; another machine takes over what is still in it."""
    for number in range(16):
        day = DAY + timedelta(days=2 + number)
        peer.add_session(session_facts(f"m{number}", day=day, capacity=5, total_bookings=0))
    kiosk.json("sync", "--once")
    peer.stop()
    for number in range(16):
        book(kiosk, f"m{number}")
    aside = kiosk.profile / "queue.db.damaged-20270301T100000Z"
    torn = bytearray((kiosk.profile / QUEUE).read_bytes())
    page = len(torn) // 4096 - 3
    torn[page * 4096 + 100 : page * 4096 + 200] = bytes(100)
    aside.write_bytes(torn)
    out = tmp_path / "rescued.export"
    summary = kiosk.json("outbox", "export", "--queue", str(aside), "--out", str(out))
    assert not (summary["whole"] and summary["journal_sound"])
    assert 1 <= summary["waiting"] <= 16
    peer.start()
    peer.codes.add("CODE-5678")
    peer.add_student(mock_discussion_token=50)
    other = Terminal(tmp_path / "other", capsys)
    other.enrol(peer.url, "CODE-5678")
    monkeypatch.setattr("sys.stdin", io.StringIO(summary["passphrase"] + "\n"))
    words = ("outbox", "import", str(out))
    if not summary["journal_sound"]:
        assert other.json(*words, status=1)["code"] == "NOT_VOUCHED"
        monkeypatch.setattr("sys.stdin", io.StringIO(summary["passphrase"] + "\n"))
    done = other.json(*words, "--unvouched")
    assert (done["taken"], done["waiting"]) == (summary["waiting"], 0)
    assert len(peer.live()) == summary["waiting"]


def test_a_reset_loses_nothing_that_was_not_named(kiosk, peer):
    kiosk.json("sync", "--once")
    peer.stop()
    book(kiosk)
    kept = {path.name for path in kiosk.profile.iterdir()}
    for words in ((), ("--discard-unsent", "2")):
        refused = kiosk.json("reset", *words, status=1)
        assert refused["code"] == "UNSENT"
        assert "--discard-unsent 1" in refused["message"]
        assert "kiosk outbox export" in refused["message"]
    assert kept <= {path.name for path in kiosk.profile.iterdir()}
    done = kiosk.json("reset", "--discard-unsent", "1")
    assert (done["state"], done["discarded"]) == ("reset", 1)
    assert [path.name for path in kiosk.profile.iterdir()] == ["kiosk.lock"]
    assert kiosk.json("status", status=1) == {"enrolled": False}
    assert kiosk.json("reset", status=1)["code"] == "NOT_ENROLLED"


def test_a_reset_with_nothing_unsent_needs_no_number(kiosk, peer):
    kiosk.json("sync", "--once")
    book(kiosk)
    assert len(peer.live()) == 1
    (kiosk.profile / "queue.db.damaged-20270301T100000Z").write_bytes(b"somebody may need this")
    assert kiosk.json("reset", status=1)["code"] == "UNSENT"
    (kiosk.profile / "queue.db.damaged-20270301T100000Z").unlink()
    assert kiosk.json("reset")["discarded"] == 0


def test_a_queue_of_a_newer_version_is_handed_over(kiosk, peer, tmp_path):
    """F33: the older program sends nothing of it, and takes nothing away from it."""
    kiosk.json("sync", "--once")
    peer.stop()
    saved = book(kiosk)
    keys = Profile(kiosk.profile).keys()
    newer = connect(kiosk.profile / QUEUE, keys.queue, durable=True)
    newer.execute(f"PRAGMA user_version = {QUEUE_VERSION + 1}")
    newer.execute("ALTER TABLE requests ADD COLUMN mood TEXT")
    newer.close()
    assert kiosk.json("sync", "--once", status=1)["code"] == "STORAGE_TOO_NEW"
    out = tmp_path / "outbox.export"
    summary = kiosk.json("outbox", "export", "--out", str(out))
    assert (summary["waiting"], summary["whole"]) == (1, True)
    rows = collect(kiosk.profile / QUEUE, keys.queue).rows["requests"]
    assert [(row["number"], row["mood"]) for row in rows] == [(saved["number"], None)]
    assert kiosk.json("reset", status=1)["code"] == "STORAGE_TOO_NEW"


def test_seats_held_are_listed_and_promised_without_a_network(kiosk, peer):
    if peer.floor:
        assert kiosk.json("leases")["sessions"] == []
        return
    peer.lending = Lending()
    soon = DAY - timedelta(days=28)
    peer.add_session(session_facts("s3", day=soon, capacity=5, total_bookings=0))
    kiosk.json("sync", "--once")
    bookings = kiosk.json("bookings", *WHO)
    assert bookings["bookings"] == []
    (first, *_others) = kiosk.json("leases")["sessions"]
    assert first["free"] >= 2
    status = kiosk.json("status")
    assert status["guaranteed"][first["session_id"]] == first["free"]
    assert status["ready_until"]
    assert status["ready"]["leases"]
    assert status["cannot_check"]
    assert kiosk.json("doctor")["ready"]
    peer.stop()
    settled = book(kiosk, session=first["session_id"])
    assert settled["state"] == "guaranteed"
    assert settled["seat"] >= 1
    assert settled["booking_code"] == settled["number"]
    assert kiosk.json("doctor")["unsent"] == 1
    (left, *_others) = kiosk.json("leases")["sessions"]
    assert (left["free"], left["used"]) == (first["free"] - 1, 1)
    peer.start()
    assert kiosk.json("sync", "--once")["confirmed"] == 1


def test_a_clock_that_is_off_is_told_of_and_the_booking_is_honest(kiosk, peer):
    kiosk.json("sync", "--once")
    assert abs(kiosk.json("status")["clock_offset_s"]) < 60
    peer.now = lambda: datetime.now(UTC) + timedelta(hours=3)
    status = kiosk.json("status")
    assert round(status["clock_offset_s"], -2) == 3 * 3600
    assert not status["ready"]["clock"]
    assert "clock of this kiosk is wrong" in kiosk.run("status")[1]
    checks = {check["name"]: check["ok"] for check in kiosk.json("doctor", status=1)["checks"]}
    assert not checks["clock"]
    assert book(kiosk)["state"] == "confirmed"
    peer.stop()
    assert kiosk.json("status")["clock_offset_s"] is None, "nobody can say"


def test_status_speaks_of_device_link_age_and_queue(kiosk, peer):
    kiosk.json("sync", "--once")
    status = kiosk.json("status")
    expected = {"enrolled": True, "name": "Front desk", "link": "online", "sessions": 2}
    assert status.items() >= (expected | {"waiting": 0, "journal_sound": True}).items()
    peer.stop()
    assert kiosk.json("status")["link"] == "no_answer"


def test_people_get_sentences_and_scripts_get_json_on_stdout_alone(kiosk, peer):
    for words in (("sessions",), ("sync", "--once"), ("bookings", *WHO), ("status",)):
        status, printed = kiosk.run(*words)
        assert status == 0
        assert printed.strip()
        assert "{" not in printed


def test_a_code_is_good_once(kiosk, peer):
    answer = kiosk.json("enrol", peer.url, "CODE-1234", "--allow-file-secrets", status=1)
    assert answer["code"] == "ENROLMENT_REFUSED"
    assert kiosk.json("sync", "--once")["synced"]


def test_enrolling_again_keeps_keys_and_queue(kiosk, peer):
    kiosk.json("sync", "--once")
    peer.stop()
    saved = book(kiosk)
    peer.start()
    peer.codes.add("CODE-5678")
    peer.device_token = "renewed"
    kiosk.enrol(peer.url, "CODE-5678")
    assert kiosk.json("sync", "--once")["confirmed"] == 1
    assert kiosk.json("outbox", "list", "--all")["requests"][0]["number"] == saved["number"]


@pytest.mark.parametrize("peer", [False], indirect=True)
class TestSetUp:
    def test_without_a_keyring_secrets_need_consent(self, tmp_path, capsys, peer):
        fresh = Terminal(tmp_path / "other", capsys)
        peer.codes.add("CODE-9999")
        answer = fresh.json("enrol", peer.url, "CODE-9999", status=1)
        assert answer["code"] == "NO_KEYRING"
        assert "--allow-file-secrets" in answer["message"]
        assert "CODE-9999" in peer.codes
        fresh.enrol(peer.url, "CODE-9999")
        assert stat.S_IMODE((tmp_path / "other" / "secrets.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "other").stat().st_mode) == 0o700

    @pytest.mark.parametrize(
        ("act", "code"),
        [
            (wire.html, "WRONG_SERVER"),
            (wire.redirect, "WRONG_SERVER"),
            (wire.half_json, "BROKEN_ANSWER"),
            (wire.saying(429, "RATE_LIMITED", Retry_After=3), "RATE_LIMITED"),
        ],
    )
    def test_a_wrong_or_busy_server_is_named(self, tmp_path, capsys, peer, act, code):
        peer.fail("/devices/enrol", act, before=act is not wire.half_json)
        fresh = Terminal(tmp_path / "other", capsys)
        answer = fresh.json("enrol", peer.url, "CODE-1234", "--allow-file-secrets", status=1)
        assert answer["code"] == code
        assert not (tmp_path / "other" / "device.json").exists()

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("ftp://example.org", "BAD_ADDRESS"),
            ("booking.example", "BAD_ADDRESS"),
            ("http://[::1", "BAD_ADDRESS"),
            ("http://127.0.0.1:99999", "BAD_ADDRESS"),
            ("http://127.0.0.1:1/some/page", "BAD_ADDRESS"),
            ("http://127.0.0.1:1", "NO_ANSWER"),
        ],
    )
    def test_a_wrong_address_gives_a_sentence(self, tmp_path, capsys, peer, url, code):
        fresh = Terminal(tmp_path / "other", capsys)
        assert (
            fresh.json("enrol", url, "CODE-1234", "--allow-file-secrets", status=1)["code"] == code
        )

    def test_commands_need_an_enrolled_device(self, tmp_path, capsys, peer):
        fresh = Terminal(tmp_path / "none", capsys)
        for words in (("sync", "--once"), ("sessions",), ("outbox", "list"), ("bookings", *WHO)):
            assert fresh.json(*words, status=1)["code"] == "NOT_ENROLLED"
        assert fresh.json("status", status=1) == {"enrolled": False}

    def test_one_program_at_a_time_but_anyone_may_look(self, kiosk, peer):
        running = start(kiosk.profile, "sync")
        try:
            peer.wait_for("/snapshot")
            assert kiosk.json("sync", "--once", status=1)["code"] == "ALREADY_RUNNING"
            assert kiosk.json("outbox", "list")["requests"] == []
            assert kiosk.json("status")["running"] is True
            assert kiosk.run("sessions")[0] == 0
        finally:
            running.terminate()
            printed, errors = running.communicate(timeout=60)
        assert running.returncode == 0, errors
        assert "2 sessions" in printed
        assert kiosk.json("sync", "--once")["synced"]

    def test_wrong_use_is_status_2(self, tmp_path, peer):
        for words in (["book"], ["sessions", "--from", "soon"], ["nonsense"]):
            command = [sys.executable, "-m", "kiosk_app", "--profile", str(tmp_path), *words]
            done = subprocess.run(command, capture_output=True, check=False)
            assert (done.returncode, done.stdout) == (2, b"")
