"""A coder's work list: the passages left to code, and the codes to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import Field

from kb.coding.codebook import Code, Codebook
from kb.coding.codes import codings, read_session
from kb.coding.models import Coding, Session
from kb.coding.units import Unit, coded_by, units
from kb.errors import InputError, RefusedError
from kb.log.store import Workspace
from kb.models import Model, Passage, Span


class Choice(Model):
    """One code that the coder can choose for the current passage, with the decisions that exist on it."""

    facet: str
    code: str = Field(description="slug of the term")
    name: str
    definition: str = ""
    mine: Coding | None = Field(None, description="the coder's own word on it for the same words, if it stands")
    machine: str = Field("", description="origin of a machine tag that proposes it, if one does")


def span_of(passage: Passage, words: str) -> Span | None:
    """Return the span of `words` in the text of the passage; None for '', which means the complete passage.

    Raises InputError if the words do not occur exactly once.
    """
    if not words.strip():
        return None
    wanted = words.strip()
    if passage.text.count(wanted) != 1:
        how = "stand there more than once" if wanted in passage.text else "do not stand in the passage"
        raise InputError(
            f"The words “{wanted[:60]}” {how}.", where=passage.id, do="Copy them word for word, as many as are needed."
        )
    start = passage.text.index(wanted)
    return start, start + len(wanted)


def codes_in(book: Codebook, facet: str) -> list[Code]:
    """Return the codes of one facet that can be given to passages, at any depth, in the codebook's order."""
    return [code for code in book.codes if code.codable and code.id.startswith(f"{facet}/")]


def choices(
    book: Codebook,
    facet: str,
    passage: Passage,
    codings: Iterable[Coding],
    coder: str,
    session: str = "",
    span: Span | None = None,
) -> list[Choice]:
    """Return every code of a facet that can be given to the passage (or its `span`), each with the coder's own
    decision in this session and the machine's tag, if there are any."""
    own = {
        one.code: one
        for one in codings
        if one.coder == coder
        and one.facet == facet
        and one.session == session
        and one.span == span
        and one.state != "withdrawn"
    }
    machine = {
        tag.id: tag.origin
        for tag in passage.tags
        if tag.facet == facet and not tag.origin.startswith("person:") and tag.state != "rejected"
    }
    return [
        Choice(
            facet=facet,
            code=slug,
            name=code.name,
            definition=code.definition,
            mine=own.get(slug),
            machine=machine.get(slug, ""),
        )
        for code in codes_in(book, facet)
        for slug in [code.id.removeprefix(f"{facet}/")]
    ]


def share(session: Session | None, coder: str, drawn: Sequence[str]) -> list[str]:
    """Return the passages that a coder shall code: their share of the session, or `drawn` if there is no session or
    no share."""
    if session is None:
        return list(drawn)
    return list(session.assignments.get(coder, ())) or list(drawn)


def done(
    ids: Iterable[str], codings: Iterable[Coding], coder: str, facet: str, session: str = "", units: Iterable[Unit] = ()
) -> set[str]:
    """Return those of `ids` that the coder has coded in this facet and session ('' for open coding): with a code
    added or rejected and not withdrawn, or with 'none applies'."""
    coded = coded_by(
        (one for one in codings if one.session == session), (one for one in units if one.session == session), facet
    ).get(coder, set())
    return {id for id in ids if id in coded}


def waiting(ws: Workspace, session: str, coder: str, facet: str | None = None) -> list[str]:
    """Return the passages of the coder's share that they have not coded yet in `facet` (None: any facet), in order.
    Raises NotFound for an unknown session, RefusedError for a person who is not one of its coders and for a
    session without a sample."""
    with ws.reading() as reader:
        held = read_session(reader, session)
    if coder not in held.coders:
        raise RefusedError(
            f"{coder} is not a coder of '{session}' ({', '.join(held.coders)}).", do="Only they code in it."
        )
    if not held.assignments:
        raise RefusedError(f"'{session}' has no sample: every passage is open.", do="Find passages with kb search.")
    ready = coded_by(codings(ws, session=session, viewer=coder), units(ws, session=session, viewer=coder), facet)
    return [id for id in held.assignments.get(coder, ()) if id not in ready.get(coder, set())]
