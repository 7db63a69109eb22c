"""A student waits for a seat at a kiosk, is offered one and takes it, against the real backend."""

import asyncio
from datetime import UTC, datetime

import pytest

from kiosk_app.sync.events import (
    BalancesChanged,
    LinkChanged,
    RequestSettled,
    WaitsChanged,
    WaitSettled,
)
from kiosk_app.sync.intents import Claim, Wait
from tests.helpers.backend import RunningBackend, add_device, add_student, enrol_code, query
from tests.helpers.device import TestClock, at_bench
from tests.helpers.full_house import FullHouse
from tests.helpers.lossy_line import LossyLine
from tests.helpers.slow_answer import SlowAnswer
from tests.helpers.terminal import Terminal

STUDENT, EMAIL = "QX4417", "ana@example.org"


@pytest.fixture
def backend(database_url):
    backend = RunningBackend(database_url)
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def house(backend):
    add_student(backend.database, STUDENT, email=EMAIL, discussion=1)
    made = FullHouse(backend.database, backend.url)
    yield made
    made.close()


def bench(line, backend, tmp_path):
    clock = TestClock(datetime.now(UTC))
    token = add_device(backend.database, "Bench")
    return at_bench(tmp_path, line.url, token=token, clock=clock)


async def at_work(device):
    await device.connect()
    await device.pull.sessions()
    await device.sign_in(STUDENT, EMAIL)


async def step(device, house, name, wait_id=""):
    return await device.desk.wait(Wait(session_id=house.session, step=name, wait_id=wait_id))


async def offered(device, house):
    """Wait, let the neighbour go, and return the offer as the kiosk learns of it."""
    await step(device, house, "join")
    await asyncio.to_thread(house.give_up)
    return await looked(device)


async def looked(device):
    """Let the worker's time come and return the one wait it finds."""
    from kiosk_app.sync import waiting  # noqa: PLC0415 - the loop's own call

    device.clock.pass_by(seconds=6)
    await waiting.look(device.station)
    return device.told(WaitsChanged)[-1].waits


def claim(house, wait, request_id="r-1"):
    return Claim(request_id=request_id, session_id=house.session, wait_id=wait.wait_id)


async def test_a_student_joins_leaves_and_hears_where_they_stand(backend, house, tmp_path):
    async with bench(backend, backend, tmp_path) as device:
        await at_work(device)
        assert "waitlist" in device.told(LinkChanged)[-1].features
        assert device.told(WaitsChanged)[-1].waits == ()
        joined = await step(device, house, "join")
        assert (joined.state, joined.place) == ("done", 1)
        assert await step(device, house, "join") == joined, "a second time is the same wait"
        (wait,) = device.told(WaitsChanged)[-1].waits
        assert (wait.session_id, wait.place, wait.offered_until) == (house.session, 1, None)
        assert (await step(device, house, "leave")).state == "done"
        assert device.told(WaitsChanged)[-1].waits == ()
        again = await step(device, house, "leave")
        assert (again.state, again.code) == ("refused", "WAIT_NOT_FOUND")
        assert house.waits() == ["left"]
        assert device.station.queue.waiting() == []


async def test_who_joins_while_it_is_asked_where_they_wait_is_shown_to_wait(
    backend, house, tmp_path, monkeypatch
):
    """The answer is older than what was done meanwhile."""
    async with bench(backend, backend, tmp_path) as device:
        await at_work(device)
        slow = SlowAnswer(device.station.gateway.waitlists, "own", monkeypatch)
        older = asyncio.create_task(looked(device))
        await slow.said.wait()
        assert (await step(device, house, "join")).state == "done"
        slow.let_through.set()
        (wait,) = await older
        assert wait.session_id == house.session
        assert device.station.visiting.looked_at is None, "so that it is asked for again"


async def test_an_offer_becomes_a_booking_once(backend, house, tmp_path):
    async with bench(backend, backend, tmp_path) as device:
        await at_work(device)
        (wait,) = await offered(device, house)
        assert wait.is_offered(device.clock.now())
        taken = await device.desk.claim(claim(house, wait))
        assert (taken.state, taken.tokens_remaining) == ("confirmed", 0)
        assert device.told(RequestSettled) == [taken]
        assert device.told(BalancesChanged)[-1].balances.mock_discussion_token == 0
        assert device.told(WaitsChanged)[-1].waits == ()
        await device.pull.bookings()
        (row,) = device.desk.bookings(STUDENT)
        assert (row.ref, row.code) == (taken.booking_ref, taken.booking_code)
        again = await device.desk.claim(claim(house, wait, "r-2"))
        assert again.booking_ref == taken.booking_ref
        assert device.told(BalancesChanged)[-1].balances.mock_discussion_token == 0


