"""Helpers of the migrations: a text type that sorts by code point, and triggers that make a table write-once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kb.log.tables import trigger

BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_FUNCTION = """create or replace function kb_keep() returns trigger language plpgsql as
$$ begin raise exception '%: written once, never changed', tg_table_name; end $$"""


def keep(*tables: str) -> None:
    """Create triggers that refuse to change or delete rows of `tables`, and to truncate them where the database
    supports truncation."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(_FUNCTION)
    for table in tables:
        for _, statement in trigger(dialect, table):
            op.execute(statement)


def lift(*tables: str) -> None:
    """Drop the triggers that `keep` created, so that a migration can fill a new column of `tables`. Call `keep`
    again in the same transaction."""
    dialect = op.get_bind().dialect.name
    for table in tables:
        for name, _ in trigger(dialect, table):
            op.execute(f"drop trigger {name}" + (f" on {table}" if dialect == "postgresql" else ""))
