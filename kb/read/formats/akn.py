"""Read Akoma Ntoso, the OASIS standard for laws in XML: divisions with printed numbers, and the file's ids as locators.

Every element with a `num` or a `heading` is a division; its `eId` (`id` in version 2), by which the publisher cites it,
is the locator of its text. Removed text and `del` become leftovers; footnotes become drafts of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.html_style import PageStyles
from kb.read.formats.text import is_heading, kind_of
from kb.read.formats.xml import parse
from kb.read.formulas import linear
from kb.read.grid import CellGrid, joined
from kb.read.limits import Limits
from kb.read.raised import lowered, raised
from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

DIVISIONS = {
    "part",
    "subPart",
    "subpart",
    "chapter",
    "subChapter",
    "subchapter",
    "title",
    "subTitle",
    "subtitle",
    "book",
    "tome",
    "division",
    "subDivision",
    "subdivision",
    "hcontainer",
    "annex",
}
"""Elements whose number is a heading even without a title."""
BLOCKS = {
    "p",
    "block",
    "longTitle",
    "docTitle",
    "crossHeading",
    "crossheading",
    "listIntroduction",
    "listWrapUp",
    "listConclusion",
    "docAuthority",
    "docType",
    "formula",
    "citation",
    "recital",
    "tocItem",
    "li",
    "blockContainer",
    "container",
}
TITLES = {"docTitle", "crossHeading", "crossheading", "subheading"}
INNER = {"intro", "content", "wrapUp", "wrap"}


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_akn`."""
    return read_akn(source.data(options.limits), options.limits, source.name)


def read_akn(data: bytes, limits: Limits, name: str = "XML file") -> Reading:
    """Return the reading of a law in Akoma Ntoso. Raises InputError when the XML is malformed or declares entities."""
    reading = Reading("akn", levelled=True)
    tree = parse(data, name)
    _AknWalker(reading, limits, PageStyles(tree)).division(tree, 0)
    return reading


def _name(node: Element) -> str:
    """Return the local name of an element, '' for a comment."""
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


def _id(node: Element) -> str | None:
    """Return the id that the file gives an element, if it is short and plain enough for a locator, else None."""
    found = node.get("eId") or node.get("id") or node.get("wId") or ""
    return found if re.fullmatch(r"[\w.~-]{1,120}", found) else None


