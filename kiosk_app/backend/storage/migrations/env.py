"""Alembic's entry: runs on the connection that `migrating` hands over."""

from alembic import context

from kiosk_app.backend.storage.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
