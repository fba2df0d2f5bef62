"""Merge the codings of a round from several workspaces: each coder exports their own, and the leader of the round
imports them.

Nobody sees another coder's codings before the round is closed, and no coding is overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from kb.coding.codes import as_coding, codings, read_session, stream_of
from kb.coding.models import Coding, Session
from kb.coding.units import Unit, as_unit, unit_stream, units
from kb.errors import InputError, KBError, RefusedError
from kb.files import read_text, written
from kb.log.decisions import names_in, stream
from kb.log.store import LogWriter, Workspace, now
from kb.models import Model, Passage
from kb.text import sha256_text

PassageOf = Callable[[str], Passage | None]
_SAME = ("coders", "codebook", "blind", "assignments", "sample", "double", "seed")
"""Fields that must be equal for two rounds of one name to be the same round."""


class Share(Model):
    """The codings of one coder in a round, as exported to a file."""

    format: Literal["kb-codes/1"] = "kb-codes/1"
    session: Session
    coder: str
    index: str = Field(description="fingerprint of the index that was coded")
    codings: tuple[Coding, ...] = Field((), description="codes given and rejected, with memo, time and the words coded")
    units: tuple[Unit, ...] = Field((), description="passages opened, and facets of which none applies")
    sha256: str = Field("", description="of all the rest, so that a file that was altered is named")

    def digest(self) -> str:
        """Return the sha256 over all fields except `sha256`."""
        return sha256_text(json.dumps(self.model_dump(mode="json", exclude={"sha256"}), sort_keys=True))


class Merged(Model):
    """The result of importing a share: numbers of codings added, already known and refused, and whether the round
    was created."""

    opened: bool = Field(False, description="whether the round was not here yet, and was opened as the file has it")
    added: int = 0
    known: int = Field(0, description="words that were here already")
    none: int = Field(0, description="'none applies' that came in")
    refused: tuple[str, ...] = Field((), description="one line for each word that was not taken, and why")


def share_of(ws: Workspace, session: str, coder: str, index: str) -> Share:
    """Return the codings of one coder in a session, for export; `index` is the fingerprint of the index. Raises
    NotFound for an unknown session, RefusedError for a person who is not one of its coders."""
    coder = coder.strip()
    with ws.reading() as reader:
        own = read_session(reader, session)
    if coder not in own.coders:
        raise RefusedError(
            f"{coder or 'Nobody'} is not a coder of '{session}' ({', '.join(own.coders)}).", do="Give one of these."
        )
    given = [c for c in codings(ws, session=session, viewer=coder) if c.coder == coder and c.state != "withdrawn"]
    looked = [unit for unit in units(ws, session=session, viewer=coder) if unit.coder == coder]
    made = Share(session=own, coder=coder, index=index, codings=tuple(given), units=tuple(looked))
    return made.model_copy(update={"sha256": made.digest()})


def write_share(share: Share, path: Path) -> Path:
    """Write the share to a file that a colleague can merge; return its path."""
    with written(path) as beside:
        beside.write_text(share.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return path


def read_share(path: Path) -> Share:
    """Read a share from a file. Raises InputError for a file of another kind, or one that is damaged or was altered."""
    try:
        share = Share.model_validate_json(read_text(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "file"
        raise InputError(
            f"is no file of codes ({place}: {first['msg']}).", where=str(path), do="Write it with: kb codes share."
        ) from error
    if share.sha256 != share.digest():
        raise InputError("was altered after it was written, or is damaged.", where=str(path), do="Ask for it again.")
    own = (share.coder, share.session.id)
    if any((c.coder, c.session) != own for c in share.codings) or any((u.coder, u.session) != own for u in share.units):
        raise InputError(f"holds words that are not {share.coder}'s.", where=str(path), do="Ask for it again.")
    return share


def merge(ws: Workspace, share: Share, passage_of: PassageOf, *, by: str, source: str) -> Merged:
    """Import one coder's share into this workspace in one transaction. `passage_of` finds a passage by id, `by` is
    the person who imports, `source` names the file.

    A session that this workspace does not have is created. A coding is refused and listed in the result if its
    passage is missing here or has another text, or if it contradicts a coding of the same coder here. Raises
    RefusedError if a different session has the same id here, or if the session is closed.
    """
    with ws.writing() as writer:
        opened = _open(writer, share, by, source)
        trace = {"by": by.strip(), "at": now().isoformat(), "file": source, "hash": share.sha256}
        counts, refused = {"added": 0, "known": 0, "none": 0}, []
        for coding in share.codings:
            try:
                counts[_take(writer, coding, passage_of(coding.passage), trace)] += 1
            except KBError as error:
                refused.append(f"{coding.passage} {coding.facet}:{coding.code} by {coding.coder}: {error.what}")
        for unit in share.units:
            if passage_of(unit.passage) is None:
                refused.extend(
                    f"{unit.passage} none of {facet} by {unit.coder}: not in the index" for facet in unit.none
                )
            else:
                none, refusals = _look(writer, unit, trace)
                counts["none"] += none
                refused.extend(refusals)
        return Merged(opened=opened, refused=tuple(refused), **counts)


def _open(writer: LogWriter, share: Share, by: str, source: str) -> bool:
    """Create the session of the share if this workspace does not have it; return whether it was created. Raises
    RefusedError if a different session has the same id here, or if it is closed."""
    theirs = share.session
    name = stream("session", theirs.id)
    if not writer.state(name).version:
        data = theirs.model_dump(mode="json", include={*_SAME, "title", "drawn"}, exclude_defaults=True)
        always = {"coders": list(theirs.coders), "codebook": theirs.codebook, "blind": theirs.blind, "open": True}
        shares = {coder: list(own) for coder, own in theirs.assignments.items()}
        wanted = {**data, **always, "assignments": shares}
        writer.append(name, "session.opened", wanted, author=by, reason=f"as it is in {source}")
        return True
    ours = read_session(writer, theirs.id)
    differs = next((field for field in _SAME if getattr(ours, field) != getattr(theirs, field)), None)
    if differs:
        raise RefusedError(
            f"The round '{theirs.id}' here is another one: its {differs} is not that of the file.",
            where=source,
            do="Merge it in a workspace that does not have a round of this name.",
        )
    if not ours.open:
        raise RefusedError(f"The round '{theirs.id}' is closed here.", where=source, do="Merge before closing.")
    return False


def _take(writer: LogWriter, coding: Coding, passage: Passage | None, trace: Mapping[str, object]) -> str:
    """Store one coding; return 'added', or 'known' if the same coding is stored already. `trace` records who
    imported it from which file. Raises KBError with the reason if it is refused."""
    if passage is None:
        raise InputError("not in the index")
    start, end = coding.span or (0, len(passage.text))
    if passage.text[start:end] != coding.quotation:
        raise InputError("the passage's words are others here")
    share = read_session(writer, coding.session).assignments
    if share and coding.passage not in share.get(coding.coder, ()):
        raise InputError("not in the share of this coder")
    held = writer.state(stream_of(coding))
    if held.version:
        if as_coding(held).state == coding.state:
            return "known"
        raise InputError(f"this coder's word here is '{as_coding(held).state}', in the file '{coding.state}'")
    none = names_in(writer.state(unit_stream(coding.passage, coding.session, coding.coder)).data, "none")
    if coding.state == "added" and coding.facet in none:
        raise InputError("this coder said here that none applies")
    kept = {"state", "memo", "codebook", "of_machine", "replaces", "quotation", "sha256"}
    writer.append(
        stream_of(coding),
        f"coding.{coding.state}",
        coding.model_dump(mode="json", include=kept),
        author=coding.coder,
        reason=coding.memo,
        at=coding.at,
        imported=trace,
    )
    return "added"


def _look(writer: LogWriter, unit: Unit, trace: Mapping[str, object]) -> tuple[int, list[str]]:
    """Store that a coder opened a passage, and for which facets no code applies. Return the number of facets newly
    stored, and one sentence per refused facet. `trace` records who imported it from which file."""
    name = unit_stream(unit.passage, unit.session, unit.coder)
    held = as_unit(writer.state(name)) if writer.state(name).version else None
    given = [as_coding(s) for s in writer.states(stream("coding", unit.passage, unit.session, unit.coder))]
    coded = {c.facet for c in given if c.state == "added"}
    refused = [
        f"{unit.passage} none of {facet} by {unit.coder}: this coder gave a code of it here"
        for facet in unit.none
        if facet in coded
    ]
    before = set(held.none) if held else set()
    new = set(unit.none) - before - coded
    if new or held is None and unit.opened:
        data = {"opened": True, **({"none": sorted(before | new)} if before | new else {})}
        kind = "unit.none-applies" if new else "unit.opened"
        writer.append(name, kind, data, author=unit.coder, imported=trace)
    return len(new), refused
