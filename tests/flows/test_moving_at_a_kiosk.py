"""A student moves a booking at a kiosk, and learns of a late cancel, against the real backend."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.domain.rules import BookingRules, Rule
from kiosk_app.sync.events import BalancesChanged, CancelSettled, MoveSettled, SessionsChanged
from kiosk_app.sync.intents import Move
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_student,
    enrol_code,
    query,
)
from tests.helpers.device import TestClock, at_bench
from tests.helpers.lossy_line import LossyLine
from tests.helpers.moving import booked, talk
from tests.helpers.terminal import Terminal

STUDENT, EMAIL = "QX4417", "ana@example.org"
RULES = BookingRules({MockType.MOCK_DISCUSSION: {Role.STUDENT: Rule(late_cancel_min=24 * 60)}})


@pytest.fixture
def backend(database_url):
    backend = RunningBackend(database_url, rules=RULES)
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def url(backend):
    return backend.database


@pytest.fixture
def booking(backend, url):
    """A booking of a student who has tokens of two kinds; its id and its session."""
    contact = add_student(url, discussion=1, cs=1)
    with Api(backend.url, add_device(url)) as api:
        return booked(api, url, contact)


async def at_work(device):
    """Connect, learn what the server offers and who stands here."""
    await device.connect()
    await device.pull.sessions()
    await device.sign_in(STUDENT, EMAIL)


def bench(backend, url, tmp_path):
    clock = TestClock(datetime.now(UTC))
    return at_bench(tmp_path, backend.url, token=add_device(url, "Bench"), clock=clock)


def mine(device):
    return [(row.ref, row.session_id, row.standing) for row in device.desk.bookings(STUDENT)]


async def test_a_move_is_on_the_screen_when_it_is_answered(backend, url, booking, tmp_path):
    made, old = booking
    new = talk(url, mock_type="Clinical Skills")
    async with bench(backend, url, tmp_path) as device:
        await at_work(device)
        assert device.desk.bookings(STUDENT)[0].can_move
        asked = Move(ref=made, session_id=new, key="idem_move_kiosk")
        settled = await device.desk.move(asked)
        assert (settled.state, settled.booking.mock_exam_id) == ("moved", new)
        assert (settled.tokens.returned, settled.tokens.spent) == (
            "mock_discussion_token",
            "cs_credits",
        )
        assert mine(device) == [(made, new, "confirmed")]
        assert device.told(MoveSettled) == [settled]
        balances = device.told(BalancesChanged)[-1].balances
        assert (balances.mock_discussion_token, balances.cs_credits) == (1, 0)
        assert SessionsChanged(frozenset({old, new})) in device.events
        assert await device.desk.move(asked) == settled, "asking again does nothing twice"
        same = await device.desk.move(Move(ref=made, session_id=new, key="idem_move_other"))
        assert (same.state, same.code) == ("refused", "SAME_SESSION")
        assert mine(device) == [(made, new, "confirmed")]


async def test_an_answer_that_is_lost_is_asked_for_again(backend, url, booking, tmp_path):
    made, old = booking
    asked = Move(ref=made, session_id=talk(url), key="idem_move_kiosk")
    with LossyLine(int(backend.url.rpartition(":")[2])) as line:
        async with bench(line, url, tmp_path) as device:
            await at_work(device)
            line.hold_answers_to(b"idem_move_kiosk")
            moving = asyncio.create_task(device.desk.move(asked))
            await asyncio.to_thread(line.wait_held)
            line.drop_all()
            lost = await moving
            assert (lost.state, lost.code) == ("unknown", "MOVE_UNANSWERED")
            line.hold_answers_to(b"")
            line.change()
            await device.connect()
            assert (await device.desk.move(asked)).state == "moved", "the same key, asked again"
            assert query(url, "SELECT count(*) FROM booking_moves") == [(1,)]
            line.change(refused=True)
            line.drop_all()
            await device.disconnect()
            refused = await device.desk.move(Move(ref=made, session_id=old, key="idem_move_2"))
            assert (refused.state, refused.code) == ("refused", "MOVE_OFFLINE")
            assert device.station.queue.waiting() == []


async def test_a_late_cancel_is_known_before_the_tap_and_told_after_it(
    backend, url, booking, tmp_path
):
    made, session = booking
    async with bench(backend, url, tmp_path) as device:
        await at_work(device)
        (row,) = device.desk.bookings(STUDENT)
        assert row.starts_at - row.late_after == timedelta(days=1)
        assert not row.is_late(device.clock.now())
        begin = "UPDATE mock_sessions SET starts_at = now() + interval '20 h', ends_at = now()"
        query(url, f"{begin} + interval '22 h' WHERE id = %s", session)
        device.station.visiting.stale = True
        await device.pull.bookings()
        (row,) = device.desk.bookings(STUDENT)
        assert row.is_late(device.clock.now())
        assert (row.can_cancel, row.can_move) == (True, False)
        assert (await device.desk.cancel(made)).state == "cancelled"
        (told,) = device.told(CancelSettled)
        assert (told.token_lost, told.refunded_field) == (True, None)
        assert mine(device) == [(made, session, "cancelled_late")]
        device.station.visiting.stale = True
        await device.pull.bookings()
        assert mine(device) == [(made, session, "cancelled_late")]


def test_kiosk_move_without_a_window(backend, url, booking, tmp_path, capsys):
    made, _ = booking
    new = talk(url)
    kiosk = Terminal(tmp_path / "profile", capsys)
    kiosk.enrol(backend.url, enrol_code(url))
    kiosk.json("sync", "--once")
    who = ("--student-id", STUDENT, "--email", EMAIL)
    (row,) = kiosk.json("bookings", *who)["bookings"]
    moved = kiosk.json("move", row["code"], new, *who)
    assert (moved["state"], moved["id"], moved["session_id"]) == ("moved", made, new)
    assert (moved["token_returned"], moved["booking_code"]) == (None, row["code"])
    refused = kiosk.json("move", row["code"], new, *who, status=1)
    assert (refused["state"], refused["code"]) == ("refused", "SAME_SESSION")
    (row,) = kiosk.json("bookings", *who)["bookings"]
    assert (row["session_id"], row["can_move"]) == (new, True)
    query(url, "UPDATE mock_sessions SET starts_at = now() + interval '20 h' WHERE id = %s", new)
    cancelled = kiosk.json("cancel", made, *who)
    assert (cancelled["state"], cancelled["token_lost"]) == ("cancelled", True)
    assert "too late for the token" in cancelled["message"]
