"""Pieces of HTML from data. Every text is escaped here; nothing that comes from a source or a user goes in as
markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from kb.i18n import Words, t
from kb.languages import MAIN
from kb.models import Span
from kb.report.blocks import spoken

_INLINE = re.compile(r"[\\`*_\[\]<>$~!^&]|:(?=[\w/])")


WORDINGS = Words(
    {
        "verbatim": "Verbatim: the words of the source",
        "own-words": "In our words: not a quotation",
        "former": "The words of the former text, as they were quoted",
        "unchecked": "Not checked against the source: do not quote it as it stands",
    }
)
"""Whose words a text is, as it stands before each. 'unchecked': given or recognised as a quotation, found in no stored
text."""


def wording_of(wording: str, may_quote: bool) -> str:
    """The key of WORDINGS for the two fields of a passage."""
    return "unchecked" if wording == "verbatim" and not may_quote else wording


def words(text: str, marks: Iterable[Sequence[int]]) -> str:
    """A text with the words at `marks` (character spans of `text`) in <mark>; overlapping marks count once."""
    parts, at = [], 0
    for start, end in sorted((int(mark[0]), int(mark[1])) for mark in marks):
        if start < at or end > len(text):
            continue
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join((*parts, escape(text[at:])))


def marked(text: str, marks: Iterable[Sequence[int]], *, wording: str, language: str = MAIN, lead: str = "") -> str:
    """A text with the words at `marks` (character spans of `text`) in <mark>, after the line that says whose words it
    is.

    `wording` is a key of WORDINGS; a text in our own words is no <blockquote>. `lead` is a word before the text.
    """
    body = words(text, marks)
    before = f'<span class="kb-lead">{escape(lead)}</span> ' if lead else ""
    tag, kind = ("div", "kb-text kb-own") if wording == "own-words" else ("blockquote", "kb-text")
    return (
        f'<p class="kb-wording" data-wording="{wording}">{WORDINGS[wording]}</p>'
        f'<{tag} class="{kind}" lang="{escape(language, quote=True)}" dir="auto">{before}{body}</{tag}>'
    )


def line(text: str, kind: str = "quiet") -> str:
    """A line of small print."""
    return f'<p class="kb-{kind}">{escape(text)}</p>'


def notes(given: Iterable[str]) -> str:
    """Notices for the reader, one line each, with a sign and a word before it. The program's own, which a passage
    keeps in English, are told in the reader's language."""
    rows = "".join(f"<li>{escape(spoken(note))}</li>" for note in given)
    return f'<ul class="kb-notes" aria-label="{t("Notes")}">{rows}</ul>' if rows else ""


def force(sign: str, words: str) -> str:
    """The force in words beside its sign."""
    return f'<span class="kb-force"><span aria-hidden="true">{escape(sign)}</span> {escape(words)}</span>'


def trail(section: Sequence[str]) -> str:
    """The headings above a passage."""
    return line(" › ".join(section), "trail") if section else ""


def passage(
    text: str, *, current: bool, citation: str, wording: str, language: str = MAIN, marks: Iterable[Span] = ()
) -> str:
    """One passage among its neighbours; the current one says so."""
    lead = t("This passage:") if current else ""
    kind = "current" if current else "beside"
    words = marked(text, marks, wording=wording, language=language, lead=lead)
    return f'<div class="kb-{kind}">{words}{line(citation, "cite")}</div>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values as a description list; empty values are left out."""
    body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
    return f'<dl class="kb-facts">{body}</dl>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A small table of texts; the first cell of each row is its header."""
    return grid(heads, ((row[0], [escape(cell) for cell in row[1:]]) for row in rows), caption)


def _under(item: str) -> str:
    """The name of the fold below an item, for a screen reader: the item's own first words."""
    words = re.sub(r"<[^>]*>", " ", item.partition("</a>")[0])
    return f'<span class="k-sr">{t("Under {split}", split=" ".join(words.split()))}</span>'


def anchor(href: str, text: str) -> str:
    """A link inside a text."""
    return f'<a href="{escape(href, quote=True)}">{escape(text)}</a>'


def outline(rows: Sequence[tuple[int, str]], *, open: bool) -> str:
    """A nested list from (depth, HTML of the item); what stands under an item can be folded. The fold is a control of
    its own: one with links inside it is read by no screen reader as two."""
    parts: list[str] = ['<div class="kb-outline">']
    depth = -1
    for i, (level, body) in enumerate(rows):
        holds = i + 1 < len(rows) and rows[i + 1][0] > level
        parts += ["<ul>"] * max(0, level - depth) + ["</ul></details></li>"] * max(0, depth - level)
        parts.append(
            f"<li><div>{body}</div><details{' open' if open else ''}><summary>{_under(body)}</summary>"
            if holds
            else f"<li><div>{body}</div></li>"
        )
        depth = level
    return "".join((*parts, "</ul></details></li>" * depth, "</ul></div>"))


def grid(heads: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], caption: str) -> str:
    """A table whose cells are HTML made by this module; heads and row names are text, a second line of a
    head is small."""
    top = "".join(f'<th scope="col">{_head(*head.split(chr(10), 1))}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        for name, cells in rows
    )
    return (
        f'<div class="kb-scroll" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">'
        f'<table class="kb-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(title: str, below: str = "") -> str:
    """The head of a column, in one line or two."""
    return escape(title) + (f'<span class="kb-below">{escape(below)}</span>' if below else "")


def plain_label(text: str) -> str:
    """A text for the label of a link, button, heading or fold, with the signs escaped that Markdown reads inside a
    line."""
    return _INLINE.sub(r"\\\g<0>", text)


def plain_markdown(text: str) -> str:
    """A text for a place that reads Markdown, with every sign that Markdown would read escaped."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-.!|$~:" else sign for sign in text)
