"""Rules of the lease protocol, each with a way to take it out of the running product.

A mutant changes the product's own code in memory, or a function of a database that is thrown away
afterwards. The lease machine must find out what breaks without the rule; so that a few examples do,
it makes only the moves among which the rule matters.
"""

from collections.abc import Callable

import psycopg
import pytest
from msgspec.structs import replace

from kiosk_app.backend.core import bookings, installations
from kiosk_app.backend.core import leases as server
from kiosk_app.backend.core.installations import Standing
from kiosk_app.backend.storage.bookings import create_booking_atomic
from kiosk_app.backend.storage.leases import LeaseRow, end_lease
from kiosk_app.cache import queue, restored, slots
from kiosk_app.contract.leases import SlotState
from kiosk_app.domain import leases as client
from kiosk_app.sync.leases import Leases
from tests.helpers.backend import query

Mutant = Callable[[str, pytest.MonkeyPatch], None]


def rewritten(function: str, *changes: tuple[str, str]) -> Mutant:
    """Return a mutant that changes words of a database function."""

    def mutate(database: str, _monkeypatch: pytest.MonkeyPatch) -> None:
        ((text,),) = query(database, "SELECT pg_get_functiondef(%s::regproc)", function)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(text)

    return mutate


def without(statement: str, then: Mutant | None = None) -> Mutant:
    """Return a mutant that takes something out of the database."""

    def mutate(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
        query(database, statement)
        if then:
            then(database, monkeypatch)

    return mutate


def patched(place: object, name: str, other: object) -> Mutant:
    """Return a mutant that puts something else in the place of a function."""

    def mutate(_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(place, name, other)

    return mutate


_share, _statement = server._share, Leases._statement


async def _takes_from_the_silent(core, turn, session, wanted):
    rows = await turn.work.rows(
        "SELECT * FROM lease_slots WHERE session_id = %(session)s AND device_id <> %(device)s"
        " AND state = 'leased'",
        LeaseRow,
        {"session": session.id, "device": turn.device},
    )
    for row in rows:
        await end_lease(turn.work, row, "returned", turn.now)
    return await _share(core, turn, session, wanted)


def _says_what_is_not_written(self, held, wishes):
    told = _statement(self, held, wishes)
    spoken = [
        replace(one, state=SlotState.RETURNING) if one.state is SlotState.FREE else one
        for one in told.slots
    ]
    return replace(told, slots=spoken)


async def _like_any_other(db, new, _lease, _at, actor):
    return await create_booking_atomic(db, new, actor)


SYNC = ("sync",)
CONFIRM = ("confirm_in_an_outage",)
UPLOADS = (*CONFIRM, "upload")
IN_THE_DATABASE: dict[str, tuple[Mutant, tuple[str, ...]]] = {
    "a leased seat counts as sold": (
        rewritten("count_leased_seats", ("IF more <> 0 THEN", "IF false THEN")),
        SYNC,
    ),
    "a room shrinks no further than what is leased": (
        without("ALTER TABLE mock_sessions DROP CONSTRAINT mock_sessions_seats_check"),
        (*SYNC, "cut_the_room_down"),
    ),
    "a generation is never used again": (
        without(
            "CREATE FUNCTION forget_settled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " DELETE FROM lease_slots WHERE session_id = NEW.session_id AND slot = NEW.slot"
            " AND state <> 'leased'; RETURN NEW; END $$;"
            " CREATE TRIGGER forget_settled BEFORE INSERT ON lease_slots FOR EACH ROW"
            " EXECUTE FUNCTION forget_settled()",
            rewritten("grant_slots", ("nextval('lease_generations')", "1")),
        ),
        (*SYNC, *UPLOADS, "give_up_what_was_never_sent"),
    ),
    "what was attested stays settled": (
        without(
            "DROP TRIGGER lease_slots_end_once ON lease_slots",
            rewritten(
                "create_leased_booking_atomic",
                ("ours := held.state = 'leased'", "ours := held.state IN ('leased', 'attested')"),
            ),
        ),
        (*CONFIRM, "attest"),
    ),
}
"""Each rule with its mutant of a database, and the moves of the machine among which it shows."""

IN_MEMORY: dict[str, tuple[Mutant, tuple[str, ...]]] = {
    "time gives no seat back": (
        patched(server, "_share", _takes_from_the_silent),
        (*SYNC, *UPLOADS),
    ),
    "a return is written before it is told": (
        patched(Leases, "_statement", _says_what_is_not_written),
        (*SYNC, *UPLOADS),
    ),
    "a copy is shut out": (
        patched(installations, "judged", lambda *_: (Standing.SOUND, 0)),
        (*UPLOADS, "clone"),
    ),
    "a promise is more than a request": (
        patched(bookings, "create_leased_booking_atomic", _like_any_other),
        CONFIRM,
    ),
    "a seat is used in the transaction of its booking": (
        patched(queue, "take", lambda run, hold: slots.write_clock(run, hold.anchor)),
        CONFIRM,
    ),
    "a lease ends at its deadline": (
        patched(client, "deadline", lambda asked_ms, ttl_s: asked_ms + 10 * ttl_s * 1000),
        (*CONFIRM, "sleep"),
    ),
    "a restored server is told what went back": (
        patched(restored, "_present_again", lambda _run, _ahead: 0),
        ("cut_the_room_down", "back_up", "restore"),
    ),
}
"""The same for the program."""
