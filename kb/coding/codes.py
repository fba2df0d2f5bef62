"""Store people's codes on passages and spans: add, correct, reject and withdraw codes, with a memo. Several coders
can work independently in a session, without seeing each other's codes.

The machine's tags are never changed: a person's coding is stored in addition.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Required, TypedDict, Unpack

from kb.amounts import some
from kb.coding.models import Coding, Session
from kb.errors import InputError, NotFound, RefusedError
from kb.log.decisions import names_in, stream
from kb.log.fold import model_of, refuse_other_fields, write_changes
from kb.log.store import CanWrite, LogReader, LogWriter, StreamState, Workspace
from kb.models import Passage, Span


def open_session(
    ws: Workspace,
    id: str,
    coders: Sequence[str],
    *,
    codebook: str,
    by: str,
    blind: bool = True,
    sample: Sequence[str] = (),
    double: float = 1.0,
    seed: int = 0,
    drawn: Mapping[str, object] | None = None,
) -> Session:
    """Create a coding session (a round) with named coders, and return it. With a `sample` (ids of passages), each
    coder gets a share of it (see `assignments`). While a `blind` session is open, coders see only their own
    codes.

    The log stores the sample, `double`, `seed` and the shares; `drawn` describes how the sample was drawn
    (`kb.coding.sample.described`). Raises RefusedError for a taken id, for no coders, and for an empty or repeated
    name of a coder.
    """
    names = [name.strip() for name in coders]
    if not all(names) or len({name.casefold() for name in names}) != len(names) or not names:
        raise RefusedError("A session needs different, named coders.", do="Name each coder once.")
    shares = assignments(sample, names, double=double, seed=seed) if sample else {}
    with ws.writing() as writer:
        if same := writer.alike("session", id):
            raise RefusedError(f"There is already a session '{same}'.", do="Choose another id.")
        writer.append(
            stream("session", id),
            "session.opened",
            {
                "coders": names,
                "codebook": codebook,
                "blind": blind,
                "open": True,
                "assignments": {name: list(share) for name, share in shares.items()},
                **(
                    {"sample": list(dict.fromkeys(sample)), "double": double, "seed": seed, "drawn": dict(drawn or {})}
                    if sample
                    else {}
                ),
            },
            author=by,
        )
        return read_session(writer, id)


def close_session(ws: Workspace, id: str, *, by: str, reason: str = "") -> Session:
    """Close a session and return it; from then on everybody sees all its codes. The number of passages that each
    coder left uncoded is stored."""
    with ws.writing() as writer:
        left = undone(writer, read_session(writer, id))
        writer.append(
            stream("session", id), "session.closed", {"open": False, "undone": left}, author=by, reason=reason
        )
        return read_session(writer, id)


def undone(reader: LogReader, session: Session) -> dict[str, int]:
    """Return coder to the number of passages of their share that they have not coded; coders who have coded all are
    left out."""
    from kb.coding.units import work_in

    found = {coder: (one.assigned or 0) - one.coded for coder, one in work_in(reader, session).items()}
    return {coder: left for coder, left in found.items() if left > 0}


def no_session(reader: LogReader, id: str) -> NotFound:
    """Return a NotFound error for the unknown session `id`, which lists the existing sessions."""
    there = sorted(state.parts[0] for state in reader.states("session") if not state.data.get("removed"))
    near = get_close_matches(id, there, n=3, cutoff=0.5)
    do = f"Did you mean: {', '.join(near)}?" if near else f"There are: {', '.join(there[:10])}." if there else ""
    return NotFound(f"There is no coding session '{id}'.", do=do or "Open it first: kb codes open.")


def read_session(reader: LogReader, id: str) -> Session:
    """Return one session within the caller's transaction. Raises NotFound."""
    state = reader.state(stream("session", id))
    if not state.version:
        raise no_session(reader, id)
    return as_session(state)


def as_session(state: StreamState) -> Session:
    """Return the session that the events of its stream add up to."""
    return model_of(Session, state, id=state.parts[0])


def sessions(ws: Workspace, *, removed: bool = False) -> list[Session]:
    """Return all sessions that are not deleted; with `removed` True, only the deleted ones."""
    with ws.reading() as reader:
        found = [as_session(state) for state in reader.states("session")]
    return [one for one in found if one.removed == removed]


def change_session(
    ws: Workspace, id: str, fields: Mapping[str, object], *, by: str, expected: int, reason: str = ""
) -> Session:
    """Change any of `title`, `archived` and `removed` of a session, and return it. Codes and history stay.

    Raises ConflictError if the session is no longer at version `expected`, InputError for another field.
    """
    refuse_other_fields(fields, ("title", "archived", "removed"), "A session")
    with ws.writing() as writer:
        old = read_session(writer, id)
        changed = stream("session", id)
        write_changes(writer, old, changed, "session.changed", fields, by=by, expected=expected, reason=reason)
        return read_session(writer, id)


