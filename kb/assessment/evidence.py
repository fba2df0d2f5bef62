"""Evidence rows are proved before they are stored: the source contains the quotation, and its legal status is the one
that the set records, not the one that is claimed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from kb.assessment.models import Evidence, Policy, PolicySet, PolicyVersion
from kb.assessment.own_words import refuse_own_words
from kb.assessment.policies import document_of
from kb.assessment.quoting import Text, fingerprint
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
    """Return the rows with id, place, legal status, proof, author and time filled in. For rows in `kept` only the legal
    status is looked up again.

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
    """Return the row with the author and time of the first row in `kept` with the same words of the same text: a later
    edit does not replace its author. Without such a row it is unchanged."""
    same = lambda one: (one.id, one.source_sha256) == (row.id, row.source_sha256)
    before = next(filter(same, kept), None)
    return row.model_copy(update={"added_by": before.added_by, "added_at": before.added_at}) if before else row


def identity(row: Evidence) -> str:
    """Return the id of a row: a hash of source, words, stance and role."""
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
    """Return the row with what the set knows of its source; for an outside source unchanged and not verified.

    Raises RefusedError for words that the source does not contain, and for our own words attributed to an outside
    source.
    """
    policy = _policy(policy_set, row)
    if policy is None:
        refuse_own_words(row.quotation)
        return row.model_copy(update={"verified": False, "recognised": False})
    for version in _by_force(policy, row):
        passage = Text(document_of(reader, version)).find(row.quotation, row.passage)
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
    near = Text(document_of(reader, policy.current)).nearest(row.quotation)
    raise RefusedError(
        f"The quotation does not stand in '{policy.id}': \"{row.quotation[:80]}\"."
        + (f" The nearest passage is {near.id}." if near else ""),
        where=policy.current.file,
        do="Copy it word for word from the passage.",
    )


def _policy(policy_set: PolicySet, row: Evidence) -> Policy | None:
    return next((policy for policy in policy_set.policies if policy.id == row.source), None)


def _by_force(policy: Policy, row: Evidence) -> list[PolicyVersion]:
    """Return the versions to search: the one that the row names; otherwise all, those in force first, newer before
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
    """Return the row with the current legal status of its source and the current doubt about it."""
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
    """Return the legal status of the quoted words today: the set's record for a policy, the row's own value for an
    outside source."""
    policy = _policy(policy_set, row)
    return row.standing if policy is None else _standing(reader, policy, row)


def changed_since(reader: LogReader, policy_set: PolicySet, rows: Sequence[Evidence]) -> dict[str, Standing]:
    """Return row id to today's legal status, for rows whose legal status has changed since they became evidence."""
    today = {row.id: standing_now(reader, policy_set, row) for row in rows}
    return {row.id: today[row.id] for row in rows if today[row.id] != row.standing}


def _standing(reader: LogReader, policy: Policy, row: Evidence) -> Standing:
    """Return the legal status of the quoted version. Once a later version is in force, the words are in force only if
    that version contains them; otherwise they are repealed."""
    place = next((n for n, version in enumerate(policy.versions) if version.sha256 == row.source_sha256), None)
    if place is None:
        return Standing.UNKNOWN
    later = [version for version in policy.versions[place + 1 :] if version.standing == "in-force"]
    if not later:
        return policy.versions[place].standing
    kept = Text(document_of(reader, later[-1])).find(row.quotation)
    return Standing.IN_FORCE if kept else Standing.REPEALED
