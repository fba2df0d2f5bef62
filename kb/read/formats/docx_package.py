"""Open a Word file as a package of parts. They are found by relationships, not by name, in both XML namespaces of the
standard."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from kb.errors import InputError
from kb.read.archive import Archive
from kb.read.formats.xml import parse

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)
"""Pairs (namespace of ISO/IEC 29500 Strict, namespace of Transitional) that name the same elements (part 4, annex
A)."""


class WordPackage:
    """The parts of a Word file and the relationships between them."""

    def __init__(self, archive: Archive, name: str) -> None:
        self.archive, self.name = archive, name
        self.names = set(archive.names())
        self.main = self._main()
        self.relations = self.related(self.main)

    def _main(self) -> str:
        """Return the name of the part with the main text. Raises InputError when there is none."""
        named = [target for kind, target in self.related("").values() if kind == "officeDocument"]
        found = next((n for n in [*named, "word/document.xml"] if n in self.names), None)
        if found is None and "[Content_Types].xml" in self.names:
            types = parse(self.archive.read("[Content_Types].xml"), self.name)
            found = next(
                (
                    n
                    for e in types
                    if "wordprocessingml" in (e.get("ContentType") or "")
                    and ".main+xml" in e.get("ContentType")
                    and (n := (e.get("PartName") or "").lstrip("/")) in self.names
                ),
                None,
            )
        if found is None:
            raise InputError("the Word file has no main part", where=self.name, do="Open it in Word and save it again.")
        return found

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relationships of a part: relationship id to (last word of its type, name of the target part)."""
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name not in self.names:
            return {}
        found = {}
        for e in parse(self.archive.read(name), self.name):
            target = e.get("Target") or ""
            if isinstance(e.tag, str) and e.get("TargetMode") != "External":
                path = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                found[e.get("Id")] = ((e.get("Type") or "").rsplit("/", 1)[-1], path)
        return found

    def tree(self, part: str) -> Element:
        """Parse a part's XML and return its root, with names mapped to the Transitional namespaces."""
        data = self.archive.read(part)
        if b"purl.oclc.org/ooxml" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return parse(data, self.name)

    def parts(self, kind: str) -> list[str]:
        """Return the names of all parts of a kind that relationships name; when there are none, the part with the usual
        name, if it exists."""
        named = [target for k, target in self.relations.values() if k == kind and target in self.names]
        usual = posixpath.join(posixpath.dirname(self.main), f"{kind}.xml")
        return list(dict.fromkeys(named)) or ([usual] if usual in self.names else [])

    def only(self, kind: str) -> Element:
        """Return the root element of the first part of this kind (such as "numbering"); None when the file has none."""
        names = self.parts(kind)
        return self.tree(names[0]) if names else None
