"""Look up passages of an official text by the register's identifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.models import Document, Passage

_PARAGRAPH = re.compile(r"(?:^|/)para\d+(?P<letters>(?:/\w+)*)$")
_NUMBERED = re.compile(r"(?:^|/)para(\d+)$")


@dataclass(frozen=True)
class OfficialText:
    """A parsed official text, with tables to look up passages and headings by identifier."""

    document: Document
    passages: dict[str, Passage]
    headings: dict[str, str]
    paths: dict[str, tuple[str, ...]]
    aliases: dict[str, str]

    @classmethod
    def of(cls, document: Document) -> OfficialText:
        """Build the lookup tables of an official text."""
        passages = {passage.id: passage for passage in document.passages}
        headings = {section.id: section.heading for section in document.sections}
        paths = {section.id: section.path for section in document.sections}
        return cls(document, passages, headings, paths, _aliases(document, passages))

    def known(self, id: str) -> str:
        """Return the identifier under which the text contains a place: `id` itself, or for a letter under an objective
        the letter of the numbered paragraph. '' when there is neither."""
        return self.aliases.get(id, id)

    def has(self, id: str) -> bool:
        """Return whether the text has a passage or section with this identifier."""
        return self.known(id) in self.passages or id in self.headings

    def verbatim(self, id: str) -> tuple[Passage, ...]:
        """Return the passage with this identifier and all passages below it, in text order, headings first; () when the
        text has none."""
        id = self.known(id)
        under = f"{id}/"
        passages = [p for p in self.document.passages if p.id == id or p.id.startswith(under)]
        if not any(p.kind != "heading" for p in passages) and id in self.paths:
            passages += self._in_section(id, passages)
        return tuple(sorted(passages, key=lambda p: (p.kind != "heading", p.place.chars or (0, 0))))

    def _in_section(self, id: str, already: list[Passage]) -> list[Passage]:
        """Return the passages under a heading of a resolution, whose identifiers do not begin with that of the heading;
        those in `already` are left out."""
        path = self.paths[id]
        inside = [p for p in self.document.passages if path and p.section[: len(path)] == path]
        return [p for p in inside if p not in already and p.kind != "heading"]

    def words(self, id: str) -> str:
        """Return the text of a passage and of all below it; headings are left out if there is other text."""
        found = self.verbatim(id)
        own = [p for p in found if p.kind not in ("heading", "addressee", "run")] or list(found)
        return " ".join(p.text for p in own)

    def heading(self, id: str) -> str | None:
        """Return the heading of the division with this identifier, or of the nearest division above it, or None."""
        id = id if id in self.headings else self.known(id)
        if id in self.passages and _PARAGRAPH.search(id):
            path = self.passages[id].section
            return path[-1] if path else None
        while id:
            if self.headings.get(id):
                return self.headings[id]
            id = id.rpartition("/")[0]
        return None

    def letters(self, id: str) -> tuple[str, ...]:
        """Return the letters printed under one numbered paragraph, with those of sub-items: 'a', 'b', 'b/i'; () when
        the identifier covers several paragraphs."""
        lettered = [match["letters"].strip("/") for p in self.verbatim(id) if (match := _PARAGRAPH.search(p.id))]
        first, last = self.range(id) or (0, 0)
        return tuple(letter for letter in lettered if letter) if first == last else ()

    def range(self, id: str) -> tuple[int, int] | None:
        """Return the first and last paragraph number printed under a heading, or None when there is none."""
        numbers = [int(match[1]) for p in self.verbatim(id) if (match := _NUMBERED.search(p.id))]
        return (min(numbers), max(numbers)) if numbers else None


def _aliases(document: Document, passages: dict[str, Passage]) -> dict[str, str]:
    """Map `mipaa/I.1/obj1/a` to `mipaa/para21/a`, for each letter that only one paragraph under the objective has."""
    owners = {section.path: section.id for section in document.sections}
    found: dict[str, list[str]] = {}
    for passage in document.passages:
        match, owner = _PARAGRAPH.search(passage.id), owners.get(passage.section)
        if match and match["letters"] and owner:
            found.setdefault(owner + match["letters"], []).append(passage.id)
    return {alias: ids[0] for alias, ids in found.items() if len(ids) == 1 and alias not in passages}
