"""Writing imported rows: one transaction, a savepoint per row."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import ConflictError, Database, Transaction
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType

Effect = Literal["added", "changed", "unchanged", "refused"]


class SessionImport(Struct, frozen=True, kw_only=True):
    """One row of a sessions file."""

    line: int
    external_id: str | None
    hubspot_id: str | None
    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    capacity: int
    location: str
    is_active: bool
    delivery_format: DeliveryFormat
    title: str | None
    instructor_name: str | None
    topics: list[str]


class StudentImport(Struct, frozen=True, kw_only=True):
    """One row of a students file; `tokens` holds only the balances it names."""

    line: int
    student_id: str
    email: str
    name: str
    enrollment_id: str | None
    hubspot_id: str | None
    locale: str | None
    tokens: dict[CreditField, int]


ImportRow = SessionImport | StudentImport


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one row; a refused one says in which column and why."""

    line: int
    effect: Effect
    column: str = ""
    message: str = ""


_REFUSALS: dict[str, tuple[str, str]] = {
    "contacts_hubspot_id_key": ("hubspot_id", "belongs to another student"),
    "mock_sessions_hubspot_id_key": ("hubspot_id", "belongs to another session"),
    "mock_sessions_natural_key": ("exam_date", "another session has this date, start and place"),
    "mock_sessions_seats_check": ("capacity", "is below the number of seats already booked"),
    "bookings_live_type_and_date": (
        "exam_date",
        "a student who booked it holds another booking of this type on that day",
    ),
    "ledger_no_overdraft": ("tokens", "would take a balance below zero, tokens were spent already"),
}
"""What a constraint means to the person who wrote the file."""

_SESSION_COLUMNS = tuple(name for name in SessionImport.__struct_fields__ if name != "line")
_STUDENT_COLUMNS = ("student_id", "email", "name", "enrollment_id", "hubspot_id", "locale")


def _upsert(table: str, columns: Sequence[str], key: str, identity: Sequence[str]) -> str:
    """Return an upsert that touches nothing when nothing differs; an empty cell leaves a value."""
    free = [name for name in columns if name not in identity]
    given = ", ".join(f"%({name})s" for name in columns)
    keep = {"hubspot_id", "enrollment_id", "locale", "external_id"}
    new = [
        f"coalesce(excluded.{name}, t.{name})" if name in keep else f"excluded.{name}"
        for name in free
    ]
    old = ", ".join(f"t.{name}" for name in free)
    sets = ", ".join(f"{name} = {value}" for name, value in zip(free, new, strict=True))
    return (
        f"INSERT INTO {table} AS t ({', '.join(columns)}) VALUES ({given})"  # noqa: S608 - constants
        f" ON CONFLICT {key} DO UPDATE SET {sets}, updated_at = now()"
        f" WHERE ({old}) IS DISTINCT FROM ({', '.join(new)})"
        " RETURNING xmax = 0"
    )


_BY_EXTERNAL_ID = _upsert("mock_sessions", _SESSION_COLUMNS, "(external_id)", ["external_id"])
_NATURAL = ("exam_date", "starts_at", "mock_type", "location")
_BY_NATURE = _upsert(
    "mock_sessions",
    _SESSION_COLUMNS,
    f"({', '.join(_NATURAL)}) WHERE external_id IS NULL",
    [*_NATURAL, "external_id"],
)
_STUDENT = _upsert("contacts", _STUDENT_COLUMNS, "(student_id)", ["student_id"])


async def import_rows(
    db: Database, rows: Sequence[ImportRow], *, keep: Callable[[bool], bool]
) -> list[Outcome]:
    """Write the rows in one transaction, each on its own, and say what became of them.

    Args:
        db: the database.
        rows: what to write.
        keep: asked at the end, with whether a row was refused; False takes everything back.
    """
    outcomes: list[Outcome] = []
    async with db.transaction() as work:
        outcomes += [await _one(work, row) for row in rows]
        if not keep(any(outcome.effect == "refused" for outcome in outcomes)):
            work.take_back()
    return outcomes


async def _one(work: Transaction, row: ImportRow) -> Outcome:
    try:
        async with work.attempt():
            if isinstance(row, SessionImport):
                effect = await _put_session(work, row)
            else:
                effect = await _put_student(work, row)
    except ConflictError as conflict:
        column, message = _REFUSALS.get(conflict.constraint, ("row", "conflicts with another row"))
        return Outcome(line=row.line, effect="refused", column=column, message=message)
    return Outcome(line=row.line, effect=effect)


async def _put_session(work: Transaction, row: SessionImport) -> Effect:
    values = {name: getattr(row, name) for name in _SESSION_COLUMNS}
    return _effect(await work.value(_BY_EXTERNAL_ID if row.external_id else _BY_NATURE, values))


async def _put_student(work: Transaction, row: StudentImport) -> Effect:
    values = {name: getattr(row, name) for name in _STUDENT_COLUMNS}
    effect = _effect(await work.value(_STUDENT, values))
    contact: UUID = await work.value(
        "SELECT id FROM contacts WHERE student_id = %(student_id)s FOR NO KEY UPDATE", values
    )
    for field, amount in row.tokens.items():
        # A file says what was handed out, not what is left: what was spent since stays spent.
        brought: int | None = await work.value(
            "SELECT sum(amount) FROM ledger WHERE contact_id = %(contact)s"
            " AND credit_field = %(field)s AND kind IN ('opening', 'adjust')",
            {"contact": contact, "field": field},
        )
        if (difference := amount - (brought or 0)) == 0:
            continue
        kind = "opening" if brought is None and difference > 0 else "adjust"
        await work.run(
            "INSERT INTO ledger (contact_id, credit_field, amount, kind, note)"
            " VALUES (%(contact)s, %(field)s, %(amount)s, %(kind)s, 'import')",
            {"contact": contact, "field": field, "amount": difference, "kind": kind},
        )
        effect = "changed" if effect == "unchanged" else effect
    return effect


def _effect(inserted: bool | None) -> Effect:  # noqa: FBT001 - what the upsert returned
    if inserted is None:
        return "unchanged"
    return "added" if inserted else "changed"
