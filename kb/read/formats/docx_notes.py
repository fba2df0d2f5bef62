"""Read footnotes and endnotes of a Word file, numbered in the order of their references, in the number format of the
file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kb.read.draft import Draft, Reading
from kb.read.formats.docx_package import W, WordPackage
from kb.read.formats.docx_styles import value
from kb.read.formats.word_lists import shown
from kb.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from kb.read.formats.docx_text import ParagraphText

_DEFAULT_FORMS = {"footnote": "decimal", "endnote": "lowerRoman"}
_APART = ("separator", "continuationSeparator", "continuationNotice")


class Walk(Protocol):
    """The methods of the document walker (`docx._DocxWalker`) that are needed to read the paragraphs of a note."""

    def words(self) -> ParagraphText:
        """Return a new, empty `ParagraphText` (text collector) for one paragraph."""
        ...

    def keep(self, words: ParagraphText) -> None:
        """Record the leftovers that were collected with a paragraph."""
        ...


class Notes:
    """Numbers note references, and at the end adds each note to the reading with the number of its reference."""

    def __init__(self, package: WordPackage) -> None:
        self.trees = {kind: package.only(f"{kind}s") for kind in _DEFAULT_FORMS}
        self.forms, self.counts = dict(_DEFAULT_FORMS), {"footnote": 0, "endnote": 0}
        self.called: dict[tuple[str, str], str] = {}
        self._read_format(package.only("settings"))
        self._read_format(package.tree(package.main))

    def _read_format(self, tree: Element) -> None:
        """Read the number format and first number of notes from the settings or a section (`tree`)."""
        for kind in _DEFAULT_FORMS:
            for properties in tree.iter(f"{W}{kind}Pr") if tree is not None else ():
                self.forms[kind] = value(properties, "numFmt") or self.forms[kind]
                start = value(properties, "numStart")
                if start and start.isdecimal():
                    self.counts[kind] = int(start) - 1

    def call(self, kind: str, reference: Element) -> str:
        """Return the printed mark of the next note reference of this kind: its number, or the author's custom mark."""
        key = (kind, reference.get(f"{W}id") or "")
        if reference.get(f"{W}customMarkFollows") in ("1", "true", "on"):
            run = reference.getparent()
            mark = squeeze("".join(t.text or "" for t in run.iter(f"{W}t"))) or "*"
        else:
            self.counts[kind] += 1
            mark = shown(self.counts[kind], self.forms[kind])
        self.called.setdefault(key, mark)
        return mark

    def finish(self, walk: Walk, reading: Reading) -> None:
        """Add the notes to `reading` in the order of their references; notes without a reference become leftovers."""
        for kind, tree in self.trees.items():
            notes = (
                {
                    note.get(f"{W}id") or "": note
                    for note in tree.iter(f"{W}{kind}")
                    if note.get(f"{W}type") not in _APART
                }
                if tree is not None
                else {}
            )
            for (called, key), mark in list(self.called.items()):
                if called == kind and key in notes:
                    self._add(notes.pop(key), walk, reading, mark)
            for note in notes.values():
                self._add(note, walk, reading, None)

    def _add(self, note: Element, walk: Walk, reading: Reading, mark: str | None) -> None:
        """Add one note with its printed mark; when `mark` is None it becomes a leftover."""
        words = walk.words()
        for p in note.iter(f"{W}p"):
            words.parts.append(" ")
            words.style = value(p.find(f"{W}pPr"), "pStyle")
            words.walk(p)
        walk.keep(words)
        text = squeeze(words.text())
        if text and mark is not None:
            reading.drafts.append(Draft(text, "note", number=mark, notes=tuple(m for m in words.marks)))
        elif text:
            reading.leftovers.append(Draft(text, "note"))
