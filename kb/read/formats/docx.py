"""Read Word files from their XML: headings by style, list numbers as Word counts them, tables by column, notes in the
order of their references.

Numbers: most letters of a heading, chosen by eye on laws and plans in Word; Word has nine outline levels; a number of
six or more digits is treated as damage.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kb.errors import KBError
from kb.read.archive import Archive, printable
from kb.read.decode import decode
from kb.read.draft import Draft, Reading
from kb.read.formats import ReadOptions, SourceFile
from kb.read.formats.docx_grounds import Grounds
from kb.read.formats.docx_notes import Notes
from kb.read.formats.docx_package import R, W, WordPackage
from kb.read.formats.docx_places import Places
from kb.read.formats.docx_styles import WordStyles, flag, value
from kb.read.formats.docx_text import MC, ParagraphText
from kb.read.formats.text import is_heading, kind_of
from kb.read.formats.word_lists import Numbering
from kb.read.grid import CellGrid, joined
from kb.read.limits import Limits
from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BULLETS = "•-–o"
_LEFT_PARTS = {
    "header": "running-head",
    "footer": "running-head",
    "comments": "comment",
    "diagramData": "drawing",
    "chart": "drawing",
}
_EMBEDDED = ("oleObject", "package", "subDocument", "control")


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Read the file with `read_docx`."""
    return read_docx(source.path, options.limits)


def read_docx(path: Path, limits: Limits) -> Reading:
    """Return the reading of a Word file. Raises InputError when the container or its XML is damaged or hostile."""
    reading = Reading("docx", levelled=True)
    _read(path, path.name, limits, reading, limits.zip_depth)
    return reading


def _read(source: Path | BinaryIO, name: str, limits: Limits, reading: Reading, depth: int) -> None:
    """Add the paragraphs of a Word file to `reading`; `depth` is the number of levels of embedded files that may still
    be read."""
    with Archive(source, limits, name) as archive:
        package = WordPackage(archive, name)
        notes = Notes(package)
        body = package.tree(package.main)
        walk = _DocxWalker(reading, package, notes, limits, depth, body)
        found = body.find(f"{W}body")
        walk.blocks(found if found is not None else body)
        walk.flush()
        notes.finish(walk, reading)
        _left_parts(package, walk, reading)
        walk.report_problems()


