"""Make the citation of a passage that a person selected: a register entry, its official text, or a policy."""

from __future__ import annotations

from contextlib import suppress

from kb.citing.cite import Citations
from kb.citing.cited import Cited
from kb.citing.family import TEXT, entry_of, family
from kb.citing.reference import pinpoint_of
from kb.errors import KBError
from kb.models import Passage


def cited_of(passage: Passage, citations: Citations, title: str = "", date: str = "") -> Cited:
    """Return the citation of a passage of the index.

    An official passage is cited as its place in the instrument, with the instrument's symbol and date; a document that
    is in no register or manifest, such as a policy, is cited by `title` and `date` (ISO).
    """
    words = (passage,) if passage.wording == "verbatim" else ()
    found: Cited | None = None
    if family(passage.document) in {*citations.register, *citations.sources}:  # the id of a law may contain such a name
        with suppress(KBError):
            found = citations.resolve(entry_of(passage.id))
    if found is None:
        return Cited(
            id=passage.id,
            identifier=passage.citation,
            instrument=passage.document,
            title=title or passage.citation,
            symbol="",
            date=date,
            url="",
            force=passage.force,
            place=pinpoint_of(passage.id, passage.citation, title),
            passages=words,
        )
    return found.model_copy(update={"passages": words, "missing": ()}) if TEXT in passage.document else found
