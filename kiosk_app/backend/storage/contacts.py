"""Statements about students and their balances."""

from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE
from sqlalchemy.types import Text

from kiosk_app.backend.storage.database import Database, Statement
from kiosk_app.backend.storage.rows import ContactRow, read_balances
from kiosk_app.backend.storage.tables import CONTACTS
from kiosk_app.contract.credits import Balances
from kiosk_app.domain.identifiers import IdKind, id_kind

_ROWS = select(*(CONTACTS.c[name] for name in ContactRow.__struct_fields__))
_BY_STUDENT_ID = Statement(_ROWS.where(CONTACTS.c.student_id == bindparam("ref", type_=Text)))
_BY_CRM = Statement(_ROWS.where(CONTACTS.c.hubspot_id == bindparam("ref", type_=Text)))
_CREDITS = Statement(
    _ROWS.add_columns(func.contact_balances(CONTACTS.c.id).label("balances")).where(
        CONTACTS.c.student_id == bindparam("student_id", type_=Text),
        func.lower(CONTACTS.c.email) == bindparam("email", type_=Text),
    )
)
_BY_ID = Statement(_ROWS.where(CONTACTS.c.id == bindparam("ref", type_=UUID_TYPE)))


async def contact_by_student_id(db: Database, student_id: str) -> ContactRow | None:
    """Return the student with this number."""
    return await db.row(_BY_STUDENT_ID, ContactRow, {"ref": student_id})


async def contact_by_ref(db: Database, ref: str) -> ContactRow | None:
    """Return the student behind a UUID or CRM number (F3)."""
    match id_kind(ref):
        case IdKind.CRM:
            return await db.row(_BY_CRM, ContactRow, {"ref": ref})
        case IdKind.UUID:
            return await db.row(_BY_ID, ContactRow, {"ref": UUID(ref)})
        case IdKind.READABLE:
            return None


class ContactCredits(ContactRow, frozen=True, kw_only=True):
    """A student with the sums of their ledger."""

    balances: dict[str, int]


async def get_contact_credits(db: Database, student_id: str, email: str) -> ContactCredits | None:
    """Return the student who has both, with all balances; None when nobody has both (B9)."""
    return await db.row(
        _CREDITS, ContactCredits, {"student_id": student_id, "email": email.casefold()}
    )


async def balances_of(db: Database, contact: UUID) -> Balances:
    """Return the sums of a student's ledger."""
    value = await db.value("SELECT contact_balances(%(contact)s)", {"contact": contact})
    return read_balances(value)
