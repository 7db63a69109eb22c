"""Bringing in sessions and students from a file: all rows or none, unless bad ones are skipped."""

from collections.abc import Callable, Hashable, Sequence
from typing import Literal

from msgspec import Struct

from kiosk_app.backend.core.csv_rows import CsvRow, RowError, read_rows
from kiosk_app.backend.core.import_rows import (
    SESSION_OPTIONAL,
    SESSION_REQUIRED,
    STUDENT_OPTIONAL,
    STUDENT_REQUIRED,
    session_of,
    student_of,
)
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.storage.importing import (
    ImportRow,
    Outcome,
    SessionImport,
    StudentImport,
    import_rows,
)

Kind = Literal["sessions", "students"]


class ImportReport(Struct, frozen=True, kw_only=True):
    """What an import did, or would have done."""

    kind: Kind
    rows: int
    added: int
    changed: int
    unchanged: int
    written: bool
    errors: list[RowError]


async def import_file(
    core: Core, kind: Kind, data: bytes, *, dry_run: bool = False, skip_bad: bool = False
) -> ImportReport:
    """Bring a file in; importing it again changes nothing.

    Every row is tried, so that one report names every fault; then either all of it is kept, or
    nothing when a row failed and `skip_bad` is off.

    Raises:
        CsvRefusal: the file as a whole cannot be read.
    """
    good, errors = _students(data) if kind == "students" else _sessions(data)
    outcomes = await import_rows(
        core.db, good, keep=lambda failed: not dry_run and (skip_bad or not (failed or errors))
    )
    core.shelf.clear()
    refused = [
        RowError(line=outcome.line, column=outcome.column, message=outcome.message)
        for outcome in outcomes
        if outcome.effect == "refused"
    ]
    errors = sorted(errors + refused, key=lambda error: error.line)
    return ImportReport(
        kind=kind,
        rows=len({row.line for row in good} | {error.line for error in errors}),
        added=_count(outcomes, "added"),
        changed=_count(outcomes, "changed"),
        unchanged=_count(outcomes, "unchanged"),
        written=not dry_run and (skip_bad or not errors),
        errors=errors,
    )


def _count(outcomes: Sequence[Outcome], effect: str) -> int:
    return sum(outcome.effect == effect for outcome in outcomes)


def _sessions(data: bytes) -> tuple[list[ImportRow], list[RowError]]:
    rows, errors = read_rows(data, required=SESSION_REQUIRED, optional=SESSION_OPTIONAL)
    return _sorted_out(rows, errors, session_of, _session_key)


def _students(data: bytes) -> tuple[list[ImportRow], list[RowError]]:
    rows, errors = read_rows(data, required=STUDENT_REQUIRED, optional=STUDENT_OPTIONAL)
    return _sorted_out(rows, errors, student_of, _student_key)


def _sorted_out(
    rows: list[CsvRow],
    errors: list[RowError],
    read: Callable[[CsvRow], tuple[ImportRow, list[RowError]]],
    key: Callable[[ImportRow], tuple[str, Hashable]],
) -> tuple[list[ImportRow], list[RowError]]:
    """Return the sound rows, and the faults of the others and of those that come twice."""
    good: list[ImportRow] = []
    seen: dict[Hashable, int] = {}
    for row in rows:
        value, faults = read(row)
        column, identity = key(value)
        if not faults and identity in seen:
            message = f"is the same as on line {seen[identity]}"
            faults = [RowError(line=row.line, column=column, message=message)]
        if faults:
            errors = errors + faults
            continue
        seen[identity] = row.line
        good.append(value)
    return good, errors


def _session_key(row: ImportRow) -> tuple[str, Hashable]:
    assert isinstance(row, SessionImport)  # noqa: S101 - read by session_of
    if row.external_id:
        return "external_id", row.external_id
    return "exam_date", (row.exam_date, row.starts_at, row.mock_type, row.location)


def _student_key(row: ImportRow) -> tuple[str, Hashable]:
    assert isinstance(row, StudentImport)  # noqa: S101 - read by student_of
    return "student_id", row.student_id
