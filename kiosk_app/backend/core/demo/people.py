"""The students of the demo term, invented, and which seats they hold.

Two are fixed, because guides and tours sign in as them: Priya Raman with tokens and bookings, and
Daniel Osei without any.
"""

import random
from collections import Counter
from datetime import date, timedelta

from msgspec import Struct

from kiosk_app.backend.core.demo.term import DemoSession
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.tokens import OWN_FIELD

PRIYA, DANIEL = "2604817", "2604900"
_PRIYA_LEFT = {
    CreditField.CS: 3,
    CreditField.SJ: 1,
    CreditField.MINI: 1,
    CreditField.SHARED: 1,
    CreditField.DISCUSSION: 2,
}
_CROWD = 168
_MOST_LEFT = 4
_FIRST = (
    *("Amara", "Noah", "Chloé", "Wei", "Fatima", "Lucas", "Aisha", "Mateo", "Hannah", "Omar"),
    *("Isabelle", "Kenji", "Zara", "Liam", "Nadia", "Thomas", "Leila", "Diego", "Grace", "Arjun"),
    *("Sophie", "Yusuf", "Emma", "Tariq", "Julia", "Ravi", "Camille", "Minh", "Anna", "Kwame"),
)
_LAST = (
    *("Tremblay", "Nguyen", "Okafor", "Singh", "Rossi", "Cohen", "Park", "Silva", "Haddad"),
    *("MacDonald", "Kaur", "Chen", "Dubois", "Ali", "Kowalski", "Mensah", "Ivanova", "Patel"),
    *("Fraser", "Ortiz", "Sato", "Bergeron", "Rahman", "Lévesque", "Osman", "Campbell"),
)
_PLAIN = str.maketrans("éèêëçàô", "eeeecao")


class DemoStudent(Struct, frozen=True, kw_only=True):
    """One student; `tokens` are what was handed out, spent ones included."""

    student_id: str
    name: str
    email: str
    tokens: dict[CreditField, int]


class DemoSeat(Struct, frozen=True):
    """One seat that a student booked."""

    student_id: str
    session: DemoSession


def demo_seats(sessions: list[DemoSession], today: date) -> list[DemoSeat]:
    """Choose who sits where: the week ahead is lively, some of it full, the rest thins out."""
    dice = random.Random(today.toordinal() + 1)  # noqa: S311 - repeatable on purpose
    seats = [DemoSeat(PRIYA, session) for session in _priyas(sessions, today)]
    busy: dict[str, list[DemoSession]] = {PRIYA: [seat.session for seat in seats]}
    crowd = [_number(index) for index in range(_CROWD)]
    filled = Counter(seat.session.external_id for seat in seats)
    for session in sessions:
        wanted = _wanted(dice, session, today) - filled[session.external_id]
        for student in dice.sample(crowd, len(crowd)):
            if wanted <= 0:
                break
            if _fits(session, busy.setdefault(student, [])):
                busy[student].append(session)
                seats.append(DemoSeat(student, session))
                wanted -= 1
    return seats


def demo_students(seats: list[DemoSeat], today: date) -> list[DemoStudent]:
    """Return everybody, each with what they spend in the plan and what they have left."""
    dice = random.Random(today.toordinal() + 2)  # noqa: S311 - repeatable on purpose
    spent: dict[str, Counter[CreditField]] = {}
    for seat in seats:
        spent.setdefault(seat.student_id, Counter())[OWN_FIELD[seat.session.mock_type]] += 1
    fixed = [
        _student(PRIYA, "Priya Raman", _PRIYA_LEFT, spent),
        _student(DANIEL, "Daniel Osei", {}, spent),
    ]
    names = dice.sample([f"{first} {last}" for first in _FIRST for last in _LAST], _CROWD)
    crowd = [
        _student(
            _number(index),
            name,
            {field: dice.choice((0, 0, 1, 1, 2, 3, _MOST_LEFT)) for field in CreditField},
            spent,
        )
        for index, name in enumerate(names)
    ]
    return fixed + crowd


def _student(
    number: str,
    name: str,
    left: dict[CreditField, int],
    spent: dict[str, Counter[CreditField]],
) -> DemoStudent:
    address = name.lower().translate(_PLAIN).replace(" ", ".")
    own = spent.get(number, Counter())
    tokens = {field: left.get(field, 0) + own[field] for field in CreditField}
    return DemoStudent(student_id=number, name=name, email=f"{address}@example.org", tokens=tokens)


def _number(index: int) -> str:
    return str(2_605_001 + index * 7)


def _priyas(sessions: list[DemoSession], today: date) -> list[DemoSession]:
    """Return one past exam and the next exam and discussion that do not clash."""
    past = [s for s in sessions if s.day < today and s.mock_type is MockType.SITUATIONAL_JUDGMENT]
    chosen = past[-1:]
    for mock_type, after in ((MockType.CLINICAL_SKILLS, 3), (MockType.MOCK_DISCUSSION, 5)):
        ahead = [
            s
            for s in sessions
            if s.mock_type is mock_type
            and s.day >= today + timedelta(days=after)
            and _fits(s, chosen)
        ]
        chosen = chosen + ahead[:1]
    return chosen


def _wanted(dice: random.Random, session: DemoSession, today: date) -> int:
    """Return how many seats of a session are taken."""
    ahead = (session.day - today).days
    if ahead < -14:  # noqa: PLR2004 - old sessions matter to nobody
        return 0
    if ahead <= 0:
        return round(session.capacity * dice.uniform(0.2, 0.5))
    if ahead <= 6:  # noqa: PLR2004 - the lively days
        left = dice.choice((0, 0, 1, 2, 3, session.capacity // 3, session.capacity // 2))
        return session.capacity - left
    share = 0.5 if ahead <= 21 else 0.08  # noqa: PLR2004 - three weeks, then the far end of term
    return round(session.capacity * dice.uniform(0, share))


def _fits(session: DemoSession, held: list[DemoSession]) -> bool:
    return not any(
        other.day == session.day
        and (
            other.mock_type is session.mock_type
            or (other.start < session.end and session.start < other.end)
        )
        for other in held
    )