class _DocxWalker:
    """Walks through a Word document and adds its paragraphs and table rows to a reading, in document order."""

    def __init__(
        self, reading: Reading, package: WordPackage, notes: Notes, limits: Limits, depth: int, main: Element
    ) -> None:
        self.reading, self.package, self.notes, self.limits, self.depth = reading, package, notes, limits, depth
        self.styles = WordStyles(package.only("styles"))
        self.grounds = Grounds(main, self.styles)
        self.places = Places(main, package.only("styles"), self.styles)
        self.numbering = Numbering(package.only("numbering"))
        self.carried: ParagraphText | None = None
        self.troubles: dict[str, int] = {}

    def words(self, style: str | None = None) -> ParagraphText:
        """Return a new, empty `ParagraphText` (text collector) for a paragraph with this style."""
        return ParagraphText(self.styles, self.grounds, self.notes.call, style)

    def blocks(self, tree: Element) -> None:
        """Read the paragraphs and tables below an element, at any depth; tracked insertions are text, tracked deletions
        become leftovers."""
        stack = list(reversed(list(tree)))
        while stack:
            node = stack.pop()
            if node.tag == f"{W}p":
                self.paragraph(node)
            elif node.tag == f"{W}tbl":
                self.flush()
                self.table(node)
            elif node.tag == f"{W}altChunk":
                self.flush()
                self.chunk(node)
            elif (
                node.tag == f"{W}sdt" and flag(node.find(f"{W}sdtPr"), "showingPlcHdr")
                if node.find(f"{W}sdtPr") is not None
                else False
            ):
                self.leave("placeholder", node)
            elif node.tag in (f"{W}del", f"{W}moveFrom"):
                self.leave("deleted", node)
            elif node.tag == f"{MC}AlternateContent":
                stack.extend(reversed(list(node)[:1]))
            elif isinstance(node.tag, str) and node.tag not in (f"{W}sectPr", f"{W}sdtPr"):
                stack.extend(reversed(list(node)))

    def paragraph(self, node: Element) -> None:
        """Read one paragraph; when its end was deleted with change tracking, keep its text and continue with the next
        paragraph."""
        sid = value(node.find(f"{W}pPr"), "pStyle")
        words = self.carried or self.words(sid)
        self.carried, words.style = None, sid
        if self.places.conceals(node):
            words.unseen(node)
        else:
            words.walk(node)
        mark = node.find(f"{W}pPr/{W}rPr")
        frame = node.find(f"{W}pPr/{W}framePr")
        drop_cap = frame is not None and frame.get(f"{W}dropCap", "none") != "none"  # a large first letter
        ended = mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)
        if ended or drop_cap:
            self.carried = words
        else:
            self.finish(words, node)

    def flush(self) -> None:
        """Add the text that was kept for the next paragraph when none follows."""
        if self.carried is not None:
            words, self.carried = self.carried, None
            self.add(words, squeeze(words.text()), None, {}, None)

    def finish(self, words: ParagraphText, node: Element) -> None:
        """Add a complete paragraph as a draft, with the number that Word prints before it."""
        style = self.styles.of(words.style)
        mark = node.find(f"{W}pPr/{W}rPr")
        unseen = self.places.conceals(node) or mark is not None and flag(mark, "vanish")
        concealed = unseen and not words.text().strip()
        number = None if concealed else self.numbering.label(node, style.get("numPr"), words.style or "")
        self.add(words, squeeze(words.text()), number, style, node)

    def add(self, words: ParagraphText, text: str, number: str | None, style: dict, node: Element) -> None:
        """Add one draft, whose kind follows from its style, number and looks; then read the text boxes anchored in
        it."""
        self.keep(words)
        shown = squeeze(f"{number or ''} {text}") if number and number not in _BULLETS else text
        name = style.get("name", "")
        if text and name.startswith(("toc ", "tdc ", "tm ")):
            self.reading.leftovers.append(Draft(shown, "contents"))
        elif text:
            level, kind = self.level_and_kind(words, text, number, style, node)
            item = Draft(
                shown,
                kind,
                number=number if number and number not in _BULLETS else None,
                level=level,
                notes=tuple(words.marks),
            )
            (self.reading.leftovers if kind == "leftover" else self.reading.drafts).append(item)
        elif shown:
            self.reading.leftovers.append(Draft(shown, "leftover"))
        for box in words.boxes:
            self.blocks(box)

    def level_and_kind(
        self, words: ParagraphText, text: str, number: str | None, style: dict, node: Element
    ) -> tuple[int | None, str]:
        """Return `(level, 'heading')` for a heading, or `(None, kind)` for any other paragraph."""
        level = style.get("level")
        outline = value(node.find(f"{W}pPr"), "outlineLvl") if node is not None else None
        if outline is not None and outline.isdecimal() and int(outline) < 9:  # Word has nine outline levels
            level = int(outline) + 1
        # letters, by eye: longer text in the style of a heading is none
        kind = "heading" if level and len(text) < 300 else "list-item" if number else kind_of(text)
        bold = bool(words.bold) and all(words.bold)
        if (
            kind in ("paragraph", "list-item")
            and not number
            and bold
            and len(text) < 160  # letters, by eye: longer bold text is no heading
            and not text.endswith((".", ";", ","))
            or kind == "paragraph"
            and is_heading(text)
            and len(text) < 100
        ):
            kind, level = "heading", level or 8
        return (level if kind == "heading" else None), kind

    def table(self, node: Element) -> None:
        """Read a table's rows, each cell in its column; a row with a single cell is treated as a frame around
        paragraphs."""
        if self.places.conceals_table(node):
            self.leave("hidden", node)
            return
        grid = CellGrid(self.limits.cells_per_row)
        for row in node.iter(f"{W}tr"):
            if next(row.iterancestors(f"{W}tbl")) is not node:
                continue
            properties = row.find(f"{W}trPr")
            if properties is not None and (properties.find(f"{W}del") is not None or flag(properties, "hidden")):
                self.leave("deleted" if properties.find(f"{W}del") is not None else "hidden", row)
                continue
            if self.places.conceals_row(row):
                self.leave("hidden", row)
                continue
            cells = [c for c in row.iter(f"{W}tc") if next(c.iterancestors(f"{W}tr")) is row]
            for unseen in filter(self.places.conceals_cell, cells):
                self.leave("hidden", unseen)
            cells = [c for c in cells if not self.places.conceals_cell(c)]
            before, after = (_integer(value(properties, name), 0) for name in ("gridBefore", "gridAfter"))
            if (
                len(cells) == 1
                and not before
                and value(cells[0].find(f"{W}tcPr"), "vMerge") is None
                and cells[0].find(f"{W}tcPr/{W}vMerge") is None
            ):
                self.blocks(cells[0])
                self.flush()
                continue
            self.row(grid, cells, *(min(each, self.limits.cells_per_row) for each in (before, after)))

    def row(self, grid: CellGrid, cells: list[Element], before: int, after: int) -> None:
        """Read one table row; the row omits `before` and `after` columns at its ends, and cells merged with the row
        above are empty."""
        words = self.words()
        places = []
        for cell in cells:
            properties = cell.find(f"{W}tcPr")
            if properties is not None and properties.find(f"{W}cellDel") is not None:
                self.leave("deleted", cell)
                continue
            start = len(words.parts)
            self.cell(cell, words)
            text = "".join(words.parts[start:])
            merged = properties.find(f"{W}vMerge") if properties is not None else None
            if merged is not None and merged.get(f"{W}val") != "restart" and squeeze(text):
                words.left.append(("hidden", text))
                text = ""
            places.append((text, _integer(value(properties, "gridSpan"), 1), 1))
        texts = grid.row(places, before) + [""] * after
        self.keep(words)
        if any(map(squeeze, texts)):
            self.reading.drafts.append(Draft(joined(texts), "table-row", notes=tuple(words.marks)))
        for box in words.boxes:
            self.blocks(box)
        for cell in cells:
            for part in cell.iter(f"{W}altChunk"):
                self.chunk(part)

    def cell(self, node: Element, words: ParagraphText) -> None:
        """Read the paragraphs of a cell with their numbers, including those of nested tables, into `words`."""
        for p in node.iter(f"{W}p"):
            if any(
                a.tag == f"{W}txbxContent" for a in p.iterancestors() if a is not node and node in a.iterancestors()
            ):
                continue
            words.style = value(p.find(f"{W}pPr"), "pStyle")
            if self.places.conceals(p):
                words.unseen(p)
                continue
            number = self.numbering.label(p, self.styles.of(words.style).get("numPr"), words.style or "")
            words.parts.append(f" {number} " if number and number not in _BULLETS else " ")
            words.walk(p)

    def chunk(self, node: Element) -> None:
        """Read an embedded part in another format (`altChunk`), whose content Word shows at this point."""
        _, name = self.package.relations.get(node.get(f"{R}id") or "", ("", ""))
        if name not in self.package.names or self.depth <= 0 or name == self.package.main:
            self.reading.trouble(
                f"a part of the file was not read: {printable(name or 'altChunk')}",
                "Open it in Word, save it again and read that.",
            )
            return
        data = self.package.archive.read(name)
        try:
            read_chunk(data, name, self.limits, self.reading, self.depth - 1)
        except KBError as error:
            self.reading.trouble(
                f"a part of the file was not read: {printable(name)}: {error.what}",
                "Open it in Word, save it again and read that.",
            )

    def keep(self, words: ParagraphText) -> None:
        """Record the leftovers, doubtful letters and problems that were collected with a text."""
        self.reading.leftovers += [Draft(squeeze(text), kind) for kind, text in words.left if squeeze(text)]
        self.reading.doubtful += words.doubtful
        for trouble in words.troubles:
            self.troubles[trouble] = self.troubles.get(trouble, 0) + 1

    def leave(self, kind: str, node: Element) -> None:
        """Add the text of an element that is not printed to the leftovers, as this kind."""
        words = self.words()
        for p in node.iter(f"{W}p"):
            words.leave(kind, p)
            words.left = [(k, f"{t} ") for k, t in words.left]
        self.keep(words)

    def report_problems(self) -> None:
        """Record a problem for each kind of content that could not be read, with its count, and one for embedded
        files."""
        for what, count in self.troubles.items():
            self.reading.trouble(what + (f" ({count} times)" if count > 1 else ""), "Look at the file in Word.")
        inside = [target for kind, target in self.package.relations.values() if kind in _EMBEDDED]
        if inside:
            self.reading.trouble(
                f"files within the file that were not read: {len(inside)}",
                "Open the file in Word, save each by itself and read that.",
            )


