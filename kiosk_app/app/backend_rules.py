"""Reading the rules of bookings from the environment: a JSON file that `KIOSK_BOOKING_RULES` names."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import BOOKERS, Role
from kiosk_app.domain.rules import NO_RULES, BookingRules, Rule

RULES_VARIABLE = "KIOSK_BOOKING_RULES"


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
