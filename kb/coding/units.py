"""Record what a coder did with a passage besides giving codes: opened it, or stated that no code of a facet applies.

A passage without codes counts as coded only if the coder stated that none applies.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from kb.coding.codes import as_coding, hidden, read_session, refuse_outside
from kb.coding.models import Coding, Session
from kb.errors import InputError, RefusedError
from kb.log.decisions import names_in, stream
from kb.log.fold import model_of
from kb.log.store import LogReader, StreamState, Workspace
from kb.models import Model


class Unit(Model):
    """A coder's work on one passage in one session: whether it was opened, and for which facets no code applies
    (`none`)."""

    passage: str
    session: str = Field("", description="coding session; empty for open coding")
    coder: str
    opened: bool = False
    none: tuple[str, ...] = Field((), description="facets of which the coder said that no code applies")
    version: int = 0


class Work(Model):
    """A coder's progress, in numbers of passages."""

    assigned: int | None = Field(
        None, description="in the coder's share; None where every passage is open to everybody"
    )
    opened: int = Field(description="shown to the coder, or coded by them")
    coded: int = Field(description="with a code given or rejected that stands, or 'none applies'")


def open_unit(ws: Workspace, passage: str, *, by: str, session: str = "") -> Unit:
    """Record that a passage was shown to a coder, once per session; return the unit. Raises RefusedError if the
    session is closed, or if the coder or the passage does not belong to it."""
    with ws.writing() as writer:
        refuse_outside(writer, session, by.strip(), passage)
        name = unit_stream(passage, session, by)
        if not writer.state(name).data.get("opened"):
            writer.append(name, "unit.opened", {"opened": True}, author=by)
        return as_unit(writer.state(name))


def none_applies(ws: Workspace, passage: str, facet: str, *, by: str, session: str = "", memo: str = "") -> Unit:
    """Record that no code of a facet applies to a passage, and return the unit. Raises RefusedError if the coder has
    given codes of this facet to it."""
    return _record_none(ws, passage, facet, True, by=by, session=session, memo=memo)


def take_back_none(ws: Workspace, passage: str, facet: str, *, by: str, session: str = "", memo: str = "") -> Unit:
    """Withdraw the coder's statement that no code of a facet applies, and return the unit; the history keeps it."""
    return _record_none(ws, passage, facet, False, by=by, session=session, memo=memo)


def _record_none(ws: Workspace, passage: str, facet: str, none: bool, *, by: str, session: str, memo: str) -> Unit:
    if not facet.strip():
        raise InputError("There is no facet of which nothing applies.", do="Name one, e.g. group.")
    with ws.writing() as writer:
        refuse_outside(writer, session, by.strip(), passage)
        given = [
            one
            for one in map(as_coding, writer.states(stream("coding", passage, session, by.strip(), facet)))
            if one.state == "added"
        ]
        if none and given:
            raise RefusedError(
                f"{by.strip()} gave {given[0].facet}:{given[0].code} there.",
                where=passage,
                do="Take that code back first.",
            )
        name = unit_stream(passage, session, by)
        held = set(names_in(writer.state(name).data, "none"))
        wanted = held | {facet} if none else held - {facet}
        if wanted != held:
            writer.append(
                name,
                "unit.none-applies" if none else "unit.none-withdrawn",
                {"opened": True, "none": sorted(wanted)},
                author=by,
                reason=memo,
            )
        return as_unit(writer.state(name))


def units(ws: Workspace, *, session: str | None = None, viewer: str = "") -> list[Unit]:
    """Return the units of all coders; of an open blind session only those of `viewer`. `session` limits them to one
    session ('' for open coding)."""
    with ws.reading() as reader:
        rounds = {state.parts[0]: state.data for state in reader.states("session")}
        found = [as_unit(state) for state in reader.states("unit")]
    return [
        one
        for one in found
        if session in (None, one.session) and (one.coder == viewer.strip() or not hidden(rounds.get(one.session)))
    ]


def as_unit(state: StreamState) -> Unit:
    """Return the unit that the events of its stream add up to."""
    passage, session, coder = state.parts
    return model_of(Unit, state, passage=passage, session=session, coder=coder)


def unit_stream(passage: str, session: str, by: str) -> str:
    """Return the name of the stream for one passage, session and coder."""
    return stream("unit", passage, session, by.strip())


def work(ws: Workspace, session: str) -> dict[str, Work]:
    """Return coder to progress in a session ('' for open coding). It holds only numbers, so codes of a blind session
    stay hidden."""
    with ws.reading() as reader:
        return work_in(reader, read_session(reader, session) if session else None)


def work_in(reader: LogReader, session: Session | None) -> dict[str, Work]:
    """Like `work`, within the caller's transaction; `session` None is open coding."""
    name = session.id if session else ""
    words = [one for one in map(as_coding, reader.states("coding")) if one.session == name]
    looks = [one for one in map(as_unit, reader.states("unit")) if one.session == name]
    coded = coded_by(words, looks)
    opened: dict[str, set[str]] = {}
    for coder, passage in [*((w.coder, w.passage) for w in words), *((u.coder, u.passage) for u in looks)]:
        opened.setdefault(coder, set()).add(passage)
    coders = session.coders if session else sorted(opened)
    shares = session.assignments if session else {}
    return {
        coder: Work(
            assigned=len(shares.get(coder, ())) if shares else None,
            opened=len(opened.get(coder, ())),
            coded=len(coded.get(coder, ())),
        )
        for coder in coders
    }


def coded_by(words: Iterable[Coding], looks: Iterable[Unit], facet: str | None = None) -> dict[str, set[str]]:
    """Return coder to the passages that they coded in `facet` (None: any facet): with a code added or rejected and
    not withdrawn, or with 'none applies'."""
    found: dict[str, set[str]] = {}
    for word in words:
        if word.state != "withdrawn" and facet in (None, word.facet):
            found.setdefault(word.coder, set()).add(word.passage)
    for look in looks:
        if look.none if facet is None else facet in look.none:
            found.setdefault(look.coder, set()).add(look.passage)
    return found
