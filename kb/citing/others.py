"""Documents that are not here, as they are named beside those that are: by an acronym, a title, or a word with a
capital."""

from __future__ import annotations

import re

from kb.citing.figures import PLACE_WORD
from kb.citing.names import Names
from kb.ids import read_all
from kb.places import plainly

_PLACE_BEGINS = re.compile(rf"\b(?:{PLACE_WORD}|arts?|paras?|p[áa]rrs?|pars?|chap|sect?|annex)\b|[§¶]", re.IGNORECASE)


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
