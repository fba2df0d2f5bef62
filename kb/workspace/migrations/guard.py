"""What the migrations share: text that sorts by code point, and triggers that make a table write-once."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_SQLITE = """create trigger {table}_keep_{verb} before {verb} on {table}
begin select raise(abort, '{table}: written once, never changed'); end"""

_FUNCTION = """create or replace function kb_keep() returns trigger language plpgsql as
$$ begin raise exception '%: written once, never changed', tg_table_name; end $$"""

_POSTGRES = """create trigger {table}_keep_{verb} before {verb} on {table}
for each statement execute function kb_keep()"""


def keep(*tables: str) -> None:
    """Refuse every change and deletion of a row of `tables` (and truncation, where the database has it)."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(_FUNCTION)
    pattern, verbs = (_POSTGRES, ("update", "delete", "truncate")) if postgres else (_SQLITE, ("update", "delete"))
    for table in tables:
        for verb in verbs:
            op.execute(pattern.format(table=table, verb=verb))
