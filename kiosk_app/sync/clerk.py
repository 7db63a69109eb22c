"""A staff user who signed in at this desk, and what they settle of the server's list (§7, K26).

Who they are lives in memory and ends with them. The password is used once and kept nowhere.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar
from uuid import UUID, uuid5

import msgspec

from kiosk_app.contract import routes
from kiosk_app.contract.attention import (
    Alternative,
    AttentionItem,
    AttentionKind,
    AttentionLetters,
    Attest,
    SettleAttention,
    Way,
)
from kiosk_app.contract.bookings import CreateDiscussionBooking, CreateExamBooking
from kiosk_app.contract.credits import Student
from kiosk_app.contract.help import StaffHelp
from kiosk_app.contract.leases import SlotRef
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import StaffTokens, StaffUser
from kiosk_app.contract.wire import read_instant
from kiosk_app.domain.attention import Choice, Item, elsewhere
from kiosk_app.domain.times import day_in
from kiosk_app.gateway.outcomes import Accepted, Failed, Later, Outcome, Refused, SignInAgain
from kiosk_app.gateway.staff import StaffDesk
from kiosk_app.sync.events import ATTENTION_OFFLINE

T = TypeVar("T")


class Ask(Protocol):
    """Makes a call, and may learn from how it ends."""

    async def __call__(self, call: Awaitable[Outcome[T]]) -> Outcome[T]:
        """Return the outcome."""
        ...


async def ask_plainly(call: Awaitable[Outcome[T]]) -> Outcome[T]:
    """Make a call, and learn nothing from it."""
    return await call


class Clerk:
    """One sign-in.

    Args:
        desk: the server's side of it.
        tokens: what the sign-in gave.
        ask: makes the calls.
    """

    def __init__(self, desk: StaffDesk, tokens: StaffTokens, ask: Ask) -> None:
        self._desk, self._tokens, self._ask = desk, tokens, ask

    @property
    def user(self) -> StaffUser:
        """Who it is."""
        return self._tokens.user

    async def leave(self) -> None:
        """End the sign-in, as far as the server can be told."""
        await self._ask(self._desk.sign_out(self._tokens.refresh_token))

    async def items(self, language: str) -> Outcome[tuple[Item, ...]]:
        """Ask what is open."""
        outcome = await self._spoken(lambda token: self._desk.attention(token, language))
        if isinstance(outcome, Accepted):
            return Accepted(tuple(server_item(one) for one in outcome.value.items))
        return outcome

    async def help(self, language: str) -> Outcome[StaffHelp]:
        """Ask for the usual problems and whom to ask."""
        return await self._spoken(lambda token: self._desk.help(token, language))

    async def letters(self, item: str, way: Way) -> Outcome[AttentionLetters]:
        """Ask what a way would write to the student."""
        return await self._spoken(lambda token: self._desk.letters(token, item, way))

    async def settle(
        self,
        item: Item,
        choice: Choice,
        note: str,
        used: tuple[SlotRef, ...] = (),
        words: str = "",
    ) -> str | None:
        """Do what a choice says and close the item; return the code of why not, or None.

        Another session is booked first, under a key made of item and session: asked again, nothing
        is booked twice. `words` go into the mail, where one goes.
        """
        if choice.elsewhere:
            return Code.METHOD_NOT_ALLOWED
        if item.kind is AttentionKind.STRANDED:
            said = Attest(device_id=item.device_id or "", used=list(used), reason=note)
            return code_of(await self._spoken(lambda token: self._desk.attest(token, said)))
        if choice.session is not None and (code := await self._book(item, choice.session)):
            return code
        closing = SettleAttention(way=Way(choice.way), reason=note, words=words)
        return code_of(
            await self._spoken(lambda token: self._desk.settle(token, item.ref, closing))
        )

    async def _book(self, item: Item, session: Alternative) -> str | None:
        student = await self._student(item.student or "")
        if isinstance(student, str):
            return student
        route, body = _booking(item, session, student)
        key = f"idem_desk_{uuid5(UUID(item.ref), session.session_id).hex}"
        return code_of(await self._spoken(lambda token: self._desk.book(token, route, body, key)))

    async def _student(self, student_id: str) -> Student | str:
        """Return the student of an id, or the code of why they are not known."""
        found = await self._spoken(lambda token: self._desk.students(token, student_id))
        if not isinstance(found, Accepted):
            return code_of(found) or ATTENTION_OFFLINE
        for student in found.value.students:
            if student.student_id == student_id:
                return student
        return Code.STUDENT_NOT_FOUND

    async def _spoken(self, call: Callable[[str], Awaitable[Outcome[T]]]) -> Outcome[T]:
        """Make a call as this user; a lapsed access token is renewed once."""
        outcome = await self._ask(call(self._tokens.access_token))
        if not isinstance(outcome, SignInAgain) or outcome.code != Code.STAFF_SIGNED_OUT:
            return outcome
        renewed = await self._ask(self._desk.refresh(self._tokens.refresh_token))
        if not isinstance(renewed, Accepted):
            return renewed
        self._tokens = renewed.value
        return await self._ask(call(self._tokens.access_token))


async def sign_in(
    desk: StaffDesk, email: str, password: str, ask: Ask = ask_plainly
) -> Clerk | str:
    """Sign a staff user in; return them, or the code of why not."""
    try:
        outcome = await ask(desk.sign_in(email.strip(), password))
    except msgspec.ValidationError:
        return Code.SIGN_IN_REFUSED
    if isinstance(outcome, Accepted):
        return Clerk(desk, outcome.value, ask)
    return code_of(outcome) or ATTENTION_OFFLINE


def code_of(outcome: Accepted[T] | Failed) -> str | None:
    """Return the code of why it was not done, or None when it was."""
    match outcome:
        case Accepted():
            return None
        case Refused(code) | SignInAgain(code):
            return code
        case Later(reason=reason):
            return reason if reason in Code.__members__ else Code.SERVICE_DEGRADED
        case _:
            return ATTENTION_OFFLINE


def server_item(told: AttentionItem) -> Item:
    """Return an item of the server's list as it is shown here."""
    return Item(
        ref=told.id,
        kind=told.kind,
        at=read_instant(told.at),
        choices=tuple(
            Choice(
                way=one.way,
                session=one.alternative,
                mails=one.mails,
                elsewhere=elsewhere(told.kind, one.way),
            )
            for one in told.options
        ),
        happened=told.happened,
        code=told.reason,
        student=told.student,
        number=told.booking_code,
        session_id=told.session_id,
        mock_type=told.mock_type,
        starts_at=read_instant(told.starts_at) if told.starts_at else None,
        time_zone=told.time_zone,
        location=told.location,
        device=told.device,
        device_id=told.device_id,
        seats=tuple(told.slots),
    )


def _booking(
    item: Item, session: Alternative, student: Student
) -> tuple[str, CreateDiscussionBooking | CreateExamBooking]:
    day = day_in(session.time_zone, read_instant(session.starts_at))
    common = {
        "mock_exam_id": session.session_id,
        "contact_id": student.contact_id,
        "student_id": student.student_id,
        "name": student.name,
        "email": student.email,
        "exam_date": day.isoformat(),
    }
    if item.mock_type is MockType.MOCK_DISCUSSION:
        return routes.DISCUSSIONS_CREATE, msgspec.convert(common, CreateDiscussionBooking)
    kind = item.mock_type.value if item.mock_type else ""
    return routes.BOOKINGS_CREATE, msgspec.convert(common | {"mock_type": kind}, CreateExamBooking)
