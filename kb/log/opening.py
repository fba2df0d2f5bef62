"""What is proved before a workspace answers: that it is one, the one that was here, and not altered."""

from __future__ import annotations

import os
import sys

from sqlalchemy import Connection, Engine, select

from kb.errors import WorkspaceError
from kb.log import heads, proof
from kb.log.anchor import Anchor
from kb.log.database import transaction
from kb.log.tables import HeadRow

WHOLE = 4000
"""Events that are proved whenever a workspace is opened: less than a tenth of what the quickest command takes
(benchmarks/damage.py). Of a longer log the last ones are proved; all of it by kb doctor and kb findings prove."""

LOOK = "KB_DAMAGED"
"""Set to `read`, a damaged workspace opens all the same: nothing can be written, and each command says what is
wrong."""


def kept_head(engine: Engine) -> Anchor | None:
    """The head beside the database. Raises WorkspaceError where it is damaged, or where the database is gone."""
    kept = heads.read(heads.file_of(engine))
    heads.refuse_emptied(engine, kept)
    return kept


def prove_at_opening(engine: Engine, kept: Anchor | None) -> bool:
    """True for a workspace without fault; False where it is damaged and may be looked at only.

    Raises WorkspaceError that names the damage. Keeps the head beside a database that has none yet.
    """
    with transaction(engine, write=False) as connection:
        found = problems(connection, kept)
        head = connection.execute(select(HeadRow)).first()
    if found:
        where = engine.url.render_as_string(hide_password=True)
        error = WorkspaceError(
            "The workspace is damaged: " + "; ".join(found[:3]) + ".",
            where=where,
            do=f"Restore a backup: kb restore FILE --force. {LOOK}=read shows what is left.",
        )
        if os.environ.get(LOOK) != "read":
            raise error
        print(f"kb: {error}", file=sys.stderr)
    elif kept is None and head:
        heads.keep_present(engine)
    return not found


def problems(connection: Connection, kept: Anchor | None) -> list[str]:
    """What is wrong, as far as it is looked at on opening."""
    head = connection.execute(select(HeadRow.sequence)).scalar() or 0
    since = 0 if head <= WHOLE else head - WHOLE // 2
    return proof.guard_problems(connection) + proof.log_problems(connection, since) + heads.problems(connection, kept)