def read_chunk(data: bytes, name: str, limits: Limits, reading: Reading, depth: int) -> None:
    """Add the paragraphs of an embedded part to `reading`; its format is detected from its bytes. `depth` as in
    `_read`. Raises InputError when it cannot be read."""
    head = data[:2000].lstrip().lower()
    if data.startswith(b"PK"):
        _read(io.BytesIO(data), name, limits, reading, depth)
    elif head.startswith(b"{\\rtf"):
        from kb.read.formats.rtf import read_rtf

        _append(reading, read_rtf(data))
    elif head.startswith(b"mime-version") or name.lower().endswith((".mht", ".mhtml", ".eml")):
        from kb.read.formats.mail import read_mail

        _append(reading, read_mail(data, limits))
    elif b"<" in head and name.lower().endswith((".htm", ".html", ".xhtml")) or b"<html" in head:
        from kb.read.formats.html import read_markup

        read_markup(decode(data, declared=True)[0], reading, limits)
    else:
        from kb.read.formats.text import read_text

        _append(reading, read_text(data))


def _append(reading: Reading, inner: Reading) -> None:
    """Append the drafts of another reading; their offsets, which refer to a different text, are dropped."""
    for draft in [*inner.drafts, *inner.leftovers]:
        draft.chars = None
    reading.drafts += inner.drafts
    reading.leftovers += inner.leftovers
    reading.problems += inner.problems


