"""Draw hits as one block of HTML: text, citation, force as a coloured edge and a word, and the notes in an
expandable chip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from kb.citing.promises import sentence_of
from kb.i18n import TranslatedLabels, t
from kb.languages import MAIN
from kb.models import FORCE_WORDS, Force, Passage, Span, marked
from kb.search import Hit
from kb.search.browse import reason
from kb.ui import markup, resources
from kb.ui.address import href
from kb.ui.quote import quotable

CHIPS = TranslatedLabels(
    {
        "own-words": "Our words, not the text’s",
        "unchecked": "Not checked: do not quote it",
        "former": "Words of a former text",
    }
)
"""Short label of whose words a text is. The source's own words need none."""


def force_line(force: str) -> str:
    """Return the force as HTML: its symbol and its words."""
    return markup.force(Force(force).sign, t(FORCE_WORDS[force]))


def shaped(force: str) -> str:
    """Return the force as HTML: a shape drawn by the style sheet, and its words."""
    edge = Force(force).shape
    return (
        f'<span class="k-force k-{edge}"><span class="k-f k-f-{edge}" aria-hidden="true"></span>'
        f"{escape(t(FORCE_WORDS[force]))}</span>"
    )


def hits(found: Iterable[Hit], *, nearest: bool) -> str:
    """Return hits as an HTML list. `nearest` says that none of them matches the query."""
    forces = {force: shaped(force) for force in Force}
    spoken = resources.languages()
    rows = (_hit(one, forces[one.force], spoken.get(one.document, MAIN), nearest=nearest) for one in found)
    return f'<ol class="k-hits">{"".join(rows)}</ol>'


def _hit(hit: Hit, force: str, language: str, *, nearest: bool) -> str:
    """Return one hit as HTML. `force` is HTML, `language` that of the document; with `nearest` the hit is marked as
    only near in meaning, since nothing matches the query. The browser's script handles its checkbox and its Copy
    button."""
    wording = markup.wording_of(hit.wording, hit.may_quote)
    far = nearest or hit.why.get("nearest", False)
    near = f'<span class="kb-near">{t("≈ Nearest passage: does not say it")}</span>' if far else ""
    if not far and not hit.why.get("matches", True):
        near = f'<span class="kb-near">{t("≈ Near in meaning: it is not among the passages that match")}</span>'
    copy = quotable(hit.text, hit.citation, hit.force, hit.notes, wording=wording)
    id, shape = escape(hit.id, quote=True), Force(hit.force).shape
    return (
        f'<li class="k-hit k-{shape}" data-hit="{id}"><input type="checkbox" class="k-tick" data-pick="'
        f'{id}" aria-label="{t("Pick {citation}", citation=escape(hit.citation, quote=True))}"><div class="kb-head" '
        f'data-wording="'
        f'{wording}">{near}{_trail(hit, language)}{_text(hit, wording, language)}{_explained(hit)}<p class="kb-cite">'
        f'<a href="'
        f'{escape(href("passage", {"id": hit.id}), quote=True)}">{escape(hit.citation)}</a></p><div class="k-line">'
        f'{force}{_chip(hit, wording)}<button type="button" class="k-bare" data-copy="{escape(copy, quote=True)}'
        f'">{t("Copy")}</button><a href="{escape(href("read", {"document": hit.document, "at": hit.id}), quote=True)}'
        f'">{t("Read on")}</a></div></div></li>'
    )


def _trail(hit: Hit, language: str) -> str:
    """Return the innermost heading above the passage, in the document's language."""
    return f'<p class="k-small k-quiet">{markup.spoken(hit.section[-1], language)}</p>' if hit.section else ""


def _text(hit: Hit, wording: str, language: str) -> str:
    """Return the text with highlights. Only the source's own words are a block quotation in a serif face."""
    kind, tag = ("k-ours kb-text", "div") if wording == "own-words" else ("k-says kb-text", "blockquote")
    whose = f'<span class="k-sr">{escape(markup.WORDINGS[wording])}. </span>'
    spoken = escape(language, quote=True)
    words = f'<span lang="{spoken}" dir="auto">{markup.words(hit.text, hit.why.get("marks", ()))}</span>'
    return f'<{tag} class="{kind}" dir="auto">{whose}{words}</{tag}>'


def _explained(hit: Hit) -> str:
    """Return our statement of the commitment, shown under the official words and marked as ours."""
    return markup.line(marked(sentence_of(hit.statement, hit.id), "own-words")) if hit.statement else ""


def _chip(hit: Hit, wording: str) -> str:
    """Return an expandable chip as HTML: whose words these are, all notes, and why the passage was found."""
    also = t(" The same words stand in {also}.", also=", ".join(hit.also)) if hit.also else ""
    title = CHIPS.get(wording) or (t("Limits") if hit.notes else t("Why this"))
    rows = [escape(markup.WORDINGS[wording]), *map(markup.noted, hit.notes), escape(reason(hit.why, hit.text) + also)]
    body = _to_official(hit, wording) + "".join(f"<li>{row}</li>" for row in rows)
    return f'<details class="k-chip"><summary>{escape(title)}</summary><ul>{body}</ul></details>'


def _to_official(hit: Hit, wording: str) -> str:
    """Return a link from a statement in our words to its entry, which has the official text or a way to add it; '' for
    any other hit."""
    if wording != "own-words" or hit.document not in {one.id for one in resources.register()}:
        return ""
    to = markup.anchor(href("commitments", {"id": hit.id}), t("Official text"))
    return f"<li>{t('Quote the official text, not this line: {to}', to=to)}</li>"


def show_around(id: str, marks: Sequence[Span] = (), reach: int = 1) -> None:
    """Draw the passage `id` between its neighbours, `reach` on each side. `marks` are spans to highlight in the passage
    (character offsets)."""
    passages: list[Passage] = resources.searcher().index.store.around(id, reach, reach)
    st.html(
        "".join(
            markup.passage(
                p.text,
                current=p.id == id,
                citation=p.citation,
                language=p.language,
                wording=markup.wording_of(p.wording, p.may_quote),
                marks=marks if p.id == id else (),
            )
            for p in passages
        )
    )
