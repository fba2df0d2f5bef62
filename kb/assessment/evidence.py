"""Verify evidence before it is stored: the source must contain the quotation, and the legal status is the one
recorded in the policy set, not the one given with the row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from kb.assessment.models import Evidence, Policy, PolicySet, PolicyVersion
from kb.assessment.own_words import refuse_own_words
from kb.assessment.policies import document_of
from kb.assessment.quoting import SearchedText, fingerprint
from kb.errors import InputError, RefusedError
from kb.log.store import LogReader
from kb.models import Standing


def complete(
    reader: LogReader,
    policy_set: PolicySet,
    rows: Iterable[Evidence | Mapping[str, object]],
    kept: Iterable[Evidence] = (),
    *,
    by: str,
    time: datetime,
) -> tuple[Evidence, ...]:
    """Return the rows with id, passage, locator, legal status, verification, author and time filled in. Rows that
    are equal to one in `kept` (the evidence stored before) keep these; only their legal status is updated.

    Raises RefusedError for a quotation that its policy does not contain, a legal status that contradicts the set's
    record, or a duplicate row; InputError for an invalid row.
    """
    kept, done = tuple(kept), {}
    for given in rows:
        row = _row(given)
        if row in kept:
            row = as_of_now(reader, policy_set, row)
        else:
            row = _proved(reader, policy_set, row).model_copy(update={"added_by": by.strip(), "added_at": time})
            row = _put_here(row.model_copy(update={"id": identity(row)}), kept)
        if row.id in done:
            raise RefusedError(
                f"The quotation '{row.quotation[:60]}' is already there in the same role.",
                where=row.source,
                do="Quote another passage, or change the row that is there.",
            )
        done[row.id] = row
    return tuple(done.values())


def _put_here(row: Evidence, kept: Iterable[Evidence]) -> Evidence:
    """Return the row with author and time copied from the first row in `kept` that quotes the same words of the same
    text, so that an edit does not replace the first author. Without such a row it is returned unchanged."""
    same = lambda one: (one.id, one.source_sha256) == (row.id, row.source_sha256)
    before = next(filter(same, kept), None)
    return row.model_copy(update={"added_by": before.added_by, "added_at": before.added_at}) if before else row


def identity(row: Evidence) -> str:
    """Return the id of an evidence row: a hash of its source, quotation, stance and role."""
    parts = "\n".join((row.source, fingerprint(row.quotation), row.stance, row.role))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def _row(given: Evidence | Mapping[str, object]) -> Evidence:
    try:
        return given if isinstance(given, Evidence) else Evidence.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"Evidence: {'.'.join(map(str, first['loc']))}: {first['msg']}.",
            do="An evidence row needs source, quotation, stance, type and role.",
        ) from error


def _proved(reader: LogReader, policy_set: PolicySet, row: Evidence) -> Evidence:
    """Return the row verified against its policy, with passage, hash and legal status from the set. A row of an
    outside source is returned with `verified` False.

    Raises RefusedError if the policy does not contain the quotation, or if a statement of this project is attributed
    to an outside source.
    """
    policy = _policy(policy_set, row)
    if policy is None:
        refuse_own_words(row.quotation)
        return row.model_copy(update={"verified": False, "recognised": False})
    for version in _by_force(policy, row):
        passage = SearchedText(document_of(reader, version)).find(row.quotation, row.passage)
        if passage is not None:
            row = row.model_copy(
                update={
                    "source_sha256": version.sha256,
                    "passage": passage.id,
                    "verified": True,
                    "recognised": not passage.may_quote,
                    "locator": row.locator or passage.citation,
                }
            )
            return row.model_copy(
                update={"standing": _recorded(reader, policy, row), "doubt": doubt_now(policy_set, row)}
            )
    near = SearchedText(document_of(reader, policy.current)).nearest(row.quotation)
    raise RefusedError(
        f"The quotation does not stand in '{policy.id}': \"{row.quotation[:80]}\"."
        + (f" The nearest passage is {near.id}." if near else ""),
        where=policy.current.file,
        do="Copy it word for word from the passage.",
    )


def _policy(policy_set: PolicySet, row: Evidence) -> Policy | None:
    return next((policy for policy in policy_set.policies if policy.id == row.source), None)


def _by_force(policy: Policy, row: Evidence) -> list[PolicyVersion]:
    """Return the versions of the policy in which to search the quotation: only the one whose file hash the row names
    (none if there is no such version); if the row names no hash, all versions, those in force first, newer before
    older."""
    newest = list(reversed(policy.versions))
    if row.source_sha256:
        return [version for version in newest if version.sha256 == row.source_sha256]
    return sorted(newest, key=lambda version: version.standing != "in-force")


def _recorded(reader: LogReader, policy: Policy, row: Evidence) -> Standing:
    """Return the legal status that the set records. Raises RefusedError if the row claims another one."""
    known = _standing(reader, policy, row)
    if row.standing not in ("unknown", known):
        raise RefusedError(
            f"'{policy.id}' is recorded as '{known}', not '{row.standing}'.",
            where=policy.current.file,
            do="Correct the policy's standing, with a reason, or the row.",
        )
    return known


def as_of_now(reader: LogReader, policy_set: PolicySet, row: Evidence) -> Evidence:
    """Return the row with today's legal status of its source and today's doubt about it (see `doubt_now`)."""
    return row.model_copy(
        update={"standing": standing_now(reader, policy_set, row), "doubt": doubt_now(policy_set, row)}
    )


def doubt_now(policy_set: PolicySet, row: Evidence) -> str:
    """Return the words by which the quoted text calls itself a bill although it is recorded as in force and nobody gave
    a reason; '' otherwise."""
    policy = _policy(policy_set, row)
    versions = policy.versions if policy else ()
    return next((version.doubt for version in versions if version.sha256 == row.source_sha256), "")


def standing_now(reader: LogReader, policy_set: PolicySet, row: Evidence) -> Standing:
    """Return today's legal status of the quoted words: for a policy as the set records it, for an outside source as
    the row states it."""
    policy = _policy(policy_set, row)
    return row.standing if policy is None else _standing(reader, policy, row)


def changed_since(reader: LogReader, policy_set: PolicySet, rows: Sequence[Evidence]) -> dict[str, Standing]:
    """Return row id to today's legal status, only for rows that were stored with another legal status."""
    today = {row.id: standing_now(reader, policy_set, row) for row in rows}
    return {row.id: today[row.id] for row in rows if today[row.id] != row.standing}


def _standing(reader: LogReader, policy: Policy, row: Evidence) -> Standing:
    """Return the legal status of the words that `row` quotes. If a later version of the policy is in force, it is
    "in force" only if that version contains the words, otherwise "repealed". UNKNOWN if the row names no version
    of the policy."""
    place = next((n for n, version in enumerate(policy.versions) if version.sha256 == row.source_sha256), None)
    if place is None:
        return Standing.UNKNOWN
    later = [version for version in policy.versions[place + 1 :] if version.standing == "in-force"]
    if not later:
        return policy.versions[place].standing
    kept = SearchedText(document_of(reader, later[-1])).find(row.quotation)
    return Standing.IN_FORCE if kept else Standing.REPEALED