def _left_parts(package: WordPackage, walk: _DocxWalker, reading: Reading) -> None:
    """Add headers, footers, comments and the words in diagrams and charts to the leftovers."""
    parts = {
        target: kind for kind, target in package.relations.values() if kind in _LEFT_PARTS and target in package.names
    }
    folder = package.main.rsplit("/", 1)[0]
    for name in sorted(package.names):
        base = name.rsplit("/", 1)[-1]
        if (
            name.rsplit("/", 1)[0] == folder
            and base.endswith(".xml")
            and base.startswith(("header", "footer", "comments."))
        ):
            parts.setdefault(name, "comments" if base.startswith("comments") else "header")
    for name, kind in parts.items():
        tree = package.tree(name)
        blocks = list(tree.iter(f"{W}comment")) if kind == "comments" else [tree]
        for block in blocks:
            words = walk.words()
            for p in block.iter(f"{W}p"):
                words.parts.append(" ")
                words.walk(p)
            texts = [
                words.text(),
                *(
                    e.text or ""
                    for e in block.iter()
                    if isinstance(e.tag, str)
                    and kind in ("diagramData", "chart")
                    and e.tag.rsplit("}", 1)[-1] in ("t", "v")
                ),
            ]
            walk.keep(words)
            text = squeeze(" ".join(texts))
            if text:
                reading.leftovers.append(Draft(text, _LEFT_PARTS[kind]))


def _integer(text: str | None, otherwise: int) -> int:
    """Parse a number of columns; return `otherwise` when the text is no plausible number."""
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise  # figures: a longer number is damage
