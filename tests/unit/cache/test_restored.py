"""What a kiosk asks and tells anew when its server has come back from a backup (R14, F30)."""

from datetime import timedelta

import pytest

from kiosk_app.cache import journal
from kiosk_app.cache.columns import stamp
from kiosk_app.cache.request import State
from kiosk_app.cache.slots import Hold
from kiosk_app.contract.leases import SlotRef, SlotState
from kiosk_app.domain.leases import Anchor
from tests.helpers.samples import NOW, new_request, session_facts

EMAIL = "ana@example.org"
LATE = 10**12
ANCHOR = Anchor(boot_id="b", boot_ms=1, wall_ms=2, lease_ms=3, high_water_ms=2)


@pytest.fixture
def queue(files):
    files.queue.meet("one", (), NOW)
    return files.queue


def booked(queue, session="s1", ref="b1", at=NOW, **more):
    new = new_request(session_facts(session), email=EMAIL, **more)
    hold = Hold(ref=seat(new.slot), anchor=ANCHOR) if new.slot else None
    return queue.confirm(queue.save(new, at, hold), at, "{}", ref)


def cancelled(queue, ref="b1", at=NOW):
    new = new_request(session_facts("s1"), kind="cancel", email=EMAIL, booking_ref=ref)
    return queue.confirm(queue.save(new, at), at, "{}", ref)


def seat(slot, session="s1"):
    return SlotRef(session_id=session, slot=slot, generation=slot)


def test_the_first_history_asks_for_nothing(files):
    booked(files.queue)
    assert files.queue.meet("one", (), NOW) == 0
    assert files.queue.waiting() == []


def test_another_history_is_asked_for_everything_once(queue):
    kept, gone = booked(queue), booked(queue, "s2", "b2")
    cancel = cancelled(queue, "b2")
    assert not queue.has_met("two")
    assert queue.meet("two", (), NOW) == 2
    assert queue.has_met("two")
    assert [one.id for one in queue.waiting()] == [kept.id, cancel.id]
    assert queue.get(kept.id).idempotency_key == kept.idempotency_key
    assert queue.get(gone.id).state is State.CONFIRMED
    assert queue.meet("two", (), NOW) == 0
    assert journal.first_broken(queue.journal()) is None


def test_what_has_begun_or_was_forgotten_is_not_asked_for(queue):
    booked(queue)
    assert queue.forget(NOW + timedelta(hours=25)) == 1
    begun = booked(queue, "s2", "b2")
    assert queue.meet("two", (), begun.subject.session_start) == 0


def test_what_waits_again_is_forgotten_only_after_its_new_answer(queue):
    """A seat may be kept back for hours, and whoever asks for it must still have a name."""
    request = booked(queue)
    assert queue.meet("two", (), NOW + timedelta(hours=20)) == 1
    assert queue.forget(NOW + timedelta(hours=40)) == 0
    assert queue.get(request.id).email == EMAIL
    queue.confirm(queue.get(request.id), NOW + timedelta(hours=40), "{}", "b1")
    assert queue.forget(NOW + timedelta(hours=65)) == 1


def test_slots_that_were_settled_are_told_again(queue):
    slots, at = queue.slots, stamp(NOW)
    slots.add("g", [seat(1), seat(2), seat(3), seat(4, "s0")], LATE, at)
    booked(queue, slot=1, generation=1)
    booked(queue, ref="b2", slot=2, generation=2)
    cancelled(queue, "b2")
    slots.give_back([seat(3), seat(4, "s0")], at, "recalled")
    slots.settle([seat(1), seat(2), seat(3), seat(4, "s0")], at)
    slots.know_epoch("one", at)
    assert not slots.behind()
    queue.meet("two", {"s1"}, NOW)
    assert slots.behind()
    assert {one.slot: one.state for one in slots.held()} == {
        1: SlotState.USED,
        2: SlotState.RETURNING,
        3: SlotState.RETURNING,
    }, "the booking on seat 2 was cancelled, and session s0 has begun"
    slots.know_epoch("two", at)
    assert not slots.behind()
