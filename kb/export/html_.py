"""One self-contained HTML file: language, skip link, caption, scoped heads, strong contrast, print style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from kb.coding.cells import printable
from kb.export.book import BOOK
from kb.export.html_book import pages
from kb.export.job import ExportJob
from kb.export.layouts import Cell, Column
from kb.export.rows import Provenance, Row
from kb.log.noted import page_meta
from kb.text import NOT_XML

# Contrast of text to ground, by the WCAG 2.2 formula: 16.3 to 1 for the body, 8.6 to 1 for links (7 to 1 is AAA).
_STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;margin:1.5rem;max-width:110rem}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:start;font-weight:bold;\
padding:.5rem 0}
th,td{border:1px solid #767676;padding:.4rem .6rem;text-align:start;vertical-align:top;overflow-wrap:break-word}
thead th{background:#eee;position:sticky;top:0}td.text{min-width:24rem;white-space:pre-wrap}a{color:#0b4a8f}
:focus-visible{outline:3px solid #0b4a8f}dt{font-weight:bold}dd{margin:0 0 .3rem 1rem;overflow-wrap:anywhere}
@page{size:A4;margin:12mm}
@media print{thead{display:table-header-group}tr{break-inside:avoid}.skip{display:none}\
.wide{overflow:visible}table{font-size:9pt}td.text{min-width:0}}
"""


ON_PAPER = 6
"""Columns that fit side by side on paper: those of the layout 'page', and one more."""
_LISTED = """@media print{table,caption,tbody,tr,td,tbody th{display:block;border:0}\
colgroup,thead{display:none}tr{break-inside:auto;border-top:1px solid #767676;padding:.5rem 0}\
td,tbody th,td.text{padding:.1rem 0;min-width:0}td:empty{display:none}td::before,tbody th::before{font-weight:bold}
"""
_PLAIN = re.compile(r"[^A-Za-z0-9]")


def _on_paper(columns: Sequence[Column]) -> str:
    """Return the style that prints a table wider than paper as lists, each cell after its column's name."""
    if len(columns) <= ON_PAPER:
        return ""
    names = (_PLAIN.sub(lambda sign: f"\\{ord(sign.group()):x} ", column.title or column.name) for column in columns)
    before = (f'tr>:nth-child({n})::before{{content:"{name}: "}}\n' for n, name in enumerate(names, 1))
    return f"{_LISTED}{''.join(before)}}}\n"


_SHARES = {"words": ' style="width:36%"', "place": ' style="width:22%"'}
_ADDRESS = re.compile(r"https?://\S+")
_SIXTEEN = re.compile(r".{1,16}", re.DOTALL)
_SPECIAL = re.compile(f"[&<>\"']|{NOT_XML.pattern}")
_WHOLE = 32
"""Letters up to which a word is never broken: a longer one, such as a hash or an address, may break after each sixteen,
so that it fits the screen of a phone."""


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return escape(printable(text), quote=True) if _SPECIAL.search(text) else text


def _breakable(text: str) -> str:
    """Escape text, allowing breaks in hashes and addresses so that they do not widen the column."""
    words = text.split(" ")
    if max(map(len, words)) <= _WHOLE:
        return _text(text)
    return " ".join(
        "<wbr>".join(map(_text, _SIXTEEN.findall(word))) if len(word) > _WHOLE else _text(word) for word in words
    )


@lru_cache(maxsize=1024)
def _linked(text: str) -> str:
    """Return the lines of a cell as HTML, with addresses as links. Results are cached, since addresses, tags and
    hashes recur."""
    lines = (
        f'<a href="{_text(line)}">{_breakable(line)}</a>' if _ADDRESS.fullmatch(line) else _breakable(line)
        for line in text.split("\n")
    )
    return "<br>".join(lines)


def _cell(column: Column, cell: Cell, first: bool, language: str) -> str:
    if column.name in ("text", "statement", "words"):
        return f'<td class="text" lang="{_text(language)}" dir="auto">{_text(cell)}</td>'
    text = _linked("" if cell is None else str(cell))
    if first:
        return f'<th scope="row">{text}</th>'
    return f"<td>{text}</td>" if column.type in ("integer", "number") else f'<td dir="auto">{text}</td>'


def _body(rows: Iterable[Row], job: ExportJob) -> Iterator[str]:
    columns = job.layout.columns
    for row in rows:
        for record in job.layout.records(row):
            cells = (_cell(c, v, at == 0, row.language) for at, (c, v) in enumerate(zip(columns, record)))
            yield f"<tr>{''.join(cells)}</tr>\n"


def _method(provenance: Provenance, notes: tuple[str, ...]) -> str:
    lines = [*provenance.lines(), *(("Note", note) for note in notes)]
    return "".join(f"<dt>{_text(label)}</dt><dd>{_text(value)}</dd>\n" for label, value in lines)


def write(rows: Iterable[Row], path: Path, job: ExportJob) -> None:
    """Write the page as a book, or as one table; rows are written one by one, so that memory stays small."""
    if job.own == BOOK:
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(pages(rows, job, _text, _linked, _method(job.provenance, job.layout.notes)))
        return
    title = _text(f"{job.provenance.kind.capitalize()}: {job.provenance.asked_for}")
    widths = "".join(f'<col class="{_text(c.name)}"{_SHARES.get(c.name, "")}>' for c in job.layout.columns)
    heads = "".join(f'<th scope="col">{_text(c.title or c.name)}</th>' for c in job.layout.columns)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(
            f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"{page_meta(job.provenance.log)}<title>{title}</title>\n"
            f"<style>{_STYLE}{_on_paper(job.layout.columns)}</style></head>\n<body>\n"
            f'<a class="skip" href="#rows">Skip to the table</a>\n<main>\n<h1>{title}</h1>\n'
            f'<h2>Rows</h2>\n<div class="wide" id="rows" tabindex="0" role="region" aria-label="Table of rows">\n'
            f"<table><caption>{title}</caption>\n<colgroup>{widths}</colgroup>\n<thead><tr>{heads}</tr></thead>\n"
            f"<tbody>\n"
        )
        stream.writelines(_body(rows, job))
        stream.write(
            '</tbody></table></div>\n<section aria-labelledby="method"><h2 id="method">Query and method</h2>\n<dl>\n'
            f"{_method(job.provenance, job.layout.notes)}</dl></section>\n</main>\n</body>\n</html>\n"
        )
