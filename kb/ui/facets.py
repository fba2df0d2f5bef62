"""The filters of a search as one block of HTML. Each term is a link that adds or removes it, with its count."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from urllib.parse import quote_plus

from kb.i18n import t
from kb.models import FORCE_WORDS, Force
from kb.search.browse import Browsed
from kb.ui import markup, resources
from kb.ui.address import href
from kb.ui.content import FacetText, ScreenLabels

TERMS = 8
"""Terms of a filter that are visible; the rest unfolds."""

Query = dict[str, str | list[str]]


def facets(browsed: Browsed, filters: dict[str, list[str]], query: Query) -> str:
    """Return the filters as HTML: each facet with at least two terms, or with a chosen one. `query` holds the keys of
    the search without filters and page."""
    body, labels = "", resources.labels()
    for facet in resources.content().facets:
        choices = browsed.choices.get(facet.name, {})
        if len(choices) > 1 or facet.name in filters:
            body += _facet(facet, choices, filters, query, labels)
    rule = t("Two ticks in one list: one of them is enough. Ticks in two lists: both must be there.")
    return (
        f'<nav class="k-filters" aria-label="{t("Filter")}"><h2>{t("Filter")}</h2>'
        f'<p class="k-small k-quiet">{rule}</p>{body}</nav>'
    )


def _facet(
    facet: FacetText, choices: dict[str, int], filters: dict[str, list[str]], query: Query, labels: ScreenLabels
) -> str:
    """Return one filter as HTML: chosen terms first, then by frequency. `choices` maps terms to numbers of passages."""
    chosen = filters.get(facet.name, [])
    base = href("search", {**query, **{name: terms for name, terms in filters.items() if name != facet.name}})
    ordered = sorted(choices, key=lambda term: (term not in chosen, -choices[term], term))
    rows = [_term(facet, term, choices[term], chosen, base, labels) for term in ordered]
    rest = (
        (
            f'<details class="k-fold k-small"><summary>{t("{count} more", count=len(rows) - TERMS)}</summary>'
            f"<ul>{''.join(rows[TERMS:])}</ul></details>"
        )
        if len(rows) > TERMS
        else ""
    )
    opened = " open" if facet.open or chosen else ""
    return (
        f'<details class="k-fold"{opened}><summary>{escape(t(facet.title))}</summary>'
        f"{_together(facet.name, chosen, filters, query)}<ul>{''.join(rows[:TERMS])}</ul>{rest}</details>"
    )


def _together(name: str, chosen: list[str], filters: dict[str, list[str]], query: Query) -> str:
    """Return the note under a filter of which several terms are chosen: a passage needs only one of them. For facets
    of a brief, add links to passages with all of them."""
    if len(chosen) < 2:
        return ""
    ways, about = "", resources.roles().brief
    if name in about:
        every = " AND ".join(f'{name}:"{term}"' for term in chosen)
        asked = str(query.get("q", "")).strip()
        rest = {other: terms for other, terms in filters.items() if other != name}
        to = href("search", {**query, "q": f"({asked}) AND {every}" if asked else every, **rest})
        brief = href("brief", {"q": asked, **{key: terms for key, terms in filters.items() if key in about}})
        all_of = t("Only what has both") if len(chosen) == 2 else t("Only what has all {n}", n=len(chosen))
        ways = f" {markup.anchor(to, all_of)} · {markup.anchor(brief, t('A brief on what has all that is ticked'))}"
    sentence = t("One of the {n} is enough here.", n=len(chosen))
    return f'<p class="k-small">{escape(sentence)}{ways}</p>'


def _term(facet: FacetText, term: str, count: int, chosen: list[str], base: str, labels: ScreenLabels) -> str:
    """Return one term as a link that shows whether it is chosen. `base` is the address without this filter, built once:
    a page has about a hundred terms whose addresses differ only at the end."""
    on = term in chosen
    to = _to(base, facet.name, [one for one in chosen if one != term] if on else [*chosen, term])
    words = labels.term(facet.name, term)
    return (
        f'<li><a class="k-term" href="{escape(to, quote=True)}"{" aria-current=true" if on else ""}>'
        f'<span class="k-box" aria-hidden="true">{"✓" if on else ""}</span>'
        f"{_shape(facet.name, term)}<span>{escape(words)}</span>"
        f'<span class="k-num">{count}</span><span '
        f'class="k-sr">{t(". Chosen: take it out") if on else ""}</span></a></li>'
    )


def _to(base: str, facet: str, terms: list[str]) -> str:
    """Return `base` with the terms of one filter added."""
    added = "&".join(f"{facet}={_quoted(term)}" for term in terms)
    return f"{base}{'&' if '?' in base else '?'}{added}" if added else base


# the terms of all filters, some thousand with the documents; the same on every page of results
@lru_cache(maxsize=10_000)
def _quoted(term: str) -> str:
    return quote_plus(term)


def _shape(facet: str, term: str) -> str:
    """Return the symbol of a force, as on every hit; '' for other facets."""
    edge = Force(term).shape if facet == "force" and term in FORCE_WORDS else None
    return f'<span class="k-{edge}"><span class="k-f k-f-{edge}" aria-hidden="true"></span></span>' if edge else ""


def toggled(filters: dict[str, list[str]], name: str, term: str) -> dict[str, list[str]]:
    """Return the filters with one term added, or removed if it was chosen."""
    held = filters.get(name, [])
    terms = [one for one in held if one != term] if term in held else [*held, term]
    return {key: value for key, value in {**filters, name: terms}.items() if value}


def chosen(filters: dict[str, list[str]], query: Query) -> str:
    """Return the active filters as HTML, each a link that removes it."""
    if not filters:
        return ""
    labels = resources.labels()
    pills = "".join(
        (
            f'<a class="k-pill k-on" '
            f'href="{escape(href("search", {**query, **toggled(filters, name, term)}), quote=True)}'
            f'">{escape(labels.facet(name))}: {escape(labels.term(name, term))} <span aria-hidden="true">'
            f'✕</span><span class="k-sr"> {t("take it out")}</span></a>'
        )
        for name, terms in filters.items()
        for term in terms
    )
    every = (
        f'<a href="{escape(href("search", query), quote=True)}">{t("Take out all filters")}</a>'
        if sum(map(len, filters.values())) > 1
        else ""
    )
    return f'<div class="k-pills" role="group" aria-label="{t("Filters in force")}">{pills}{every}</div>'
