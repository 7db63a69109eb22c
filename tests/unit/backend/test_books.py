"""Whatever is booked, moved, refunded and cancelled, alone or at once: the books agree (M1-M6, M9-M15).

What may happen is in `tests/helpers/books_world.py`, what must hold after each step in `books_laws.py`.
That the machine can fail is shown by mutants: each takes one rule out of the product, and is found out.
"""

import asyncio

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RULE_MARKER,
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.attendance import Attendance
from kiosk_app.contract.credits import CreditField
from tests.helpers.backend import add_session, query
from tests.helpers.books_mutants import MUTANTS
from tests.helpers.books_world import PEOPLE, ROOMS, World
from tests.helpers.two_kiosks import Broken

WHO, ROOM, PICK = st.integers(0, PEOPLE - 1), st.integers(0, len(ROOMS) - 1), st.integers(0, 9)
FIELDS = st.sampled_from(CreditField)
STEP = st.one_of(
    st.tuples(st.just("book"), WHO, ROOM),
    st.tuples(st.just("book_again"), WHO, ROOM, st.integers(0, 1), st.booleans()),
    st.tuples(st.sampled_from(["cancel", "cancel_by_admin", "check_in"]), PICK),
    st.tuples(st.just("move"), PICK, ROOM),
    st.tuples(st.just("refund"), PICK, st.none(), st.just(value=False)),
    st.tuples(st.just("resize"), ROOM, st.integers(0, 3), st.booleans()),
    st.tuples(st.sampled_from(["join", "leave", "claim", "decline"]), WHO, ROOM),
    st.tuples(st.sampled_from(["offers", "end_of_sessions"])),
)


class Books(RuleBasedStateMachine):
    """Draws what happens next; a search ends with the first thing that is broken."""

    def __init__(self, url, empty, *, searching=False):
        super().__init__()
        self.url, self.empty, self.searching = url, empty, searching
        self.loop = asyncio.Runner()
        self.world, self.databases = None, []

    @initialize(
        booked=st.lists(st.tuples(WHO, ROOM), min_size=6, max_size=9),
        hours=st.sampled_from([0, 8, 36]),
    )
    def begin(self, booked, hours):
        """Begin with some bookings, before the sessions, close to them or after them."""
        self.empty()
        self.databases = [Database(self.url, size=4) for _ in range(2)]
        for one in self.databases:
            self.loop.run(one.__aenter__())
        self.world = World(self.url, self.databases)
        for who, room in booked:
            self.take("book", who, room)
        self.take("hours_pass", hours)
        self.take("end_of_sessions")

    @rule(who=WHO, room=ROOM)
    def book(self, who, room):
        self.take("book", who, room)

    @rule(who=WHO, room=ROOM, family=st.integers(0, 1), replay=st.booleans())
    def book_again(self, who, room, family, replay):
        self.take("book_again", who, room, family, replay)

    @rule(who=WHO, room=ROOM)
    def book_without_a_key(self, who, room):
        self.take("book_without_a_key", who, room)

    @rule(who=WHO, room=ROOM)
    def one_key_at_once(self, who, room):
        self.take("one_key_at_once", who, room)

    @rule(room=ROOM)
    def everybody_at_once(self, room):
        self.run(self.world.at_once([("book", who, room) for who in range(PEOPLE)]))

    @rule(who=WHO)
    def two_of_a_day_at_once(self, who):
        self.run(self.world.at_once([("book", who, 0), ("book", who, 1)]))

    @rule(pick=PICK)
    def cancel(self, pick):
        self.take("cancel", pick)

    @rule(pick=PICK)
    def cancel_at_once(self, pick):
        self.run(
            self.world.at_once([("cancel", pick), ("cancel_by_admin", pick), ("cancel", pick)])
        )

    @rule(pick=PICK)
    def cancel_by_admin(self, pick):
        self.take("cancel_by_admin", pick)

    @rule(pick=PICK, room=ROOM)
    def move(self, pick, room):
        self.take("move", pick, room)

    @rule(pick=PICK, field=st.none() | FIELDS, override=st.booleans())
    def refund(self, pick, field, override):
        self.take("refund", pick, field, override)

    @rule(pick=PICK)
    def refund_at_once(self, pick):
        self.run(self.world.at_once([("refund", pick, None, False)] * 3))

    @rule(room=ROOM, seats=st.integers(0, 3), as_seats_free=st.booleans())
    def resize(self, room, seats, as_seats_free):
        self.take("resize", room, seats, as_seats_free)

    @rule(step=st.sampled_from(["join", "leave", "claim", "decline"]), who=WHO, room=ROOM)
    def wait(self, step, who, room):
        self.take(step, who, room)

    @rule()
    def offers(self):
        self.take("offers")

    @rule(pick=PICK)
    def check_in(self, pick):
        self.take("check_in", pick)

    @rule(pick=PICK, told=st.sampled_from(Attendance))
    def mark(self, pick, told):
        self.take("mark", pick, told)

    @rule(hours=st.sampled_from([1, 3, 12]))
    def hours_pass(self, hours):
        self.take("hours_pass", hours)
        self.take("end_of_sessions")

    @rule(who=WHO, field=FIELDS)
    def sell(self, who, field):
        self.take("sell", who, field)

    @rule(steps=st.lists(STEP, min_size=2, max_size=5))
    def at_once(self, steps):
        self.run(self.world.at_once(steps))

    def take(self, *step):
        self.run(self.world.take(*step))

    def run(self, work):
        try:
            self.loop.run(work)
        except Broken as fault:
            if self.searching:
                raise Found(str(fault)) from fault
            raise

    def teardown(self):
        if self.world:
            self.world.close()
        for one in self.databases:
            self.loop.run(one.__aexit__(None, None, None))
        self.loop.close()


class Found(KeyboardInterrupt):
    """Ends a search where it stands: nothing is to be made smaller or repeated."""


def moving(*moves):
    """Return the machine with these moves only."""
    others = {name: None for name, one in vars(Books).items() if hasattr(one, RULE_MARKER)}
    assert set(moves) <= set(others)
    return type("Moving", (Books,), {name: others[name] for name in others if name not in moves})


def test_the_books_agree_after_every_step(postgres):
    run_state_machine_as_test(
        lambda: Books(postgres.emptied(), lambda: None),
        settings=settings(max_examples=12, stateful_step_count=30, derandomize=True),
    )


@pytest.mark.parametrize("law", MUTANTS)
def test_without_a_rule_the_machine_finds_what_breaks(law, postgres, monkeypatch):
    mutate, moves, finding = MUTANTS[law]
    with postgres.database() as url:
        mutate(url, monkeypatch)
        with pytest.raises(Found, match=finding):
            run_state_machine_as_test(
                lambda: moving(*moves)(url, lambda: postgres.empty(url), searching=True),
                settings=settings(
                    max_examples=50,
                    stateful_step_count=12,
                    phases=[Phase.generate],
                    derandomize=True,
                    database=None,
                ),
            )


async def test_a_falsified_counter_is_found(core, database_url):
    """The checks can fail: a counter that lies is named."""
    add_session(database_url, capacity=120)
    query(database_url, "UPDATE mock_sessions SET total_bookings = 99")
    assert [one.name for one in await check_books(core) if not one.ok] == ["seats"]
