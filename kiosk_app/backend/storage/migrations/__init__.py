"""Alembic migrations of the schema; run by `storage.migrating`."""
