"""One look at the server: does it answer, and does its clock agree with this machine's (K34)?"""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from kiosk_app.app.assembly import address
from kiosk_app.app.settings import Settings
from kiosk_app.contract.wire import read_instant
from kiosk_app.gateway.http import Http
from kiosk_app.gateway.outcomes import Accepted, Unreachable
from kiosk_app.gateway.server import Gateway
from kiosk_app.sync.station import CLOCK_TOLERANCE


class Probed(Struct, frozen=True):
    """What a look told."""

    link: str
    clock_offset: timedelta | None = None
    """How far the server's clock is ahead of this machine's; None when nobody answered."""

    @property
    def clock_off(self) -> bool:
        """Whether the clocks differ by more than they may."""
        return self.clock_offset is not None and abs(self.clock_offset) > CLOCK_TOLERANCE

    @property
    def clock_offset_s(self) -> int | None:
        """The same in whole seconds, for scripts."""
        offset = self.clock_offset
        return None if offset is None else round(offset.total_seconds())


async def probe(known: Settings) -> Probed:
    """Ask the server of a device how it is."""
    gateway = Gateway(Http(address(known.base_url, None)))
    try:
        outcome = await gateway.health()
    finally:
        await gateway.close()
    if isinstance(outcome, Accepted):
        return Probed("online", read_instant(outcome.value.now) - datetime.now(UTC))
    return Probed(outcome.trouble.value if isinstance(outcome, Unreachable) else "degraded")
