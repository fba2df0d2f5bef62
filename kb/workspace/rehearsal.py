"""Add a policy to its set, after a rehearsal that applies all rules without storing anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypedDict, cast

from kb.assessment import policies
from kb.assessment.models import Policy
from kb.log.database import transaction
from kb.log.store import LogWriter, Workspace
from kb.models import Document, Standing
from kb.sources.library import (
    LibraryRecord,
    renamed,
)


@dataclass(frozen=True)
class PolicyPlace:
    """The policy set, id and version label under which a policy is added, and the person who adds it."""

    policy_set: str
    by: str
    id: str = ""
    label: str = "1"
    version_of: str = ""
    out_of_order: bool = False
    reason: str = ""


class _PolicyArguments(TypedDict):
    """The keyword arguments that `add_policy` and `add_version` share."""

    by: str
    label: str
    standing: Standing
    dated: str | None
    reason: str


def id_in_set(place: PolicyPlace, facts: LibraryRecord) -> str:
    """Return the id of a policy in its set: the id of the policy of which it is a newer text, or else the given id,
    or else one made from its title."""
    return place.version_of or place.id or policies.id_of(facts.title)


def put_into_set(
    ws: Workspace, place: PolicyPlace, facts: LibraryRecord, document: Document, rehearsal: bool = False
) -> Policy:
    """Add the policy to the set that `place` names, and return it. With `rehearsal` the rules are applied but
    nothing is stored."""
    id = id_in_set(place, facts)
    target = cast(Workspace, _Rehearsal(ws)) if rehearsal else ws  # both write through `writing` alone
    how: _PolicyArguments = {
        "by": place.by,
        "label": place.label,
        "standing": facts.status or Standing.UNKNOWN,
        "dated": facts.date,
        "reason": place.reason,
    }
    moved = renamed(document, id)
    if place.version_of:
        return policies.add_version(
            target, place.policy_set, place.version_of, moved, out_of_order=place.out_of_order, **how
        )
    return policies.add_policy(target, place.policy_set, moved, title=facts.title, id=id, **how)


class _Undone(Exception):
    """Raised to roll back the transaction of a rehearsal."""


class _Rehearsal:
    """A substitute for a workspace: every rule is applied, nothing is stored."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws

    @contextmanager
    def writing(self) -> Iterator[LogWriter]:
        """Open a transaction that is always rolled back."""
        try:
            with transaction(self.ws.engine, write=True) as connection:
                yield LogWriter(connection, self.ws.clock)
                raise _Undone
        except _Undone:
            return
