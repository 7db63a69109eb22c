"""The window's engine on its own thread, with real time, against a server of another make."""

import threading
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from msgspec import structs

from kiosk_app.app import assembly
from kiosk_app.app.client import build_engine, open_reading
from kiosk_app.app.enrolment import enrol
from kiosk_app.app.instance import Instance, is_running
from kiosk_app.app.profile import Profile
from kiosk_app.cache.store import open_mirror
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.listing import SessionFilter, Standing
from kiosk_app.sync import events, intents, rehearsing
from kiosk_app.sync.events import LinkState
from kiosk_app.sync.rehearsing import Rehearsing
from tests.helpers import wire_faults as wire
from tests.helpers.device import wish
from tests.helpers.peer import Peer
from tests.helpers.peer_leases import Lending
from tests.helpers.samples import EMAIL, STUDENT, session_facts
from tests.helpers.watch import Watch

DAY = (datetime.now(UTC) + timedelta(days=30)).date()


@pytest.fixture(params=[False, True], ids=["everything", "documented only"])
def peer(request):
    peer = Peer(floor=request.param).start()
    peer.add_student(mock_discussion_token=3)
    peer.add_session(session_facts("s1", day=DAY, capacity=5, total_bookings=0))
    yield peer
    peer.stop()


@pytest.fixture
def profile(tmp_path, peer):
    enrol(tmp_path / "profile", peer.url, "CODE-1234", allow_file_secrets=True)
    return Profile(tmp_path / "profile")


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def engine(profile, watch):
    engine = build_engine(profile, watch.publish)
    engine.start()
    yield engine
    assert engine.stop(), "the engine did not end in 3 seconds"


def online(watch):
    watch.wait(events.LinkChanged, lambda e: e.state is LinkState.ONLINE and e.synced_at)


def test_a_visit_from_sign_in_to_sign_out(engine, watch, profile, peer):
    online(watch)
    reading = open_reading(profile)
    assert reading.session("s1").left == 5
    engine.send(intents.Identify(STUDENT, EMAIL))
    began = watch.wait(events.VisitBegan)
    assert (began.student.name, began.balances.mock_discussion_token) == ("Ana Sol", 3)
    asked = wish("s1")
    engine.send(asked)
    saved = watch.wait(events.RequestSaved)
    settled = watch.wait(events.RequestSettled)
    assert (settled.state, settled.number) == ("confirmed", saved.number)
    assert watch.wait(events.BalancesChanged).balances.mock_discussion_token == 2
    row = reading.session("s1", STUDENT)
    assert (row.left, row.standing) == (4, Standing.CONFIRMED)
    engine.send(intents.MakeCalendarFile(settled.booking_ref))
    calendar = icalendar.Calendar.from_ical(watch.wait(events.CalendarFileReady).text)
    event = calendar.walk("VEVENT")[0]
    assert str(event["UID"]) == f"{settled.booking_ref}@campus-kiosk"
    assert event["SEQUENCE"] == 0
    assert event["DTSTART"].params["TZID"] == "America/Toronto"
    assert event.decoded("DTSTART") == row.starts_at
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/Toronto"]
    engine.send(intents.Cancel(settled.booking_ref))
    assert watch.wait(events.CancelSettled).state == "cancelled"
    engine.send(intents.SignOut())
    watch.wait(events.VisitEnded)
    assert reading.bookings(STUDENT) == []
    reading.close()


def test_a_refusal_that_was_read_is_not_told_again(engine, watch, profile, peer):
    online(watch)
    engine.send(intents.Identify(STUDENT, EMAIL))
    watch.wait(events.VisitBegan)
    engine.send(wish("s1"))
    watch.wait(events.RequestSettled)
    since = len(watch.events)
    engine.send(wish("s1"))
    refused = watch.wait(events.RequestSettled, since=since)
    assert (refused.state, refused.code) == ("refused", "DUPLICATE_BOOKING")
    reading = open_reading(profile)

    def standings():
        return {row.standing for row in reading.bookings(STUDENT)}

    assert standings() == {Standing.REFUSED, Standing.CONFIRMED}
    since = len(watch.events)
    engine.send(intents.RefusalRead(refused.request_id))
    watch.wait(events.BookingsChanged, lambda _e: standings() == {Standing.CONFIRMED}, since)
    reading.close()


