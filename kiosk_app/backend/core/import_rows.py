"""From the cells of a row to a session or a student, with every fault named (docs/import.md)."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeVar

from kiosk_app.backend.core.csv_rows import CsvRow, RowError
from kiosk_app.backend.storage.importing import SessionImport, StudentImport
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.domain.times import DEFAULT_ZONE, fallback_hours, known_zone, local_instant

Value = TypeVar("Value")

SESSION_REQUIRED = ("mock_type", "exam_date", "capacity", "location")
SESSION_OPTIONAL = (
    *("external_id", "hubspot_id", "start_time", "end_time", "time_zone", "is_active"),
    *("delivery_format", "title", "instructor_name", "topics"),
)
STUDENT_REQUIRED = ("student_id", "email", "name")
STUDENT_OPTIONAL = (
    *("enrollment_id", "hubspot_id", "locale"),
    *(field.value for field in CreditField),
)

_MOST_SEATS = 100_000
_MOST_TOKENS = 100_000
_YES = {"true", "yes", "1"}
_NO = {"false", "no", "0"}
_STUDENT_ID = re.compile(r"^[A-Z0-9]{1,64}$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_DIGITS = re.compile(r"^[0-9]+$")


class Cells:
    """Takes the cells of one row apart and collects what is wrong with them."""

    def __init__(self, row: CsvRow) -> None:
        self._row = row
        self.errors: list[RowError] = []

    def read(self, column: str, convert: Callable[[str], Value], default: Value) -> Value:
        """Return a cell's value, the default for an empty one; note a fault and go on."""
        text = self._row.cells.get(column, "")
        if not text:
            return default
        try:
            return convert(text)
        except ValueError as fault:
            self.fault(column, str(fault))
            return default

    def need(self, column: str, convert: Callable[[str], Value], default: Value) -> Value:
        """Return a cell's value; an empty one is a fault."""
        if not self._row.cells.get(column):
            self.fault(column, "must not be empty")
            return default
        return self.read(column, convert, default)

    def fault(self, column: str, message: str) -> None:
        """Note that a cell is wrong."""
        self.errors.append(RowError(line=self._row.line, column=column, message=message))


def session_of(row: CsvRow) -> tuple[SessionImport, list[RowError]]:
    """Return the session a row describes, and what is wrong with it."""
    cells = Cells(row)
    zone = cells.read("time_zone", _zone, DEFAULT_ZONE)
    day = cells.need("exam_date", _day, date.min)
    starts_at, ends_at = _hours(cells, day, zone)
    session = SessionImport(
        line=row.line,
        external_id=cells.read("external_id", _short, None),
        hubspot_id=cells.read("hubspot_id", _number_text, None),
        mock_type=cells.need("mock_type", _one_of(MockType), MockType.MOCK_DISCUSSION),
        exam_date=day,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=zone,
        capacity=cells.need("capacity", _count(_MOST_SEATS), 0),
        location=cells.need("location", _line(200), ""),
        is_active=cells.read("is_active", _yes_or_no, default=True),
        delivery_format=cells.read(
            "delivery_format", _one_of(DeliveryFormat), DeliveryFormat.IN_PERSON
        ),
        title=cells.read("title", _line(200), None),
        instructor_name=cells.read("instructor_name", _line(100), None),
        topics=cells.read("topics", _topics, []),
    )
    return session, cells.errors


def student_of(row: CsvRow) -> tuple[StudentImport, list[RowError]]:
    """Return the student a row describes, and what is wrong with it."""
    cells = Cells(row)
    tokens = {
        field: cells.read(field.value, _count(_MOST_TOKENS), 0)
        for field in CreditField
        if row.cells.get(field.value)
    }
    student = StudentImport(
        line=row.line,
        student_id=cells.need("student_id", _student_id, ""),
        email=cells.need("email", _email, ""),
        name=cells.need("name", _name, ""),
        enrollment_id=cells.read("enrollment_id", _short, None),
        hubspot_id=cells.read("hubspot_id", _number_text, None),
        locale=cells.read("locale", _locale, None),
        tokens=tokens,
    )
    return student, cells.errors


def _hours(cells: Cells, day: date, zone: str) -> tuple[datetime, datetime]:
    """Return start and end; a session that names neither gets 14:00 to 16:00 (A17)."""
    start = cells.read("start_time", _clock, None)
    end = cells.read("end_time", _clock, None)
    if day == date.min:
        return fallback_hours(date(2000, 1, 1), DEFAULT_ZONE)  # the row is refused anyway
    if start is None and end is None:
        return fallback_hours(day, zone)
    if start is None or end is None:
        missing = "start_time" if start is None else "end_time"
        if not any(error.column == missing for error in cells.errors):
            cells.fault(missing, "must be given when the other time is")
        return fallback_hours(day, zone)
    if end <= start:
        cells.fault("end_time", "must be after start_time")
        return fallback_hours(day, zone)
    return local_instant(day, start, zone), local_instant(day, end, zone)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise ValueError("is no date like 2027-03-04") from fault


def _clock(text: str) -> time | None:
    if not re.fullmatch(r"\d{1,2}:\d{2}", text):
        raise ValueError("is no time like 14:30")
    hours, minutes = text.split(":")
    try:
        return time(int(hours), int(minutes))
    except ValueError as fault:
        raise ValueError("is no time like 14:30") from fault


def _zone(text: str) -> str:
    if not known_zone(text):
        raise ValueError("is no time zone like America/Toronto")
    return text


def _count(most: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if not _DIGITS.match(text) or int(text) > most:
            raise ValueError(f"is no whole number from 0 to {most}")
        return int(text)

    return convert


def _one_of(kinds: type[Value]) -> Callable[[str], Value]:
    def convert(text: str) -> Value:
        for kind in kinds:  # type: ignore[attr-defined]
            if kind.value.casefold() == text.casefold():
                return kind  # type: ignore[no-any-return]
        known = ", ".join(kind.value for kind in kinds)  # type: ignore[attr-defined]
        raise ValueError(f"is none of {known}")

    return convert


def _yes_or_no(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError("is neither true nor false")


def _line(most: int) -> Callable[[str], str]:
    def convert(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"is longer than {most} characters")
        if not text.isprintable():
            raise ValueError("holds line breaks or control characters")
        return text

    return convert


def _short(text: str) -> str | None:
    return _line(100)(text)


def _name(text: str) -> str:
    if len(text) < 2:  # noqa: PLR2004 - the shortest name the contract allows
        raise ValueError("is shorter than 2 characters")
    return _line(100)(text)


def _student_id(text: str) -> str:
    if not _STUDENT_ID.match(text):
        raise ValueError("holds more than capitals and digits")
    return text


def _email(text: str) -> str:
    if not _EMAIL.match(text):
        raise ValueError("is no e-mail address")
    return _line(254)(text)


def _number_text(text: str) -> str | None:
    if not _DIGITS.match(text):
        raise ValueError("holds more than digits")
    return text


def _locale(text: str) -> str | None:
    if text not in {"en", "fr"}:
        raise ValueError("is neither en nor fr")
    return text


def _topics(text: str) -> list[str]:
    return [_line(100)(topic.strip()) for topic in text.split("|") if topic.strip()]
