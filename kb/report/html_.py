"""A report as one HTML file that loads nothing from elsewhere, prints well, and works without a mouse."""

from __future__ import annotations

import re
from html import escape

from kb.export.widths import UNBROKEN, column_widths, least_widths
from kb.i18n import t
from kb.log.noted import page_meta
from kb.models import FORCE_WORDS
from kb.report.blocks import Bullets, FactList, Heading, Quote, Report, ReportBlock, Table, Text, note_words, own_mark

ROOM = 64.0
"""Width in em of a table as wide as the page: 60rem without margins, at 0.9rem per em."""
BESIDE = 0.7
"""Horizontal padding of a cell in em: 0.6rem at 0.9rem per em."""
COLUMN = 14.0
"""Minimum width in em of a column of running text; on a phone the table scrolls instead."""

STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1a222b, #e7ecf1); --quiet: light-dark(#515d69, #a9b4c0); --line: \
light-dark(#c9d0d7, #333d47);
  --bg: light-dark(#ffffff, #13171c); }
body { font: 1rem/1.5 "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; color: var(--ink); background: \
var(--bg); max-width: 60rem;
  margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: break-word; hyphens: manual; }
p, li { max-width: 50rem; }
h1 { font-size: 1.9rem; line-height: 1.2; } h2 { font-size: 1.4rem; margin: 2.2rem 0 0.4rem; border-top: 2px solid \
var(--line); padding-top: 0.8rem; }
h3 { font-size: 1.15rem; margin: 1.6rem 0 0.3rem; } h4 { font-size: 1rem; margin: 1.1rem 0 0.2rem; }
blockquote, .own { margin: 0.5rem 0; padding-left: 0.9rem; border-left: 3px solid currentColor; } blockquote \
p:first-child { font-family: Georgia, "Liberation Serif", serif; font-size: 1.06rem; }
.own { border-left-style: dashed; } .cite, .note, caption { color: var(--quiet); font-size: 0.9rem; } p { margin: \
0.3rem 0; }
dl { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 0.2rem 1rem; } dt { font-weight: 600; } dd { \
margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; margin: 0.7rem 0; } caption { text-align: left; \
max-width: calc(100vw - 2.5rem); } th, td { text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); padding: 0.3rem 0.6rem 0.3rem 0; } .wide { overflow-x: auto; } .long { \
overflow-wrap: anywhere; }
@media (max-width: 34rem) { dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: 0.4rem; } }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 10.5pt; } h2 { \
break-before: page; border: 0; } h2.follows { break-before: auto; } h3, h4, .cite { break-after: avoid; }
  table { min-width: 0 !important; } blockquote, tr { break-inside: avoid; } thead { display: table-header-group; } }
"""


def page(report: Report) -> str:
    """Return the report as one complete HTML file."""
    head = f"<h1>{escape(report.title)}</h1>" + (f"<p>{escape(report.subtitle)}</p>" if report.subtitle else "")
    body = "".join(map(block_html, report.blocks))
    return (
        f'<!doctype html>\n<html lang="{escape(report.language, quote=True)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, '
        f'initial-scale=1">{page_meta(report.log)}<title>{escape(report.title)}</title>'
        f"<style>{STYLE}</style></head>\n<body><main>{head}{_facts(report.facts)}{body}</main></body></html>\n"
    )


def block_html(block: ReportBlock) -> str:
    """Return one block as HTML; every text is escaped."""
    if isinstance(block, Heading):
        follows = ' class="follows"' if block.follows else ""
        return f"\n<h{block.level + 1}{follows}>{escape(block.text)}</h{block.level + 1}>"
    if isinstance(block, Text):
        strong = f"<strong>{escape(block.strong)}</strong> " if block.strong else ""
        return f"\n<p>{strong}{escape(block.text)}</p>"
    if isinstance(block, Quote):
        return _quote(block)
    if isinstance(block, FactList):
        return _facts(block.rows)
    if isinstance(block, Bullets):
        return f"\n<ul>{''.join(f'<li>{escape(item)}</li>' for item in block.items)}</ul>"
    return _table(block)


def _quote(block: Quote) -> str:
    """Return a quotation: words of the source as a block quotation, our own as a marked paragraph."""
    mark = own_mark(block)
    words = f"“{block.text}”" if not mark else block.text
    force = f"{t(FORCE_WORDS[block.force])}. " if block.force else ""
    notes = "".join(f'<p class="note">{escape(note_words(note))}</p>' for note in block.notes)
    tag, end = ("blockquote", "blockquote") if block.wording == "verbatim" else ('div class="own"', "div")
    return (
        f'\n<{tag}><p lang="{escape(block.language, quote=True)}" dir="auto">{escape(mark)}{escape(words)}</p>'
        f'<p class="cite">{escape(force)}{escape(block.citation)}</p>{notes}</{end}>'
    )


def _facts(rows: tuple[tuple[str, str], ...]) -> str:
    body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
    return f"\n<dl>{body}</dl>" if body else ""


def _table(block: Table) -> str:
    """Return the table in a box that scrolls if the screen is too narrow."""
    widths = column_widths(block.heads, block.rows, ROOM, BESIDE)
    least = least_widths(block.heads, block.rows, BESIDE)
    narrowest = sum(max(low, min(width, COLUMN)) for low, width in zip(least, widths))
    columns = "".join(f'<col style="width: {width:.1f}em">' for width in widths)
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in block.heads)
    rows = "".join(
        f'<tr><th scope="row">{_words(row[0])}</th>' + "".join(f"<td>{_words(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in block.rows
    )
    return (
        f'\n<div class="wide" tabindex="0" role="region" '
        f'aria-label="{escape(block.caption, quote=True)}"><table style="min-width: {narrowest:.1f}em">'
        f"<caption>{escape(block.caption)}</caption><colgroup>{columns}</colgroup>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _words(text: str) -> str:
    """Return the text of a cell as HTML. Lines break between words; only strings longer than a word, such as hashes,
    break inside."""
    return "".join(
        f'<span class="long">{escape(piece)}</span>' if len(piece) > UNBROKEN else escape(piece)
        for piece in re.split(r"(\s+)", text)
    )