def test_an_outage_is_noticed_and_what_was_saved_is_sent_after_it(engine, watch, profile, peer):
    online(watch)
    engine.send(intents.Identify(STUDENT, EMAIL))
    watch.wait(events.VisitBegan)
    peer.stop()
    for _ in range(3):
        engine.send(intents.SyncNow())
    watch.wait(events.LinkChanged, lambda e: e.state is LinkState.OFFLINE, since=5)
    engine.send(wish("s1"))
    assert watch.wait(events.RequestSettled).state == "queued"
    since = len(watch.events)
    peer.start()
    engine.send(intents.SyncNow())
    watch.wait(events.RequestSettled, lambda e: e.state == "confirmed", since)
    link = watch.wait(events.LinkChanged, lambda e: e.waiting == 0, since)
    assert link.state is not LinkState.OFFLINE
    assert len(peer.live()) == 1


def test_a_clock_that_is_off_is_told_of_and_rules_follow_the_servers(engine, watch, profile, peer):
    """Three hours behind: a session that has begun by the server's clock is not booked here either."""
    online(watch)
    ahead = timedelta(hours=3)
    peer.now = lambda: datetime.now(UTC) + ahead
    starts = datetime.now(UTC) + ahead - timedelta(minutes=30)
    soon = session_facts("begun", day=starts.date(), capacity=5, total_bookings=0)
    ends = wire_instant(starts + timedelta(hours=2))
    peer.add_session(structs.replace(soon, starts_at=wire_instant(starts), ends_at=ends))
    engine.send(intents.SyncNow())
    told = watch.wait(events.FaultRaised)
    assert told.fault is events.Fault.CLOCK_OFF
    reading = open_reading(profile)
    watch.wait(events.SessionsChanged, lambda _e: reading.session("begun") is not None)
    reading.close()
    engine.send(intents.Identify(STUDENT, EMAIL))
    watch.wait(events.VisitBegan)
    engine.send(wish("begun"))
    refused = watch.wait(events.RequestSettled)
    assert (refused.state, refused.code) == ("refused", "SESSION_CLOSED")
    since = len(watch.events)
    engine.send(wish("s1"))
    watch.wait(events.RequestSettled, lambda e: e.state == "confirmed", since)
    peer.now = lambda: datetime.now(UTC)
    engine.send(intents.SyncNow())
    assert watch.wait(events.FaultCleared).fault is events.Fault.CLOCK_OFF


def test_intents_given_before_it_runs_are_served(profile, watch, peer):
    engine = build_engine(profile, watch.publish)
    engine.send(intents.Identify(STUDENT, EMAIL))
    engine.start()
    assert watch.wait(events.VisitBegan).offline is False
    assert engine.stop()


def test_it_stops_in_time_with_a_call_under_way_and_sends_it_at_the_next_start(
    profile, watch, peer
):
    free = threading.Event()
    engine = build_engine(profile, watch.publish)
    engine.start()
    online(watch)
    engine.send(intents.Identify(STUDENT, EMAIL))
    watch.wait(events.VisitBegan)
    peer.fail(
        "create-booking", lambda handler, *_: free.wait(10) and wire.lose_answer(handler, 0, b"")
    )
    engine.send(wish("s1"))
    peer.wait_for("create-booking")
    assert engine.stop()
    free.set()
    second = Watch()
    engine = build_engine(profile, second.publish)
    engine.start()
    assert second.wait(events.RequestSettled).state == "confirmed"
    assert engine.stop()
    assert len(peer.live()) == 1
    assert peer.calls("create-booking")[1].headers["x-replay"] == "1"


