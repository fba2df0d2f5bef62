"""Two tools that need more than one call of `kb.api`: checking a quotation, and listing what a machine proposed."""

from __future__ import annotations

import re

from kb import api
from kb.api.live import state
from kb.errors import NotFound
from kb.mcp import shapes
from kb.models import FORCE_WORDS
from kb.text import squeeze

SHORTEST = 8
"""Fewest characters of a quotation that is worth checking: a word or two occurs in any text."""

OMISSION = re.compile(r"[\[(]?\s*(?:…\.?|\.(?:\s?\.){2,3})\s*[\])]?")
"""Where a quotation leaves words out: … or ..., also . . . and four points, bare or in brackets of either kind."""

MARKS = "\"“”„«»‹›‘’' "
"""Quotation marks, and the space: people put them around the words, and they are not part of the words."""

TOO_SHORT = (
    f"A part between the omissions has fewer than {SHORTEST} letters and could stand anywhere, so it was not checked: "
    "quote more of it."
)
"""What is said of a quotation whose parts stand there in order, one of them too short to prove anything."""

NOTE = (
    "Proposed by a machine, seen as evidence by nobody until a person says so. Nothing here says whether a criterion "
    "is met; "
    "'no evidence found' is about the texts given, not about the country."
)


def validated(citation: str, quotation: str) -> shapes.Validated:
    """Return what a citation means, and whether the words quoted with it occur there. Differences in white space do not
    count."""
    found = api.cite(citation)
    places = tuple(map(shapes.place, found.places))
    if not found.places:
        given = "not-checked" if squeeze(quotation).strip(MARKS) else "none-given"
        return shapes.Validated(citation=found.outcome, quotation=given, message=found.message)
    outcome, message = _checked(found, quotation)
    return shapes.Validated(citation=found.outcome, quotation=outcome, message=message, places=places)


def _checked(found: api.CitationAnswer, quotation: str) -> tuple[str, str]:
    """Return the outcome of checking a quotation at the places found, and the message for it."""
    wanted = squeeze(quotation).strip(MARKS)
    if len(wanted) < SHORTEST:
        return (
            "not-checked" if wanted else "none-given",
            f"A quotation of {SHORTEST} letters or more is checked; the citation alone was.",
        )
    documents = [place.id for place in found.places if not place.record and not place.official]
    if documents and (within := _within(documents, wanted)):
        return within
    official = [record for place in found.places for record in place.official if record.may_quote]
    texts = [" ".join(record.text for record in place.official if record.may_quote) for place in found.places]
    if any(_holds(text, wanted) for text in (*(record.text for record in official), *texts)):
        return "verbatim", "The words stand in the text at this place."
    parts = _parts(wanted)
    if parts and any(_holds_in_order(text, parts) for text in texts):
        if _too_short(parts):
            return "not-checked", TOO_SHORT
        return "verbatim-with-omissions", "Each part stands there, in this order; the quotation leaves words out."
    if any(place.record and _holds(place.record.statement, wanted) for place in found.places):
        return "own-words", "These are this project's own words, not the instrument's: do not quote them as its words."
    if not official:
        return "text-not-here", (
            "The official text is not installed here, so the words cannot be checked. Read them at the address."
        )
    return "not-in-the-text", "These words do not stand in the text at this place."


def _within(documents: list[str], wanted: str) -> tuple[str, str] | None:
    """Search the words in the passages of documents that are cited as a whole. Return the outcome with a message that
    names the passage; None if no text of these documents that may be quoted is here."""
    store = state().store
    texts = [each for id in documents for name in (id, f"{id}-text") for each in store.passages(name) if each.may_quote]
    if not texts:
        return None
    for passage in texts:
        if passage.wording == "verbatim" and _holds(passage.text, wanted):
            return "verbatim", f"The words stand in the text, at {passage.id}: cite that place."
    parts = _parts(wanted)
    for passage in texts if parts else ():
        if passage.wording == "verbatim" and _holds_in_order(passage.text, parts):
            if _too_short(parts):
                return "not-checked", TOO_SHORT
            return "verbatim-with-omissions", f"Each part stands, in this order, at {passage.id}: cite that place."
    return "not-in-the-text", "These words stand in no passage of this text. Give the place, where they may span two."


def _parts(wanted: str) -> list[str]:
    """Return the parts of a quotation between its omission marks; empty if it omits nothing."""
    parts = [part.strip() for part in OMISSION.split(wanted)]
    return [part for part in parts if part] if len(parts) > 1 else []


def _too_short(parts: list[str]) -> bool:
    """Return whether one of the parts is only a word or two, which could occur anywhere."""
    return any(len(part) < SHORTEST for part in parts)


def _holds_in_order(text: str, parts: list[str]) -> bool:
    """Return whether a text contains every part, one after the other."""
    held, at = squeeze(text), 0
    for part in parts:
        found = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)").search(held, at)
        if found is None:
            return False
        at = found.end()
    return True


def _holds(text: str, wanted: str) -> bool:
    """Return whether a text contains the words `wanted` as whole words. White space is normalised in the text here, and
    was in `wanted` before."""
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", squeeze(text)) is not None


def proposals_of(assessment: str, criterion: str | None) -> shapes.Proposals:
    """Return what the machine proposed in an assessment, for one criterion or for all, and with each proposal a
    person's verdict and name if there is one. Raises NotFound if nothing was proposed."""
    from kb.assessment.proposals import machine_states
    from kb.assessment.review import numbered
    from kb.config import settings
    from kb.framework import load
    from kb.log import open_workspace

    framework = load(settings().corpus / "framework")
    wanted = [framework.criterion(criterion).id] if criterion else [each.id for each in framework.criteria()]
    with open_workspace() as opened:
        states = machine_states(opened, assessment, framework)
        if all(state == "not-run" for state in states.values()):
            raise NotFound(
                f"nothing was proposed in an assessment '{assessment}'.", do="Ask the person for its name (assessment)."
            )
        found = numbered(opened, assessment, *wanted)
    return shapes.Proposals(
        assessment=assessment,
        note=NOTE,
        criteria_without_evidence=tuple(id for id in wanted if states[id] == "no-evidence-found"),
        proposals=tuple(
            shapes.Proposed(
                id=each.passage,
                criterion=each.criterion,
                policy=each.policy,
                wording="verbatim",
                text=each.text,
                may_quote=each.verbatim,
                force="national-measure",
                force_words=FORCE_WORDS["national-measure"],
                citation=each.citation,
                verdict_of_a_person=f"{each.verdict} by {each.verdict_by}" if each.verdict else "",
            )
            for each in found
        ),
    )