async def test_an_offer_is_declined_or_comes_too_late(backend, house, tmp_path):
    async with bench(backend, backend, tmp_path) as device:
        await at_work(device)
        (wait,) = await offered(device, house)
        await asyncio.to_thread(house.let_offers_lapse)
        late = await device.desk.claim(claim(house, wait))
        assert (late.state, late.code) == ("refused", "OFFER_EXPIRED")
        assert await looked(device) == ()
        no = await step(device, house, "decline", wait.wait_id)
        assert (no.state, no.code) == ("refused", "OFFER_EXPIRED")
        await step(device, house, "join")  # the seat is free for everybody by now
        assert device.told(WaitSettled)[-1].code == "SEATS_LEFT"


async def test_a_declined_offer_is_gone(backend, house, tmp_path):
    async with bench(backend, backend, tmp_path) as device:
        await at_work(device)
        (wait,) = await offered(device, house)
        assert (await step(device, house, "decline", wait.wait_id)).state == "done"
        assert device.told(WaitsChanged)[-1].waits == ()
        assert house.waits() == ["declined"]


async def test_without_a_line_nothing_is_kept_that_pretends(backend, house, tmp_path):
    with LossyLine(int(backend.url.rpartition(":")[2])) as line:
        async with bench(line, backend, tmp_path) as device:
            await at_work(device)
            (wait,) = await offered(device, house)
            line.hold_answers_to(b"/claim")
            claiming = asyncio.create_task(device.desk.claim(claim(house, wait)))
            await asyncio.to_thread(line.wait_held)
            line.drop_all()
            lost = await claiming
            assert (lost.state, lost.code) == ("refused", "CLAIM_UNANSWERED")
            line.hold_answers_to(b"")
            line.change()
            await device.connect()
            assert (await device.desk.claim(claim(house, wait))).state == "confirmed"
            line.change(refused=True)
            line.drop_all()
            await device.disconnect()
            refused = await step(device, house, "join")
            assert (refused.state, refused.code) == ("refused", "WAIT_OFFLINE")
            assert device.station.queue.waiting() == []
        assert house.waits() == ["booked"]


async def test_a_server_without_waitlists_is_asked_nothing(backend, house, tmp_path):
    async with bench(backend, backend, tmp_path) as device:
        await device.connect()
        await device.pull.sessions()
        known = device.station.capabilities
        known.features.remove("waitlist")
        await device.sign_in(STUDENT, EMAIL)
        assert device.told(WaitsChanged) == []
        assert (await step(device, house, "join")).code == "METHOD_NOT_ALLOWED"
        assert "waitlist" not in device.told(LinkChanged)[-1].features
    assert house.waits() == []


def test_kiosk_waitlist_without_a_window(backend, house, tmp_path, capsys):
    kiosk = Terminal(tmp_path / "profile", capsys)
    kiosk.enrol(backend.url, enrol_code(backend.database))
    kiosk.json("sync", "--once")
    who = ("--student-id", STUDENT, "--email", EMAIL)
    assert kiosk.json("waitlist", *who) == {"waits": []}
    nothing = kiosk.json("waitlist", "claim", house.session, *who, status=1)
    assert nothing["code"] == "WAIT_NOT_FOUND"
    joined = kiosk.json("waitlist", "join", house.session, *who)
    assert (joined["state"], joined["place"]) == ("done", 1)
    for early in ("claim", "decline"):
        told = kiosk.json("waitlist", early, house.session, *who, status=1)
        assert (told["state"], told["code"]) == ("refused", "OFFER_EXPIRED")
        assert "your turn has not come yet" in told["message"]
    assert kiosk.json("waitlist", *who)["waits"][0]["place"] == 1
    house.give_up()
    (wait,) = kiosk.json("waitlist", *who)["waits"]
    assert wait["session_id"] == house.session
    assert wait["offered_until"]
    assert kiosk.run("waitlist", *who)[1].count("held until") == 1
    taken = kiosk.json("waitlist", "claim", house.session, "--format", "Virtual", *who)
    assert (taken["state"], taken["tokens_remaining"]) == ("confirmed", 0)
    (row,) = kiosk.json("bookings", *who)["bookings"]
    assert row["code"] == taken["booking_code"]
    assert kiosk.json("waitlist", *who) == {"waits": []}
    assert query(backend.database, "SELECT state FROM waitlist_entries") == [("booked",)]
