"""Alembic runs here with the connection that kb.log.schema hands over; there is no ini file."""

from alembic import context

from kb.log.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
