"""What a CRM's token balance means beside ours: ours wins, a top-up over there is added (B31).

The CRM holds one number per balance, people raise it by hand, and this program overwrites it. The
difference between what it holds now and what we last knew it to hold is what people added. A fall
is not taken over: our ledger is the truth (M10), and the next write puts the number right.
"""

from msgspec import Struct
from msgspec.structs import asdict

from kiosk_app.contract.credits import Balances, CreditField


class LastSeen(Struct, frozen=True, kw_only=True):
    """What we last knew the CRM to hold for one student."""

    settled: Balances
    """Read there, or written there with an answer."""
    sending: Balances | None = None
    """Written there without an answer: it may hold this instead."""


def top_up(now: int, settled: int, sending: int | None = None) -> int:
    """Return how many tokens people added in the CRM to one balance; never below zero.

    While the answer to a write is missing the CRM may have started from either number. Then only
    what exceeds both counts: no token is invented, and `may_hide_top_up` says when one could be
    overlooked.
    """
    base = settled if sending is None else max(settled, sending)
    return max(0, now - base)


def top_ups(now: Balances, seen: LastSeen | None) -> dict[CreditField, int]:
    """Return the top-ups of one student by balance, without the zeros.

    A student whose CRM record is met for the first time has none: what it holds is then only noted.
    """
    if seen is None:
        return {}
    there, settled = asdict(now), asdict(seen.settled)
    sending = asdict(seen.sending) if seen.sending is not None else {}
    added = {
        field: top_up(there[field], settled[field], sending.get(field)) for field in CreditField
    }
    return {field: amount for field, amount in added.items() if amount}


def may_hide_top_up(now: Balances, seen: LastSeen | None) -> bool:
    """Say whether a lost answer leaves it open that people added tokens: worth a look by staff."""
    if seen is None or seen.sending is None:
        return False
    return now not in (seen.sending, seen.settled) or (
        now == seen.settled and _above(seen.settled, seen.sending)
    )


def _above(one: Balances, other: Balances) -> bool:
    ours, theirs = asdict(one), asdict(other)
    return any(ours[field] > theirs[field] for field in CreditField)
