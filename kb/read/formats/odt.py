"""Read OpenDocument texts from their XML: headings and lists with their numbers, tables by column, notes as separate
drafts, hidden text as leftovers."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.read.archive import Archive
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.odt_controls import control
from kb.read.formats.odt_styles import DRAW, FORM, OFFICE, STYLE, TABLE, TEXT, Counter, Styles, integer, is_frame_away
from kb.read.formats.text import is_heading, kind_of
from kb.read.formats.xml import parse
from kb.read.formulas import linear
from kb.read.grid import CellGrid, joined
from kb.read.limits import Limits
from kb.read.raised import lowered, raised
from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

XLINK, XML = "{http://www.w3.org/1999/xlink}", "{http://www.w3.org/XML/1998/namespace}"
_INDEXES = {
    f"{TEXT}{n}"
    for n in (
        "table-of-content",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
        "alphabetical-index",
        "bibliography",
    )
}
_REPEATED = {f"{TABLE}number-columns-{n}" for n in ("repeated", "spanned")} | {
    f"{TABLE}number-rows-{n}" for n in ("repeated", "spanned")
}
_SHAPES = {
    f"{DRAW}{n}"
    for n in ("custom-shape", "rect", "ellipse", "circle", "polygon", "path", "line", "connector", "caption")
}
"""Shapes that hold words of their own, without a text box."""
_SILENT = {f"{TEXT}sequence-decls", f"{TEXT}variable-decls", f"{TEXT}user-field-decls", f"{OFFICE}forms"}


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_odt`."""
    return read_odt(source.path, options.limits)


def read_odt(path: Path, limits: Limits) -> Reading:
    """Return the reading of an OpenDocument text. Raises InputError when the container or its XML is damaged or has a
    password."""
    with Archive(path, limits) as archive:
        archive.refuse_locked()
        names = set(archive.names())
        trees = [
            parse(archive.read(n), path.name) for n in ("content.xml", "styles.xml") if n in names or n == "content.xml"
        ]

        def formula(name: str) -> Element | None:
            """Return the formula in the embedded object `name` of the file, or None."""
            part = posixpath.normpath(posixpath.join(name, "content.xml"))
            return parse(archive.read(part), path.name) if part in names else None

        return _read(trees, limits, formula)


def read_flat_odt(data: bytes, limits: Limits, name: str) -> Reading:
    """Return the reading of an OpenDocument text in a single XML file (.fodt); `name` is the file name, for errors."""
    return _read([parse(data, name)], limits, lambda _: None)


def _read(trees: list[Element], limits: Limits, formula: Callable[[str], Element | None]) -> Reading:
    """Return the paragraphs of the first tree, with the styles of all trees, and the headers and footers of the last
    one. `formula` returns the formula in an embedded object."""
    reading = Reading("odt", levelled=True)
    walk = _OdtWalker(reading, limits, formula)
    for tree in reversed(trees):
        walk.styles.load(tree)
    walk.outline = Counter(walk.styles.outline)
    body = trees[0].find(f"{OFFICE}body/{OFFICE}text")
    if body is not None:
        walk.boxes = {
            c.get(f"{FORM}id") or c.get(f"{XML}id"): c
            for c in body.iter()
            if isinstance(c.tag, str) and c.tag.startswith(FORM)
        }
        walk.blocks(body)
        reading.drafts += walk.notes
    for master in trees[-1].iter(f"{STYLE}master-page"):
        for part in master:
            text = squeeze(" ".join(walk.text(p)[0] for p in part.iter(f"{TEXT}p", f"{TEXT}h")))
            if text:
                reading.leftovers.append(Draft(text, "running-head"))
    return reading


_MOST_ROWS = 100
"""Maximum number of repetitions of a row that are read; chosen by eye: no printed table repeats a row so often."""
_CUT = "Look at the table in the file itself."


