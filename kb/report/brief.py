"""An advocate's brief on a group of people, a sector or a question: what binds, what was promised, what was
recommended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kb.commitments.documents import OWN_WORDS
from kb.errors import InputError
from kb.i18n import day, language, later, t
from kb.models import FORCE_WORDS, Passage
from kb.report.blocks import Block, Bullets, Heading, Quote, Report, Text
from kb.search import Hit, Searcher
from kb.search.browse import as_query, by_force

EACH = {
    "legal-obligation": 3,
    "political-commitment": 3,
    "expert-recommendation": 1,
    "national-measure": 2,
    "observation": 0,
}
"""Passages of each force: together two pages."""
LONGEST = 450
"""Characters of a passage: two pages hold a dozen of these. Longer ones stand in the search; none is cut."""
LOOKED = 15
"""Passages of each force among which the short ones are chosen."""
HEADS = {
    "legal-obligation": (
        later("What binds States"),
        later("Treaty obligations bind States parties only, with the limits that each provision names."),
    ),
    "political-commitment": (
        later("What States promised"),
        later("Declarations and plans that States adopted. They are commitments, not treaties."),
    ),
    "expert-recommendation": (
        later("What an expert recommended"),
        later("A consultant’s paper of 2008. States have not agreed to it."),
    ),
    "national-measure": (later("What national measures say"), later("Laws, plans and programmes of one country.")),
}
NOTES = (
    later("A line marked “in our words” is no quotation. Quote the official text instead."),
    later(
        "What is not in this brief is not thereby absent: it holds a few passages of each kind, those that fit the "
        "question best and are "
        "short enough to be given whole. The search has all of them."
    ),
)


def brief(
    searcher: Searcher,
    title: str,
    query: str = "",
    filters: Sequence[tuple[str, str]] = (),
    *,
    on: date,
    picked: Iterable[Hit | Passage] = (),
) -> Report:
    """The brief. `picked` are passages that a person chose; without them the best of each force are taken.

    Raises InputError where nothing is asked for, and QueryError as search does."""
    chosen = tuple(picked)
    if not chosen and not query.strip() and not filters:
        raise InputError(
            t("A brief needs a question, a group or a sector."), do=t("Give one, e.g. --group older-persons.")
        )
    terms: dict[str, list[str]] = {}
    for name, term in filters:
        terms.setdefault(name, []).append(term)
    if chosen:
        shown = _grouped(chosen)
    else:
        asked = query if query.strip() else as_query(terms)
        found = searcher.search(asked, facets=list(filters), per_force=LOOKED).hits
        # A recital gives a reason or a rule of work: it binds nobody.
        shown = _best([hit for hit in found if hit.kind != "procedural"])
    blocks: list[Block] = [Heading(text=t("In short"), level=2), Text(text=_short(shown))]
    for force, hits in shown.items():
        head, about = HEADS.get(force, (FORCE_WORDS[force], ""))
        blocks += [Heading(text=t(head), level=2), *([Text(text=t(about))] if about else []), *map(_quote, hits)]
    blocks += [Heading(text=t("How to use this"), level=2), Bullets(items=tuple(map(t, NOTES)))]
    return Report(title=title, language=language(), subtitle=t("A brief of {on}", on=day(on)), blocks=tuple(blocks))


def _grouped(chosen: Sequence[Hit | Passage]) -> dict[str, list[Hit | Passage]]:
    """What a person chose, by force; in the order of the choice within each."""
    return {force: held for force in FORCE_WORDS if (held := [one for one in chosen if one.force == force])}


def _best(found: Sequence[Hit]) -> dict[str, list[Hit | Passage]]:
    """The best of each force that can be given whole; the best one where all are longer."""
    best: dict[str, list[Hit | Passage]] = {}
    for force, hits in by_force(found).items():
        if EACH[force]:
            short = [hit for hit in hits if len(hit.text) <= LONGEST]
            best[force] = [*(short[: EACH[force]] or hits[:1])]
    return best


def _quote(hit: Hit | Passage) -> Quote:
    """A hit as it may be quoted, with what limits it; near passages say that they are only near."""
    near = (
        (t("Nearest passage: it does not say what was asked."),)
        if isinstance(hit, Hit) and hit.why.get("nearest")
        else ()
    )
    return Quote(
        text=hit.text,
        citation=hit.citation,
        wording=hit.wording,
        checked=hit.may_quote or hit.wording == "own-words",
        force=hit.force,
        notes=(*near, *(note for note in hit.notes if note != OWN_WORDS)),
    )


def _short(shown: Mapping[str, Sequence[Hit | Passage]]) -> str:
    """How many of each force stand below, in words."""
    counts = [f"{len(hits)} {t(FORCE_WORDS[force]).split(' (')[0].lower()}" for force, hits in shown.items()]
    ours = any(hit.wording == "own-words" for hits in shown.values() for hit in hits)
    own = t(" Lines in our words say so; they are no quotations.") if ours else ""
    return t("Passages below by their legal status: {counts}.{own}", counts=", ".join(counts) or "none", own=own)
