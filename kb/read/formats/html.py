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
from kb.read.formats import Options, Source
from kb.read.formats.html_counters import printed_before
from kb.read.formats.html_css import Sheets
from kb.read.formats.html_inline import BLOCKS, DROPPED, HOLDERS, Inline, elements, is_named_note, notes_of
from kb.read.formats.html_lists import labels_of
from kb.read.formats.html_style import Styles, opens_next
from kb.read.formats.text import is_heading, kind_of, paragraphs, style_of
from kb.read.grid import Grid, joined
from kb.read.limits import Limits
from kb.read.linenumbers import line_numbers, without
from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BOILERPLATE = {"header", "footer", "aside"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_NOISE = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|menu|breadcrumb|breadcrumbs|sidebar|footer|banner|share|social|"
    r"skip|toolbar|pagination|related|advert|promo)(?:$|[-_ ])",
    re.IGNORECASE,
)
_COOKIES = re.compile(r"(?:^|[-_ ])cookies?(?:$|[-_ ])", re.IGNORECASE)
_SCRIPT_ONLY = re.compile(
    r"(?:enable|activ|habilit|requires?|нужен|включите)\S*\s+(?:\S+\s+){0,3}java\s?script|"
    r"java\s?script\s+(?:\S+\s+){0,4}(?:disabled|required|enable|deshabilitado|désactivé)",
    re.IGNORECASE,
)


def read(source: Source, options: Options) -> Reading:
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
    the text of a style sheet stored beside the page, given its address."""
    from lxml import etree, html

    source = re.sub(
        r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", "", source, count=2, flags=re.DOTALL | re.IGNORECASE
    )
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
    _Walk(reading, limits, tree, sheets).run(tree)


class _Walk:
    """Walks through the element tree, no deeper than the limit, and adds blocks of text to a reading."""

    def __init__(self, reading: Reading, limits: Limits, tree: Element, sheets: Sheets | None = None) -> None:
        self.reading, self.limits = reading, limits
        self.styles = Styles(tree, sheets)
        self.labels = labels_of(tree, self.styles) | printed_before(tree, self.styles)
        self.notes = notes_of(tree, {node: n for n, node in enumerate(elements(tree))})
        self.grids: dict[Element, Grid] = {}
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
        if not tag or tag in DROPPED or tag == "br":
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
        elif tag == "tr" and self.is_row(node):
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
        furniture = (
            tag not in ("body", "html", "main", "article") and tag not in HEADINGS and self.is_furniture(node, tag)
        )
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
        for cell in (c for c in node if c.tag in ("td", "th")):
            if lost := self.styles.lost(cell):
                self.leave(cell, lost)
                continue
            inside = self.inline(" ")
            inside.children(cell)
            self.keep(inside)
            marks += inside.notes
            # HTML lets a cell span no more rows
            cells.append((inside.text(), _whole(cell.get("colspan"), 1), _whole(cell.get("rowspan"), 1) or 65_534))
        texts = self.grid(node).row(cells)
        if any(squeeze(t) for t in texts):
            self.add(joined(texts), "table-row", notes=tuple(marks))

    def grid(self, row: Element) -> Grid:
        """Return the grid (cell positions) of the table that contains a row."""
        table = next((a for a in row.iterancestors("table")), row)
        return self.grids.setdefault(table, Grid(self.limits.cells_per_row))

    def note(self, node: Element) -> None:
        """Add a footnote with the mark of its reference."""
        inside = self.inline(" ")
        inside.children(node)
        self.keep(inside)
        text = re.sub(r"\s*[↩↑⤴^]\ufe0e?$", "", squeeze(inside.text()))
        if text:
            self.reading.drafts.append(Draft(text, "note", number=self.notes[node]))

    def pieces(self, text: str, marks: tuple[str, ...] = ()) -> None:
        """Add text as paragraphs, split at empty lines; `marks` are the note references in it."""
        for part in re.split(r"\n\s*\n", text):
            part = squeeze(part)
            if part:
                self.add(part, "heading" if is_heading(part) and len(part) < 100 else kind_of(part), notes=marks)

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
        """Record what was collected besides the text: leftovers, and the numbers of embedded frames and of letters that
        may not be visible."""
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

    def is_furniture(self, node: Element, tag: str) -> bool:
        """Return whether an element is navigation or the like: by its tag or role if it has no prose or headings, or by
        class and id if it is mostly links. A class name alone excludes nothing but a cookie notice."""
        role = node.get("role")
        if tag == "nav" or role in ("navigation", "search"):
            return True
        if tag in BOILERPLATE or role in ("banner", "contentinfo"):
            return not _prose(node) and not (tag == "header" and _titled(node))
        names = f"{node.get('class') or ''} {node.get('id') or ''}"
        if not names.strip() or not (_NOISE.search(names) or _COOKIES.search(names)):
            return False
        full = len(squeeze("".join(node.itertext())))
        # letters: by eye, a notice of cookies is shorter; half of a menu are links
        return full < 3000 and (bool(_COOKIES.search(names)) or _linked(node) >= 0.5 * full)

    def is_row(self, node: Element) -> bool:
        """Return whether a table row holds data: two columns or more, and at most six blocks in each cell."""
        cells = [c for c in node if c.tag in ("td", "th")]
        covered = bool(self.grid(node).covered) or any(_whole(c.get("rowspan"), 1) > 1 for c in cells)
        return (len(cells) > 1 or bool(cells) and covered) and not any(
            # by eye: more blocks in one cell than a table of figures has
            len(list(c.iter("p", "li", "table"))) > 6
            for c in cells
        )


def _heading_level(node: Element, tag: str) -> int | None:
    """Return the level of a heading by its tag or role, 7 for the title of a part that opens on demand, None for any
    other element."""
    if tag in HEADINGS:
        return int(tag[1])
    if node.get("role") == "heading":
        # HTML has six levels, aria-level may say more; nine is the lowest kept
        return min(9, max(1, _whole(node.get("aria-level"), 2)))
    opens = tag == "summary" or opens_next(node)
    # letters, by eye: longer text is no heading; 7 is below all headings
    return 7 if opens and 0 < len(squeeze("".join(node.itertext()))) < 160 else None


def _whole(text: str | None, otherwise: int) -> int:
    """Parse a whole number, clamped to 0 … 65,534 (the most that browsers let a cell span); return `otherwise` when the
    text is none."""
    with contextlib.suppress(TypeError, ValueError):
        return max(0, min(int(text or ""), 65_534))
    return otherwise


def _linked(node: Element) -> int:
    """Count the characters of an element that are in links, buttons and form fields."""
    return sum(len(squeeze("".join(a.itertext()))) for a in node.iter("a", "button", "select", "label"))


def _titled(node: Element) -> bool:
    """Return whether an element has a heading that is not a link."""
    return any(len(squeeze("".join(h.itertext()))) > _linked(h) for h in node.iter(*HEADINGS))


def _prose(node: Element) -> bool:
    """Return whether a header, footer or aside contains a paragraph with more than 80 letters outside links."""

    def unlinked(p: Element) -> int:
        """Count the characters of a block outside links."""
        return len("".join(p.itertext())) - sum(len("".join(a.itertext())) for a in p.iter("a"))

    return any(unlinked(p) > 80 for p in node.iter("p", "li", "blockquote"))


def _holds_blocks(node: Element) -> bool:
    """Return whether an element has a block or a table among its descendants."""
    return next(
        (True for e in node.iterdescendants() if e.tag in BLOCKS or e.tag in ("table", "div", "section", "ul", "ol")),
        False,
    )
