"""Read web pages: printed text becomes paragraphs; navigation, hidden and struck-out text becomes leftovers; nothing is
fetched from the network.

Numbers: lengths are in letters, shares are of the letters of an element; 65,534 rows and columns are the most that HTML
lets a cell span. Chosen by eye on pages of parliaments and ministries; cases: tests/read/test_read_html.py.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from kb.errors import InputError
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.html_counters import printed_before
from kb.read.formats.html_css import Sheets
from kb.read.formats.html_furniture import HEADINGS, is_furniture
from kb.read.formats.html_inline import BLOCKS, DROPPED, HOLDERS, Inline, elements, is_named_note, notes_of
from kb.read.formats.html_lists import labels_of, listed
from kb.read.formats.html_style import PageStyles, opens_next
from kb.read.formats.text import is_heading, kind_of, paragraphs, style_of
from kb.read.grid import CellGrid, joined
from kb.read.limits import Limits
from kb.read.linenumbers import line_numbers, without
from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_SCRIPT_ONLY = re.compile(
    r"(?:enable|activ|habilit|requires?|нужен|включите)\S*\s+(?:\S+\s+){0,3}java\s?script|"
    r"java\s?script\s+(?:\S+\s+){0,4}(?:disabled|required|enable|deshabilitado|désactivé)",
    re.IGNORECASE,
)

_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
"""Matches the ends of a page, which stand in the middle where a program has joined several pages."""


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_html`."""
    return read_html(source.data(options.limits), options.limits)


def read_html(data: bytes, limits: Limits, kind: str = "html") -> Reading:
    """Return the reading of a web page; `kind` is its type in the result. Raises InputError when the page contains
    nothing but a request to enable JavaScript."""
    source, _, doubt = decode(data, declared=True)
    reading = Reading(kind)
    if doubt:
        reading.trouble(doubt, "Save the page as UTF-8 and read it again.")
    read_markup(source, reading, limits)
    words = sum(len(d.text.split()) for d in reading.drafts)
    if words < 60 and _SCRIPT_ONLY.search(source):
        raise InputError(
            "the page only asks to enable JavaScript; its text is not in the file",
            where="web page",
            do="Open it in a browser and save the full page, or print it to PDF.",
        )
    if not reading.drafts:
        reading.trouble("the page holds no text", "Save the full page from a browser, or print it to PDF.")
    return reading