class _AknWalker:
    """Walks through the law and adds headings, provisions, table rows and notes to a reading, in order."""

    def __init__(self, reading: Reading, limits: Limits, styles: PageStyles) -> None:
        self.reading, self.limits, self.styles = reading, limits, styles
        self.pending: list[tuple[str, str | None]] = []
        self.notes: list[Draft] = []

    def division(self, node: Element, depth: int) -> None:
        """Read an element: its number and title first, then its children."""
        name = _name(node)
        if not name or name == "meta":
            return
        if self.gone(node):
            return
        parts = {_name(c): c for c in reversed(node) if _name(c) in ("num", "heading", "subheading")}
        if "num" in parts or "heading" in parts:
            depth += 1
            self.opening(node, name, parts, depth)
        for child in node:
            if _name(child) not in parts:
                self.inside(child, depth, node)
        self.flush(node)

    def opening(self, node: Element, name: str, parts: dict[str, Element], depth: int) -> None:
        """Read the number and title of a division: add them as a heading, or keep the number for the next text. `parts`
        has the division's `num`, `heading` and the like by name."""
        marks: list[str] = []
        number, heading, sub = (
            squeeze(self.text(parts[n], marks)) if n in parts else "" for n in ("num", "heading", "subheading")
        )
        if heading or name in DIVISIONS and number:
            self.flush(node)
            text = squeeze(f"{number} {heading}")
            self.add(
                Draft(text, "heading", number=_printed(number), level=depth, notes=tuple(marks), locator=_id(node))
            )
            if sub:
                self.add(Draft(sub, "heading", level=depth + 1, locator=_id(parts["subheading"])))
        elif number:
            self.pending.append((number, _id(node)))

    def inside(self, node: Element, depth: int, parent: Element) -> None:
        """Read one child element of the division `parent`."""
        name = _name(node)
        if name and name != "meta" and self.gone(node):
            return
        if name == "remark":  # a remark of the editor, which is not text of the law
            self.leave(node, "editorial")
        elif name == "table":
            self.table(node)
        elif name in BLOCKS and not any(_name(c) in ("num", "p", "blockList", "table", "ul", "ol") for c in node):
            self.paragraph(node, name, parent, depth)
        elif name and (len(node) or (node.text or "").strip()):
            if (
                not any(
                    _name(c) in BLOCKS or _name(c) in INNER or _name(c) in ("num", "heading", "table") or len(c)
                    for c in node
                )
                and squeeze("".join(node.itertext()))
                and name != "meta"
            ):
                self.paragraph(node, name, parent, depth)
            else:
                self.division(node, depth)

    def paragraph(self, node: Element, name: str, parent: Element, depth: int) -> None:
        """Add a block of text (element `name`), preceded by the numbers that were kept for it."""
        marks: list[str] = []
        text = squeeze(self.text(node, marks))
        if not text:
            return
        numbers = [n for n, _ in self.pending]
        locator = next((i for _, i in reversed(self.pending) if i), None) or _id(node) or _first_id(parent)
        self.pending.clear()
        kind = "list-item" if numbers and _name(parent) == "item" else kind_of(" ".join([*numbers, text]))
        if name in TITLES or not numbers and name != "p" and is_heading(text):
            kind = "heading"
        level = depth + 1 if kind == "heading" else None
        self.add(
            Draft(
                " ".join([*numbers, text]),
                kind,
                number=_printed(numbers[-1]) if numbers else None,
                level=level,
                notes=tuple(marks),
                locator=locator,
            )
        )

    def table(self, node: Element) -> None:
        """Add the rows of a table, each cell in its column."""
        grid = CellGrid(self.limits.cells_per_row)
        for row in (e for e in node.iter() if _name(e) == "tr"):
            if self.gone(row):
                continue
            marks: list[str] = []
            cells = [
                ("" if self.gone(c) else self.text(c, marks), _span(c, "colspan"), _span(c, "rowspan"))
                for c in row
                if _name(c) in ("td", "th")
            ]
            texts = grid.row(cells)
            if any(map(squeeze, texts)):
                self.add(Draft(joined(texts), "table-row", notes=tuple(marks), locator=_id(row) or _first_id(node)))

    def flush(self, node: Element) -> None:
        """Add each kept number that no text followed as a paragraph of its own, so that it is not lost."""
        for number, locator in self.pending:
            self.add(Draft(number, "paragraph", number=_printed(number), locator=locator or _id(node)))
        self.pending.clear()

    def add(self, item: Draft) -> None:
        """Add one draft, and after it the notes that it refers to."""
        (self.reading.leftovers if item.kind == "leftover" else self.reading.drafts).append(item)
        self.reading.drafts += self.notes
        self.notes = []

    def gone(self, node: Element) -> bool:
        """Return whether an element is not text of the law because it was removed, or hidden by its style (not
        displayed, same colour as its background, too small to read); if so, move it to the leftovers."""
        if node.get("status") in ("removed", "ignored"):
            self.leave(node)
        elif "hidden" in (self.styles.lost(node), self.styles.sight(node)):
            self.leave(node, "hidden")
        else:
            return False
        return True

    def leave(self, node: Element, kind: str = "deleted") -> None:
        """Add the text of an element that is not text of the law (removed, or an editor's) to the leftovers."""
        text = squeeze(" ".join(node.itertext()))
        if text:
            self.reading.leftovers.append(Draft(text, kind))

    def text(self, node: Element, marks: list[str]) -> str:
        """Return the printed text of an element and all its descendants; append the marks of note references to
        `marks`."""
        parts = [node.text or ""]
        for child in node:
            parts += [self.piece(child, marks, "".join(parts[-3:])), child.tail or ""]
        return "".join(parts)

    def piece(self, node: Element, marks: list[str], before: str) -> str:
        """Return the printed text of an element within running text; `before` is the end of the text before it."""
        name = _name(node)
        if not name:
            return ""
        if name == "del":
            self.leave(node)
            return ""
        if self.gone(node):
            return ""
        if name == "authorialNote":
            mark = node.get("marker") or ""
            marks.append(mark)
            text = squeeze(" ".join(node.itertext()))
            self.notes += [Draft(text, "note", number=mark or None, locator=_id(node))] if text else []
            return ""
        if name == "remark":
            self.leave(node, "editorial")
            marks.append(f"an editor remarks: {squeeze(' '.join(node.itertext()))}")
            return ""
        if name == "noteRef":
            marks.append(node.get("marker") or "")
            return ""
        if name == "img":
            self.reading.leftovers += [Draft(node.get("alt"), "alt")] if (node.get("alt") or "").strip() else []
            return ""
        if name in ("br", "eol"):
            return " "
        if name == "math":
            return f" {linear(node)} "
        inner = self.text(node, marks)
        if name in ("sup", "sub"):
            return raised(inner, before) if name == "sup" else lowered(inner)
        return (
            f" {inner} "
            if name in BLOCKS
            or any(_name(c) in ("num", "heading", "content") for c in node)
            or name in ("num", "heading")
            else inner
        )


def _printed(number: str) -> str | None:
    """Return a number without the point or dash that ends it. None if nothing is left."""
    return number.rstrip(" .:-–—") or None


def _first_id(node: Element) -> str | None:
    """Return the id of an element, or of its nearest ancestor with one. None if none has one."""
    return next((i for n in (node, *node.iterancestors()) if (i := _id(n))), None)


def _span(cell: Element, name: str) -> int:
    """Return how many columns or rows a table cell covers, according to the attribute `name`."""
    text = cell.get(name) or "1"
    # a cell that spans a hundred thousand others is damage
    return int(text) if text.isdecimal() and len(text) < 6 else 1
