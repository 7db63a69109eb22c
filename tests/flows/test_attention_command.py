"""`kiosk attention`: what staff settle at a terminal, against the real backend over HTTP."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from kiosk_app.app.assembly import address
from kiosk_app.contract.staff import Role
from kiosk_app.gateway.http import Http
from kiosk_app.gateway.server import Gateway
from kiosk_app.sync.clerk import sign_in
from tests.helpers.attending import (
    EMAIL,
    STAFF,
    STUDENT,
    add_staff,
    broken_promise,
    enrolled,
    owed_token,
    silent_device,
    touch,
)
from tests.helpers.backend import PASSWORD, add_device, add_session, add_student, query
from tests.helpers.lossy_line import LossyLine
from tests.helpers.terminal import Terminal

WHO = ("--student-id", STUDENT, "--email", EMAIL)


class Desk(Terminal):
    """A desk's terminal; the password comes through standard input."""

    patch = None

    def as_staff(self, *words, typed=PASSWORD, status=0):
        self.patch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        return self.json("attention", *words, "--as", STAFF, status=status)

    def settle(self, item, way, *words, status=0, note="agreed by phone"):
        more = ("--note", note) if note else ()
        return self.as_staff("settle", item, "--way", way, *more, *words, status=status)


@pytest.fixture
def url(running_backend):
    add_staff(running_backend.database)
    return running_backend.database


@pytest.fixture
def line(running_backend):
    with LossyLine(int(running_backend.url.rpartition(":")[2])) as line:
        yield line


@pytest.fixture
def terminal(tmp_path, capsys, monkeypatch, url, line):
    """Make the terminal of a device that is enrolled under a name and a profile."""

    def make(name, profile):
        made = Desk(tmp_path / name, capsys)
        made.patch = monkeypatch
        enrolled(made.profile, line.url, add_device(url, name, profile), name, profile)
        return made

    return make


@pytest.fixture
def desk(terminal):
    return terminal("Front desk", "desk")


def log(url):
    rows = query(url, "SELECT action, reason FROM audit_log WHERE actor_kind = 'user' ORDER BY id")
    return [row for row in rows if not row[0].startswith("staff.")]


def lost_student(desk, line, url):
    """Let a saved request be refused when its student has gone; return it."""
    session, contact = add_session(url), add_student(url, STUDENT, email=EMAIL, discussion=1)
    desk.json("sync", "--once")
    desk.json("bookings", *WHO)
    line.change(refused=True)
    line.drop_all()
    words = ("book", "--session", session, *WHO, "--name", "Ana Sol")
    saved = desk.json(*words)
    assert saved["state"] == "queued"
    query(url, "INSERT INTO ledger (contact_id, credit_field, amount, kind) VALUES"
          " (%s, 'mock_discussion_token', -1, 'adjust')", contact)  # fmt: skip
    line.change()
    return saved, contact