class _OdtWalker:
    """Walks through an OpenDocument text and adds its headings, paragraphs, list items and table rows to a reading, in
    order."""

    def __init__(self, reading: Reading, limits: Limits, formula: Callable[[str], Element | None]) -> None:
        self.reading, self.limits, self.formula = reading, limits, formula
        self.styles = Styles()
        self.outline = Counter({})
        self.lists: dict[str, Counter] = {}
        self.boxes: dict[str | None, Element] = {}
        self.notes: list[Draft] = []
        self.frames: list[Element] = []

    def blocks(self, node: Element, label: str = "", listed: bool = False) -> None:
        """Read the children of a body element. `label` is the number of a list item, to be added before its first
        paragraph; `listed` is True within a list."""
        for child in node:
            tag = child.tag
            if tag in _SILENT or not isinstance(tag, str):
                continue
            lost = self.styles.of(self.styles.lost, child.get(f"{TEXT}style-name") or child.get(f"{TABLE}style-name"))
            if tag == f"{TEXT}tracked-changes":
                self.deletions(child)
            elif (
                child.get(f"{TEXT}display") in ("none", "condition")
                and child.get(f"{TEXT}is-hidden") != "false"
                or lost
                or _hides_itself(child)
            ):
                self.leave(child, lost or "hidden")
            elif tag in (f"{TEXT}p", f"{TEXT}h"):
                self.paragraph(child, label, listed)
                label = ""
            elif tag == f"{TEXT}number":
                label = f"{label} {squeeze(''.join(child.itertext()))}".strip()
            elif tag == f"{TEXT}list":
                self.items(child, label)
                label = ""
            elif tag == f"{TABLE}table":
                self.table(child)
            elif tag in _INDEXES:
                self.leave(child, "contents")
            else:
                if child.find(f"{TEXT}section-source") is not None and not "".join(child.itertext()).strip():
                    self.reading.trouble(
                        "a part of the document stands in another file and was not read",
                        "Open it in a word processor, break the link of the section, save it and read that.",
                    )
                self.blocks(child, label, listed)

    def paragraph(self, node: Element, label: str, listed: bool) -> None:
        """Read one paragraph or heading, with its number (`label`); `listed` is True within a list."""
        text, marks = self.text(node)
        text = squeeze(text)
        level = integer(node.get(f"{TEXT}outline-level"), 1) if node.tag == f"{TEXT}h" else None
        if level and not label and node.get(f"{TEXT}is-list-header") != "true" and text:
            label = (
                self.outline.next(
                    level,
                    integer(node.get(f"{TEXT}start-value"), 1)
                    if node.get(f"{TEXT}restart-numbering") == "true"
                    else None,
                )
                or ""
            )
        number = label if label not in ("", "•") else None
        kind = "heading" if level else "list-item" if listed else kind_of(text) if text else "leftover"
        if kind == "paragraph" and is_heading(text) and len(text) < 100:
            kind, level = "heading", 8
        shown = squeeze(f"{number or ''} {text}")
        if shown:
            item = Draft(shown, kind, number=number, level=level if kind == "heading" else None, notes=tuple(marks))
            (self.reading.leftovers if kind == "leftover" or not text else self.reading.drafts).append(item)
        frames, self.frames = self.frames, []
        for frame in frames:
            self.blocks(frame)

    def items(self, node: Element, label: str) -> None:
        """Read a list with its items' numbers; when the file says so, it continues the count of an earlier list."""
        depth = 1 + sum(1 for a in node.iterancestors(f"{TEXT}list"))
        outer = next((a for a in [node, *node.iterancestors(f"{TEXT}list")] if a.get(f"{TEXT}style-name")), None)
        name = outer.get(f"{TEXT}style-name") if outer is not None else _style_of_first(node, self.styles)
        if (
            depth == 1
            and not (node.get(f"{TEXT}continue-numbering") == "true" or node.get(f"{TEXT}continue-list"))
            or name not in self.lists
        ):
            self.lists[name or ""] = Counter(self.styles.lists.get(name or "", {}))
        counter = self.lists[name or ""]
        for item in node:
            if item.tag == f"{TEXT}list-item":
                start = integer(item.get(f"{TEXT}start-value"), 1) if item.get(f"{TEXT}start-value") else None
                first = next(iter(item), None)
                own = None if first is not None and first.tag == f"{TEXT}list" else counter.next(depth, start)
                self.blocks(item, f"{label} {own or ''}".strip(), listed=True)
                label = ""
            elif item.tag == f"{TEXT}list-header":
                self.blocks(item, label, listed=True)

    def table(self, node: Element) -> None:
        """Read a table's rows, each cell in its column; the number of repeated cells and rows is limited."""
        grid = CellGrid(self.limits.cells_per_row)
        bare = next(node.iter(f"{TABLE}covered-table-cell"), None) is None  # pandoc writes none below merged cells
        for row in node.iter(f"{TABLE}table-row"):
            if next(row.iterancestors(f"{TABLE}table")) is not node:
                continue
            unseen = self.styles.of(self.styles.lost, row.get(f"{TABLE}style-name"))
            if unseen or row.get(f"{TABLE}visibility") in ("collapse", "filter"):
                self.leave(row, "hidden")
                continue
            parts = [c for c in row if c.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")]
            if len(parts) == 1 and not {*parts[0].attrib, *row.attrib} & _REPEATED:
                self.blocks(parts[0])  # a frame around paragraphs
                continue
            cells: list[tuple[str, int, int]] = []
            marks: list[str] = []
            for cell in parts:
                text = self.cell(cell, marks)
                stated = integer(cell.get(f"{TABLE}number-columns-repeated"), 1)
                times = min(stated, self.limits.cells_per_row - len(cells))
                if text.strip() and times < stated:
                    self.reading.trouble(
                        f"a row of a table has more than {self.limits.cells_per_row:,} cells; those after them were "
                        "not read",
                        _CUT,
                    )
                columns, rows = (
                    integer(cell.get(f"{TABLE}number-{n}-spanned"), 1) if bare else 1 for n in ("columns", "rows")
                )
                cells += [(text, columns, rows)] * max(0, times)
            while cells and not cells[-1][0] and len(cells) > 50:  # a spreadsheet's empty rest of the row
                cells.pop()
            texts = grid.row(cells)
            if any(map(squeeze, texts)):
                stated = integer(row.get(f"{TABLE}number-rows-repeated"), 1)
                times = min(stated, _MOST_ROWS)
                if times < stated:
                    self.reading.trouble(
                        f"a row of a table stands there {stated:,} times; it was read {times:,} times", _CUT
                    )
                self.reading.drafts += [Draft(joined(texts), "table-row", notes=tuple(marks)) for _ in range(times)]
        frames, self.frames = self.frames, []
        for frame in frames:
            self.blocks(frame)

    def cell(self, node: Element, marks: list[str]) -> str:
        """Return the paragraphs of a cell joined to one text, with the numbers of their lists; add marks of notes to
        `marks`."""
        inner = _OdtWalker(Reading("odt"), self.limits, self.formula)
        inner.styles, inner.boxes, inner.lists, inner.outline, inner.notes = (
            self.styles,
            self.boxes,
            self.lists,
            self.outline,
            self.notes,
        )
        inner.blocks(node)
        self.reading.leftovers += inner.reading.leftovers
        self.reading.doubtful += inner.reading.doubtful
        self.reading.problems += inner.reading.problems
        marks += [m for d in inner.reading.drafts for m in d.notes]
        return " ".join(d.text for d in inner.reading.drafts)

    def deletions(self, node: Element) -> None:
        """Add text deleted by tracked changes to the leftovers."""
        for region in node.iter(f"{TEXT}deletion"):
            self.leave(region, "deleted")

    def leave(self, node: Element, kind: str) -> None:
        """Add the paragraphs of an element to the leftovers, as this kind."""
        paragraphs = [node] if node.tag in (f"{TEXT}p", f"{TEXT}h") else node.iter(f"{TEXT}p", f"{TEXT}h")
        for p in paragraphs:
            text = squeeze("".join(p.itertext()))
            if text:
                self.reading.leftovers.append(Draft(text, kind))

    def text(self, node: Element) -> tuple[str, list[str]]:
        """Return `(text, marks of the notes to which it refers)` of a paragraph."""
        marks: list[str] = []
        return self._text(node, marks), marks

    def _text(self, node: Element, marks: list[str]) -> str:
        """Return the printed text of an element and all its descendants; add marks of notes to `marks`."""
        parts = [self.own(node, node.text)]
        for child in node:
            parts += [
                self.piece(child, marks, "".join(parts[-3:])) if isinstance(child.tag, str) else "",
                self.own(node, child.tail),
            ]
        return "".join(parts)

    def own(self, node: Element, text: str | None) -> str:
        """Return text that is directly in an element; when its colour or size hides it, add it to the leftovers and
        return ''."""
        if not text or not text.strip():
            return text or ""
        sight = self.styles.sight(node)
        if sight == "hidden":
            self.reading.leftovers.append(Draft(squeeze(text), "hidden"))
            return " "
        self.reading.doubtful += sum(c.isalpha() for c in text) * (sight == "doubtful")
        return text

    def piece(self, node: Element, marks: list[str], before: str) -> str:
        """Return the printed text of an element within a paragraph; `before` is the end of the text before it."""
        tag, name = node.tag, node.tag.rsplit("}", 1)[-1]
        style = node.get(f"{TEXT}style-name")
        lost = self.styles.of(self.styles.lost, style) if tag == f"{TEXT}span" else None
        lost = "hidden" if node.get(f"{TEXT}display") == "none" else lost
        if (
            lost
            or tag in (f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph", f"{TEXT}placeholder")
            and node.get(f"{TEXT}is-hidden") != "false"
        ):
            text = squeeze("".join(node.itertext()) or node.get(f"{TEXT}string-value") or "")
            self.reading.leftovers += (
                [Draft(text, lost or ("placeholder" if name == "placeholder" else "hidden"))] if text else []
            )
            return ""
        if tag in (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"):
            return " "
        if tag == f"{TEXT}note":
            return self.note(node, marks)
        if tag == f"{OFFICE}annotation":
            text = squeeze(" ".join("".join(p.itertext()) for p in node.iter(f"{TEXT}p")))
            self.reading.leftovers += [Draft(text, "comment")] if text else []
            return ""
        if tag == f"{TEXT}ruby-text":
            return f"({''.join(node.itertext())})"
        if tag.startswith(DRAW):
            return self.drawing(node)
        inner = self._text(node, marks)
        shift = self.styles.of(self.styles.shift, style) if tag == f"{TEXT}span" else None
        return inner if shift is None else raised(inner, before) if shift == "super" else lowered(inner)

    def note(self, node: Element, marks: list[str]) -> str:
        """Keep a footnote or endnote with its printed mark. Returns '', because a note adds no text to its
        paragraph."""
        mark = (
            squeeze("".join(node.find(f"{TEXT}note-citation").itertext()))
            if node.find(f"{TEXT}note-citation") is not None
            else ""
        )
        inner = node.find(f"{TEXT}note-body")
        text = (
            squeeze(" ".join(self.text(p)[0] for p in inner.iter(f"{TEXT}p", f"{TEXT}h"))) if inner is not None else ""
        )
        if text:
            marks += [mark] if mark else []
            self.notes.append(Draft(text, "note", number=mark or None))
        return ""

    def drawing(self, node: Element) -> str:
        """Read a frame in a paragraph and return its text: form controls and formulas are text, text boxes follow the
        paragraph, other words become leftovers."""
        parts: list[str] = []
        if is_frame_away(node):
            self.leave(node, "hidden")
            return ""
        for e in [node, *node.iterdescendants()]:
            if e.tag == f"{DRAW}control":
                parts.append(control(self.boxes.get(e.get(f"{DRAW}control"))))
            elif (
                e.tag == f"{DRAW}text-box"
                and not any(a.tag == f"{DRAW}text-box" for a in e.iterancestors() if a is not node)
                or e.tag in _SHAPES
                and any(c.tag in (f"{TEXT}p", f"{TEXT}list") for c in e)
            ):
                self.frames.append(e)
            elif e.tag == f"{DRAW}object":
                tree = next(iter(e), None)
                tree = tree if tree is not None else self.formula((e.get(f"{XLINK}href") or "").removeprefix("./"))
                parts.append(f" {linear(tree)} " if tree is not None and "MathML" in str(tree.tag) else "")
            elif isinstance(e.tag, str) and e.tag.rsplit("}", 1)[-1] in ("title", "desc") and squeeze(e.text or ""):
                self.reading.leftovers.append(Draft(squeeze(e.text), "alt"))
        return "".join(parts)


def _style_of_first(node: Element, styles: Styles) -> str | None:
    """Return the list style that the style of the first paragraph in `node` names, or None."""
    first = next(node.iter(f"{TEXT}p", f"{TEXT}h"), None)
    return styles.of(styles.list_of, first.get(f"{TEXT}style-name")) if first is not None else None


def _hides_itself(node: Element) -> bool:
    """Return whether a frame is out of sight, or a paragraph contains the field that hides the paragraph
    (`text:hidden-paragraph`)."""
    if node.tag == f"{DRAW}frame" and is_frame_away(node):
        return True
    fields = node.iter(f"{TEXT}hidden-paragraph") if node.tag in (f"{TEXT}p", f"{TEXT}h") else ()
    return any(field.get(f"{TEXT}is-hidden") == "true" for field in fields)
