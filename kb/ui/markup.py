"""Pieces of HTML from data. Every text is escaped here; nothing from a source or a user becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from kb.i18n import TranslatedLabels, t
from kb.i18n import language as page_language
from kb.languages import MAIN
from kb.models import Span
from kb.report.blocks import SCOPE, translated_note

_INLINE = re.compile(r"[\\`*_\[\]<>$~!^&]|:(?=[\w/])")


class InEnglish(str):
    """A text of the corpus, which stands in English on every page; the functions of this module mark it as English
    where the page speaks another language."""

    __slots__ = ()


WORDINGS = TranslatedLabels(
    {
        "verbatim": "Verbatim: the words of the source",
        "own-words": "In our words: not a quotation",
        "former": "The words of the former text, as they were quoted",
        "unchecked": "Not checked against the source: do not quote it as it stands",
    }
)
"""Whose words a text is; shown before each text. 'unchecked': marked as a quotation, but not found in any stored
text."""


def wording_of(wording: str, may_quote: bool) -> str:
    """Return the key of WORDINGS for these two fields of a passage."""
    return "unchecked" if wording == "verbatim" and not may_quote else wording


def words(text: str, marks: Iterable[Sequence[int]]) -> str:
    """Return the text as HTML with the spans of `marks` (character offsets) in <mark>. A span that overlaps an earlier
    one is skipped."""
    parts, at = [], 0
    for start, end in sorted((int(mark[0]), int(mark[1])) for mark in marks):
        if start < at or end > len(text):
            continue
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join((*parts, escape(text[at:])))


def marked(text: str, marks: Iterable[Sequence[int]], *, wording: str, language: str = MAIN, lead: str = "") -> str:
    """Return the text as HTML with the spans of `marks` in <mark>, after a line that says whose words it is.

    `wording` is a key of WORDINGS; only a text in the source's words is a <blockquote>. `lead` is a word before the
    text.
    """
    body = words(text, marks)
    before = f'<span class="kb-lead">{escape(lead)}</span> ' if lead else ""
    tag, kind = ("div", "kb-text kb-own") if wording == "own-words" else ("blockquote", "kb-text")
    return (
        f'<p class="kb-wording" data-wording="{wording}">{WORDINGS[wording]}</p>'
        f'<{tag} class="{kind}" lang="{escape(language, quote=True)}" dir="auto">{before}{body}</{tag}>'
    )


def spoken(text: str, language: str = "") -> str:
    """Return a text as HTML. It is marked with its language (default: English for InEnglish, otherwise that of the
    page) where the page speaks another one, so that a screen reader reads it right."""
    own = language or (MAIN if isinstance(text, InEnglish) else page_language())
    if own == page_language() or not text:
        return escape(text)
    return f'<span lang="{escape(own, quote=True)}">{escape(text)}</span>'


def line(text: str, kind: str = "quiet") -> str:
    """Return a line of small print."""
    return f'<p class="kb-{kind}">{spoken(text)}</p>'


def notes(given: Iterable[str]) -> str:
    """Return notes as a list; '' for none. The program's own notes, stored in English, are translated."""
    rows = "".join(f"<li>{noted(note)}</li>" for note in given)
    return f'<ul class="kb-notes" aria-label="{t("Notes")}">{rows}</ul>' if rows else ""


def noted(note: str) -> str:
    """Return a note as HTML, translated; words of the register, which stand in English, are marked as such."""
    translation = translated_note(note)
    rest = note.removeprefix(SCOPE)
    if not rest or not translation.endswith(rest):
        return escape(translation)
    return escape(translation.removesuffix(rest)) + spoken(InEnglish(rest))


def force(sign: str, words: str) -> str:
    """Return the force as HTML: its symbol `sign`, hidden from screen readers, and its words."""
    return f'<span class="kb-force"><span aria-hidden="true">{escape(sign)}</span> {escape(words)}</span>'


def trail(section: Sequence[str], language: str = MAIN) -> str:
    """Return the headings above a passage, which are in the document's `language`, as one line."""
    return f'<p class="kb-trail">{spoken(" › ".join(section), language)}</p>' if section else ""


def passage(
    text: str, *, current: bool, citation: str, wording: str, language: str = MAIN, marks: Iterable[Span] = ()
) -> str:
    """Return one passage among its neighbours; the current one is labelled."""
    lead = t("This passage:") if current else ""
    kind = "current" if current else "beside"
    words = marked(text, marks, wording=wording, language=language, lead=lead)
    return f'<div class="kb-{kind}">{words}{line(citation, "cite")}</div>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return names and values as a description list, without empty values."""
    body = "".join(f"<dt>{escape(name)}</dt><dd>{spoken(value)}</dd>" for name, value in rows if value)
    return f'<dl class="kb-facts">{body}</dl>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Return a table of texts; the first cell of each row is its header."""
    return grid(heads, ((row[0], [spoken(cell) for cell in row[1:]]) for row in rows), caption)


def _under(item: str) -> str:
    """Return the label, for screen readers, of the fold below an item: the item's own first words."""
    words = re.sub(r"<[^>]*>", " ", item.partition("</a>")[0])
    return f'<span class="k-sr">{t("Under {split}", split=" ".join(words.split()))}</span>'


def anchor(href: str, text: str) -> str:
    """Return a link."""
    return f'<a href="{escape(href, quote=True)}">{spoken(text)}</a>'


def outline(rows: Sequence[tuple[int, str]], *, open: bool) -> str:
    """Return a nested list from rows of (depth, HTML of the item); the children of an item can be folded, and are shown
    at first if `open`.

    The fold is separate from the item, since screen readers do not find links inside a <summary>.
    """
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
    """Return a table whose cells are HTML made by this module. Headers and row names are plain text; the second line of
    a header is small."""
    top = "".join(f'<th scope="col">{_head(*head.split(chr(10), 1))}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{spoken(name)}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        for name, cells in rows
    )
    return (
        f'<div class="kb-scroll" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">'
        f'<table class="kb-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(title: str, below: str = "") -> str:
    """Return the header of a column, in one line or two."""
    return spoken(title) + (f'<span class="kb-below">{escape(below)}</span>' if below else "")


def plain_label(text: str) -> str:
    """Escape a text for the label of a link, button, heading or expander, where Streamlit reads inline Markdown."""
    return _INLINE.sub(r"\\\g<0>", text)


def plain_markdown(text: str) -> str:
    """Escape a text for a place that reads Markdown: every character with a meaning in Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()<>#+-.!|$~:" else sign for sign in text)
