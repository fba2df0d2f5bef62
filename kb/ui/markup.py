"""Pieces of HTML from data. Every text is escaped here; nothing that comes from a source or a user goes in as markup."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from kb.models import Span


def marked(text: str, marks: Iterable[Sequence[int]], *, language: str = "en", lead: str = "") -> str:
    """A quotation with the words at `marks` (character spans of `text`) in <mark>; `lead` is a word before it."""
    parts, at = [], 0
    for start, end in sorted((int(mark[0]), int(mark[1])) for mark in marks):
        if start < at or end > len(text):
            continue
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    body = "".join((*parts, escape(text[at:])))
    before = f'<span class="kb-lead">{escape(lead)}</span> ' if lead else ""
    return f'<blockquote class="kb-text" lang="{escape(language, quote=True)}">{before}{body}</blockquote>'


def line(text: str, kind: str = "quiet") -> str:
    """A line of small print."""
    return f'<p class="kb-{kind}">{escape(text)}</p>'


def notes(given: Iterable[str]) -> str:
    """What a reader must be told, one line each, with a sign and a word before it."""
    rows = "".join(f"<li>{escape(note)}</li>" for note in given)
    return f'<ul class="kb-notes" aria-label="Notes">{rows}</ul>' if rows else ""


def force(shape: str, words: str) -> str:
    """The force in words beside its shape."""
    return f'<span class="kb-force"><span aria-hidden="true">{escape(shape)}</span> {escape(words)}</span>'


def trail(section: Sequence[str]) -> str:
    """The headings above a passage."""
    return line(" › ".join(section), "trail") if section else ""


def passage(text: str, *, current: bool, citation: str, language: str = "en", marks: Iterable[Span] = ()) -> str:
    """One passage among its neighbours; the current one says so."""
    lead = "This passage:" if current else ""
    kind = "current" if current else "beside"
    return f'<div class="kb-{kind}">{marked(text, marks, language=language, lead=lead)}{line(citation, "cite")}</div>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values as a description list; empty values are left out."""
    body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
    return f'<dl class="kb-facts">{body}</dl>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A small table; the first cell of each row is its header."""
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(f'<tr><th scope="row">{escape(row[0])}</th>'
                   + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>" for row in rows)
    return (f'<div class="kb-scroll" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">'
            f'<table class="kb-table"><caption>{escape(caption)}</caption>'
            f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>")