class TestTheServersItems:
    def test_a_broken_promise_is_rehoused_and_its_student_told(self, desk, url):
        item, other = broken_promise(url)
        (told,) = desk.as_staff()["server"]["items"]
        assert (told["id"], told["kind"], told["student"]) == (item, "rehouse", STUDENT)
        assert told["happened"].endswith(".")
        best, *_rest = told["ways"]
        assert (best["way"], best["session_id"]) == ("book_other", other)
        assert "One token is used" in best["consequence"]
        assert [way["way"] for way in told["ways"] if way["mails"]] == ["write_student"]
        assert "Ana" in told["letters"][0]["text"]
        settled = desk.settle(item, "book_other")
        assert (settled["state"], settled["code"]) == ("settled", None)
        assert query(url, "SELECT session_id::text, is_active FROM bookings") == [(other, "Active")]
        assert query(url, "SELECT kind FROM mail_outbox") == [("confirm",)]
        assert ("attention.settled", "agreed by phone") in log(url)
        assert desk.as_staff()["server"] == {
            "state": "known", "code": None, "message": None, "items": [],
        }  # fmt: skip
        assert query(url, "SELECT count(*) FROM staff_sessions WHERE revoked_at IS NULL") == [(0,)]

    async def test_booked_once_when_the_item_could_not_be_closed(self, url, running_backend):
        """The booking was made and the closing was not: the same again books nothing twice."""
        broken_promise(url, discussion=2)
        token = add_device(url, "Front desk", "desk")
        gateway = Gateway(Http(address(running_backend.url, token)))
        clerk = await sign_in(gateway.staff, STAFF, PASSWORD)
        (item,) = (await clerk.items("en")).value
        for _ in range(2):
            assert await clerk.settle(item, item.choices[0], "agreed by phone") is None
            query(url, "UPDATE attention SET settled_at = NULL, settled_by = NULL, way = NULL")
        assert query(url, "SELECT count(*) FROM bookings") == [(1,)]
        await clerk.leave()
        assert (await clerk.items("en")).code == "STAFF_SIGNED_OUT"
        await gateway.close()

    def test_what_the_rules_refuse_leaves_the_item_open(self, desk, url):
        item, _other = broken_promise(url, discussion=0)
        refused = desk.settle(item, "book_other", status=1)
        assert (refused["state"], refused["code"]) == ("open", "INSUFFICIENT_TOKENS")
        assert refused["message"].endswith(".")
        assert desk.settle(item, "write_student")["state"] == "settled"
        assert query(url, "SELECT kind FROM mail_outbox") == [("rejected",)]

    def test_a_debt_is_paid(self, desk, url):
        item = owed_token(url)
        assert desk.settle(item, "add_token")["state"] == "settled"
        assert query(url, "SELECT sum(amount)::int FROM ledger") == [(1,)]

    def test_seats_of_a_silent_device_are_attested(self, desk, url):
        session, _device = silent_device(url)
        (item,) = desk.as_staff()["server"]["items"]
        assert (item["kind"], item["seats"]) == ("stranded", [1, 2, 3])
        there = desk.settle(item["id"], "import_outbox", status=1)
        assert there["code"] == "DONE_ELSEWHERE"
        assert "kiosk outbox import" in there["message"]
        assert desk.settle(item["id"], "attest", "--used", "9", status=1)["code"] == "NO_SUCH_SEAT"
        clerk = desk.settle(item["id"], "attest", "--used", "2", status=1)
        assert clerk["code"] == "INSUFFICIENT_PERMISSIONS"
        query(url, "UPDATE users SET role = %s", Role.INSTRUCTOR.value)
        assert desk.settle(item["id"], "attest", "--used", "2")["state"] == "settled"
        assert query(url, "SELECT leased_seats FROM mock_sessions WHERE id = %s", session) == [(1,)]

    def test_who_may_not_is_told_so(self, desk, url, terminal):
        broken_promise(url)
        wrong = desk.as_staff(typed="not the password", status=1)
        assert (wrong["own"], wrong["server"]["state"]) == ([], "unknown")
        assert wrong["server"]["code"] == "SIGN_IN_REFUSED"
        kiosk = terminal("Kiosk 2", "kiosk")
        here = kiosk.as_staff(status=1)["server"]
        assert (here["code"], here["items"]) == ("INSUFFICIENT_PERMISSIONS", [])
        assert desk.json("attention")["server"]["state"] == "not_asked"

    def test_mistakes_are_named(self, desk, url):
        item, _other = broken_promise(url)
        assert desk.settle(item, "waive", status=1)["code"] == "NO_SUCH_WAY"
        assert desk.settle(item, "call_student", note="", status=1)["code"] == "VALIDATION_ERROR"
        assert desk.settle("nothing", "call_student", status=1)["code"] == "NOT_FOUND"
        assert desk.json("attention", "settle", item, status=1)["code"] == "VALIDATION_ERROR"
        nobody = desk.json("attention", "settle", item, "--way", "waive", status=1)
        assert nobody["code"] == "NOT_FOUND"
        assert "--as" in nobody["message"]


class TestPuttingOff:
    def test_of_the_server_as_a_staff_user(self, desk, url):
        item = owed_token(url)
        later = ("--until", "2h", "--reason", "the student calls back")
        put = desk.as_staff("snooze", item, *later)
        assert (put["state"], put["id"], put["code"]) == ("snoozed", item, None)
        left = datetime.fromisoformat(put["until"]) - datetime.now(UTC)
        assert timedelta(hours=1) < left <= timedelta(hours=2)
        assert desk.as_staff()["server"]["items"] == []
        (asleep,) = desk.as_staff("--snoozed")["snoozed"]
        assert (asleep["id"], asleep["snoozed"]["by"]) == (item, "Sam Desk")
        assert ("attention.snoozed", "the student calls back") in log(url)
        past = ("--until", "2200-01-01T09:00", "--reason", "never")
        refused = desk.as_staff("snooze", item, *past, status=1)
        assert refused["code"] == "SNOOZE_PAST_START"
        assert "begins before that time" in refused["message"]
        assert desk.as_staff("wake", item)["state"] == "open"
        assert [one["id"] for one in desk.as_staff()["server"]["items"]] == [item]
        assert desk.as_staff("wake", "nothing", status=1)["state"] == "unchanged"

    def test_of_this_device_with_no_network(self, desk, line, url):
        saved, _contact = lost_student(desk, line, url)
        desk.json("outbox", "retry", saved["number"], status=1)
        line.change(refused=True)
        line.drop_all()
        words = ("attention", "snooze", saved["number"], "--reason", "calls back", "--until")
        assert desk.json(*words, "opening")["state"] == "snoozed"
        assert desk.json("attention")["own"] == []
        status, printed = desk.run("attention", "--snoozed")
        assert status == 0
        assert "by somebody at this device: calls back" in printed
        assert desk.json(*words, "yesterday", status=1)["code"] == "VALIDATION_ERROR"
        assert desk.json(*words, "2020-01-01T09:00", status=1)["code"] == "SNOOZE_TIME"
        short = desk.json(*words[:3], "--until", "1h", "--reason", "x", status=1)
        assert short["code"] == "VALIDATION_ERROR"
        assert desk.json("attention", "wake", saved["number"])["state"] == "open"
        assert [one["number"] for one in desk.json("attention")["own"]] == [saved["number"]]
        settled = (
            desk.json(*words, "1h"),
            desk.json("attention", "settle", saved["number"], "--way", "told"),
        )
        assert settled[1]["state"] == "settled", "what sleeps can be settled, too"
        assert desk.json("attention", "--snoozed")["snoozed"] == []

    def test_nobody_is_asked_for(self, desk, url):
        item = owed_token(url)
        later = ("--until", "2h", "--reason", "the student calls back")
        nobody = desk.json("attention", "snooze", item, *later, status=1)
        assert nobody["code"] == "NOT_FOUND"
        assert "--as" in nobody["message"]


