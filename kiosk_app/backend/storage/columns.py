"""What the descriptions of the tables share: the one list of tables, and columns of every kind."""

from sqlalchemy import Column, DateTime, MetaData, Text, text
from sqlalchemy.dialects.postgresql import UUID

TABLES = MetaData()


def id_column() -> Column[object]:
    """Return a primary key that the database makes."""
    return Column("id", UUID, primary_key=True, server_default=text("gen_random_uuid()"))


def instant_column(name: str, *, nullable: bool = False, now: bool = True) -> Column[object]:
    """Return an instant; without a value it is the moment of writing, unless it may be missing."""
    default = text("now()") if now and not nullable else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


def text_column(name: str, *, nullable: bool = False) -> Column[str]:
    """Return a text of any length."""
    return Column(name, Text, nullable=nullable)