def read_markup(source: str, reading: Reading, limits: Limits, sheets: Sheets | None = None) -> None:
    """Add the paragraphs of HTML markup to `reading`; navigation and the like goes to the leftovers. `sheets` returns
    the text of a style sheet stored beside the page, given its address. Raises InputError for markup that cannot be
    parsed or is nested too deeply."""
    from lxml import etree, html

    source = re.sub(
        r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", "", source, count=2, flags=re.DOTALL | re.IGNORECASE
    )
    source = _ENDS.sub("", source)  # libxml2 drops what is behind them; browsers show it
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        tree = html.document_fromstring(source.replace("\x00", "").encode("utf-8", "replace") or b"<p/>", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputError(
            "the HTML cannot be parsed", where="web page", do="Save the page again from a browser."
        ) from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise InputError(
            "its elements are nested too deep to be read whole",
            where="web page",
            do="Save the page again from a browser.",
        )
    _HtmlWalker(reading, limits, tree, sheets).run(tree)


class _HtmlWalker:
    """Walks through the element tree, no deeper than the limit, and adds blocks of text to a reading."""

    def __init__(self, reading: Reading, limits: Limits, tree: Element, sheets: Sheets | None = None) -> None:
        self.reading, self.limits = reading, limits
        self.styles = PageStyles(tree, sheets)
        self.labels = labels_of(tree, self.styles) | printed_before(tree, self.styles)
        self.notes = notes_of(tree, {node: n for n, node in enumerate(elements(tree))})
        self.grids: dict[Element, CellGrid] = {}
        self.numbered: dict[Element, bool] = {}
        self.loose = self.inline()
        self.pending = self.lead = ""  # the number of a list item, or text that a style prints before an element
        self.doubtful = self.frames = 0
        self.deep = False

    def inline(self, line: str = "\n") -> Inline:
        """Return a new, empty text collector for this page; `line` is what a line break becomes."""
        return Inline(self.styles, self.labels, line)

    def run(self, tree: Element) -> None:
        """Read everything below `tree`, and record problems for what was not read."""
        for title in tree.iterfind("head/title"):
            self.leave(title, "title")
        self.visit(tree, 0)
        self.flush()
        if self.deep:
            self.reading.trouble(
                f"elements nested deeper than {self.limits.nesting} levels were read as one paragraph, and below 256 "
                f"not at all",
                "Check that passage against the page.",
            )
        if self.frames:
            self.reading.trouble(
                f"embedded pages or files that were not read: {self.frames}", "Save each as a file and read that."
            )
        if self.styles.cascade.waits_for_script(tree):
            self.reading.trouble(
                "parts of the page are hidden until its own script shows them; they were read as shown",
                "Compare what you quote with the page in a browser.",
            )
        self.reading.doubtful += self.doubtful

    def visit(self, node: Element, depth: int) -> None:
        """Read one element: a block, a container of blocks, or part of the running text."""
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag == "template" and node.get("shadowrootmode"):  # which browsers show in place
            self.holder(node, depth, tag)
        elif tag == "title":  # of a second page in the same file: browsers show no title
            self.leave(node, "title")
        elif not tag or tag in DROPPED or tag == "br":
            self.loose.element(node)
        elif node in self.notes and (is_named_note(node) or not self.styles.lost(node)):
            self.flush()
            self.note(node)
        elif (tag in BLOCKS or tag in HOLDERS or _holds_blocks(node)) and (lost := self.lost(node, tag)):
            self.flush()
            self.leave(node, lost)
        elif level := _heading_level(node, tag):
            self.flush()
            self.block(node, tag, level)
        elif self.numbers(node, tag):
            self.flush()
            cells = self.cells(node)
            self.lead = f"{self.lead} {squeeze(''.join(cells[0].itertext()))}".strip()
            self.holder(cells[1], depth + 1, cells[1].tag)
            self.lead = ""
        elif self.is_row(node):
            self.flush()
            self.row(node)
        elif depth > self.limits.nesting:
            self.deep = True
            self.loose.children(node)
        elif tag in BLOCKS and not _holds_blocks(node):
            self.flush()
            self.block(node, tag)
        elif tag in HOLDERS or tag in BLOCKS or _holds_blocks(node):
            self.holder(node, depth, tag)
        else:
            self.loose.element(node)

    def lost(self, node: Element, tag: str) -> str | None:
        """Return why a block is not text of the page: 'deleted', 'hidden', 'leftover' (navigation and the like), 'icon'
        or 'formula'; None when it is text."""
        furniture = tag not in ("body", "html", "main", "article") and tag not in HEADINGS and is_furniture(node, tag)
        if tag == "noscript":  # not displayed by a browser with scripts
            return "hidden"
        return self.styles.lost(node) or ("leftover" if furniture else None)

    def holder(self, node: Element, depth: int, tag: str) -> None:
        """Read an element that contains blocks; text directly in it, between the blocks, becomes paragraphs too."""
        outer = tag not in ("span", "font") or self.styles.is_block(node)
        if outer:
            self.flush()
        if node in self.labels:
            name = "pending" if tag == "li" else "lead"
            setattr(self, name, f"{getattr(self, name)} {self.labels[node]}".strip())
        self.loose.own(node, node.text)
        for child in node:
            self.visit(child, depth + 1)
            self.loose.own(node, child.tail)
        if outer:
            self.flush()
        if node in self.labels:
            self.pending = self.lead = ""

    def block(self, node: Element, tag: str, level: int = 0) -> None:
        """Add a block without blocks inside as drafts; with `level` above 0, as a heading."""
        inside = self.inline()
        inside.raw = tag == "pre"
        inside.children(node)
        self.keep(inside)
        marks = tuple(inside.notes)
        if inside.raw:
            self.preformatted(inside.text(), marks)
        elif level:
            self.add(squeeze(inside.text()), "heading", level=level, notes=marks)
        elif tag == "li":
            self.pending = f"{self.pending} {self.labels.get(node, '')}".strip()
            self.add(squeeze(inside.text()), "list-item", notes=marks)
            self.pending = ""
        else:
            self.pieces(inside.text(), marks)

    def row(self, node: Element) -> None:
        """Add a table row, each cell in its column."""
        cells, marks = [], []
        for cell in self.cells(node):
            if lost := self.styles.lost(cell):
                self.leave(cell, lost)
                continue
            inside = self.inline(" ")
            inside.children(cell)
            self.keep(inside)
            marks += inside.notes
            columns, rows = (cell.get(f"{side}span") or cell.get(f"aria-{side}span") for side in ("col", "row"))
            # HTML lets a cell span no more rows
            cells.append((inside.text(), _integer(columns, 1), _integer(rows, 1) or 65_534))
        texts = self.grid(node).row(cells)
        if any(squeeze(t) for t in texts):
            self.add(joined(texts), "table-row", notes=tuple(marks))

    def grid(self, row: Element) -> CellGrid:
        """Return the grid (cell positions) of the table that contains a row."""
        table = next(row.iterancestors("table"), None) if row.tag == "tr" else row.getparent()
        table = row if table is None else table
        return self.grids.setdefault(table, CellGrid(self.limits.cells_per_row))

    def note(self, node: Element) -> None:
        """Add a footnote with the mark of its reference."""
        inside = self.inline(" ")
        inside.children(node)
        self.keep(inside)
        text = re.sub(r"\s*[↩↑⤴^]\ufe0e?$", "", squeeze(inside.text()))
        if text:
            self.reading.drafts.append(Draft(text, "note", number=self.notes[node]))

    def pieces(self, text: str, marks: tuple[str, ...] = ()) -> None:
        """Add text as paragraphs, split at empty lines and where a line begins the next item; `marks` are the note
        references in it."""
        for part in re.split(r"\n\s*\n", text):
            for line in map(squeeze, listed(part)):
                if line:
                    self.add(line, "heading" if is_heading(line) and len(line) < 100 else kind_of(line), notes=marks)

    def preformatted(self, text: str, marks: tuple[str, ...]) -> None:
        """Add text whose line breaks count, as in bills: split like a text file, with line numbers as leftovers."""
        counted = line_numbers(text)
        self.reading.leftovers += [Draft(text[a:b], "line-number") for a, b in counted]
        text = without(text, counted)
        for start, end in paragraphs(text):
            part = squeeze(text[start:end])
            self.add(part, "heading" if is_heading(part) else kind_of(part), notes=marks)

    def flush(self) -> None:
        """Add the text collected outside blocks so far as paragraphs."""
        text, marks = self.loose.text(), tuple(self.loose.notes)
        self.keep(self.loose)
        self.loose = self.inline()
        if text.strip():
            self.pieces(text, marks)

    def add(self, text: str, kind: str, level: int | None = None, notes: tuple[str, ...] = ()) -> None:
        """Add one draft, with its list number; text that has no letter or digit becomes a leftover."""
        if not text:
            return
        if not any(c.isalnum() for c in text) and kind != "table-row":
            kind = "leftover"
        number = None
        if self.lead and kind != "leftover":
            text, self.lead = f"{self.lead} {text}", ""
        if self.pending and kind != "leftover":
            text, number, self.pending = f"{self.pending} {text}", self.pending, ""
            kind = "list-item" if kind == "paragraph" else kind
        item = Draft(
            text,
            kind,
            level=level,
            number=number,
            notes=notes,
            style=style_of(text) if kind == "heading" and level is None else None,
        )
        if kind == "heading" and level is None:
            item.level = 7
        (self.reading.leftovers if kind == "leftover" else self.reading.drafts).append(item)

    def keep(self, inside: Inline) -> None:
        """Record the leftovers that were collected with a text, and count its embedded frames and the letters that may
        not be visible."""
        self.frames += inside.frames
        self.doubtful += inside.doubtful
        for kind, text in inside.left:
            self.reading.leftovers.append(Draft(text, kind))

    def leave(self, node: Element, kind: str) -> None:
        """Add the text of an element to the leftovers, as this kind."""
        inside = self.inline(" ")
        inside.children(node)
        text = squeeze(inside.text())
        self.keep(inside)
        if text:
            self.reading.leftovers.append(Draft(text, kind))

    def cells(self, node: Element) -> list[Element]:
        """Return the cells of a table row: of a `tr`, or of another element that a role or a style makes a row. Empty
        when the element is no row, or when one of its children is no cell."""
        if node.tag == "tr":
            return [c for c in node if c.tag in ("td", "th")]
        if node.get("role") != "row" and not (self.styles.styled and self.styles.display(node) == "table-row"):
            return []
        inner = [c for c in node if isinstance(c.tag, str)]
        return inner if all(c.get("role") in _CELLS or self.styles.display(c) == "table-cell" for c in inner) else []

    def is_row(self, node: Element) -> bool:
        """Return whether an element is a table row that holds data: two columns or more, and at most six blocks in each
        cell."""
        cells = self.cells(node)
        covered = bool(cells) and (
            bool(self.grid(node).covered) or any(_integer(c.get("rowspan"), 1) > 1 for c in cells)
        )
        return (len(cells) > 1 or covered) and not any(
            # by eye: more blocks in one cell than a table of figures has
            len(list(c.iter("p", "li", "table"))) > 6
            for c in cells
        )

    def numbers(self, node: Element, tag: str) -> bool:
        """Return whether every row of an element's table only sets a number beside its paragraph, as the Official
        Journal prints recitals and points."""
        table = next(node.iterancestors("table"), None) if tag == "tr" else None
        if table is None:
            return False
        if table not in self.numbered:
            rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
            self.numbered[table] = all(_is_numbered(self.cells(row)) for row in rows)
        return self.numbered[table] and not any(self.styles.lost(cell) for cell in self.cells(node))


_CELLS = ("cell", "gridcell", "columnheader", "rowheader")
"""Roles of the cells of a table."""
_MARKER = re.compile(r"\((?:\d{1,3}|[a-z]{1,4})\)|(?:\d{1,3}|[a-z]{1,4})[.)]|[–—•-]", re.IGNORECASE)
"""Matches the number of a recital, paragraph or point with its signs, or a dash."""


def _is_numbered(cells: list[Element]) -> bool:
    """Return whether a row has two cells: a number, and text of more than one word."""
    if len(cells) != 2 or any(c.tag == "th" or c.get("rowspan") for c in cells):
        return False
    number, words = (squeeze("".join(c.itertext())) for c in cells)
    return bool(_MARKER.fullmatch(number)) and len(words.split()) > 1 and any(c.isalpha() for c in words)


def _heading_level(node: Element, tag: str) -> int | None:
    """Return the level of a heading by its tag or role, 7 for the title of a part that opens on demand, None for any
    other element."""
    if tag in HEADINGS:
        return int(tag[1])
    if node.get("role") == "heading":
        # HTML has six levels, aria-level may say more; nine is the lowest kept
        return min(9, max(1, _integer(node.get("aria-level"), 2)))
    opens = tag == "summary" or opens_next(node)
    # letters, by eye: longer text is no heading; 7 is below all headings
    return 7 if opens and 0 < len(squeeze("".join(node.itertext()))) < 160 else None


def _integer(text: str | None, otherwise: int) -> int:
    """Parse a whole number, clamped to 0 … 65,534 (the most that browsers let a cell span); return `otherwise` when the
    text is none."""
    with contextlib.suppress(TypeError, ValueError):
        return max(0, min(int(text or ""), 65_534))
    return otherwise


def _holds_blocks(node: Element) -> bool:
    """Return whether an element has a block or a table among its descendants."""
    return next(
        (True for e in node.iterdescendants() if e.tag in BLOCKS or e.tag in ("table", "div", "section", "ul", "ol")),
        False,
    )
