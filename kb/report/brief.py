"""An advocate's brief on a group of people, a sector or a question: what binds, what was promised and what was
recommended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kb.commitments.documents import OWN_WORDS
from kb.errors import InputError
from kb.i18n import day, language, later, t
from kb.models import FORCE_WORDS, Passage
from kb.report.blocks import Bullets, Heading, Quote, Report, ReportBlock, Text, translated_note
from kb.search import Hit, Searcher
from kb.search.browse import by_force

EACH = {
    "legal-obligation": 3,
    "political-commitment": 3,
    "expert-recommendation": 1,
    "national-measure": 2,
    "observation": 0,
}
"""Passages per force: two pages in total."""
LONGEST = 450
"""Characters of a passage; a dozen of this length fill two pages. Longer ones are left to the search; none is cut."""
LOOKED = 15
"""Hits per force from which the short ones are chosen."""
MORE_LOOKED = 4
"""Factor for more hits if recitals took the places; 60 hits are more than the recitals of any treaty."""
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
NO_QUOTATION = later(
    "A line marked “statement of the knowledge base” is no quotation: quote the official text instead."
)
CHOSEN = later(
    "What is not in this brief is not thereby absent: it holds a few passages of each kind, the one that fits the "
    "question "
    "best and others that are short enough to be given whole. The search has all of them."
)
PICKED = later("These passages were picked by hand. What is not in this brief is not thereby absent.")


LEFT_OUT = 3
"""Passages that are named because they are too long for the brief; more would need a third page."""


def brief(
    searcher: Searcher,
    title: str,
    query: str = "",
    filters: Sequence[tuple[str, str]] = (),
    *,
    on: date,
    picked: Iterable[Hit | Passage] = (),
    more: int = 1,
    addresses: Mapping[str, str] | None = None,
) -> Report:
    """Return the brief with this title.

    `picked` are passages that a person chose; without them the best matches of `query` are taken, `more` times EACH for
    each force. A passage must match all `filters` (facet, term): a brief on two groups holds passages about both. `on`
    is the day printed, and `addresses` maps documents to the addresses of official texts. Raises InputError if neither
    query, filters nor passages are given, and QueryError as search does.
    """
    chosen = tuple(picked)
    if not chosen and not query.strip() and not filters:
        raise InputError(
            t("A brief needs a question, a group or a sector."),
            do=t("Write a question, or choose a group or a sector."),
        )
    found = [] if chosen else _found(searcher, query, filters)
    shown = _grouped(chosen) if chosen else _best(found, more)
    every = [hit for hits in shown.values() for hit in hits]
    common = _common(every)
    blocks: list[ReportBlock] = [Heading(text=t("What this brief holds"), level=2), Text(text=_short(shown, filters))]
    for force, hits in shown.items():
        head, about = HEADS.get(force, (FORCE_WORDS[force], ""))
        quotes = (_quote(hit, common) for hit in hits)
        blocks += [Heading(text=t(head), level=2), *([Text(text=t(about))] if about else []), *quotes]
    shared = [
        t("Of {n} of the passages: {note}", n=sum(note in hit.notes for hit in every), note=translated_note(note))
        for note in common
    ]
    notes = [t(NO_QUOTATION), t(PICKED if chosen else CHOSEN), *_left_out(found, shown), *shared]
    blocks += [Heading(text=t("How to use this"), level=2), Bullets(items=tuple(notes))]
    if texts := [f"{_short_citation(hit)}: {each}" for hit, each in _addressed(every, addresses or {})]:
        blocks += [Heading(text=t("Where the official texts are"), level=2), Bullets(items=tuple(texts))]
    title = title[:1].upper() + title[1:]
    return Report(title=title, language=language(), subtitle=t("A brief of {on}", on=day(on)), blocks=tuple(blocks))


def _left_out(found: Sequence[Hit], shown: Mapping[str, Sequence[Hit | Passage]]) -> list[str]:
    """Return a line that names the hits that rank above something shown but are too long; no line if there are none."""
    lines = []
    for force, hits in by_force(found).items():
        held = {hit.id for hit in shown.get(force, ())}
        last = max((at for at, hit in enumerate(hits) if hit.id in held), default=-1)
        lines += [_short_citation(hit) for hit in hits[: last + 1] if hit.id not in held and len(hit.text) > LONGEST]
    rest = [t("and {count} more", count=len(lines) - LEFT_OUT)] if len(lines) > LEFT_OUT else []
    them = "; ".join([*lines[:LEFT_OUT], *rest])
    return [t("These fit as well and are too long for this brief: {them}.", them=them)] if lines else []


def _short_citation(hit: Hit | Passage) -> str:
    """Return the citation without the full title of the instrument, which is printed beside the quotation; for a
    policy, the complete citation."""
    return hit.citation if hit.force == "national-measure" else hit.citation.split(", ")[0]


def _addressed(every: Sequence[Hit | Passage], addresses: Mapping[str, str]) -> list[tuple[Hit | Passage, str]]:
    """Return the first passage of each document whose official text has an address, with that address."""
    first = {hit.document: hit for hit in reversed(every)}
    return [
        (hit, addresses[hit.document]) for hit in every if first[hit.document] is hit and addresses.get(hit.document)
    ]


def _found(searcher: Searcher, query: str, filters: Sequence[tuple[str, str]]) -> list[Hit]:
    """Return the hits for the question among passages that match all filters, without recitals."""
    every = " AND ".join(f'{facet}:"{term}"' for facet, term in filters)
    asked = f"({query}) AND {every}" if query.strip() and len(filters) > 1 else query if query.strip() else every
    looked = LOOKED
    while True:
        found = searcher.search(asked, facets=list(filters), per_force=looked).hits
        # A recital gives a reason or a rule of work: it binds nobody. A treaty may begin with more than are looked at.
        kept = {force: [hit for hit in hits if hit.kind != "procedural"] for force, hits in by_force(found).items()}
        if all(len(kept[force]) >= LOOKED or len(hits) < looked for force, hits in by_force(found).items()):
            return [hit for hits in kept.values() for hit in hits[:LOOKED]]
        looked *= MORE_LOOKED


def _common(shown: Sequence[Hit | Passage]) -> tuple[str, ...]:
    """Return the notes that several passages share; they are printed once, at the end."""
    counted = Counter(note for hit in shown for note in hit.notes if note != OWN_WORDS)
    return tuple(note for note, number in counted.items() if number > 1)


def _grouped(chosen: Sequence[Hit | Passage]) -> dict[str, list[Hit | Passage]]:
    """Group the chosen passages by force, in the order of the choice."""
    return {force: held for force in FORCE_WORDS if (held := [one for one in chosen if one.force == force])}


def _best(found: Sequence[Hit], more: int) -> dict[str, list[Hit | Passage]]:
    """Return for each force the best hit, whatever its length, and others that are short enough, up to `more` times
    EACH; quotable ones come first."""
    best: dict[str, list[Hit | Passage]] = {}
    for force, hits in by_force(found).items():
        if EACH[force]:
            short = sorted((hit for hit in hits[1:] if len(hit.text) <= LONGEST), key=lambda hit: not hit.may_quote)
            best[force] = sorted([hits[0], *short[: more * EACH[force] - 1]], key=lambda hit: not hit.may_quote)
    return best


def _quote(hit: Hit | Passage, common: Sequence[str]) -> Quote:
    """Return a hit as a quotation with its own notes; a merely near passage gets a note that says so."""
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
        notes=(*near, *(note for note in hit.notes if note != OWN_WORDS and note not in common)),
    )


def _short(shown: Mapping[str, Sequence[Hit | Passage]], filters: Sequence[tuple[str, str]]) -> str:
    """Return in words how many passages of each force follow, and what they have in common."""
    counts = [f"{len(hits)} × {t(FORCE_WORDS[force]).split(' (')[0].lower()}" for force, hits in shown.items()]
    ours = any(hit.wording == "own-words" for hits in shown.values() for hit in hits)
    own = t(" Lines in our words say so; they are no quotations.") if ours else ""
    every = ""
    if len(filters) > 1:
        every = (
            t(" Each is about both of the chosen subjects.")
            if len(filters) == 2
            else t(" Each is about all {n} of the chosen subjects.", n=len(filters))
        )
    if not counts:
        return (
            t("No passage here is about both of the chosen subjects. Leave one out.")
            if len(filters) == 2
            else t("No passage here is about all of the chosen subjects. Leave one out.")
        )
    return t("Passages by their legal status: {counts}.{own}", counts=", ".join(counts), own=every + own)
