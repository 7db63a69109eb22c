"""The filters of whoever visits, kept for them by the server (A79).

Only the last choice counts: while one is on its way the next ones wait for each other. One that does
not arrive is no loss worth telling of.
"""

from kiosk_app.contract.filters import SavedFilters
from kiosk_app.sync.station import Station


async def keep_filters(station: Station, filters: SavedFilters) -> None:
    """Send a choice of the visiting student, if the server keeps such things."""
    visiting = station.visiting
    if visiting is None or visiting.token is None or not station.offers("filters"):
        return
    under_way, visiting.unkept = visiting.unkept is not None, filters
    if under_way:
        return
    try:
        while (latest := visiting.unkept) is not None:
            await station.ask(station.gateway.keep_filters(latest, visiting.token))
            if visiting.unkept is latest:
                return
    finally:
        visiting.unkept = None
