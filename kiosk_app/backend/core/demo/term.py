"""The sessions of the demo term: five weeks back and sixteen ahead of a day, with a week's rhythm.

Discussions fill weekday evenings, exams mornings, afternoons and Saturdays; Sundays are quiet and
online; a few days are closed. The day alone seeds the choice, so the same day gives the same term.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.domain.times import DEFAULT_ZONE, local_instant

WEEKS_BACK, WEEKS_AHEAD = 5, 16
_DOWNTOWN = tuple(f"Downtown – Room {room}" for room in (204, 205, 301, 118))
_NORTH_YORK = tuple(f"North York – Room {room}" for room in ("N210", "N120"))
_PLACES = (*_DOWNTOWN, *_DOWNTOWN, *_NORTH_YORK, "Mississauga – Room M115", "Online")
_ONLINE = "Online"
_HOURS = {
    MockType.SITUATIONAL_JUDGMENT: 2.0,
    MockType.CLINICAL_SKILLS: 3.0,
    MockType.MINI_MOCK: 1.5,
    MockType.MOCK_DISCUSSION: 2.0,
}
_TITLES = {
    MockType.SITUATIONAL_JUDGMENT: "Situational Judgment mock",
    MockType.CLINICAL_SKILLS: "Clinical Skills mock",
    MockType.MINI_MOCK: "Mini-mock",
    MockType.MOCK_DISCUSSION: "Mock discussion",
}
_TOPICS = (["Clinical Skills"], ["Situational Judgment"], ["Mixed"], ["Mixed", "Communication"])
_INSTRUCTORS = (
    *("Dr. Helen Marsh", "Dr. Samuel Adeyemi", "Dr. Mei-Ling Zhao", "Dr. Farid Haddad"),
    *("Dr. Claire Bouchard", "Dr. Anil Deshpande", "Dr. Ruth Feldman", "Dr. Marco Bellini"),
    *("Dr. Sofia Petrova", "Dr. James Whitlock"),
)
_MORNINGS = (time(9), time(9, 30), time(10))
_AFTERNOONS = (time(13), time(13, 30), time(14))
_EVENINGS = (time(17, 30), time(18), time(18, 30), time(19))
_CAPACITIES = {
    MockType.MOCK_DISCUSSION: (8, 10, 12, 14),
    MockType.MINI_MOCK: (10, 12, 16),
    MockType.SITUATIONAL_JUDGMENT: (16, 20, 24),
    MockType.CLINICAL_SKILLS: (12, 18, 24, 26),
}
_DISCUSSION, _MINI = MockType.MOCK_DISCUSSION, MockType.MINI_MOCK
_SKILLS, _JUDGMENT = MockType.CLINICAL_SKILLS, MockType.SITUATIONAL_JUDGMENT
_CLOSED_DAYS = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1), (7, 1)}
_SATURDAY, _SUNDAY = 5, 6


class DemoSession(Struct, frozen=True, kw_only=True):
    """One session of the term."""

    external_id: str
    mock_type: MockType
    day: date
    start: time
    end: time
    capacity: int
    location: str
    delivery_format: DeliveryFormat
    title: str
    instructor_name: str
    topics: list[str]

    @property
    def starts_at(self) -> datetime:
        """Start as an instant."""
        return local_instant(self.day, self.start, DEFAULT_ZONE)

    @property
    def ends_at(self) -> datetime:
        """End as an instant."""
        return local_instant(self.day, self.end, DEFAULT_ZONE)


def demo_sessions(today: date) -> list[DemoSession]:
    """Return the term around a day, by day and start."""
    dice = random.Random(today.toordinal())  # noqa: S311 - repeatable on purpose
    first = today - timedelta(weeks=WEEKS_BACK)
    span = (WEEKS_BACK + WEEKS_AHEAD) * 7
    closed = _closed(dice, today, first, span)
    sessions: list[DemoSession] = []
    for offset in range(span + 1):
        day = first + timedelta(days=offset)
        if day in closed:
            continue
        taken: set[str] = set()
        for mock_type, start in sorted(_day(dice, day, today), key=lambda plan: plan[1]):
            name = f"demo-{today:%Y%m%d}-{len(sessions) + 1:03d}"
            sessions.append(_session(dice, name, day, start, mock_type, taken))
    return sessions


def _closed(dice: random.Random, today: date, first: date, span: int) -> set[date]:
    """Return holidays and three days of the term, none of them in the week that people look at."""
    quiet = [
        first + timedelta(days=offset)
        for offset in range(span + 1)
        if not -1 <= offset - WEEKS_BACK * 7 <= 7  # noqa: PLR2004 - the week ahead
        and (first + timedelta(days=offset)).weekday() < _SATURDAY
    ]
    days = set(dice.sample(quiet, 3))
    days |= {day for day in quiet if (day.month, day.day) in _CLOSED_DAYS}
    return days - {today}


def _day(dice: random.Random, day: date, today: date) -> Iterator[tuple[MockType, time]]:
    """Choose a day's sessions: two to five, online and few on Sundays."""
    if day.weekday() == _SUNDAY:
        yield dice.choice((_DISCUSSION, _MINI)), dice.choice(_MORNINGS)
        yield _DISCUSSION, dice.choice(_AFTERNOONS)
        return
    if day.weekday() == _SATURDAY:
        yield _SKILLS, dice.choice(_MORNINGS)
        yield _JUDGMENT, dice.choice(_MORNINGS)
        yield dice.choice((_SKILLS, _MINI)), dice.choice(_AFTERNOONS)
        if dice.random() < 0.7:  # noqa: PLR2004 - most Saturdays
            yield _DISCUSSION, dice.choice(_AFTERNOONS)
        return
    lively = 0 <= (day - today).days <= 7  # noqa: PLR2004 - the week ahead
    yield _DISCUSSION, dice.choice(_EVENINGS)
    yield dice.choice((_SKILLS, _JUDGMENT, _MINI)), dice.choice(_MORNINGS)
    if lively or dice.random() < 0.6:  # noqa: PLR2004 - more days than not
        yield dice.choice((_SKILLS, _JUDGMENT, _MINI)), dice.choice(_AFTERNOONS)
    if lively or dice.random() < 0.45:  # noqa: PLR2004 - about every other day
        yield _DISCUSSION, dice.choice(_EVENINGS)
    if dice.random() < 0.25:  # noqa: PLR2004 - once or twice a week
        yield _MINI, dice.choice(_AFTERNOONS)


def _session(  # noqa: PLR0917 - one session is one call
    dice: random.Random, name: str, day: date, start: time, mock_type: MockType, taken: set[str]
) -> DemoSession:
    free = [place for place in _PLACES if place == _ONLINE or place not in taken]
    location = _ONLINE if day.weekday() == _SUNDAY else dice.choice(free)
    taken.add(location)
    hybrid = location != _ONLINE and mock_type is _DISCUSSION and dice.random() < 0.3  # noqa: PLR2004 - some
    here = DeliveryFormat.HYBRID if hybrid else DeliveryFormat.IN_PERSON
    end = (datetime.combine(day, start) + timedelta(hours=_HOURS[mock_type])).time()
    return DemoSession(
        external_id=name,
        mock_type=mock_type,
        day=day,
        start=start,
        end=end,
        capacity=dice.choice(_CAPACITIES[mock_type]),
        location=location,
        delivery_format=DeliveryFormat.VIRTUAL if location == _ONLINE else here,
        title=_TITLES[mock_type],
        instructor_name=dice.choice(_INSTRUCTORS),
        topics=dice.choice(_TOPICS) if mock_type is _DISCUSSION else [],
    )
