"""A policy's way into its set, tried without effect before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypedDict, cast

from kb.assessment import policies
from kb.assessment.models import Policy
from kb.log.database import transaction
from kb.log.store import Workspace, Writer
from kb.models import Document, Standing
from kb.sources.library import (
    Record,
    renamed,
)


@dataclass(frozen=True)
class Place:
    """Where in a policy set a policy goes, and who puts it there."""

    policy_set: str
    by: str
    id: str = ""
    label: str = "1"
    version_of: str = ""
    out_of_order: bool = False
    reason: str = ""


class _How(TypedDict):
    """What a policy and a newer text of one are both put into a set with."""

    by: str
    label: str
    standing: Standing
    dated: str | None
    reason: str


def id_in_set(place: Place, facts: Record) -> str:
    """The id of a policy in its set: that of the policy it is a new version of, else the one given, else one made from
    its title."""
    return place.version_of or place.id or policies.id_of(facts.title)


def put_into_set(ws: Workspace, place: Place, facts: Record, document: Document, rehearsal: bool = False) -> Policy:
    """Put the policy into its set, or only see whether its rules allow that."""
    id = id_in_set(place, facts)
    target = cast(Workspace, _Rehearsal(ws)) if rehearsal else ws  # both write through `writing` alone
    how: _How = {
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
    """Raised to undo all that a rehearsal wrote."""


class _Rehearsal:
    """Stands for a workspace in which everything is checked and nothing is kept."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction that is always rolled back."""
        try:
            with transaction(self.ws.engine, write=True) as connection:
                yield Writer(connection, self.ws.clock)
                raise _Undone
        except _Undone:
            return
