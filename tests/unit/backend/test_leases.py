"""Seats leased to devices: nothing is promised twice, whatever is lost, late or copied."""

import asyncio
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from kiosk_app.backend.core.attention import list_attention, settle
from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.core.leases import sync_leases
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.contract.attention import AttentionKind, SettleAttention, Way
from kiosk_app.contract.leases import SlotState
from kiosk_app.contract.problems import Code
from tests.helpers.backend import add_session, add_student, query
from tests.helpers.lease_kiosk import LeaseKiosk
from tests.helpers.leased import a_caller, a_request, a_user, counts, exchange, lease_of


@pytest.fixture
def caller(database_url):
    return a_caller(database_url)


@pytest.fixture
def kiosk():
    return LeaseKiosk()


async def test_a_device_gets_few_seats_and_they_count_as_taken(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=20)
    slots = await lease_of(core, caller, kiosk, session, 9)
    assert [key[1] for key in slots] == [1, 2, 3]
    assert counts(database_url, session) == (0, 3)
    assert await lease_of(core, caller, kiosk, session) == slots, "it has its share already"


@pytest.mark.parametrize(
    ("capacity", "columns", "given"),
    [(4, {}, 0), (10, {}, 2), (10, {"held_seats": 6}, 0), (10, {"is_active": False}, 0)],
)
async def test_a_small_pool_gives_none(core, database_url, capacity, columns, given):
    session = add_session(database_url, capacity=capacity, **columns)
    slots = await lease_of(core, a_caller(database_url), LeaseKiosk(), session)
    assert len(slots) == given


async def test_all_devices_together_get_a_share_of_the_session(core, database_url):
    session = add_session(database_url, capacity=20)
    given = []
    for _ in range(4):
        given += await lease_of(core, a_caller(database_url), LeaseKiosk(), session)
    assert len(given) == len({key[1] for key in given}) == 6  # 0.3 of 20


async def test_nothing_is_leased_of_a_session_that_began(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=20, day=core.clock().date() - timedelta(days=2))
    assert await lease_of(core, caller, kiosk, session) == []


async def test_a_wish_that_is_asked_again_gets_the_same_slots(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=20)
    kiosk.wish(session)
    first = await sync_leases(core, caller, kiosk.message())  # this answer is lost
    again = await exchange(core, caller, kiosk)
    assert again.grants == first.grants
    assert counts(database_url, session) == (0, 3)


async def test_a_wish_of_strange_words_is_answered_with_nothing(core, caller, kiosk):
    kiosk.wish("no session")
    answer = await exchange(core, caller, kiosk)
    assert answer.grants == []


async def test_a_confirmation_is_booked_whenever_it_arrives(core, database_url, caller, kiosk):
    """F35, F36: after the deadline, and after the session began."""
    session = add_session(database_url, capacity=10)
    contact = add_student(database_url, discussion=1)
    key, *_ = await lease_of(core, caller, kiosk, session)
    lease = kiosk.confirm(key)
    query(
        database_url,
        "UPDATE mock_sessions SET starts_at = now() - interval '2 days',"
        " ends_at = now() - interval '1 day' WHERE id = %s",
        session,
    )
    booked = await create_booking(
        core, DISCUSSIONS, a_request(session, contact, lease=lease), caller
    )
    assert not booked.repeated
    assert counts(database_url, session) == (1, 1)
    assert query(database_url, "SELECT slot, slot_generation FROM bookings") == [key[1:]]
    again = await create_booking(
        core, DISCUSSIONS, a_request(session, contact, lease=lease), caller
    )
    assert again.repeated
    await exchange(core, caller, kiosk)
    assert key not in kiosk.slots, "the device may forget what is booked"


async def test_a_full_session_still_honours_its_leases(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=10)
    slots = await lease_of(core, caller, kiosk, session)
    query(database_url, "UPDATE mock_sessions SET capacity = leased_seats WHERE id = %s", session)
    other = add_student(database_url, "RB2001", email="rob@example.org", discussion=1)
    online = a_request(session, other, student="RB2001", email="rob@example.org")
    with pytest.raises(Refusal) as refused:
        await create_booking(core, DISCUSSIONS, online, caller)
    assert refused.value.code is Code.DISCUSSION_FULL
    contact = add_student(database_url, discussion=1)
    lease = kiosk.confirm(slots[0])
    await create_booking(core, DISCUSSIONS, a_request(session, contact, lease=lease), caller)
    assert counts(database_url, session) == (1, 1)


async def test_a_token_spent_elsewhere_is_owed_and_the_desk_is_told(
    core, database_url, caller, kiosk
):
    session = add_session(database_url, capacity=10)
    contact = add_student(database_url)
    (key, *_) = await lease_of(core, caller, kiosk, session)
    request = a_request(session, contact, lease=kiosk.confirm(key))
    await create_booking(core, DISCUSSIONS, request, caller)
    assert all(finding.ok for finding in await check_books(core))
    (item,) = (await list_attention(core)).items
    assert (item.kind, item.student, item.ways[0]) == (
        AttentionKind.DEBT,
        "QX4417",
        Way.ADD_TOKEN,
    )
    user = a_user(database_url, caller)
    chosen = SettleAttention(way=Way.WAIVE, reason="first time")
    await settle(core, user, UUID(item.id), chosen)
    await settle(core, user, UUID(item.id), chosen)
    assert (await list_attention(core)).items == []
    assert query(
        database_url, "SELECT count(*) FROM audit_log WHERE action = 'attention.settled'"
    ) == [(1,)]


