"""The client's waits, shortened, so that a short run meets many of them.

Only times: what is done when they are over is the product's own.
"""

from datetime import timedelta

from msgspec import structs

from kiosk_app.domain import leases as lending
from kiosk_app.gateway import http
from kiosk_app.sync import backoff, leases, link, loops

READ_SECONDS = 3.0
WRITE_SECONDS = 5.0


def hurry() -> None:
    """Shorten them in this process."""
    ask = http.Http.ask

    async def hurried(self, call, decoder):
        most = WRITE_SECONDS if call.seconds > http.READ_SECONDS else READ_SECONDS
        return await ask(self, structs.replace(call, seconds=most), decoder)

    http.Http.ask = hurried
    http.CONNECT_SECONDS = READ_SECONDS
    link.PROBE_SECONDS = loops.FEED_SECONDS = 2.0
    link.DOUBT_SECONDS = 0.5
    backoff.LONGEST = 4.0
    leases.SYNC_SECONDS = 2.0
    lending.REST_DENIED = lending.REST_RECALLED = timedelta(seconds=5)
