"""Rules of seats and tokens, each with a way to take it out of the running product.

A mutant changes a function or a constraint of a database that is thrown away afterwards, or the
product's own code in memory. With each stand the moves among which the rule matters, so that a few
examples find it, and what must be said when it is found.
"""

import pytest

from kiosk_app.backend.core import bookings
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain import admission
from kiosk_app.domain.tokens import paying_field
from tests.helpers.lease_mutants import Mutant, patched, rewritten, without


def together(*mutants: Mutant) -> Mutant:
    """Return all of them as one."""

    def mutate(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for one in mutants:
            one(database, monkeypatch)

    return mutate


def _shared_first(mock_type, balances):
    field = paying_field(mock_type, balances)
    spends = mock_type is not MockType.MOCK_DISCUSSION and balances.shared_mock_credits > 0
    return CreditField.SHARED if field and spends else field


CREATE, CANCEL, MOVE = "create_booking_atomic", "cancel_booking_atomic", "move_booking_atomic"
MUTANTS: dict[str, tuple[Mutant, tuple[str, ...], str]] = {
    "a cancel gives one token back": (
        rewritten(CANCEL, ("-debit.amount, 'refund'", "-2 * debit.amount, 'refund'")),
        ("cancel",),
        "M2 what bookings took|M12",
    ),
    "a room has only so many seats": (
        without(
            "ALTER TABLE mock_sessions DROP CONSTRAINT mock_sessions_seats_check",
            rewritten(CREATE, (">= s.capacity", ">= s.capacity + 1")),
        ),
        ("everybody_at_once",),
        "M3 nobody is booked",
    ),
    "a booking takes its token": (
        without(
            "CREATE FUNCTION forget_debit() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END $$;"
            " CREATE TRIGGER forget_debit BEFORE INSERT ON ledger FOR EACH ROW"
            " WHEN (NEW.kind = 'booking') EXECUTE FUNCTION forget_debit()"
        ),
        ("book",),
        "M1 a live booking is paid|M2",
    ),
    "what is shown is what there is": (
        rewritten(
            "contact_balances",
            ("WHERE contact_id = p_contact", "WHERE contact_id = p_contact AND kind <> 'refund'"),
        ),
        ("cancel",),
        "M2 the balance that is shown",
    ),
    "a token is given back once": (
        without("ALTER TABLE ledger DROP CONSTRAINT ledger_reverses_key CASCADE"),
        ("refund_at_once",),
        "M12 and once|B33|M2|B34",
    ),
    "a token goes back to the balance that paid": (
        rewritten(CANCEL, ("debit.credit_field, -debit.amount", "'sj_credits', -debit.amount")),
        ("cancel",),
        "M2|M12 a token goes back",
    ),
    "the type's own tokens come first": (
        patched(bookings, "paying_field", _shared_first),
        ("book",),
        "M11",
    ),
    "a late cancel keeps the token": (
        rewritten(CANCEL, ("AND NOT p_late", "")),
        ("cancel",),
        "M2 what bookings took",
    ),
    "the counter goes down": (
        rewritten(CANCEL, ("m.total_bookings - 1", "m.total_bookings")),
        ("cancel",),
        "M3 the counter",
    ),
    "the counter goes where the booking goes": (
        rewritten(MOVE, ("m.total_bookings + 1 WHERE m.id = p_to", "m.total_bookings")),
        ("move",),
        "M3",
    ),
    "one booking of a type and day": (
        together(
            without("DROP INDEX bookings_live_type_and_date, bookings_live_booking_id"),
            rewritten(CREATE, ("THEN 'duplicate'", "AND false THEN 'duplicate'")),
            patched(admission, "clash", lambda *_: None),
        ),
        ("book",),
        "M4|M6|is to be refused",
    ),
    "a key that is known is answered": (
        patched(bookings, "repeat_of", lambda *_: None),
        ("book_again",),
        "is to be repeated",
    ),
    "what is over stays over": (
        without(
            "DROP TRIGGER bookings_transition_check ON bookings",
            rewritten(CANCEL, ("ELSE 'bad_state'", "ELSE 'cancelled'")),
        ),
        ("cancel_by_admin",),
        "M15",
    ),
    "the log tells of every booking": (
        without("DROP TRIGGER bookings_audit_changed ON bookings"),
        ("cancel",),
        "the log tells",
    ),
    "kiosks hear of every change": (
        without("DROP TRIGGER mock_sessions_changed ON mock_sessions"),
        ("book",),
        "a kiosk hears",
    ),
}
"""Each rule with its mutant, the moves of the machine among which it shows, and what is found."""
