"""Word files by their XML: headings by style, list numbers as Word counts them, tables as rows, footnotes linked."""
from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from kb.read.archive import Archive
from kb.read.draft import Draft, Reading
from kb.read.layout.lines import SUPERSCRIPTS
from kb.read.limits import Limits
from kb.read.text import is_heading, kind_of
from kb.read.word_lists import Numbering
from kb.read.xml import parse
from kb.text import squeeze

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def read_docx(path: Path, limits: Limits) -> Reading:
    """A Word file's paragraphs in order. Raises InputError where the container or its XML is damaged or hostile."""
    with Archive(path, limits) as archive:
        reading = Reading("docx", levelled=True)
        names = archive.names()
        body = parse(archive.read("word/document.xml"), path.name)
        styles = _styles(parse(archive.read("word/styles.xml"), path.name)) if "word/styles.xml" in names else {}
        numbering = Numbering(parse(archive.read("word/numbering.xml"), path.name)
                              if "word/numbering.xml" in names else None)
        walk = _Walk(reading, styles, numbering)
        walk.run(body)
        for part, kind in (("footnotes", "footnote"), ("endnotes", "endnote")):
            if f"word/{part}.xml" in names:
                _notes(parse(archive.read(f"word/{part}.xml"), path.name), kind, reading)
        for name in names:
            if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
                _furniture(parse(archive.read(name), path.name), reading)
    return reading


def _styles(tree) -> dict[str, dict]:
    """For each style id: its outline level (1 to 9), list and whether it is bold, inherited from the style it rests on."""
    raw = {}
    for style in tree.iter(f"{W}style"):
        name = (style.find(f"{W}name").get(f"{W}val") if style.find(f"{W}name") is not None else "").lower()
        level = style.find(f"{W}pPr/{W}outlineLvl")
        based = style.find(f"{W}basedOn")
        number = style.find(f"{W}pPr/{W}numPr")
        raw[style.get(f"{W}styleId")] = {
            "name": name, "based": based.get(f"{W}val") if based is not None else None, "numPr": number,
            "level": int(level.get(f"{W}val")) + 1 if level is not None else _named_level(name),
            "bold": style.find(f"{W}rPr/{W}b") is not None}
    for sid in raw:
        _inherit(sid, raw, 0)
    return raw


def _named_level(name: str) -> int | None:
    """The level that a built-in style name gives, in the languages of Word that name it alike."""
    if name in ("title", "titre", "título"):
        return 1
    for word in ("heading ", "titre ", "título ", "encabezado "):
        if name.startswith(word) and name[len(word):].strip().isdigit():
            return int(name[len(word):])
    return None


def _inherit(sid: str, raw: dict[str, dict], depth: int) -> dict:
    """Fill what a style takes from the one it is based on."""
    style = raw[sid]
    base = style["based"]
    if base in raw and depth < 12:
        parent = _inherit(base, raw, depth + 1)
        style["level"] = style["level"] or parent["level"]
        if style["numPr"] is None:
            style["numPr"] = parent["numPr"]
    return style


