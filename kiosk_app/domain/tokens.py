"""Which token pays for which session (0.4, M11, M12)."""

from collections.abc import Iterable

from msgspec import structs

from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import MockType

OWN_FIELD: dict[MockType, CreditField] = {
    MockType.SITUATIONAL_JUDGMENT: CreditField.SJ,
    MockType.CLINICAL_SKILLS: CreditField.CS,
    MockType.MINI_MOCK: CreditField.MINI,
    MockType.MOCK_DISCUSSION: CreditField.DISCUSSION,
}

SHARED_FALLBACK = frozenset(
    {MockType.SITUATIONAL_JUDGMENT, MockType.CLINICAL_SKILLS, MockType.MINI_MOCK}
)
"""Types that may be paid with a shared token, unless a campus says otherwise; a discussion never is (F17)."""

TOKEN_LABEL: dict[CreditField, str] = {
    CreditField.SJ: "Situational Judgment Token",
    CreditField.CS: "Clinical Skills Token",
    CreditField.MINI: "Mini-mock Token",
    CreditField.DISCUSSION: "Mock Discussion Token",
    CreditField.SHARED: "Shared Token",
}
"""The `token_used` text of a booking (F19)."""


MOST_UNSYNCED = 1
"""Offline spends of one student on one kiosk that the server has not heard of. The worst debt is
this times the price, for every further kiosk the student walks to."""


def own_balance(mock_type: MockType, balances: Balances) -> int:
    """Return the tokens that only this type may spend."""
    amount: int = getattr(balances, OWN_FIELD[mock_type])
    return max(0, amount)


def purse_where(shared: frozenset[MockType], balances: Balances) -> Balances:
    """Return balances as they may be spent where shared tokens pay for these types alone (F17)."""
    unshared = tuple(sorted(SHARED_FALLBACK - shared))
    return structs.replace(balances, unshared=unshared) if unshared else balances


def may_share(mock_type: MockType, balances: Balances) -> bool:
    """Say whether shared tokens pay for this type: never for a discussion (F17, M11)."""
    return mock_type in SHARED_FALLBACK and mock_type not in (balances.unshared or ())


def shared_balance(mock_type: MockType, balances: Balances) -> int:
    """Return the shared tokens this type may spend."""
    return max(0, balances.shared_mock_credits) if may_share(mock_type, balances) else 0


def spendable(mock_type: MockType, balances: Balances) -> int:
    """Return own plus shared tokens that can pay for this type."""
    return own_balance(mock_type, balances) + shared_balance(mock_type, balances)


def paying_field(mock_type: MockType, balances: Balances) -> CreditField | None:
    """Return the balance that pays: the type's own while it lasts, then the shared one (M11)."""
    if own_balance(mock_type, balances) > 0:
        return OWN_FIELD[mock_type]
    if shared_balance(mock_type, balances) > 0:
        return CreditField.SHARED
    return None


def after_paying(balances: Balances, types: Iterable[MockType]) -> Balances:
    """Return what is left when a session of each of these types has taken its token (K22)."""
    for mock_type in types:
        field = paying_field(mock_type, balances)
        if field is not None:
            fewer = getattr(balances, field.value) - 1
            balances = structs.replace(balances, **{field.value: fewer})
    return balances


def field_after_move(
    mock_type: MockType, paid: CreditField, to: MockType, balances: Balances
) -> CreditField | None:
    """Return the balance that pays after a move, or None when none can.

    Args:
        mock_type: the kind of session the booking leaves.
        paid: the balance that pays for it now.
        to: the kind of session it moves to.
        balances: what the student has beside it.

    A token pays for its booking wherever it goes among sessions of one kind. Another kind is paid as
    if the token that is given back had been there already.
    """
    if mock_type is to:
        return paid
    returned = max(0, getattr(balances, paid.value)) + 1
    return paying_field(to, structs.replace(balances, **{paid.value: returned}))


def may_spend(mock_type: MockType, balances: Balances | None, unsynced: int) -> bool:
    """Say whether a token may be taken with no network: known, sufficient, and not spent before.

    Args:
        mock_type: what is paid for.
        balances: as the server last told them, or None when nobody knows.
        unsynced: creates of this student that wait on this kiosk.
    """
    if balances is None or unsynced >= MOST_UNSYNCED:
        return False
    return paying_field(mock_type, balances) is not None
