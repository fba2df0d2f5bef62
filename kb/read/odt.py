"""OpenDocument texts by their XML: headings by outline level, lists, tables as rows, notes lifted."""
from __future__ import annotations

from pathlib import Path

from kb.read.archive import Archive
from kb.read.draft import Draft, Reading
from kb.read.limits import Limits
from kb.read.text import is_heading, kind_of
from kb.read.xml import parse
from kb.text import squeeze

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
SKIPPED = {f"{TEXT}tracked-changes", f"{TEXT}sequence-decls", f"{OFFICE}forms", f"{TEXT}note", f"{OFFICE}annotation"}


def read_odt(path: Path, limits: Limits) -> Reading:
    """An OpenDocument text's paragraphs in order. Raises InputError where the container or its XML is damaged."""
    reading = Reading("odt", levelled=True)
    with Archive(path, limits) as archive:
        tree = parse(archive.read("content.xml"), path.name)
    body = tree.find(f"{OFFICE}body/{OFFICE}text")
    if body is not None:
        _walk(body, reading)
        for note in body.iter(f"{TEXT}note"):
            mark = squeeze("".join(note.findtext(f"{TEXT}note-citation") or ""))
            inner = note.find(f"{TEXT}note-body")
            text = squeeze(" ".join(_text(p) for p in inner.iter(f"{TEXT}p"))) if inner is not None else ""
            if text:
                reading.drafts.append(Draft(text, "note", number=mark or None))
    return reading


def _walk(body, reading: Reading) -> None:
    """Headings, paragraphs, list items and table rows from the top of the body to its end."""
    stack = list(reversed(list(body)))
    while stack:
        node = stack.pop()
        if node.tag in SKIPPED:
            continue
        if node.tag == f"{TEXT}h":
            _add(reading, _text(node), "heading", int(node.get(f"{TEXT}outline-level") or 1))
        elif node.tag == f"{TEXT}p":
            text = squeeze(_text(node))
            inside = any(a.tag == f"{TEXT}list-item" for a in node.iterancestors())
            kind = "list-item" if inside else kind_of(text) if text else "leftover"
            if kind == "paragraph" and is_heading(text) and len(text) < 100:
                _add(reading, text, "heading", 8)
            else:
                _add(reading, text, kind)
        elif node.tag == f"{TABLE}table-row":
            cells = [squeeze(" ".join(_text(p) for p in cell.iter(f"{TEXT}p", f"{TEXT}h")))
                     for cell in node if cell.tag == f"{TABLE}table-cell"]
            _add(reading, " | ".join(c for c in cells if c), "table-row")
        elif node.tag == f"{TEXT}table-of-content":
            for p in node.iter(f"{TEXT}p"):
                if squeeze(_text(p)):
                    reading.leftovers.append(Draft(squeeze(_text(p)), "contents"))
        else:
            stack.extend(reversed(list(node)))


def _add(reading: Reading, text: str, kind: str, level: int | None = None) -> None:
    """One draft, where it has text."""
    text = squeeze(text)
    if text:
        (reading.leftovers if kind == "leftover" else reading.drafts).append(Draft(text, kind, level=level))


def _text(node) -> str:
    """Text of a paragraph with its spaces and tabs; notes and comments apart."""
    parts = [node.text or ""]
    for child in node:
        if child.tag in (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"):
            parts.append(" ")
        elif child.tag not in SKIPPED:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