def test_a_device_that_is_not_enrolled_says_so_and_answers_everything(tmp_path, watch):
    engine = build_engine(Profile(tmp_path), watch.publish)
    engine.send(intents.Identify(STUDENT, EMAIL))
    engine.start()
    assert watch.wait(events.FaultRaised).fault is events.Fault.NOT_ENROLLED
    watch.wait(events.VisitRefused)
    engine.send(wish("s1"))
    assert watch.wait(events.RequestSettled).code == events.NOT_SAVED
    engine.send(intents.Cancel("x"))
    assert watch.wait(events.CancelSettled).state == "refused"
    engine.send(intents.SignOut())
    watch.wait(events.VisitEnded)
    assert engine.stop()


def test_a_second_engine_leaves_the_first_alone(engine, watch, profile, peer):
    online(watch)
    other = Watch()
    second = build_engine(Profile(profile.folder), other.publish)
    second.start()
    assert other.wait(events.FaultRaised).detail == "already running"
    assert second.stop()
    engine.send(intents.Identify(STUDENT, EMAIL))
    watch.wait(events.VisitBegan)


def test_the_hold_on_a_profile_can_be_handed_to_the_engine(profile, watch, peer):
    held = Instance(profile.folder)
    engine = build_engine(profile, watch.publish, held)
    engine.start()
    watch.wait(events.EngineReady)
    assert is_running(profile.folder)
    assert engine.stop()
    assert not is_running(profile.folder)


def test_a_mirror_that_breaks_while_it_runs_is_rebuilt(engine, watch, profile, peer):
    online(watch)
    reading = open_reading(profile)
    # A commit of another connection makes the engine read its pages from the disk again.
    other = open_mirror(profile.folder, profile.unlock().keys())
    other.forget_visits()
    other.salt(b"of another connection")
    other.close()
    damage(profile.folder / "mirror.db")
    since = len(watch.events)
    peer.add_session(session_facts("s2", day=DAY))
    engine.send(intents.SyncNow())
    watch.wait(events.SessionsChanged, lambda e: _there(reading, "s2"), since)
    assert reading.count(SessionFilter()) == 2
    reading.close()


def _there(reading, session_id):
    reading.refresh()
    return reading.session(session_id) is not None


def damage(path):
    """Overwrite everything behind the first page, in the file and in what waits beside it."""
    for file in (path, path.with_name(f"{path.name}-wal")):
        size = file.stat().st_size
        with file.open("r+b") as content:
            content.seek(min(4096, size))
            content.write(b"\xa5" * max(0, size - 4096))


def test_the_window_opens_before_the_engine_has_made_anything(profile, watch, peer):
    reading = open_reading(profile)
    assert reading.count(SessionFilter()) == 0
    engine = build_engine(profile, watch.publish)
    engine.start()
    watch.wait(events.LinkChanged, lambda e: e.synced_at)
    reading.refresh()
    assert reading.count(SessionFilter()) == 1
    reading.close()
    assert engine.stop()


@pytest.mark.parametrize("peer", [False], indirect=True, ids=["everything"])
def test_a_trial_under_way_leaves_the_files_tidy(profile, watch, peer, monkeypatch):
    """Whoever closes a file last and may only read leaves what lies beside it."""
    peer.lending = Lending()  # only a kiosk with seats of its own is tried
    peer.add_session(session_facts("s2", day=DAY - timedelta(days=28), total_bookings=0))
    begun, end = threading.Event(), threading.Event()

    def rehearse(folder):
        reading = open_reading(Profile(folder))
        begun.set()
        end.wait()
        reading.close()
        return ""

    def let_end(trials):
        end.set()
        wait(trials)

    wait = Rehearsing.let_end
    monkeypatch.setattr(assembly, "rehearse", rehearse)
    monkeypatch.setattr(Rehearsing, "let_end", let_end)
    monkeypatch.setattr(rehearsing, "LAST_SECONDS", 60)
    engine = build_engine(profile, watch.publish)
    engine.start()
    assert begun.wait(60)
    assert {one.name for one in profile.folder.glob("*.db-*")} != set()
    ended = engine.stop(60)
    end.set()
    assert ended
    assert {one.name for one in profile.folder.glob("*.db-*")} == set()
