"""Reading the rules of bookings from the environment.

`KIOSK_BOOKING_RULES` names a JSON file; `KIOSK_SHARED_TOKENS` lists what shared tokens pay for (F17).
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import BOOKERS, Role
from kiosk_app.domain.rules import NO_RULES, BookingRules, Rule
from kiosk_app.domain.tokens import SHARED_FALLBACK

RULES_VARIABLE = "KIOSK_BOOKING_RULES"
SHARED_VARIABLE = "KIOSK_SHARED_TOKENS"


class BadRules(ValueError):  # noqa: N818 - what is wrong is the file
    """The file cannot be read, or says something that is no rule."""


def read_booking_rules(environment: Mapping[str, str]) -> BookingRules:
    """Return the rules of the file; without one everything is free.

    Raises:
        BadRules: with a sentence for the operator.
    """
    name = environment.get(RULES_VARIABLE, "").strip()
    if not name:
        return NO_RULES
    try:
        text = Path(name).read_bytes()
        found = msgspec.json.decode(text, type=dict[MockType, dict[Role, Rule]])
    except (OSError, msgspec.DecodeError) as fault:
        raise BadRules(f"{RULES_VARIABLE}: {fault}") from fault
    for roles in found.values():
        for role in roles:
            if role not in BOOKERS or role is Role.DEVICE:
                raise BadRules(f"{RULES_VARIABLE}: {role.value} books nothing")
    return BookingRules(found)


def read_shared_types(environment: Mapping[str, str]) -> frozenset[MockType]:
    """Return the exam types that shared tokens pay for; all of them unless some are listed.

    Raises:
        BadRules: one of the words is no exam type.
    """
    text = environment.get(SHARED_VARIABLE, "").strip()
    if not text:
        return SHARED_FALLBACK
    names = {word.strip() for word in text.split(",")} - {"none"}
    if unknown := names - {kind.value for kind in SHARED_FALLBACK}:
        raise BadRules(f"{SHARED_VARIABLE}: {', '.join(sorted(unknown))} is no exam type")
    return frozenset(MockType(name) for name in names)
