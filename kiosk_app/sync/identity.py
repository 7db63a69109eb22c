"""Who is at the device: by the server, or offline by the roster (K26, K43)."""

import asyncio
import math
from datetime import timedelta

import msgspec
from msgspec import UNSET

from kiosk_app.cache import roster
from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.cache.mirror import Known
from kiosk_app.contract.credits import Balances, BeginVisit, CreditAnswer, Student
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.tokens import OWN_FIELD
from kiosk_app.gateway.outcomes import Accepted, Failed, Later, Outcome, Refused, SignInAgain
from kiosk_app.sync.events import OFFLINE_UNKNOWN, VisitBegan, VisitRefused
from kiosk_app.sync.station import Station, Visiting

_EXAMS = (MockType.SITUATIONAL_JUDGMENT, MockType.CLINICAL_SKILLS, MockType.MINI_MOCK)


async def identify(station: Station, student_id: str, email: str) -> Visiting | VisitRefused:
    """Find out who this is; both fields must be right together."""
    try:
        asked = msgspec.convert({"student_id": student_id, "email": email}, BeginVisit)
    except msgspec.ValidationError:
        return VisitRefused(code=Code.VALIDATION_ERROR)
    if station.link.worth_asking:
        before = _under_way(station, asked.student_id)
        outcome = await _by_server(station, asked)
        match outcome:
            case Accepted(visiting):
                # What was settled meanwhile may have moved a token that this answer does not know of.
                visiting.outdated = bool(before - _under_way(station, asked.student_id))
                _remember(station, asked, visiting)
                return visiting
            case Refused(code) | SignInAgain(code):
                return VisitRefused(code=code)
            case Later(after, reason):
                known = reason if reason in Code.__members__ else Code.RATE_LIMITED
                wait = math.ceil(after) if after is not None else None
                return VisitRefused(code=known, retry_after=wait)
    return _by_roster(station, asked)


def _under_way(station: Station, student_id: str) -> set[str]:
    """Return which requests of a student wait for an answer of the server."""
    try:
        return {request.id for request in station.queue.waiting(student_id)}
    except CacheUnavailable:  # said where a request cannot be kept; who this is can still be told
        return set()


async def _by_server(station: Station, asked: BeginVisit) -> Outcome[Visiting]:
    if station.capabilities is None:
        known = await station.ask(station.gateway.capabilities())
        if not isinstance(known, Accepted):
            return known
        station.capabilities = known.value
    if not station.offers("visits"):
        return await _by_credits(station, asked)
    outcome = await station.ask(station.gateway.begin_visit(asked.student_id, asked.email))
    if not isinstance(outcome, Accepted):
        return outcome
    visit, now = outcome.value, station.clock.now()
    return Accepted(
        Visiting(
            student=visit.student,
            balances=visit.balances,
            balances_at=now,
            token=visit.visit_token,
            expires_at=now + timedelta(seconds=visit.expires_in),
            filters=visit.filters,
        )
    )


async def _by_credits(station: Station, asked: BeginVisit) -> Outcome[Visiting]:
    """Use the documented credit checks: the four of them prove the person and fill the purse (A54)."""
    first, *others = await asyncio.gather(
        station.ask(station.gateway.discussion_credits(asked.student_id, asked.email)),
        *(
            station.ask(station.gateway.exam_credits(asked.student_id, asked.email, kind))
            for kind in _EXAMS
        ),
    )
    answers = list[CreditAnswer]()
    for outcome in (first, *others):
        if not isinstance(outcome, Accepted):
            failed: Failed = outcome
            return failed
        answers.append(outcome.value)
    # Only an answer about tokens that there are is sure to name the person (A20).
    known = next((one for one in answers if one.contact_id), answers[0])
    student = Student(
        contact_id=known.contact_id,
        student_id=asked.student_id,
        name=known.student_name,
        email=asked.email,
        enrollment_id=known.enrollment_id,
    )
    return Accepted(
        Visiting(student=student, balances=purse(answers), balances_at=station.clock.now())
    )


def purse(answers: list[CreditAnswer]) -> Balances:
    """Return the five balances that four credit checks tell."""
    amounts: dict[str, int] = {}
    shared = 0
    for answer in answers:
        parts, own = answer.credit_breakdown, OWN_FIELD[answer.mock_type]
        if parts.discussion_tokens is not UNSET:
            amounts[own.value] = parts.discussion_tokens
        if parts.specific_credits is not UNSET:
            amounts[own.value] = parts.specific_credits
        if parts.shared_credits is not UNSET:
            # A type that they do not pay for here tells of none.
            shared = max(shared, parts.shared_credits)
    return msgspec.structs.replace(Balances(shared_mock_credits=shared), **amounts)


def _proof(station: Station, asked: BeginVisit) -> str:
    salt = station.mirror.salt(roster.new_salt())
    return roster.proof(asked.student_id, asked.email, salt)


def _remember(station: Station, asked: BeginVisit, visiting: Visiting) -> None:
    student = visiting.student
    known = Known(
        contact_id=student.contact_id,
        name=student.name,
        enrollment_id=student.enrollment_id,
        locale=student.locale,
    )
    visiting.proof = _proof(station, asked)
    station.mirror.remember(visiting.proof, known, visiting.balances, visiting.balances_at)


def _by_roster(station: Station, asked: BeginVisit) -> Visiting | VisitRefused:
    proof = _proof(station, asked)
    found = station.mirror.recall(proof, station.clock.now())
    if found is None:
        return VisitRefused(code=OFFLINE_UNKNOWN)
    student = Student(
        contact_id=found.known.contact_id,
        student_id=asked.student_id,
        name=found.known.name,
        email=asked.email,
        enrollment_id=found.known.enrollment_id,
        locale=found.known.locale,
    )
    return Visiting(
        student=student,
        balances=found.balances,
        balances_at=found.seen_at,
        offline=True,
        proof=proof,
    )


def began(visiting: Visiting) -> VisitBegan:
    """Return the event that greets a person."""
    return VisitBegan(
        student=visiting.student,
        balances=visiting.balances,
        balances_at=visiting.balances_at,
        offline=visiting.offline,
        filters=visiting.filters,
    )
