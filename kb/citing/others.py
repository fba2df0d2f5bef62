"""Recognise names of documents that are not installed: an acronym, a title, or a capitalised word."""

from __future__ import annotations

import re

from kb.citing.figures import PLACE_WORD
from kb.citing.names import CitationNames
from kb.ids import read_all
from kb.places import plainly

_PLACE_BEGINS = re.compile(rf"\b(?:{PLACE_WORD}|arts?|paras?|p[áa]rrs?|pars?|chap|sect?|annex)\b|[§¶]", re.IGNORECASE)


_REMARK = re.compile(r"(?<=[\w)])\s*\((?P<inner>[^()]*(?:\([^()]*\)[^()]*)*)\)")
"""Brackets behind a place, possibly nested: "(general comment No. 1, para. 5 (a))"."""
_ABOUT = re.compile(r"\d[\w.)]*\s*(?P<words>(?:\s*\([^()\d]{3,80}\))+)")
"""Words in brackets behind a place; number of letters chosen by eye, a title is shorter."""


class Others:
    """Recognises names of documents that are not installed, by the rules of corpus/citations/names.yaml."""

    def __init__(self, names: CitationNames) -> None:
        self.filler = {each.lower() for each in names.filler}
        self.beside = {each.lower() for each in names.beside}
        self.commentary = re.compile("|".join(names.commentaries) or r"(?!)", re.IGNORECASE)
        self._treaty = re.compile(rf"(?<![\w-])(?:{'|'.join(names.treaties) or '(?!)'})(?![\w-])")

    def unknown(self, text: str, placed: str = "", *, behind: bool = False) -> set[tuple[str, str | None]]:
        """Return (name, None) for what may be an instrument that is not installed: an acronym ("ICCPR art. 16"), or a
        title with a place in `placed` ("European Social Charter, art. 15").

        With `behind` (the text follows another citation), a committee's publication is recognised by its number alone
        ("CRPD, art. 9, and general comment No. 2").
        """
        found = [
            w
            for w in re.findall(r"(?<![\w/])[A-Z][A-Za-z-]*[A-Z]\w*(?![\w/])", read_all(text)[1])
            if w.lower() not in self.filler | self.beside
        ]
        titled = self.commentary.findall(text) + self._treaty.findall(text)
        numbered = behind and self.commentary.search(text) and re.search(r"\d", placed)
        found += titled if titled and (numbered or read_all(plainly(placed))[0]) else []
        return {(word, None) for word in found if not re.fullmatch(r"[IVXL]+", word)}

    def without_remarks(self, text: str, marks: str) -> tuple[str, list[str]]:
        """Remove brackets after a place that name a committee's publication ("CRPD, art. 12 (general comment No. 1)");
        return the text, and the contents of the brackets. `marks` is the class of characters that represent names."""
        found: list[str] = []
        for match in reversed(list(_REMARK.finditer(text))):
            rest = text[: match.start()] + " " + text[match.end() :]
            inner = match["inner"]
            placed = re.search(r"\d[\w.)]*$", text[: match.start()]) and re.search(r"\d", inner)
            if placed and self.commentary.search(inner) and re.search(f"[{marks}]", rest):
                text = rest
                found.insert(0, inner)
        return text, found

    def about(self, text: str, left: list[str]) -> str:
        """Return the words in brackets after a place if they contain all words `left` and name no document: they
        describe the place in the citing work ("CEDAW, art. 12 (Health)"). '' if there are none."""
        for match in _ABOUT.finditer(text):
            words = match["words"]
            if set(left) <= set(self.words(words, is_named=True)) and not self.unknown(words, "art. 1"):
                return words.strip(" ()")
        return ""

    def strange(self, text: str) -> list[str]:
        """Return the capitalised words before the place that are part of no known name."""
        place = _PLACE_BEGINS.search(text)
        words = self.words(read_all(plainly(text[: place.start()] if place else text))[1], is_named=True)
        return [word for word in words if word[0].isupper()]

    def words(self, left: str, *, is_named: bool) -> tuple[str, ...]:
        """Return the words that remain unexplained: neither fillers nor letters of a place. Some words are fillers only
        beside a name (`is_named`)."""
        filler = self.filler | self.beside if is_named else self.filler
        found = re.findall(r"\+\s?\d+|[^\W\d_][\w'’/.-]*[\w+]|[^\W\d_](?=['’])|(?<!\S)[fs]\.(?![^\s,;)])", left)
        words = (word for word in found if word.strip(".").lower() not in filler)
        following = ("f.", "s.")  # "para 58 f.", "art. 12 et s."
        return tuple(word for word in words if len(word.strip(".")) > 1 or word in following)
