"""A backend's database and a CRM beside it, for tests of what goes between them."""

from dataclasses import dataclass
from datetime import date

from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.parts import Core, utc_now
from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.jobs.crm_sync import SyncReport, sync_crm
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.storage.bookings import cancel_booking_atomic
from kiosk_app.backend.storage.crm import switch
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from tests.helpers.backend import far_day, query
from tests.helpers.hubspot import HubSpot


@dataclass
class World:
    """Both sides, and what people and the clock do to them."""

    url: str
    db: Database
    crm: Crm
    there: HubSpot

    async def on(self) -> None:
        """Set the CRM up, as the first run does."""
        await switch(self.db, on=True)

    async def sync(self) -> SyncReport:
        """Run the job; the calls it makes are counted from zero."""
        self.there.calls.clear()
        return await sync_crm(self.db, self.crm, utc_now)

    async def book(self, session: str, contact: str, number: int = 0, day: date | None = None):
        """Book a discussion through the core."""
        core = Core(db=self.db, shelf=Shelf(), crm=self.crm)
        request = BookingRequest(
            session=session,
            contact=contact,
            student_id=f"QX{number}",
            name="Ana Sol",
            email=f"ana{number}@example.org",
            exam_date=day or far_day(),
            mock_type=MockType.MOCK_DISCUSSION,
            extras=Extras(discussion_format=DeliveryFormat.VIRTUAL),
            key=f"idem_disc_{session}_{number}",
        )
        return (await create_booking(core, DISCUSSIONS, request, None)).booking

    async def cancel(self, booking) -> None:
        """Cancel through the database's own function."""
        await cancel_booking_atomic(self.db, booking.id, None, utc_now())

    def waiting(self) -> dict[str, int]:
        """Return the queue by kind."""
        statement = "SELECT entity, count(*) FROM crm_queue GROUP BY entity"
        return dict(query(self.url, statement))

    def impatient(self) -> None:
        """Let everything that is left alone be tried again."""
        query(self.url, "UPDATE crm_queue SET next_at = now()")

    def tokens(self, contact: str, field: str = "mock_discussion_token") -> int:
        """Return a balance of ours."""
        statement = "SELECT contact_balances(%s)"
        return query(self.url, statement, contact)[0][0].get(field, 0)

    def record(self, kind: str, **wanted: str) -> dict[str, str]:
        """Return the one record over there that has these values."""
        (found,) = [
            one
            for one in self.there.store.records[kind].values()
            if all(one.get(name) == value for name, value in wanted.items())
        ]
        return found
