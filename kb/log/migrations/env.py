"""The environment script of Alembic. It uses the connection that kb.log.schema passes; there is no ini file."""

from alembic import context

from kb.log.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
