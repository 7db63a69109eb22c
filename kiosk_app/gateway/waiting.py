"""The waitlists of the booking backend, for whoever stands at the device (A78)."""

from urllib.parse import quote

import msgspec

from kiosk_app.contract import routes
from kiosk_app.contract.bookings import CreatedBooking
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.waitlist import ClaimOffer, JoinWaitlist, Wait, WaitList
from kiosk_app.gateway import documented
from kiosk_app.gateway.calls import data, encode, post, visit_header
from kiosk_app.gateway.http import WRITE_SECONDS, Call, Http
from kiosk_app.gateway.outcomes import Accepted, Outcome

_wait = msgspec.json.Decoder(Success[Wait])
_waits = msgspec.json.Decoder(Success[WaitList])
_created = msgspec.json.Decoder(Success[documented.Created])


class Waitlists:
    """One method per call; `visit` is the token of the person who waits."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def own(self, visit: str) -> Outcome[WaitList]:
        """Ask everywhere they wait or are offered a seat."""
        call = Call(
            method="GET",
            route=routes.WAITLIST,
            path=routes.PREFIX + routes.WAITLIST,
            headers=visit_header(visit),
        )
        return data(await self._http.ask(call, _waits))

    async def join(self, session: str, visit: str) -> Outcome[Wait]:
        """Wait for a seat; a second time answers the wait there is."""
        call = _call("POST", session, visit, encode(JoinWaitlist()))
        return data(await self._http.ask(call, _wait))

    async def leave(self, session: str, visit: str) -> Outcome[Wait]:
        """Stop waiting."""
        return data(await self._http.ask(_call("DELETE", session, visit), _wait))

    async def decline(self, session: str, wait: str, visit: str) -> Outcome[Wait]:
        """Turn an offer down."""
        call = Call(
            method="POST",
            route=routes.WAITLIST_DECLINE,
            path=routes.PREFIX + _path(routes.WAITLIST_DECLINE, session, wait),
            headers=visit_header(visit),
            seconds=WRITE_SECONDS,
        )
        return data(await self._http.ask(call, _wait))

    async def claim(
        self, session: str, wait: str, body: ClaimOffer, visit: str
    ) -> Outcome[CreatedBooking]:
        """Book the seat that is held; asking again answers the same booking."""
        parts = {"session": quote(session, safe=""), "entry": quote(wait, safe="")}
        headers = visit_header(visit)
        call = post(routes.WAITLIST_CLAIM, body, headers, WRITE_SECONDS, **parts)
        outcome = data(await self._http.ask(call, _created))
        if isinstance(outcome, Accepted):
            repeated = outcome.value.idempotent_request is True
            return Accepted(documented.created(outcome.value), repeated)
        return outcome


def _call(method: str, session: str, visit: str, body: bytes | None = None) -> Call:
    return Call(
        method=method,
        route=routes.SESSION_WAITLIST,
        path=routes.PREFIX + _path(routes.SESSION_WAITLIST, session),
        body=body,
        headers=visit_header(visit),
        seconds=WRITE_SECONDS,
    )


def _path(route: str, session: str, wait: str = "") -> str:
    return route.format(session=quote(session, safe=""), entry=quote(wait, safe=""))
