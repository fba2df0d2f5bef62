"""Make rows of coded passages and of documents coded as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kb.coding.models import Coding
from kb.export.job import MemoOf
from kb.export.rows import Row, row_of
from kb.export.source_note import SourceNote
from kb.languages import MAIN
from kb.models import Passage, Place, Tag

if TYPE_CHECKING:
    from kb.engine.local.passage_store import Head

WHOLE = "The source was coded as a whole, and no words of it."
KIND = "document"
"""Kind of the passage that stands for a document as a whole."""


def tag_of(coding: Coding) -> Tag | None:
    """Return a person's coding as a tag beside the machine's; None for one that was withdrawn."""
    if coding.state == "withdrawn":
        return None
    return Tag(
        facet=coding.facet,
        id=coding.code,
        origin=f"person:{coding.coder}",
        span=coding.span,
        state="confirmed" if coding.state == "added" else "rejected",
    )


def memos_of(codings: Mapping[str, Sequence[Coding]]) -> MemoOf:
    """Return a function that finds the memo that a person wrote on their code, by passage and tag."""

    def memo_of(passage: str, tag: Tag) -> str:
        """Return the memos of the tag's coder on that code of the passage, each once, joined by "; "; "" for none."""
        mine = (
            each.memo
            for each in codings.get(passage, ())
            if (each.facet, each.code, f"person:{each.coder}", each.span) == (tag.facet, tag.id, tag.origin, tag.span)
        )
        return "; ".join(dict.fromkeys(filter(None, mine)))

    return memo_of


def document_passage(head: Head) -> Passage:
    """Return a passage without text that stands for a complete document, so that the document can be coded."""
    place = Place.model_validate(head["place"])
    return Passage(
        id=head["id"],
        document=head["id"],
        kind=KIND,
        text="",
        citation=head["title"],
        force=head["force"],
        language=head.get("language", MAIN),
        place=Place(file=place.file, sha256=place.sha256),
        may_quote=False,
        notes=(WHOLE,),
    )


def coded_row(passage: Passage, source: SourceNote, pinpoint: str, own: Sequence[Coding]) -> Row:
    """Return the row of a coded passage or document, with coders, memos and the time of the last coding. `own` are
    people's codings on it."""
    memos = "; ".join(f"{c.coder}, {c.facet}:{c.code}: {c.memo}" for c in own if c.memo)
    row = row_of(
        passage,
        title=source.title,
        url=source.url,
        pinpoint=pinpoint if passage.text else "",
        coder=", ".join(sorted({c.coder for c in own})),
        memo=memos,
        at=max((c.at.isoformat() for c in own if c.at), default=""),
    )
    fields = {name: value for name, value in row.fields.items() if name not in ("part", "duty_bearer")}
    nobodys = {} if passage.text else {"wording": None, "verified": None}
    return row.model_copy(update={"fields": fields, **nobodys})
