"""Documents that are not here, as they are named beside those that are: by an acronym, a title, or a word with a
capital."""

from __future__ import annotations

import re

from kb.citing.figures import PLACE_WORD
from kb.citing.names import Names
from kb.ids import read_all
from kb.places import plainly

_PLACE_BEGINS = re.compile(rf"\b(?:{PLACE_WORD}|arts?|paras?|p[áa]rrs?|pars?|chap|sect?|annex)\b|[§¶]", re.IGNORECASE)


_REMARK = re.compile(r"(?<=[\w)])\s*\((?P<inner>[^()]*(?:\([^()]*\)[^()]*)*)\)")
"""Brackets behind a place, with brackets in them: "(general comment No. 1, para. 5 (a))"."""
_ABOUT = re.compile(r"\d[\w.)]*\s*(?P<words>(?:\s*\([^()\d]{3,80}\))+)")
"""Words in brackets behind a place; letters by eye, a title is shorter."""


class Others:
    """Finds names of other documents by the rules of corpus/citations/names.yaml."""

    def __init__(self, names: Names) -> None:
        self.filler = {each.lower() for each in names.filler}
        self.beside = {each.lower() for each in names.beside}
        self.commentary = re.compile("|".join(names.commentaries) or r"(?!)", re.IGNORECASE)
        self._treaty = re.compile(rf"(?<![\w-])(?:{'|'.join(names.treaties) or '(?!)'})(?![\w-])")

    def unknown(self, text: str, placed: str = "", *, behind: bool = False) -> set[tuple[str, str | None]]:
        """What may be an instrument that is not here: an acronym ("ICCPR art. 16"), or a title where a place is
        written in `placed` ("European Social Charter, art. 15"); `behind` another citation what a committee publishes
        needs no more than its number ("CRPD, art. 9, and general comment No. 2")."""
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
        """The text without brackets behind a place of an instrument that is named outside of them, in which what a
        committee publishes is named ("CRPD, art. 12 (general comment No. 1)"), and what stands in those brackets."""
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
        """The words in brackets behind a place that hold all of those `left` and name no document: what the place is
        about, in the words of the work that cites ("CEDAW, art. 12 (Health)"); empty where there are none."""
        for match in _ABOUT.finditer(text):
            words = match["words"]
            if set(left) <= set(self.words(words, is_named=True)) and not self.unknown(words, "art. 1"):
                return words.strip(" ()")
        return ""

    def strange(self, text: str) -> list[str]:
        """Words with a capital before the place of a stretch that are of no name."""
        place = _PLACE_BEGINS.search(text)
        words = self.words(read_all(plainly(text[: place.start()] if place else text))[1], is_named=True)
        return [word for word in words if word[0].isupper()]

    def words(self, left: str, *, is_named: bool) -> tuple[str, ...]:
        """Words that account for nothing: neither filler nor letters of a place; some are filler beside a name only."""
        filler = self.filler | self.beside if is_named else self.filler
        found = re.findall(r"\+\s?\d+|[^\W\d_][\w'’/.-]*[\w+]|[^\W\d_](?=['’])|(?<!\S)f\.(?!\S)", left)
        words = (word for word in found if word.strip(".").lower() not in filler)
        return tuple(word for word in words if len(word.strip(".")) > 1 or word == "f.")  # "para 58 f.": what follows
