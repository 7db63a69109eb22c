"""What staff are told when something does not work, and whom they ask (A101)."""

from typing import Literal

from msgspec import Struct

ContactKind = Literal["technical", "crm", "wishes"]
"""For faults, for the set-up of the CRM, for what the product should learn."""


class Trouble(Struct, frozen=True, kw_only=True):
    """One of the usual problems, in the language of the request."""

    code: str
    """What it is called in answers and logs."""
    title: str
    remedy: str


class HelpContact(Struct, frozen=True, kw_only=True):
    """Whom to ask, as the operator wrote it: a name, a number, an address."""

    kind: ContactKind
    reach: str


class StaffHelp(Struct, frozen=True, kw_only=True):
    """Answer of `GET /staff/help`; contacts that nobody named are left out."""

    troubles: list[Trouble]
    contacts: list[HelpContact] = []
