"""What is proved before a workspace answers: that it is one, the one that was here, and not altered."""

from __future__ import annotations

import os
import sys
import time

from sqlalchemy import Connection, Engine, Row, select

from kb.errors import WorkspaceError
from kb.log import heads, proof, switch
from kb.log.anchor import Anchor
from kb.log.database import transaction
from kb.log.tables import HeadRow

WHOLE = 4000
"""Events that are proved whenever a workspace is opened: less than a tenth of what the quickest command takes
(benchmarks/damage.py). Of a longer log the last ones are proved; all of it by kb doctor and kb findings prove."""

RESTORING = 10.0
"""Seconds that an opening waits for a restore that is at work: its switch takes some tenths of one."""

LOOK = "KB_DAMAGED"
"""Set to `read`, a damaged workspace opens all the same: nothing can be written, and each command says what is
wrong."""


def saved_head(engine: Engine) -> Anchor | None:
    """The head beside the database. Raises WorkspaceError where it is damaged, or where the database is gone."""
    kept = heads.read(heads.file_of(engine))
    heads.refuse_emptied(engine, kept)
    return kept


def prove_at_opening(engine: Engine, kept: Anchor | None) -> bool:
    """True for a workspace without fault; False where it is damaged and may be looked at only.

    Raises WorkspaceError that names the damage. Keeps the head beside a database that has none yet.
    """
    found, head = _looked_at(engine, kept)
    until = time.monotonic() + RESTORING
    while found and time.monotonic() < until and _is_being_restored(engine, kept):
        time.sleep(0.1)  # tried again ten times a second
        kept = saved_head(engine)
        found, head = _looked_at(engine, kept)
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


def _looked_at(engine: Engine, kept: Anchor | None) -> tuple[list[str], Row | None]:
    """What is wrong, and the head of the log, of one moment."""
    with transaction(engine, write=False) as connection:
        return problems(connection, kept), connection.execute(select(HeadRow)).first()


def _is_being_restored(engine: Engine, kept: Anchor | None) -> bool:
    """Whether a restore is at work, or has put another log in the place of the one whose head was read."""
    file = heads.file_of(engine)
    return file is not None and ((file.parent / switch.NOTE).exists() or heads.read(file) != kept)


def problems(connection: Connection, kept: Anchor | None) -> list[str]:
    """What is wrong, as far as it is looked at on opening."""
    head = connection.execute(select(HeadRow.sequence)).scalar() or 0
    since = 0 if head <= WHOLE else head - WHOLE // 2
    return proof.guard_problems(connection) + proof.log_problems(connection, since) + heads.problems(connection, kept)
