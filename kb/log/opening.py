"""The checks when a workspace is opened: is it a workspace, is it the same one as before, and is it unaltered?"""

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
"""Events that are checked when a workspace is opened: it takes less than a tenth of the quickest command
(benchmarks/damage.py). Of a longer log only the last ones are checked; kb doctor and kb findings prove check all."""

RESTORING = 10.0
"""Seconds that an opening waits for a running restore, whose switch takes some tenths of a second."""

LOOK = "KB_DAMAGED"
"""Environment variable: with the value `read`, a damaged workspace is opened read-only, and each command says what is
wrong."""


def saved_head(engine: Engine) -> Anchor | None:
    """Return the head stored beside the database; None if no head is stored. Raises WorkspaceError if the head file
    is damaged, or if there is a head but no database."""
    kept = heads.read(heads.file_of(engine))
    heads.refuse_emptied(engine, kept)
    return kept


def prove_at_opening(engine: Engine, kept: Anchor | None) -> bool:
    """Return True for a workspace without faults, False for a damaged one that is opened only to read. `kept` is the
    stored head; if it is None, the current one is stored.

    Raises WorkspaceError, which names the damage, unless the environment allows to read a damaged workspace (LOOK is
    "read").
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
    """Return the problems of the workspace and the row of the log's head (None if it is missing), read from one
    snapshot."""
    with transaction(engine, write=False) as connection:
        return problems(connection, kept), connection.execute(select(HeadRow)).first()


def _is_being_restored(engine: Engine, kept: Anchor | None) -> bool:
    """Return whether a restore is running, or has replaced the log since its head `kept` was read."""
    file = heads.file_of(engine)
    return file is not None and ((file.parent / switch.NOTE).exists() or heads.read(file) != kept)


def problems(connection: Connection, kept: Anchor | None) -> list[str]:
    """Return a sentence for each problem of the triggers, of the log (only its end, if the rest was verified before)
    and of the stored head `kept`."""
    head = connection.execute(select(HeadRow.sequence)).scalar() or 0
    since = 0 if head <= WHOLE else head - WHOLE // 2
    return proof.guard_problems(connection) + proof.log_problems(connection, since) + heads.problems(connection, kept)
