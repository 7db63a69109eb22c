"""Devices that are copied, wiped or lost, and servers that were restored: what becomes of seats."""

import pytest

from kiosk_app.backend.core.attention import attest, list_attention, list_leases
from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.leases import sync_leases
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.contract.attention import AttentionKind, Attest
from kiosk_app.contract.leases import SlotRef, SlotState
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


class TestCopies:
    """F37: a copied or rolled-back file cannot go on unseen."""

    async def test_another_line_under_a_number_that_was_heard(
        self, core, database_url, caller, kiosk
    ):
        session = add_session(database_url, capacity=10)
        await lease_of(core, caller, kiosk, session)
        await exchange(core, caller, kiosk)
        kiosk.counter -= 1
        kiosk.chain = "of another file"
        with pytest.raises(Refusal) as refused:
            await sync_leases(core, caller, kiosk.message())
        assert refused.value.code is Code.UNAUTHORIZED
        assert query(database_url, "SELECT count(*) FROM devices WHERE revoked_at IS NOT NULL") == [
            (1,)
        ]
        kinds = [item.kind for item in (await list_attention(core)).items]
        assert kinds == [AttentionKind.CLONE_ALARM, AttentionKind.STRANDED]
        kiosk.counter += 1
        with pytest.raises(Refusal):
            await sync_leases(core, caller, kiosk.message())  # nor its undamaged twin
        assert counts(database_url, session) == (0, 2), "its seats stay reserved"

    async def test_an_old_message_may_be_late_once_and_changes_nothing(
        self, core, database_url, caller, kiosk
    ):
        session = add_session(database_url, capacity=20)
        kiosk.note("start")
        old = kiosk.message()
        await sync_leases(core, caller, old)
        await lease_of(core, caller, kiosk, session)
        late = await sync_leases(core, caller, old)
        assert (late.ttl_s, late.grants, late.gone) == (0, [], [])
        await exchange(core, caller, kiosk)
        late = await sync_leases(core, caller, old)
        assert late.ttl_s == 0
        with pytest.raises(Refusal):
            await sync_leases(core, caller, old)

    async def test_a_wiped_device_does_not_speak_for_its_old_file(
        self, core, database_url, caller, kiosk
    ):
        session = add_session(database_url, capacity=20)
        old = await lease_of(core, caller, kiosk, session)
        fresh = LeaseKiosk()
        fresh.slots = dict.fromkeys(old, SlotState.RETURNING)
        answer = await exchange(core, caller, fresh)
        assert len(answer.gone) == 3
        assert counts(database_url, session) == (0, 3)


async def test_staff_attest_what_a_lost_device_used(core, database_url, caller, kiosk):
    """F38: its other seats are free again; what it used waits for its booking."""
    session = add_session(database_url, capacity=20)
    used, other, third = await lease_of(core, caller, kiosk, session)
    lease = kiosk.confirm(used)
    kiosk.confirm(other)  # nobody knows of this one
    (held,) = (await list_leases(core)).devices
    assert len(held.slots) == 3
    user = a_user(database_url, caller, role="instructor")
    words = Attest(
        device_id=str(caller.device.id),
        used=[SlotRef(session_id=used[0], slot=used[1], generation=used[2])],
        reason="broken, printed journal read",
    )
    freed = await attest(core, user, words)
    assert [(one.slot, one.generation) for one in freed.freed] == [other[1:], third[1:]]
    assert counts(database_url, session) == (0, 1)
    contact = add_student(database_url, discussion=1)
    await create_booking(core, DISCUSSIONS, a_request(session, contact, lease=lease), caller)
    late = add_student(database_url, "RB2001", email="rob@example.org")
    words = a_request(
        session,
        late,
        student="RB2001",
        email="rob@example.org",
        key="idem_disc_rob1",
        lease={"slot": other[1], "generation": other[2]},
    )
    await create_booking(core, DISCUSSIONS, words, caller)
    assert counts(database_url, session) == (2, 0), "a late one is honoured while a seat is free"
    answer = await exchange(core, caller, kiosk)
    assert [(one.slot) for one in answer.gone] == [other[1], third[1]]


async def test_what_a_desk_rescues_and_cannot_book_is_told(core, database_url, caller, kiosk):
    """F38: the student has the session already; the rescued seat is free, and staff know of it."""
    session = add_session(database_url, capacity=20)
    contact = add_student(database_url, discussion=2)
    used, *_ = await lease_of(core, caller, kiosk, session, 1)
    lease = kiosk.confirm(used)
    other = a_request(session, contact, key="idem_disc_elsewhere")
    await create_booking(core, DISCUSSIONS, other, caller)
    rescued = a_request(session, contact, lease=lease)
    with pytest.raises(Refusal) as refused:
        await create_booking(core, DISCUSSIONS, rescued, a_caller(database_url, "desk"))
    assert refused.value.code is Code.DUPLICATE_BOOKING
    assert counts(database_url, session) == (1, 0)
    (item,) = (await list_attention(core)).items
    assert item.kind is AttentionKind.DUPLICATE_FREED


async def test_after_a_restore_a_device_gets_back_what_it_holds(core, database_url, caller, kiosk):
    """F30: the database forgot the lease; the seat is taken again unless somebody has it."""
    session = add_session(database_url, capacity=20)
    slots = await lease_of(core, caller, kiosk, session)
    query(database_url, "DELETE FROM lease_slots")
    query(database_url, "UPDATE feed SET epoch = gen_random_uuid()")
    assert counts(database_url, session) == (0, 0)
    answer = await exchange(core, caller, kiosk)
    assert (answer.gone, counts(database_url, session)) == ([], (0, 3))
    later = await lease_of(core, a_caller(database_url), LeaseKiosk(), session)
    assert min(key[2] for key in later) > max(key[2] for key in slots)


async def test_after_a_restore_a_seat_that_is_taken_becomes_work(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=10)
    await lease_of(core, caller, kiosk, session)
    query(database_url, "DELETE FROM lease_slots")
    query(database_url, "UPDATE feed SET epoch = gen_random_uuid()")
    query(database_url, "UPDATE mock_sessions SET held_seats = 9 WHERE id = %s", session)
    answer = await exchange(core, caller, kiosk)
    assert len(answer.gone) == 1
    kinds = [item.kind for item in (await list_attention(core)).items]
    assert kinds == [AttentionKind.RESTORE_NOTICED, AttentionKind.UNKNOWN_LEASE]


async def test_without_a_restore_nobody_talks_seats_into_being(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=10)
    kiosk.slots[(session, 5, 77)] = SlotState.FREE
    answer = await exchange(core, caller, kiosk)
    assert (len(answer.gone), counts(database_url, session)) == (1, (0, 0))
