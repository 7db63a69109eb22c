"""`kiosk-backend doctor`: is this installation sound?"""

from kiosk_app.backend.core.books import Finding, check_books
from kiosk_app.backend.core.crm_checks import check_crm
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.storage.checks import server_version
from kiosk_app.backend.storage.database import Database, StorageError
from kiosk_app.backend.storage.migrating import MigrationError, versions


async def examine(url: str, crm: Crm) -> list[Finding]:
    """Check the database, its schema, the books and the CRM; what cannot be asked is not asked."""
    return [*await _examine(url), *await check_crm(crm)]


async def _examine(url: str) -> list[Finding]:
    try:
        present, newest = versions(url)
    except MigrationError as fault:
        return [Finding(name="database", ok=False, detail=str(fault))]
    schema = Finding(
        name="schema", ok=present == newest, detail=f"version {present}, newest is {newest}"
    )
    try:
        async with Database(url, size=1) as db:
            version = await server_version(db)
            reached = Finding(name="database", ok=True, detail=f"PostgreSQL {version}")
            books = await check_books(Core(db=db, shelf=Shelf())) if schema.ok else []
    except StorageError as fault:
        return [Finding(name="database", ok=False, detail=str(fault)), schema]
    return [reached, schema, *books]