@pytest.mark.parametrize("online", [True, False])
async def test_the_same_student_twice_keeps_the_first_and_frees_the_other(
    core, database_url, caller, kiosk, online
):
    """F40: one seat for one student, whichever way the first one came."""
    session = add_session(database_url, capacity=20)
    contact = add_student(database_url, discussion=2)
    first, second, *_ = await lease_of(core, caller, kiosk, session)
    lease = None if online else kiosk.confirm(first)
    await create_booking(core, DISCUSSIONS, a_request(session, contact, lease=lease), caller)
    late = a_request(session, contact, key="idem_disc_late", lease=kiosk.confirm(second))
    with pytest.raises(Refusal) as refused:
        await create_booking(core, DISCUSSIONS, late, caller)
    assert refused.value.code is Code.DUPLICATE_BOOKING
    assert counts(database_url, session) == (1, 2 if online else 1)
    (item,) = (await list_attention(core)).items
    assert item.kind is AttentionKind.DUPLICATE_FREED
    assert query(database_url, "SELECT sum(amount) FROM ledger") == [(1,)]


async def test_a_session_called_off_wins_over_a_confirmation(core, database_url, caller, kiosk):
    """F39: no token is taken, and staff find another seat."""
    session = add_session(database_url, capacity=10)
    contact = add_student(database_url, discussion=1)
    key, other = await lease_of(core, caller, kiosk, session)
    lease = kiosk.confirm(key)
    query(database_url, "UPDATE mock_sessions SET is_active = false WHERE id = %s", session)
    assert counts(database_url, session) == (0, 0)
    with pytest.raises(Refusal) as refused:
        await create_booking(core, DISCUSSIONS, a_request(session, contact, lease=lease), caller)
    assert refused.value.code is Code.SESSION_CLOSED
    (item,) = (await list_attention(core)).items
    assert (item.kind, item.ways[0]) == (AttentionKind.REHOUSE, Way.BOOK_OTHER)
    answer = await exchange(core, caller, kiosk)
    assert {one.slot for one in answer.gone} == {key[1], other[1]}
    assert kiosk.free() == []


async def test_a_return_counts_only_for_the_generation_that_is_held(
    core, database_url, caller, kiosk
):
    """F41: a return that was late does not free the seat of the next holder."""
    session = add_session(database_url, capacity=10)
    (key, *_) = await lease_of(core, caller, kiosk, session)
    kiosk.give_back(key)
    late = kiosk.message()
    await exchange(core, caller, kiosk)
    assert counts(database_url, session) == (0, 1)
    other, second = a_caller(database_url), LeaseKiosk()
    (mine, *_) = await lease_of(core, other, second, session)
    assert mine[1] == key[1] and mine[2] > key[2]
    before = counts(database_url, session)
    kiosk.counter, kiosk.chain = kiosk.counter + 1, "new"
    await sync_leases(
        core,
        caller,
        type(late)(
            **{
                **{name: getattr(late, name) for name in late.__struct_fields__},
                "counter": kiosk.counter,
                "chain": kiosk.chain,
            }
        ),
    )
    assert counts(database_url, session) == before
    assert second.slots[mine] is SlotState.FREE


async def test_idle_seats_of_a_sold_out_session_are_asked_back(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=20)
    await lease_of(core, caller, kiosk, session)
    assert (await exchange(core, caller, kiosk)).recalls == []
    query(database_url, "UPDATE mock_sessions SET held_seats = 17 WHERE id = %s", session)
    (recall,) = (await exchange(core, caller, kiosk)).recalls
    assert (recall.session_id, recall.seats) == (session, 2)


def test_a_settled_lease_stays_settled(database_url):
    session = add_session(database_url, capacity=10)
    device = a_caller(database_url).device.id
    query(
        database_url,
        "INSERT INTO lease_slots (session_id, slot, generation, device_id, installation_id,"
        " grant_id, state, granted_at, renewed_at, settled_at) VALUES (%s, 1, 1, %s,"
        " gen_random_uuid(), gen_random_uuid(), 'returned', now(), now(), now())",
        session,
        device,
    )
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        query(database_url, "UPDATE lease_slots SET state = 'leased', settled_at = NULL")


async def test_the_last_seat_goes_to_one(core, database_url):
    """F40: online sales race grants on real connections; the three counts never pass the capacity."""
    session = add_session(database_url, capacity=10)
    people = [
        (f"P{n}", add_student(database_url, f"P{n}", email=f"p{n}@example.org", discussion=1))
        for n in range(12)
    ]
    callers = [a_caller(database_url) for _ in range(6)]

    async def online(student, contact):
        request = a_request(
            session,
            contact,
            student=student,
            email=f"{student.lower()}@example.org",
            key=f"idem_disc_{student}",
        )
        try:
            await create_booking(core, DISCUSSIONS, request, callers[0])
        except Refusal as refusal:
            return refusal.code
        return "booked"

    async def grant(one):
        kiosk = LeaseKiosk()
        return len(await lease_of(core, one, kiosk, session))

    told = await asyncio.gather(
        *(online(*person) for person in people), *(grant(one) for one in callers)
    )
    booked, leased = counts(database_url, session)
    assert told[:12].count("booked") == booked
    assert sum(told[12:]) == leased <= 3
    assert booked + leased <= 10
    assert set(told[:12]) <= {"booked", Code.DISCUSSION_FULL, Code.LOCK_FAILED}


async def test_two_uploads_of_one_slot_make_one_booking(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=10)
    contact = add_student(database_url, discussion=2)
    (key, *_) = await lease_of(core, caller, kiosk, session)
    request = a_request(session, contact, lease=kiosk.confirm(key))
    both = await asyncio.gather(
        *(create_booking(core, DISCUSSIONS, request, caller) for _ in range(4))
    )
    assert len({one.booking.id for one in both}) == 1
    assert [one.repeated for one in both].count(False) == 1
    assert counts(database_url, session) == (1, 1)