class TestThisDevicesOwn:
    def test_refused_after_the_student_had_left(self, desk, line, url):
        saved, _contact = lost_student(desk, line, url)
        before = desk.json("status")
        assert (before["waiting"], before["oldest_at"][:4]) == (1, str(datetime.now(UTC).year))
        assert "the oldest saved just now" in desk.run("status")[1]
        line.change()
        # Replayed by `outbox retry`: a sync would tell the server of the refusal at once.
        desk.json("outbox", "retry", saved["number"], status=1)
        (item,) = desk.json("attention")["own"]
        assert (item["kind"], item["number"]) == ("refused", saved["number"])
        assert item["code"] == "INSUFFICIENT_TOKENS"
        assert [way["way"] for way in item["ways"]] == ["retry", "write", "told"]
        again = desk.json("attention", "settle", item["id"], "--way", "retry", status=1)
        assert (again["state"], again["code"]) == ("open", "INSUFFICIENT_TOKENS")
        words = ("attention", "settle", saved["number"], "--way", "write")
        assert desk.json(*words)["state"] == "settled"
        assert query(url, "SELECT kind FROM mail_outbox") == [("rejected",)]
        assert desk.json("attention")["own"] == []
        assert desk.json("status")["refused"] == 0

    def test_offline_its_own_are_listed_and_the_servers_are_unknown(self, desk, line, url):
        saved, _contact = lost_student(desk, line, url)
        desk.json("outbox", "retry", saved["number"], status=1)
        line.change(refused=True)
        line.drop_all()
        offline = desk.as_staff(status=1)
        assert [item["number"] for item in offline["own"]] == [saved["number"]]
        assert (offline["server"]["state"], offline["server"]["code"]) == (
            "unknown",
            "ATTENTION_OFFLINE",
        )
        status, printed = desk.run("attention")
        assert status == 0
        assert "say who you are with --as" in printed
        words = ("attention", "settle", saved["number"], "--way")
        assert desk.json(*words, "write", status=1)["code"] == "ATTENTION_OFFLINE"
        assert desk.json(*words, "told")["state"] == "settled"
        assert desk.json("attention")["own"] == []

    def test_unanswered_too_long_and_what_cannot_be_sent(self, desk, line, url):
        session, _contact = add_session(url), add_student(url, STUDENT, email=EMAIL, discussion=1)
        desk.json("sync", "--once")
        desk.json("bookings", *WHO)
        line.change(refused=True)
        line.drop_all()
        saved = desk.json("book", "--session", session, *WHO, "--name", "Ana Sol")
        touch(desk.profile, "UPDATE requests SET unanswered = 1, attempts = 1")
        assert desk.json("attention")["own"] == [], "not for long yet"
        touch(desk.profile, "UPDATE requests SET created_at = created_at - 31 * 60000")
        (item,) = desk.json("attention")["own"]
        assert item["kind"] == "unanswered"
        assert [way["way"] for way in item["ways"]] == ["retry", "discard"]
        assert "may be booked on the server" in item["ways"][-1]["consequence"]
        words = ("attention", "settle", item["id"], "--way")
        assert desk.json(*words, "retry", status=1)["code"] == "NOT_SENT"
        touch(desk.profile, "UPDATE requests SET quarantined = 1")
        (item,) = desk.json("attention")["own"]
        assert (item["kind"], item["id"]) == ("quarantined", saved["id"])
        assert desk.json(*words, "export", status=1)["code"] == "DONE_ELSEWHERE"
        line.change()
        assert desk.json(*words, "retry")["state"] == "settled"
        assert query(url, "SELECT count(*) FROM bookings") == [(1,)]
        assert desk.json("attention")["own"] == []

    def test_given_up_it_is_sent_no_more(self, desk, line, url):
        lost_student(desk, line, url)
        touch(desk.profile, "UPDATE requests SET quarantined = 1")
        (item,) = desk.json("attention")["own"]
        done = desk.json("attention", "settle", item["id"], "--way", "discard")
        assert done["state"] == "settled"
        desk.json("sync", "--once")
        assert query(url, "SELECT count(*) FROM bookings") == [(0,)]
