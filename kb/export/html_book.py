"""The book as one self-contained HTML page: quotation first, source under it, query and method last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kb.export.book import BookHeading, FindingTable, Item, columns_of, parts, title_of
from kb.export.book_columns import on_page
from kb.export.job import ExportJob
from kb.export.rows import Row
from kb.log.noted import page_meta
from kb.models import OWN_MARK

Text = Callable[[object], str]
"""Escapes text for HTML."""
Linked = Callable[[str], str]
"""Escapes lines for HTML, with addresses as links."""

# Contrast of text to ground, by the WCAG 2.2 formula: 16.3 to 1 for the body, 9.0 to 1 for small print (7 to 1 is AAA).
STYLE = """
body{font:1rem/1.55 system-ui,sans-serif;color:#1a1a1a;background:#fff;margin:1.5rem auto;padding:0 1rem;\
max-width:46rem}
.skip{position:absolute;left:-999rem}.skip:focus{position:static}a{color:#0b4a8f}
blockquote,.own{margin:.4rem 0;padding:.2rem 1rem;border-inline-start:4px solid #0b4a8f;white-space:pre-wrap;\
overflow-wrap:break-word}
.own{border-inline-start:4px dashed #595959}.own b{display:block}
.source{margin:.2rem 0}.about{font-size:.875rem;color:#404040;overflow-wrap:anywhere}article{margin:1.2rem 0}
h2{margin-top:2.2rem;border-bottom:1px solid #767676}table{border-collapse:collapse;width:100%;table-layout:fixed}
caption{text-align:start;font-weight:bold;padding:.3rem 0}th,td{border:1px solid #767676;padding:.3rem .5rem;\
text-align:start;vertical-align:top;overflow-wrap:break-word;font-size:.875rem}tbody th{font-weight:normal}
:focus-visible{outline:3px solid #0b4a8f}dt{font-weight:bold}dd{margin:0 0 .3rem 1rem;overflow-wrap:anywhere}
@page{size:A4 portrait;margin:20mm}
@media print{body{margin:0;max-width:none}.skip{display:none}article,tr{break-inside:avoid}\
h2,h3,h4,.led{break-after:avoid}\
.method{break-before:page}}
"""


def pages(rows: Iterable[Row], job: ExportJob, text: Text, linked: Linked, method: str) -> Iterator[str]:
    """Yield the HTML page in pieces, so that memory stays small: the rows, then `method`, which is HTML already. `text`
    and `linked` escape text."""
    title = text(title_of(job.provenance))
    yield (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{page_meta(job.provenance.log)}<title>{title}</title>\n<style>{STYLE}</style></head>\n<body>\n"
        f'<a class="skip" href="#rows">Skip to the first heading</a>\n<main id="rows">\n<h1>{title}</h1>\n'
    )
    level, widths = 1, "".join(f'<col style="width:{each}%">' for each in on_page(rows, job))
    for part in parts(rows, job.provenance):
        if isinstance(part, BookHeading):
            level = part.level + 1
            yield f"<h{level}>{text(part.text)}</h{level}>\n"
        elif isinstance(part, Item):
            yield f"<article>\n<h{level + 1}>{text(part.name)}</h{level + 1}>\n{_item(part, text, linked)}</article>\n"
        elif isinstance(part, FindingTable):
            yield _finding(part, _head(columns_of(job.provenance), widths, text), text, linked)
        else:
            yield f'<p class="about"><b>{text(part.name)}</b><br>{"<br>".join(map(linked, part.lines))}</p>\n'
    yield (
        f'<section class="method" aria-labelledby="method"><h2 id="method">Query and '
        f"method</h2>\n<dl>\n{method}</dl></section>\n"
        "</main>\n</body>\n</html>\n"
    )


def _item(item: Item, text: Text, linked: Linked) -> str:
    """Return one item as HTML: its text, the source under it, and the small print."""
    language = f'lang="{text(item.language)}" dir="auto"'
    if item.own:
        words = f'<div class="own" {language}><b lang="en">{text(OWN_MARK.strip())}</b>{text(item.words)}</div>\n'
    else:
        words = f"<blockquote {language}>{text(item.words)}</blockquote>\n" if item.words else ""
    source = f'<p class="source">{"<br>".join(map(linked, item.source))}</p>\n'
    return words + source + (f'<p class="about">{"<br>".join(map(linked, item.about))}</p>\n' if item.about else "")


def _head(names: tuple[str, ...], widths: str, text: Text) -> str:
    """Return the head of a table as HTML: its column widths (`widths` is a row of <col> elements) and its column
    names."""
    heads = "".join(f'<th scope="col">{text(name)}</th>' for name in names)
    return f"<colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead>"


def _finding(part: FindingTable, head: str, text: Text, linked: Linked) -> str:
    """Return one criterion as a table, with its evidence under it."""
    cells = "".join(f"<td>{'<br>'.join(map(linked, lines))}</td>" for lines in (part.finding, part.body, part.who))
    first = f'<th scope="row">{"<br>".join(map(linked, part.criterion))}</th>'
    name = text(part.criterion[0] if part.criterion else "Criterion")
    evidence = "".join(f"<article>{_item(each, text, linked)}</article>\n" for each in part.evidence)
    led = ' class="led"' if evidence else ""  # no page ends before its evidence
    return f"<table{led}><caption>{name}</caption>\n{head}\n<tbody><tr>{first}{cells}</tr></tbody></table>\n{evidence}"
