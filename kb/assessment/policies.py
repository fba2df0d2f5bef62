"""Policy sets, their policies and the versions of each. The text of every version is stored in the workspace."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from sqlalchemy import insert, select

from kb.assessment.doubt import calls_itself
from kb.assessment.models import Policy, PolicySet, PolicyVersion
from kb.errors import InputError, NotFound, RefusedError, WorkspaceError
from kb.iso import check_country
from kb.log.decisions import canonical, stream
from kb.log.fold import model_of, refuse_other_fields, validated, write_changes
from kb.log.proof import matches_hash
from kb.log.store import LogReader, LogWriter, StreamState, Workspace
from kb.log.tables import DocumentRow
from kb.models import Document, Standing
from kb.sources.facts import check_date
from kb.text import bare, sha256_text, slug

_ID = re.compile(r"\w[\w.-]*")
"""Ids are used in streams ('finding/kenya/R1.c'), file names and moments ('kenya@2026-03-01'): no '/', '@' or space."""


LONGEST_ID = 80
"""Maximum characters of an id, which is part of addresses, file names and every line of the log."""


def is_id(text: str) -> bool:
    """Return whether `text` is a well-formed id of a policy set or a policy."""
    return bool(_ID.fullmatch(text)) and len(text) <= LONGEST_ID


def id_of(title: str) -> str:
    """Return an id for a policy, made from its title. A hash of the title is appended if the title is too long or
    has no letters."""
    name = slug(title)
    mark = sha256_text(title)[:8]
    return (
        name if name and len(name) <= LONGEST_ID else f"{name[: LONGEST_ID - 9]}-{mark}" if name else f"policy-{mark}"
    )


def create_set(ws: Workspace, id: str, title: str, *, by: str, country: str = "", reason: str = "") -> PolicySet:
    """Create an empty policy set. Raises RefusedError if the id is taken, InputError for an invalid id or country."""
    if not id.strip() or not title.strip():
        raise InputError("A policy set needs an id and a title.", do="Give both.")
    if not is_id(id):
        raise InputError(
            f"'{id}' is no id of a policy set.", do="Use letters, digits, '-', '_' and '.', e.g. kenya-2026."
        )
    check_country(country)
    with ws.writing() as writer:
        if same := writer.alike("set", id):
            raise RefusedError(f"There is already a policy set '{same}'.", do="Choose another id.")
        writer.append(stream("set", id), "set.created", {"title": title, "country": country}, author=by, reason=reason)
    return policy_set(ws, id)


def change_set(
    ws: Workspace, id: str, fields: Mapping[str, object], *, by: str, expected: int, reason: str = ""
) -> PolicySet:
    """Change a set: `fields` holds any of title, country, archived, removed. Former values stay in the log.

    Raises ConflictError if somebody else changed it since version `expected`, InputError for an empty title, an invalid
    country or an unknown field, NotFound for the set.
    """
    refuse_other_fields(fields, ("title", "country", "archived", "removed"), "A policy set")
    if not str(fields.get("title", "-")).strip():
        raise InputError("A policy set needs a title.", do="Give one.")
    check_country(str(fields.get("country", "")))
    with ws.writing() as writer:
        old, changed = read_set(writer, id), stream("set", id)
        write_changes(writer, old, changed, "set.changed", fields, by=by, expected=expected, reason=reason)
    return policy_set(ws, id)


def policy_sets(ws: Workspace, *, removed: bool = False) -> list[PolicySet]:
    """Return all sets with their policies, without deleted ones; with `removed` True, only the deleted ones."""
    with ws.reading() as reader:
        states = [state for state in reader.states("set") if bool(state.data.get("removed")) == removed]
        return [_set(reader, state) for state in states]


def policy_set(ws: Workspace, id: str) -> PolicySet:
    """Return one set with its policies. Raises NotFound."""
    with ws.reading() as reader:
        return read_set(reader, id)


def read_set(reader: LogReader, id: str) -> PolicySet:
    """Return one set with its policies, within the transaction of `reader`. Raises NotFound."""
    state = reader.state(stream("set", id))
    if not state.version:
        known = ", ".join(other.parts[0] for other in reader.states("set"))
        begin = f"Begin it: kb policies create {id} 'Title' --by 'A. Name'."
        raise NotFound(f"There is no policy set '{id}'.", do=f"Sets are: {known}." if known else begin)
    return _set(reader, state)


def _set(reader: LogReader, state: StreamState) -> PolicySet:
    id = state.parts[0]
    policies = tuple(_asked(reader, one) for one in reader.states(stream("policy", id)))
    return model_of(
        PolicySet,
        state,
        id=id,
        policies=policies,
        stated=state.stated_words("title", "country"),
    )


def as_policy(state: StreamState) -> Policy:
    """Return the policy that the events of its stream add up to."""
    return model_of(Policy, state, stated=state.stated_words("versions"))


def _asked(reader: LogReader, state: StreamState) -> Policy:
    """Return the policy of a stream. Versions stored before `calls_itself` existed get that field computed now,
    without writing to the log."""
    policy = as_policy(state)
    kept = cast("Sequence[Mapping[str, object]]", state.data["versions"])
    known = ["calls_itself" in one for one in kept]
    if all(known):
        return policy
    versions = tuple(
        one if asked else one.model_copy(update={"calls_itself": _words_of_a_bill(reader, one, policy.title)})
        for one, asked in zip(policy.versions, known, strict=True)
    )
    return policy.model_copy(update={"versions": versions})


_SAID: dict[tuple[str, str], str] = {}
"""Results of `calls_itself` by hash of the text and title, so that a text of a megabyte is searched once."""


def _words_of_a_bill(reader: LogReader, version: PolicyVersion, title: str) -> str:
    """Return the words by which the stored text calls itself a bill; '' if there are none or the text cannot be
    read."""
    key = (version.document, title)
    if key not in _SAID:
        try:
            _SAID[key] = calls_itself(document_of(reader, version), title)
        except WorkspaceError:
            return ""
    return _SAID[key]


def add_policy(
    ws: Workspace,
    policy_set: str,
    document: Document,
    *,
    by: str,
    label: str,
    standing: Standing,
    dated: date | str | None = None,
    title: str = "",
    id: str = "",
    reason: str = "",
) -> Policy:
    """Add a policy with its first text `document`, and return it. `label` names this version, `dated` is the date of
    the text itself. Title and id default to the document's title and an id made from it.

    Raises RefusedError for an id, file or text that the set already has.
    """
    id = id or document.id
    with ws.writing() as writer:
        stored = read_set(writer, policy_set)
        if same := next((policy.id for policy in stored.policies if policy.id.casefold() == id.casefold()), ""):
            raise RefusedError(f"'{same}' is already in '{policy_set}'.", do="Add the file as a new version of it.")
        version = _version(document, label, standing, dated, title)
        _refuse_same(stored, version)
        store_document(writer, document)
        writer.append(
            stream("policy", policy_set, id),
            "policy.added",
            {
                "policy_set": policy_set,
                "id": id,
                "title": title or document.title,
                "language": document.language,
                "versions": [version.model_dump(mode="json")],
            },
            author=by,
            reason=reason,
            expected=0,
        )
        return as_policy(writer.state(stream("policy", policy_set, id)))


def add_version(
    ws: Workspace,
    policy_set: str,
    policy: str,
    document: Document,
    *,
    by: str,
    label: str,
    standing: Standing,
    dated: date | str | None = None,
    out_of_order: bool = False,
    reason: str = "",
) -> Policy:
    """Add a newer text of a policy; findings stay unchanged.

    Raises RefusedError if the policy already has the text or the label, or if the text is dated before the current
    one and `out_of_order` is False.
    """
    with ws.writing() as writer:
        stored = read_set(writer, policy_set)
        old = one_policy(stored, policy)
        version = _version(document, label, standing, dated, old.title)
        _refuse_same(stored, version)
        if label in [one.label for one in old.versions]:
            raise RefusedError(f"'{policy}' already has a version called '{label}'.", do="Give it another label.")
        if not out_of_order:
            _refuse_swapped(old, version)
        store_document(writer, document)
        versions = [*old.versions, version]
        return _write_versions(writer, policy_set, policy, "policy.version-added", versions, by=by, reason=reason)


def set_standing(
    ws: Workspace,
    policy_set: str,
    policy: str,
    standing: Standing,
    *,
    by: str,
    reason: str,
    label: str = "",
    expected: int | None = None,
) -> Policy:
    """Record the legal status of one version of a policy: the one called `label`, or the current one (''). Raises
    RefusedError without a reason, such as the gazette and its date; ConflictError if the policy is no longer at
    version `expected`."""
    if not reason.strip():
        raise RefusedError("A change of force needs a reason.", do="Name the gazette or act, and its date.")
    with ws.writing() as writer:
        writer.refuse_stale(stream("policy", policy_set, policy), expected, {"standing": standing})
        old = one_policy(read_set(writer, policy_set), policy)
        label = label or old.current.label
        if label not in [one.label for one in old.versions]:
            raise NotFound(
                f"'{policy}' has no version '{label}'.",
                do="Versions are: " + ", ".join(one.label for one in old.versions) + ".",
            )
        versions = [
            one.model_copy(update={"standing": Standing(standing), "because": reason.strip()})
            if one.label == label
            else one
            for one in old.versions
        ]
        kind = "policy.standing-changed"
        return _write_versions(writer, policy_set, policy, kind, versions, by=by, reason=reason, expected=expected)


def _write_versions(
    writer: LogWriter,
    policy_set: str,
    policy: str,
    kind: str,
    versions: Sequence[PolicyVersion],
    *,
    by: str,
    reason: str,
    expected: int | None = None,
) -> Policy:
    """Append an event of `kind` that holds all versions of a policy, including the new or changed one; return the
    policy."""
    changed = stream("policy", policy_set, policy)
    words = {"versions": [one.model_dump(mode="json") for one in versions]}
    writer.append(changed, kind, words, author=by, reason=reason, expected=expected)
    return as_policy(writer.state(changed))


def one_policy(policy_set: PolicySet, id: str) -> Policy:
    """Return the policy with that id in the set. Raises NotFound."""
    for policy in policy_set.policies:
        if policy.id == id:
            return policy
    known = ", ".join(policy.id for policy in policy_set.policies) or "none yet"
    raise NotFound(f"There is no policy '{id}' in '{policy_set.id}'.", do=f"Policies are: {known}.")


def document_of(reader: LogReader, version: PolicyVersion) -> Document:
    """Return the stored, structured text of a version, verified by its hash. Raises WorkspaceError if it was changed
    or is missing."""
    data = reader.rows(select(DocumentRow.data).where(DocumentRow.sha256 == version.document))
    if not data or not matches_hash(version.document, data[0].data):
        raise WorkspaceError(
            f"The stored text of '{version.label}' was changed or is missing.",
            where=version.file,
            do="Restore a backup: kb restore FILE",
        )
    return Document.model_validate_json(data[0].data)


def store_document(writer: LogWriter, document: Document) -> str:
    """Store a structured text, unless it is stored already; return its hash."""
    data = canonical(document.model_dump(mode="json"))
    sha256 = sha256_text(data)
    if not writer.rows(select(DocumentRow.sha256).where(DocumentRow.sha256 == sha256)):
        writer.connection.execute(insert(DocumentRow).values(sha256=sha256, data=data))
    return sha256


def _version(document: Document, label: str, standing: Standing, dated: date | str | None, title: str) -> PolicyVersion:
    if not document.passages:
        raise InputError(
            "The document holds no text.",
            where=document.place.file,
            do="Give a file with text, or read the scan with OCR.",
        )
    if dated:
        check_date(str(dated))
    words = bare("".join(passage.text for passage in document.passages))
    return validated(
        PolicyVersion,
        {
            "label": label,
            "dated": str(dated) if dated else None,
            "standing": standing,
            "file": document.place.file,
            "sha256": document.place.sha256,
            "words": sha256_text(words),
            "document": sha256_text(canonical(document.model_dump(mode="json"))),
            "calls_itself": calls_itself(document, title),
        },
    )


def _refuse_same(policy_set: PolicySet, new: PolicyVersion) -> None:
    for policy in policy_set.policies:
        for old in policy.versions:
            if new.sha256 == old.sha256 or new.words == old.words:
                same = "file" if new.sha256 == old.sha256 else "text in another file"
                raise RefusedError(
                    f"This is the same {same} as '{policy.id}', version '{old.label}'.",
                    where=new.file,
                    do="Check which file you meant; nothing was added.",
                )


def _refuse_swapped(old: Policy, new: PolicyVersion) -> None:
    after, before = new.dated or "", old.current.dated or ""
    digits = min(len(after), len(before))  # a year compares with a date by its year
    if after[:digits] < before[:digits]:
        raise RefusedError(
            f"The new version is dated {new.dated}, before the current one of {old.current.dated}: are they swapped?",
            where=new.file,
            do="Correct the dates, or say that the older text is meant (out of order).",
        )