class _Walk:
    """Collects paragraphs and table rows in document order."""

    def __init__(self, reading: Reading, styles: dict[str, dict], numbering: Numbering) -> None:
        self.reading, self.styles, self.numbering = reading, styles, numbering

    def run(self, tree: Any) -> None:
        """Go through the body; content controls and tracked insertions count, tracked deletions do not."""
        body = tree.find(f"{W}body")
        stack = list(reversed(list(body if body is not None else tree)))
        while stack:
            node = stack.pop()
            if node.tag == f"{W}p":
                self.paragraph(node)
            elif node.tag == f"{W}tbl":
                self.table(node)
            elif node.tag not in (f"{W}sectPr", f"{W}del", f"{W}moveFrom"):
                stack.extend(reversed(list(node)))

    def paragraph(self, node: Any) -> None:
        """One paragraph as a draft, with the number that Word prints before it."""
        text, marks = text_of(node)
        text = squeeze(text)
        style = self.styles.get(_value(node, "pStyle") or "", {})
        number = self.numbering.label(node, style.get("numPr")) if text else None
        for box in node.iter(f"{W}txbxContent"):
            if not any(parent.tag == f"{MC}Fallback" for parent in box.iterancestors()):
                for inner in box.iter(f"{W}p"):
                    self.paragraph(inner)
        if not text:
            return
        level = style.get("level")
        outline = node.find(f"{W}pPr/{W}outlineLvl")
        if outline is not None and int(outline.get(f"{W}val", 9)) < 9:
            level = int(outline.get(f"{W}val")) + 1
        name = style.get("name", "")
        shown = f"{number} {text}" if number and number not in "•-–o" else text
        if name.startswith(("toc ", "tdc ", "tm ")):
            self.reading.leftovers.append(Draft(shown, "contents"))
            return
        kind = "heading" if level and len(text) < 300 else "list-item" if number else kind_of(text)
        if kind in ("paragraph", "list-item") and not number and _all_bold(node) and len(text) < 160 \
                and not text.endswith((".", ";", ",")) or kind == "paragraph" and is_heading(text) and len(text) < 100:
            kind, level = "heading", level or 8
        item = Draft(shown, kind, number=number if number and number not in "•-–o" else None,
                     level=level if kind == "heading" else None, notes=tuple(marks))
        (self.reading.leftovers if kind == "leftover" else self.reading.drafts).append(item)

    def table(self, node: Any) -> None:
        """A table's rows; one with a single cell is a frame around paragraphs."""
        rows = [r for r in node if r.tag == f"{W}tr"]
        for row in rows:
            cells = [c for c in row.iter(f"{W}tc") if next(c.iterancestors(f"{W}tr")) is row]
            if len(cells) == 1:
                for child in cells[0]:
                    if child.tag == f"{W}p":
                        self.paragraph(child)
                    elif child.tag == f"{W}tbl":
                        self.table(child)
                continue
            texts = [squeeze(" ".join(text_of(p)[0] for p in cell.iter(f"{W}p"))) for cell in cells]
            if any(texts):
                self.reading.drafts.append(Draft(" | ".join(t for t in texts if t), "table-row"))


def _value(node, name: str) -> str | None:
    """The value of one paragraph property."""
    found = node.find(f"{W}pPr/{W}{name}")
    return found.get(f"{W}val") if found is not None else None


def _all_bold(node) -> bool:
    """Whether every run with text is bold by its own properties."""
    runs = [r for r in node.iter(f"{W}r") if "".join(t.text or "" for t in r.iter(f"{W}t")).strip()]
    bolds = [r.find(f"{W}rPr/{W}b") for r in runs]
    return bool(runs) and all(b is not None and b.get(f"{W}val", "1") not in ("0", "false") for b in bolds)


def text_of(node: Any) -> tuple[str, list[str]]:
    """`(text, marks of the notes called in it)` of a paragraph; deleted text and text boxes apart."""
    parts: list[str] = []
    marks: list[str] = []
    counts: dict[str, int] = defaultdict(int)
    for e in node.iter():
        if e.tag in (f"{W}t", f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen", f"{W}footnoteReference",
                     f"{W}endnoteReference") and _own(e, node):
            if e.tag == f"{W}t":
                raised = e.getparent().find(f"{W}rPr/{W}vertAlign")
                up = raised is not None and raised.get(f"{W}val") == "superscript"
                parts.append((e.text or "").translate(SUPERSCRIPTS) if up else e.text or "")
            elif e.tag.endswith("Reference"):
                marks.append(e.get(f"{W}id") or "")
                counts[e.tag] += 1
            else:
                parts.append("-" if e.tag.endswith("Hyphen") else " ")
    return "".join(parts), marks


def _own(e, paragraph) -> bool:
    """Whether a run belongs to this paragraph and is not deleted, nor inside a text box of it."""
    for parent in e.iterancestors():
        if parent is paragraph:
            return True
        if parent.tag in (f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{MC}Fallback"):
            return False
    return True


def _notes(tree, kind: str, reading: Reading) -> None:
    """Footnotes or endnotes as drafts of kind note, numbered as they are called."""
    for note in tree.iter(f"{W}{kind}"):
        if note.get(f"{W}type") in ("separator", "continuationSeparator", "continuationNotice"):
            continue
        text = squeeze(" ".join(text_of(p)[0] for p in note.iter(f"{W}p")))
        if text:
            reading.drafts.append(Draft(text, "note", number=note.get(f"{W}id")))


def _furniture(tree, reading: Reading) -> None:
    """Headers and footers as leftovers."""
    text = squeeze(" ".join(text_of(p)[0] for p in tree.iter(f"{W}p")))
    if text:
        reading.leftovers.append(Draft(text, "running-head"))