def assignments(
    sample: Sequence[str],
    coders: Sequence[str],
    *,
    double: float = 0.2,  # a fifth: studies of agreement usually take 10 to 25 % (O'Connor and Joffe 2020)
    seed: int = 0,
) -> dict[str, tuple[str, ...]]:
    """Return coder to the passages that they shall code. Each passage of the sample is assigned to one coder, and a
    share `double` of them (0 to 1) to two; all coders get about the same number, in the sample's order. The same
    arguments always give the same result.

    Raises InputError if `double` is not between 0 and 1.
    """
    if not 0 <= double <= 1:
        raise InputError(f"The share to code twice is {double}; it lies between 0 and 1.", do="Give 0.2 for a fifth.")
    order = list(dict.fromkeys(sample))
    random.Random(seed).shuffle(order)
    twice = set(order[: round(double * len(order))]) if len(coders) > 1 else set()
    held: dict[str, set[str]] = {coder: set() for coder in coders}
    turn = 0
    for passage in order:
        for _ in range(2 if passage in twice else 1):
            held[coders[turn % len(coders)]].add(passage)
            turn += 1
    return {coder: tuple(p for p in dict.fromkeys(sample) if p in own) for coder, own in held.items()}


class How(TypedDict, total=False):
    """Keyword arguments for giving a code: the person `by`, and optionally codebook version, session, span, memo,
    and the origin of the machine's tag that is answered (`of_machine`)."""

    by: Required[str]
    codebook: str  # version of the codebook; a session has its own
    session: str  # empty for open coding
    span: Span | None  # characters of the passage's text; None for the whole passage
    memo: str
    of_machine: str | None  # origin of the machine tag that is confirmed, corrected or rejected
    seen: Mapping[str, int] | None  # versions by stream that were on the screen: another is a conflict; None: no check


class HowSeen(How, total=False):
    """The arguments of How, and `expected`, the version of the coding that the person saw."""

    expected: int | None  # version of the coding that was seen; None asks for no such check


def add_code(
    ws: CanWrite,
    passage: Passage,
    facet: str,
    code: str,
    *,
    more: Sequence[tuple[Passage, Span | None]] = (),
    **how: Unpack[HowSeen],
) -> Coding:
    """Give a code to a passage, or to `span` of its text, and return the coding; `of_machine` is the origin of the
    machine's tag that this confirms.

    `more` are further passages, each with a span or None, that get the code in the same transaction.
    """
    with ws.writing() as writer:
        given = _word(writer, passage, facet, code, "added", **how)
        for other, span in more:
            own: HowSeen = {**how, "span": span, "of_machine": None}
            _word(writer, other, facet, code, "added", **own)
        return given


def reject_code(
    ws: CanWrite,
    passage: Passage,
    facet: str,
    code: str,
    **how: Unpack[HowSeen],
) -> Coding:
    """Record that a code does not apply to a passage, and return the coding; `of_machine` is the origin of the
    machine's tag that this rejects."""
    with ws.writing() as writer:
        return _word(writer, passage, facet, code, "rejected", **how)


def correct_code(
    ws: CanWrite,
    passage: Passage,
    wrong: tuple[str, str],
    right: tuple[str, str],
    **how: Unpack[How],
) -> Coding:
    """Replace the code `wrong` by `right`, each a pair (facet, code): append a rejection and an addition in one
    transaction. Return the added coding."""
    with ws.writing() as writer:
        _word(writer, passage, *wrong, "rejected", **how)
        return _word(writer, passage, *right, "added", replaces=":".join(wrong), **how)


def withdraw_code(
    ws: Workspace, coding: Coding, *, by: str, memo: str = "", seen: Mapping[str, int] | None = None
) -> Coding:
    """Withdraw one's own coding and return it; the history keeps it.

    Raises RefusedError for another person's coding, ConflictError if it is no longer at the version in `coding`, or
    in `seen` (stream to version) if that is given.
    """
    if by.strip() != coding.coder:
        raise RefusedError(f"The code was given by {coding.coder}.", do="Add your own word beside it.")
    with ws.writing() as writer:
        refuse_outside(writer, coding.session, by.strip(), coding.passage)
        writer.append(
            stream_of(coding),
            "coding.withdrawn",
            {"state": "withdrawn", "memo": memo},
            author=by,
            reason=memo,
            expected=(seen or {}).get(stream_of(coding), coding.version),
        )
        return as_coding(writer.state(stream_of(coding)))


