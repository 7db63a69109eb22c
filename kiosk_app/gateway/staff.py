"""What staff ask of the booking backend at a desk: who they are, and what they must settle (K26)."""

from urllib.parse import quote

import msgspec

from kiosk_app.contract import routes
from kiosk_app.contract.attention import (
    AttentionLetters,
    AttentionList,
    AttentionSettled,
    Attest,
    Attested,
    SettleAttention,
    Way,
)
from kiosk_app.contract.bookings import IDEMPOTENCY_HEADER, CreateBooking, CreatedBooking
from kiosk_app.contract.desk import StudentsFound
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.help import StaffHelp
from kiosk_app.contract.staff import Renew, SignedOut, SignIn, StaffTokens
from kiosk_app.gateway import documented
from kiosk_app.gateway.calls import data, post
from kiosk_app.gateway.http import WRITE_SECONDS, Call, Http
from kiosk_app.gateway.outcomes import Accepted, Outcome

_tokens = msgspec.json.Decoder(StaffTokens)
_out = msgspec.json.Decoder(SignedOut)
_list = msgspec.json.Decoder(AttentionList)
_letters = msgspec.json.Decoder(AttentionLetters)
_settled = msgspec.json.Decoder(AttentionSettled)
_attested = msgspec.json.Decoder(Attested)
_students = msgspec.json.Decoder(StudentsFound)
_help = msgspec.json.Decoder(StaffHelp)
_created = msgspec.json.Decoder(Success[documented.Created])


class StaffDesk:
    """One method per call; `token` is the access token of whoever signed in."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def sign_in(self, email: str, password: str) -> Outcome[StaffTokens]:
        """Prove e-mail and password; only a device that is a desk may ask."""
        return await self._http.ask(post(routes.STAFF_SIGN_IN, SignIn(email, password)), _tokens)

    async def refresh(self, refresh_token: str) -> Outcome[StaffTokens]:
        """Trade the newest refresh token for a fresh pair."""
        return await self._http.ask(post(routes.STAFF_REFRESH, Renew(refresh_token)), _tokens)

    async def sign_out(self, refresh_token: str) -> Outcome[SignedOut]:
        """End the sign-in."""
        return await self._http.ask(post(routes.STAFF_SIGN_OUT, Renew(refresh_token)), _out)

    async def attention(self, token: str, language: str) -> Outcome[AttentionList]:
        """Ask what is open, in sentences of a language."""
        headers = _speaks(token) | {"Accept-Language": language}
        return await self._http.ask(_get(routes.DESK_ATTENTION, headers), _list)

    async def help(self, token: str, language: str) -> Outcome[StaffHelp]:
        """Ask for the usual problems and whom to ask, in a language (A101)."""
        headers = _speaks(token) | {"Accept-Language": language}
        return await self._http.ask(_get(routes.STAFF_HELP, headers), _help)

    async def letters(self, token: str, item: str, way: Way) -> Outcome[AttentionLetters]:
        """Ask what a way out would write to the student."""
        call = _get(routes.DESK_ATTENTION_LETTERS, _speaks(token), {"way": way.value}, item=item)
        return await self._http.ask(call, _letters)

    async def settle(
        self, token: str, item: str, body: SettleAttention
    ) -> Outcome[AttentionSettled]:
        """Close an item by the way that was chosen; asking again changes nothing."""
        headers = _speaks(token)
        item = quote(item, safe="")
        call = post(routes.DESK_ATTENTION_SETTLE, body, headers, WRITE_SECONDS, item=item)
        return await self._http.ask(call, _settled)

    async def attest(self, token: str, body: Attest) -> Outcome[Attested]:
        """Say which seats of a lost device were used; the others become free."""
        call = post(routes.DESK_LEASES_ATTEST, body, _speaks(token), WRITE_SECONDS)
        return await self._http.ask(call, _attested)

    async def students(self, token: str, search: str) -> Outcome[StudentsFound]:
        """Look students up by id, e-mail, name or booking."""
        return await self._http.ask(
            _get(routes.DESK_STUDENTS, _speaks(token), {"q": search}), _students
        )

    async def book(
        self, token: str, route: str, body: CreateBooking, key: str
    ) -> Outcome[CreatedBooking]:
        """Book for a student; asking again with the key answers the same booking."""
        headers = _speaks(token) | {IDEMPOTENCY_HEADER: key}
        outcome = data(await self._http.ask(post(route, body, headers, WRITE_SECONDS), _created))
        if isinstance(outcome, Accepted):
            repeated = outcome.value.idempotent_request is True
            return Accepted(documented.created(outcome.value), repeated)
        return outcome


def _speaks(token: str) -> dict[str, str]:
    return {routes.STAFF_HEADER: token}


def _get(
    route: str, headers: dict[str, str], query: dict[str, str] | None = None, **parts: str
) -> Call:
    parts = {name: quote(part, safe="") for name, part in parts.items()}
    return Call(
        method="GET",
        route=route,
        path=routes.PREFIX + route.format(**parts),
        query=query or {},
        headers=headers,
    )
