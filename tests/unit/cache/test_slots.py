"""Leased seats on disk: what a transaction keeps together, and what the file refuses."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk_app.cache import journal
from kiosk_app.cache.request import State
from kiosk_app.cache.slots import Hold, SlotGone
from kiosk_app.contract.leases import SlotRef, SlotState, Wish
from kiosk_app.domain.leases import Anchor
from tests.helpers.files import opened
from tests.helpers.samples import NOW, new_request, session_facts

AT = 1_000_000
LATE = 10**12
ANCHOR = Anchor(boot_id="b", boot_ms=1, wall_ms=2, lease_ms=3, high_water_ms=2)


def ref(slot=1, generation=1, session_id="s1"):
    return SlotRef(session_id=session_id, slot=slot, generation=generation)


def leased(slot=1, generation=1, **more):
    facts = session_facts("s1")
    return new_request(facts, slot=slot, generation=generation, **more)


def states(queue):
    return {(s.slot, s.generation): s.state for s in queue.slots.all()}


def confirm(queue, slot=1, generation=1):
    hold = Hold(ref=ref(slot, generation), anchor=ANCHOR)
    return queue.save(leased(slot, generation), NOW, hold)


def test_a_seat_and_its_booking_are_written_together(files):
    queue = files.queue
    queue.slots.add("g", [ref()], LATE, AT)
    saved = confirm(queue)
    assert (saved.seat, saved.state) == (ref(), State.QUEUED)
    assert states(queue) == {(1, 1): SlotState.USED}
    assert queue.slots.anchor()[0] == ANCHOR
    assert journal.first_broken(queue.journal()) is None


@pytest.mark.parametrize("case", ["absent", "used", "returning", "frozen", "late"])
def test_a_seat_that_is_not_free_leaves_nothing_behind(files, case):
    queue = files.queue
    if case != "absent":
        queue.slots.add("g", [ref()], ANCHOR.lease_ms if case == "late" else LATE, AT)
    if case == "used":
        confirm(queue)
    if case == "returning":
        queue.slots.give_back([ref()], AT, "recalled")
    if case == "frozen":
        assert queue.slots.freeze(AT, "clock") == 1
    before = (len(queue.all()), states(queue), queue.chain())
    with pytest.raises(SlotGone):
        confirm(queue)
    assert (len(queue.all()), states(queue), queue.chain()) == before


def test_a_grant_that_comes_twice_changes_nothing(files):
    slots = files.queue.slots
    slots.add("g", [ref(1), ref(2)], LATE, AT)
    confirm(files.queue, 1)
    slots.give_back([ref(2)], AT, "recalled")
    slots.add("g", [ref(1), ref(2)], LATE + 1, AT)
    assert states(files.queue) == {(1, 1): SlotState.USED, (2, 1): SlotState.RETURNING}
    slots.add("h", [ref(2, 2)], LATE, AT)
    assert states(files.queue)[2, 2] is SlotState.FREE


def test_only_the_servers_word_thaws_and_moves_a_deadline(files):
    slots = files.queue.slots
    slots.add("g", [ref()], 100, AT)
    assert slots.free("s1", 99)
    assert slots.free("s1", 100) is None
    assert slots.lapse(100) == 1
    slots.freeze(AT, "token")
    slots.renew([ref()], 500)
    found = slots.free("s1", 499)
    assert (found.state, found.lapsed, found.deadline) == (SlotState.FREE, False, 500)


def test_a_booking_given_up_before_it_was_sent_gives_its_seat_back(files):
    queue = files.queue
    queue.slots.add("g", [ref()], LATE, AT)
    queue.discard(confirm(queue), NOW, None)
    assert states(queue) == {(1, 1): SlotState.RETURNING}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM slots",
        "UPDATE slots SET generation = 2",
        "UPDATE slots SET state = 'free' WHERE slot = 2",
        "UPDATE slots SET state = 'used' WHERE slot = 2",
        "UPDATE slots SET state = 'used' WHERE slot = 3",
    ],
)
def test_the_file_itself_refuses_what_no_rule_allows(files, statement):
    slots = files.queue.slots
    slots.add("g", [ref(3)], LATE, AT)
    slots.freeze(AT, "clock")
    slots.add("h", [ref(2)], LATE, AT)
    slots.give_back([ref(2)], AT, "recalled")
    with pytest.raises(Exception, match=r"never forgotten|keeps its name|never used"):
        files.queue._connection.execute(statement)


def test_a_wish_is_kept_until_it_is_answered(files):
    slots = files.queue.slots
    wish = Wish(grant_id="g", session_id="s1", seats=2)
    slots.wish([wish], AT)
    assert slots.wishes() == [wish]
    slots.add("g", [], LATE, AT)
    assert slots.wishes() == []


def test_a_file_has_one_name_for_ever_and_another_file_another(tmp_path):
    names = []
    for folder in (tmp_path / "a", tmp_path / "a", tmp_path / "b"):
        folder.mkdir(exist_ok=True)
        files = opened(folder)
        names.append(files.queue.slots.installation()[0])
        files.close()
    assert names[0] == names[1] != names[2]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "use", "back", "freeze", "renew", "settle", "discard"]),
        st.integers(1, 3),
        st.integers(1, 2),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ACTS)
def test_a_seat_is_never_promised_twice(tmp_path_factory, acts):
    """Whatever comes in whatever order: one booking for each (slot, generation)."""
    files = opened(tmp_path_factory.mktemp("queue"))
    queue, given_back, requests = files.queue, set(), {}
    try:
        for act, slot, generation in acts:
            name = (slot, generation)
            if act == "add":
                queue.slots.add("g", [ref(*name)], LATE, AT)
            elif act == "use":
                try:
                    requests[name] = confirm(queue, *name)
                except SlotGone:
                    continue
                assert name not in given_back
            elif act == "back":
                queue.slots.give_back([ref(*name)], AT, "recalled")
            elif act == "freeze":
                queue.slots.freeze(AT, "clock")
            elif act == "renew":
                queue.slots.renew([ref(*name)], LATE)
            elif act == "settle":
                queue.slots.settle([ref(*name)], AT)
            elif name in requests:
                queue.discard(queue.get(requests[name].id), NOW, None)
            now = states(queue)
            given_back |= {n for n, state in now.items() if state is SlotState.RETURNING}
            assert all(now[n] is SlotState.RETURNING for n in given_back)
        seats = [(r.slot, r.generation) for r in queue.all()]
        assert len(seats) == len(set(seats))
        assert journal.first_broken(queue.journal()) is None
    finally:
        files.close()