def _word(
    writer: LogWriter,
    passage: Passage,
    facet: str,
    code: str,
    state: str,
    *,
    by: str,
    codebook: str = "",
    session: str = "",
    span: Span | None = None,
    memo: str = "",
    of_machine: str | None = None,
    expected: int | None = None,
    seen: Mapping[str, int] | None = None,
    replaces: str | None = None,
) -> Coding:
    """Append one coder's decision on one code of one span. Raises InputError for an empty facet or code, RefusedError
    for a code in a facet for which the coder said that none applies."""
    if not facet.strip() or not code.strip():
        raise InputError("A code needs a facet and a name.", do="Take both from the codebook.")
    own = refuse_outside(writer, session, by.strip(), passage.id)
    without_codes = names_in(writer.state(stream("unit", passage.id, session, by.strip())).data, "none")
    if state == "added" and facet in without_codes:
        raise RefusedError(
            f"{by.strip()} said that none applies in {facet}.", where=passage.id, do="Take that back first."
        )
    coding = Coding(
        passage=passage.id,
        coder=by.strip() or "-",
        facet=facet,
        code=code,
        session=session,
        span=span,
        memo=memo,
        state=state,
        codebook=own.codebook if own else codebook,
        of_machine=of_machine,
        replaces=replaces,
        quotation=_words(passage, span),
        sha256=passage.place.sha256,
    )
    data = coding.model_dump(
        mode="json", include={"state", "memo", "codebook", "of_machine", "replaces", "quotation", "sha256"}
    )
    held = writer.state(stream_of(coding))
    is_same = held.version > 0 and all(held.data.get(key) == data[key] for key in data)
    if is_same and (seen is not None or expected in (None, held.version)):
        return as_coding(held)  # giving the same answer again changes nothing
    expected = expected if seen is None else seen.get(held.stream, 0)
    writer.append(held.stream, f"coding.{state}", data, author=by, reason=memo, expected=expected)
    return as_coding(writer.state(held.stream))


def _words(passage: Passage, span: Span | None) -> str:
    """Return the coded words: the text in `span`, or the complete text without a span. Raises InputError for a span
    outside the text."""
    if span is None:
        return passage.text
    start, end = span
    if not 0 <= start < end <= len(passage.text):
        raise InputError(
            f"The span {start}-{end} does not lie in the passage of {some(len(passage.text), 'character')}.",
            where=passage.id,
            do="Mark the words again.",
        )
    return passage.text[start:end]


def refuse_outside(reader: LogReader, session: str, coder: str, passage: str) -> Session | None:
    """Return the session with the id `session`; None for '' (open coding). Raises RefusedError if the session is
    closed, if `coder` is not one of its coders, or if `passage` is not in their share."""
    if not session:
        return None
    own = read_session(reader, session)
    if not own.open:
        raise RefusedError(f"The session '{session}' is closed.", do="Code outside it, or open another.")
    if coder not in own.coders:
        raise RefusedError(
            f"{coder or 'Nobody'} is not a coder of '{session}' ({', '.join(own.coders)}).", do="Only they code in it."
        )
    if own.assignments and passage not in own.assignments.get(coder, ()):
        raise RefusedError(
            f"'{passage}' is not in the share of {coder}.", where=session, do="Code outside the session."
        )
    return own


def codes_of(ws: Workspace, passage: str, *, viewer: str = "") -> list[Coding]:
    """Return people's codings of one passage that `viewer` may see; in an open blind session, only their own."""
    return _seen(ws, stream("coding", passage), viewer, None)


def codings(
    ws: Workspace, *, session: str | None = None, viewer: str = "", until: datetime | int | None = None
) -> list[Coding]:
    """Return the codings that `viewer` may see: all, or those of one session ('' for open coding); now or as of
    `until` (a UTC time or an event's sequence)."""
    return [one for one in _seen(ws, "coding", viewer, until) if session is None or one.session == session]


def _seen(ws: Workspace, prefix: str, viewer: str, until: datetime | int | None) -> list[Coding]:
    with ws.reading() as reader:
        closed = {state.parts[0]: state.data for state in reader.states("session")}
        found = [as_coding(state) for state in reader.states(prefix, until=until)]
    return [one for one in found if one.coder == viewer.strip() or not hidden(closed.get(one.session))]


def hidden(session: dict | None) -> bool:
    """Return whether the coders of a session, given as its stored fields, may not see each other's codings yet.
    False for None, open coding."""
    return bool(session and session["blind"] and session["open"])


def versions(codings: Iterable[Coding], coder: str) -> dict[str, int]:
    """Return stream to version of one coder's codings, including withdrawn ones. A page stores it to detect later
    changes."""
    return {stream_of(one): one.version for one in codings if one.coder == coder.strip()}


def stream_of(coding: Coding) -> str:
    """Return the name of the coding's stream, which belongs to one coder, code, span and session."""
    span = f"{coding.span[0]}-{coding.span[1]}" if coding.span else "all"
    return stream("coding", coding.passage, coding.session, coding.coder, coding.facet, coding.code, span)


def as_coding(state: StreamState) -> Coding:
    """Return the coding that the events of its stream add up to."""
    passage, session, coder, facet, code, span = state.parts
    where = None if span == "all" else tuple(int(part) for part in span.split("-"))
    return model_of(
        Coding,
        state,
        passage=passage,
        session=session,
        coder=coder,
        facet=facet,
        code=code,
        span=where,
        at=state.at,
    )
