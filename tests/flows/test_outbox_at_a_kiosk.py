"""The outbox as staff see and move it: the engine's part, against a server of another make."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from kiosk_app.cache import export
from kiosk_app.cache.files import QUEUE
from kiosk_app.cache.request import WAITING, Request, State
from kiosk_app.domain.attention import OwnKind
from kiosk_app.domain.outbox import Rung
from kiosk_app.i18n import attention
from kiosk_app.i18n import outbox as words
from kiosk_app.sync import outbox, own_attention
from kiosk_app.sync.attending import Attending
from kiosk_app.sync.events import OutboxExported, OutboxListed, RequestTried
from kiosk_app.sync.intents import ExportOutbox, LookAtOutbox, SendNow, Settle
from tests.helpers import wire_faults as wire
from tests.helpers.device import TestClock, at_bench
from tests.helpers.files import KEYS, handing, opened
from tests.helpers.peer import Peer
from tests.helpers.peer_leases import Lending
from tests.helpers.samples import NOW, new_request, session_facts

CREATE = "create-booking"


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture
def peer(clock):
    peer = Peer(now=clock.now, lending=Lending()).start()
    peer.add_student(mock_discussion_token=9)
    peer.add_student("BO2002", "bo@example.org", mock_discussion_token=1)
    peer.add_session(session_facts("s1", capacity=16, total_bookings=0))
    for number in range(2, 5):
        day = NOW.date() + timedelta(days=2 + number)
        peer.add_session(session_facts(f"s{number}", day=day, capacity=16, total_bookings=0))
    yield peer
    peer.stop()


@pytest.fixture
async def device(tmp_path, peer, clock):
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.leases.sync()
        await device.pull.sessions()
        await device.sign_in()
        device.attending = Attending(device.station, device.replay, handing(tmp_path))
        yield device


async def ask(device, intent):
    await device.attending.serve(intent)
    listed = device.told(OutboxListed)
    return {entry.ref: entry for entry in listed[-1].entries} if listed else {}


async def test_every_rung_of_the_ladder_stands_there_until_it_is_settled(device, peer, clock):
    queue = device.station.queue
    elsewhen = session_facts("s9", day=NOW.date() + timedelta(days=20))
    bad = queue.save(new_request(elsewhen, body="not json", student_ref="CD3001"), clock.now())
    await device.replay.drain()
    peer.fail(CREATE, wire.lose_answer)
    await device.sign_in("BO2002", "bo@example.org")
    sent = await device.place("s2", student_id="BO2002", email="bo@example.org")
    await device.sign_in()
    peer.stop()
    await device.disconnect()
    seat = await device.place("s1")
    saved = await device.place("s3")
    assert (sent.state, seat.state, saved.state) == ("unknown", "guaranteed", "queued")
    found = await ask(device, LookAtOutbox())
    assert {ref: entry.rung for ref, entry in found.items()} == {
        saved.request_id: Rung.QUEUED,
        seat.request_id: Rung.GUARANTEED,
        sent.request_id: Rung.UNKNOWN,
        bad.id: Rung.ASIDE,
    }
    assert next(iter(found)) == saved.request_id, "the newest first"
    assert [ref for ref, entry in found.items() if entry.needs] == [bad.id]
    assert not found[bad.id].may_send
    entry = found[sent.request_id]
    assert (entry.student, entry.number, entry.attempts) == ("BO2002", sent.number, 1)
    assert (entry.code, entry.cancels, entry.may_send) == ("LINK", False, True)
    peer.drop_session("s3")
    device.desk.sign_out()
    peer.start()
    await device.connect()
    await device.replay.drain(reconnected=True)
    found = await ask(device, LookAtOutbox())
    assert found[saved.request_id].rung is Rung.REFUSED
    assert set(found) == {saved.request_id, bad.id}
    await ask(device, Settle(ref=saved.request_id, way="told"))
    assert set(await ask(device, LookAtOutbox())) == {bad.id}


async def test_one_is_sent_now_whatever_the_server_said_of_waiting(device, peer, clock):
    peer.fail(CREATE, wire.saying(503, "OVERLOADED", Retry_After=600), before=True)
    waits = await device.place("s2")
    found = await ask(device, LookAtOutbox())
    assert found[waits.request_id].next_at >= clock.now() + timedelta(seconds=600)
    peer.stop()
    found = await ask(device, SendNow(waits.request_id))
    assert device.told(RequestTried)[-1] == RequestTried(waits.request_id, "NOT_SENT")
    peer.start()
    await device.connect()
    found = await ask(device, SendNow(waits.request_id))
    assert device.told(RequestTried)[-1] == RequestTried(waits.request_id)
    assert found == {}
    await ask(device, SendNow(waits.request_id))
    assert device.told(RequestTried)[-1].code is None, "it is booked already"
    await ask(device, SendNow("nothing"))
    assert device.told(RequestTried)[-1].code == "NOT_FOUND"
    assert len(peer.live()) == 1


async def test_a_refusal_is_told_to_whoever_asked(device, peer):
    peer.fail(CREATE, wire.saying(500, "INTERNAL_ERROR"), before=True)
    waits = await device.place("s2")
    peer.sessions["s2"] = structs.replace(peer.sessions["s2"], total_bookings=16)
    await ask(device, SendNow(waits.request_id))
    assert device.told(RequestTried)[-1].code == "DISCUSSION_FULL"


async def test_it_is_handed_over_and_only_its_passphrase_opens_it(device, peer, tmp_path):
    peer.stop()
    await device.disconnect()
    saved = await device.place("s3")
    folder = tmp_path / "stick"
    await ask(device, ExportOutbox(str(folder)))
    (told,) = device.told(OutboxExported)
    rows = export.read(next(folder.iterdir()), told.passphrase)
    assert [row["number"] for row in rows["requests"]] == [saved.number]
    assert told.requests == 1
    assert told.passphrase not in repr(told)
    (tmp_path / "file").touch()
    await ask(device, ExportOutbox(str(tmp_path / "file")))
    assert device.told(OutboxExported)[-1].code == "NOT_EXPORTED"


async def test_who_guaranteed_a_seat_is_said_where_its_request_was_taken_over(
    device, peer, clock, tmp_path
):
    peer.stop()
    await device.disconnect()
    seat = await device.place("s1")
    rows = export.named(export.collect(tmp_path / QUEUE, KEYS.queue).rows, "Library 2")
    (here,) = outbox.entries(device.station.queue.unsettled(), clock.now())
    assert "this device's" in words.meaning(here)
    (tmp_path / "desk").mkdir()
    desk = opened(tmp_path / "desk").queue
    desk.take_over(rows["requests"], clock.now(), export.device_of(rows))
    (there,) = outbox.entries(desk.unsettled(), clock.now())
    assert (there.rung, there.origin) == (Rung.GUARANTEED, "Library 2")
    assert words.meaning(there).startswith("Library 2 guaranteed the seat")
    desk.refuse(desk.get(seat.request_id), clock.now(), "SESSION_NOT_FOUND")
    (item,) = own_attention.own_items(desk.unsettled(), clock.now(), "Front desk")
    assert item.kind is OwnKind.PROMISE_REFUSED
    told = attention.happened(item)
    assert told.startswith("Library 2 guaranteed the seat")
    assert "Front desk" in attention.about(item), "the list is of this device all the same"
    desk.close()


_CODES = st.sampled_from([None, "LINK", "DISCUSSION_FULL", "BOOKING_CANCELLED"])


@given(
    st.lists(
        st.tuples(
            *(st.sampled_from(list(State)), _CODES),
            *(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 90)),
        ),
        max_size=8,
    )
)
def test_nothing_that_waits_or_needs_a_person_is_ever_left_out(drawn):
    base = new_request(session_facts("s1"))
    requests = [
        Request(
            **{**structs.asdict(base), "id": f"r{n}"},
            position=n,
            number=f"Q-{n}",
            created_at=NOW - timedelta(minutes=minutes),
            state=state,
            last_code=code,
            seen=seen,
            unanswered=unanswered,
            quarantined=aside,
        )
        for n, (state, code, seen, unanswered, aside, minutes) in enumerate(drawn)
    ]
    found = outbox.entries(requests, NOW, datetime.max.replace(tzinfo=UTC))
    own = {item.ref for item in own_attention.own_items(requests, NOW)}
    assert {e.ref for e in found} == own | {r.id for r in requests if r.state in WAITING}
    assert {e.ref for e in found if e.needs} == own
