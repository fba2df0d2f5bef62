"""The text of a document as HTML: headings, paragraphs and page numbers, with passages highlighted and one in a box."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import streamlit as st

from kb.assessment.models import PolicyVersion
from kb.assessment.policies import document_of
from kb.assessment.quoting import SearchedText
from kb.i18n import later, t
from kb.models import Document, Passage, Span
from kb.text import bare
from kb.ui import markup, resources
from kb.ui.waiting import WaitingText

WINDOW = 150
"""Passages shown before and after the middle one, about fifty pages; links lead to the rest."""
LONGEST_FIND = 200
"""Maximum characters of the words to find in a document."""


@dataclass(frozen=True)
class Highlight:
    """Passages that are highlighted together, and the number printed beside them."""

    number: int
    passages: frozenset[str]


@dataclass(frozen=True)
class Ink:
    """A code on some words of a passage or on all of them (`span` None): its label, and whether it is the reader's
    own."""

    words: str
    span: Span | None = None
    own: bool = True


@dataclass(frozen=True)
class LawHtml:
    """A document as three pieces of HTML: the text before the boxed passages, the box (`here`), and the text after it;
    and the number of matches of the searched words in the part that is shown."""

    before: str
    here: str
    after: str
    matches: int = 0


def document_here(version: PolicyVersion) -> Document:
    """Return the text of a policy version (cached)."""
    return _document(resources.workspace_address(), version.document, version)


# texts of some policies, a megabyte each
@st.cache_resource(max_entries=20, show_spinner=WaitingText(later("Opening the text…")))
def _document(workspace: str, sha256: str, _version: PolicyVersion) -> Document:
    with resources.workspace().reading() as reader:
        return document_of(reader, _version)


def covered(document: Document, passage: str, words: str) -> frozenset[str]:
    """Return the ids of the passages that contain `words`: the passage in which they begin, and the following ones
    as long as their text is part of the words."""
    first = SearchedText(document).find(words, passage)
    ids = [one.id for one in document.passages]
    start = first.id if first else passage
    if start not in ids:
        return frozenset()
    wanted, held = bare(words), [start]
    for one in document.passages[ids.index(start) + 1 :]:
        if not bare(one.text) or bare(one.text) not in wanted:
            break
        held.append(one.id)
    return frozenset(held)


def sheet(
    passages: Sequence[Passage],
    marks: Iterable[Highlight],
    here: Mapping[str, str] | None = None,
    *,
    find: str = "",
    tags: Mapping[str, Sequence[str]] | None = None,
    link: Callable[[Passage], str] | None = None,
    inks: Mapping[str, Sequence[Ink]] | None = None,
) -> LawHtml:
    """Return the document as HTML: at most WINDOW passages on each side of the boxed ones (or of the beginning).

    `marks` are highlighted passages with their numbers. `here` maps the ids of the boxed passages to the label of the
    box. `find` is text to highlight. `tags` maps passage ids to short labels printed after the passage; `inks` maps
    them to their codes. `link` returns the address of a passage.
    """
    here, tags, inks = here or {}, tags or {}, inks or {}
    order = [n for n, one in enumerate(passages) if one.id in here]
    middle = order[0] if order else 0
    first, last = max(0, middle - WINDOW), min(len(passages), middle + WINDOW)
    numbers = {id: mark.number for mark in marks for id in mark.passages}
    parts: list[list[str]] = [[], [], []]
    page, matches = None, 0
    for n in range(first, last):
        one = passages[n]
        side = 1 if one.id in here else 0 if n < middle else 2
        if one.place.page not in (None, page):
            page = one.place.page
            parts[side].append(f'<p class="k-folio"><span>{t("page {page}", page=page)}</span></p>')
        body, found = _found(one.text, find, inks.get(one.id, ()))
        matches += found
        parts[side].append(
            _one(
                one,
                f"<span data-text>{body}</span>",
                None if side == 1 else numbers.get(one.id),
                (*tags.get(one.id, ()), *(ink.words for ink in inks.get(one.id, ()))),
                link(one) if link else "",
            )
        )
    before = [f'<p class="k-folio">{t("The text begins earlier.")}</p>'] * bool(first) + parts[0]
    after = parts[2] + [f'<p class="k-folio">{t("The text goes on.")}</p>'] * (last < len(passages))
    tab = next(iter(here.values()), "")
    box = f'<div class="k-here"><span class="k-tab">{escape(tab)}</span>{"".join(parts[1])}</div>' if parts[1] else ""
    return LawHtml("".join(before), box, "".join(after), matches)


def _one(passage: Passage, body: str, number: int | None, tags: Sequence[str], to: str) -> str:
    """Return one passage as HTML: a heading, or a paragraph with a note if its words are not the source's. `body` is
    its text as HTML, `number` that of a proposal, `to` the address of a link to it ('' for none)."""
    anchor = f'id="p-{escape(passage.id, quote=True)}" data-passage="{escape(passage.id, quote=True)}"'
    spoken = f'lang="{escape(passage.language, quote=True)}" dir="auto"'
    if passage.kind in ("title", "heading"):
        level = "h2" if passage.kind == "title" or len(passage.section) < 2 else "h3"
        small = "".join(f'<span class="k-tag">{escape(tag)}</span>' for tag in tags)
        return f"<{level} {anchor} {spoken}>{body}{small}</{level}>"
    if number is not None:
        body = (
            f'<span class="k-faintmark">{body}<sup aria-hidden="true">{number}</sup></span><span class="k-sr">'
            f" {t('(proposal {number})', number=number)}</span>"
        )
    wording = markup.wording_of(passage.wording, passage.may_quote)
    ours = "" if wording == "verbatim" else f'<span class="k-whose">{escape(markup.WORDINGS[wording])}</span> '
    mark = (
        (f'<a class="k-pin" href="{escape(to, quote=True)}" aria-label="{t("Link to this passage")}">¶</a>')
        if to
        else ""
    )
    small = mark + "".join(f'<span class="k-tag">{escape(tag)}</span>' for tag in tags)
    return (
        f'<p {anchor} {spoken} class="{"k-sub" if passage.number else ""}" '
        f'data-wording="{wording}">{ours}{body}{small}</p>'
    )


def _found(text: str, wanted: str, inks: Sequence[Ink] = ()) -> tuple[str, int]:
    """Return the text as HTML, with matches of `wanted` highlighted and coded words underlined, and the number of
    matches.

    No character of the text is changed: the offsets of a selection are counted in it.
    """
    words = wanted.strip()[:LONGEST_FIND]
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE) if words else None
    places = [match.span() for match in pattern.finditer(text)] if pattern else []
    coded = [(ink.span or (0, len(text)), ink.own) for ink in inks]
    ends = {0, len(text), *(at for place in places for at in place), *(at for span, _ in coded for at in span)}
    cuts = sorted(at for at in ends if 0 <= at <= len(text))
    parts = []
    for start, end in pairwise(cuts):
        piece = escape(text[start:end])
        if any(first <= start and end <= last for first, last in places):
            piece = f"<mark>{piece}</mark>"
        owners = {own for (first, last), own in coded if first <= start and end <= last}
        if owners:
            piece = f'<span class="k-ink{"" if True in owners else " k-other"}">{piece}</span>'
        parts.append(piece)
    return "".join(parts), len(places)
