"""No CRM: the default. Every question gets the same typed answer, and nothing leaves the house."""

# ruff: noqa: ARG002 - the protocol names what a CRM would be told

from collections.abc import AsyncIterator, Sequence
from typing import NoReturn

from kiosk_app.backend.outside.crm.words import (
    Booking,
    Contact,
    Found,
    Link,
    NotConfigured,
    Note,
    Outcome,
    Outgoing,
    Session,
)
from kiosk_app.contract.credits import CreditField


def _no() -> NoReturn:
    raise NotConfigured("no CRM is set up")


class NoCrm:
    """A `Crm` that is not there; see the protocol for what each method would do."""

    @property
    def quota(self) -> None:
        """There is none."""

    @property
    def calls(self) -> int:
        """None are made."""
        return 0

    async def find_contacts(self, student_id: str, email: str) -> list[Found[Contact]]:
        """Raise NotConfigured."""
        _no()

    async def match_contacts(self, wanted: Sequence[Contact]) -> list[Found[Contact]]:
        """Raise NotConfigured."""
        _no()

    async def match_sessions(self, wanted: Sequence[Session]) -> list[Found[Session]]:
        """Raise NotConfigured."""
        _no()

    async def match_bookings(self, keys: Sequence[str]) -> list[Found[Booking]]:
        """Raise NotConfigured."""
        _no()

    async def match_notes(self, wanted: Sequence[Note]) -> list[Found[Note]]:
        """Raise NotConfigured."""
        _no()

    async def read_contacts(self, crm_ids: Sequence[str]) -> list[Found[Contact]]:
        """Raise NotConfigured."""
        _no()

    def save_contacts(self, items: Sequence[Outgoing[Contact]]) -> AsyncIterator[list[Outcome]]:
        """Raise NotConfigured."""
        _no()

    def save_sessions(self, items: Sequence[Outgoing[Session]]) -> AsyncIterator[list[Outcome]]:
        """Raise NotConfigured."""
        _no()

    def save_bookings(self, items: Sequence[Outgoing[Booking]]) -> AsyncIterator[list[Outcome]]:
        """Raise NotConfigured."""
        _no()

    def save_notes(self, items: Sequence[Outgoing[Note]]) -> AsyncIterator[list[Outcome]]:
        """Raise NotConfigured."""
        _no()

    async def link_to_contacts(self, links: Sequence[Link]) -> set[Link]:
        """Raise NotConfigured."""
        _no()

    async def link_to_sessions(self, links: Sequence[Link]) -> set[Link]:
        """Raise NotConfigured."""
        _no()

    async def bookings_of_contacts(self, crm_ids: Sequence[str]) -> dict[str, list[Found[Booking]]]:
        """Raise NotConfigured."""
        _no()

    async def bookings_of_sessions(self, crm_ids: Sequence[str]) -> dict[str, list[Found[Booking]]]:
        """Raise NotConfigured."""
        _no()

    async def unreadable(self) -> list[str]:
        """Raise NotConfigured."""
        _no()

    async def has_token_property(self, field: CreditField) -> bool:
        """Raise NotConfigured."""
        _no()

    async def add_token_property(self, field: CreditField) -> None:
        """Raise NotConfigured."""
        _no()

    async def close(self) -> None:
        """Do nothing: there is nothing open."""
