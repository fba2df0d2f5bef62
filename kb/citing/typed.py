"""Parse a typed citation so that every word is explained: as a name, as a place, or as part of the rest.

"Beijing Platform, para 205(a); CRPD arts. 6 and 28" has two parts, each with one instrument and its places. A word
that is not a name, place, date or filler is stored in `words`: it may change the name into that of another document
("Cairo Programme of Action", "reservation to article 12", "Beijing+5"), and the caller must refuse or report it.

While a text is parsed, each name in it is replaced by one private-use character; `marks` lists the names in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kb.citing.figures import DATE, PLACE_WORD, YEAR, glued, in_figures, recommendations, spelt
from kb.citing.kinds import read_in
from kb.citing.lists import combinations
from kb.citing.names import CitationNames, Name
from kb.citing.neighbours import FIRST_MARK, MARKS, beside, is_mark, qualified
from kb.citing.others import Others
from kb.citing.shared import apart, each_alone, without_points
from kb.citing.slips import Slips
from kb.citing.spelling import Spelling, loosely_titled
from kb.ids import Locator, read_all
from kb.places import INSIDE, plainly
from kb.text import squeeze


@dataclass(frozen=True)
class CitationPart:
    """One part of a citation: at most one instrument, the places cited in it, and the words that are not explained."""

    text: str
    instrument: str | None
    division: str | None
    """Declaration, programme, platform, plan, protocol; None where none is named."""
    combinations: tuple[tuple[Locator, ...], ...]
    """For each place cited, the kinds and numbers that describe it; empty for the whole instrument."""
    words: tuple[str, ...] = ()
    """Words that are not a name, place, date or filler."""
    numbers: str = ""
    """Numbers and letters that could not be read as a place."""
    years: tuple[int, ...] = ()
    generic: bool = False
    report: bool = False
    title: str = ""
    """What shows that this is another document: a title such as 'National Action Plan', or a word beside the name."""
    aside: tuple[str, ...] = ()
    """Notes of the citing work ("n. 3"): they may have been meant as part of the place, so an answer names them."""
    unplaced: tuple[str, ...] = ()
    """Other parts of the instrument named behind the place, without a place of their own."""
    in_words: bool = False
    """Whether a paragraph was counted in words: "second paragraph"."""
    beside: tuple[str, ...] = ()
    """Those of `words` beside the name that turn it into another: 'Copenhagen Declaration on tourism'."""


_RESOLUTION_OF_REPORT = re.compile(
    r"(?:\b(?:chap(?:ter|\.)?|ch\.|cap(?:[íi]tulo|\.)?)\s*(?:I|1)\s*[,.]?\s*)?\bres(?:olution|oluci[óo]n|\.)\s*1\b"
    r"(?!/)",
    re.IGNORECASE,
)
_ANNEX = re.compile(
    r"\b(?:annex(?:es)?|anexos?|annexes?)\b(?:\s+(?P<n>III|II|I|[123])\b(?:\s*(?:and|&|y|et)\s*(?P<m>II|I|[12])\b)?)?",
    re.IGNORECASE,
)
_BETWEEN = (
    r"(;|,|\s/\s|\b(?:and|y|et|und|as well as|or|in conjunction with|(?:read )?together with|read with|en relación con"
    r"|en lien avec|in Verbindung mit)\b|&)"
)
"""What may stand between two citations."""
_NOTE = re.compile(r"^[\s,(]*(?:n(?:ota?e?\b[^\d]*|\.)?|footnote|fn\.?|pp?\.)\s*\d", re.IGNORECASE)
_NUMBER_OF = r"\s*\d{1,3}(?!\d)[\w().]*\s+(?:[a-z']+\s+){0,2}"
_OF = r"\s*(?:of|to|de|del|du|des|von)\s+(?:(?:the|la|le|les|los|l['’])\s*)?"
_INSIDE_ALONE = re.compile(rf"\s*{INSIDE}\s*[\w().]+(?:\s*\(\w+\))*\s*", re.IGNORECASE)
"""A part of an article by itself, between commas: "paragraph 2"."""
_BARE_NUMBER = re.compile(r"\s*\d[\w().]*\s*")


class CitationParser:
    """Parses typed citations with the names of the register and of corpus/citations/names.yaml."""

    def __init__(self, names: CitationNames, more: Iterable[Name] = ()) -> None:
        known = [*names.names, *more]
        self.rules = names
        unique = {name.name.lower(): name for name in reversed(known)}
        self.names = sorted(unique.values(), key=lambda each: -len(each.name))
        self._patterns = [
            (
                name,
                re.compile(
                    rf"(?<![\w/]){loosely_titled(name.name, spelt(name.name, names.spellings))}(?:/Rev\.\d|['’]s)?"
                    rf"(?!\w|-(?!{PLACE_WORD}\b|arts?\b|paras?\b)\w|/(?!{PLACE_WORD}|art))",
                    re.IGNORECASE,
                ),
            )
            for name in self.names
        ]
        self._spelt = [spelt(name.name, names.spellings) for name in self.names]
        self._glued = glued(each.name for each in self.names)
        self._spelling = Spelling(names, known)
        self.slips = Slips(
            [name.name for name in self.names], self._spelling.places, _meaning_themselves(names), self._count
        )
        self._qualifying = set(names.qualifying)
        self.other = {each.lower() for each in names.other}
        titles = "|".join(names.documents) or r"(?!)"
        self._documents = re.compile(rf"({titles})[^,;\d]*$", re.IGNORECASE)
        self.others = Others(names)
        self._own_document = re.compile(rf"[\s,:(]*({titles})", re.IGNORECASE)
        self.excepted = re.compile(
            rf"\b(?:{'|'.join(names.excepted) or '(?!)'})\b[\s:]+"
            rf"(?:(?:the|le|la|les|el|los|las)\s+)?(?:{PLACE_WORD}|arts?\b|paras?\b|\(|\d)",
            re.IGNORECASE,
        )
        ordinals = "|".join(map(re.escape, names.ordinals)) or r"(?!)"
        self._counted = re.compile(
            rf"\b(?:{ordinals}|\d(?:st|nd|rd|th))\s+(?:paragraphe?|p[áa]rrafo|alin[ée]a)\b", re.IGNORECASE
        )
        self._series = re.compile("|".join(f"(?:{each})" for each in names.series) or r"(?!)")
        self._apparatus = [re.compile(each, re.IGNORECASE) for each in names.apparatus]

    def read(self, typed: str) -> tuple[CitationPart, ...]:
        """Parse a citation into its parts, in order; there is at least one."""
        plain = self._spelling.plain(typed)
        plain = self._glued.sub(lambda m: f" {m[0]} ", plain)
        text = squeeze(in_figures(apart(self._spelt, without_points(plain)), self.rules.ordinals, self.rules.tens))
        if rows := recommendations(text):
            return tuple(self._part(row, ()) for row in rows)
        marked, marks = self._mark(text)
        marked = self._series.sub(" ", marked) if marks else marked
        marked, remarks = self.others.without_remarks(marked, MARKS)
        cut = [each for piece in self._pieces(marked, marks) for each in self._each_alone(piece, marks)]
        pieces = [row for piece in cut for row in recommendations(piece.strip()) or [piece]]
        pieces += remarks
        in_words = bool(self._counted.search(plain))
        return tuple(replace(self._part(piece, marks), in_words=in_words) for piece in pieces)

    # --- names ---

    def _count(self, text: str) -> int:
        """Return how many words of a text are part of the names of installed documents."""
        plain = self._spelling.plain(text)
        marked = re.sub(f"[{MARKS}]", " ", self._mark(plain)[0])
        return len(plain.split()) - len(marked.split())

    def _mark(self, text: str) -> tuple[str, list[Name]]:
        """Replace each name in the text by one private-use character, longest names first; return the text, and the
        names in the order of their characters."""
        marks: list[Name] = []
        for name, pattern in self._patterns:
            if pattern.search(text):
                text = pattern.sub(f" {chr(FIRST_MARK + len(marks))} ", text)
                marks.append(name)
        return text, marks

    def _pieces(self, marked: str, marks: Sequence[Name]) -> list[str]:
        """Split the text where another instrument (or part of one) is named after a place of the previous one."""
        atoms = self._with_name_behind(re.split(_BETWEEN, marked), marks)
        pieces, last = [""], ""
        for at in range(0, len(atoms), 2):
            atom, follows = atoms[at], "".join(atoms[at:])
            here = self._targets(atom, marks) or self.others.unknown(atom, follows, behind=True)
            before = self._targets(pieces[-1], marks) or self.others.unknown(pieces[-1], pieces[-1])
            if last == ";":
                here = here or self._foreign(follows.partition(";")[0], marks)
                before = before or self._foreign(pieces[-1], marks)
            stretches = (pieces[-1], follows.partition(";")[0])  # "Cairo Programme of Action; ", "…; Dakar Platform"
            other = last == ";" and here == before and any(map(self.others.strange, stretches))
            new = (
                here
                and before
                and (other or not here <= before)
                and (
                    (self._has_place(pieces[-1]) and self._has_place(follows))
                    or self._is_recommendation(pieces[-1], marks)
                    or self._is_recommendation(atom, marks)
                )
                and not (self._is_recommendation(atom, marks) and self._owns(pieces[-1], last, atom, marks))
            )
            if new and (other or not before <= here):
                pieces.append(atom)
            else:
                pieces[-1] += last + atom
            last = atoms[at + 1] if at + 1 < len(atoms) else ""
        return pieces

    def _with_name_behind(self, atoms: Sequence[str], marks: Sequence[Name]) -> list[str]:
        """Join places to the name after them if they belong to it: the numbers of a list ("arts. 19, 26 and 28 CRPD"),
        the parts of an article ("article 28, paragraph 2, of the CRPD")."""
        done: list[str] = []
        for at in range(0, len(atoms), 2):
            atom, start = atoms[at], len(done)
            named = re.fullmatch(rf"{_NUMBER_OF}[{MARKS}].*", atom, re.DOTALL | re.IGNORECASE)
            if named or (re.match(rf"{_NUMBER_OF}\S", atom) and self.others.unknown(atom, f"art. {atom.strip()}")):
                while start and not self._ends_named(done[start - 2], marks):
                    start -= 2
                    if not _BARE_NUMBER.fullmatch(done[start]):
                        break
                closed = start and self._ends_named(done[start - 2], marks) > 1
                bare = start < len(done) and _BARE_NUMBER.fullmatch(done[start]) and not closed
                if start == len(done) or bare or not self._has_place(done[start]):
                    start = len(done)
            elif re.match(rf"{_OF}[{MARKS}]", atom, re.IGNORECASE):
                while start and _INSIDE_ALONE.fullmatch(done[start - 2]):
                    start -= 2
                if start < len(done):
                    start -= 2 if start and not self._targets(done[start - 2], marks) else start - len(done)
            done = [*done[:start], "".join((*done[start:], atom)), *atoms[at + 1 : at + 2]]
        return done

    def _ends_named(self, atom: str, marks: Sequence[Name]) -> int:
        """Return 2 when an atom ends in a name that follows its places ("7 CRPD", "23 CRC"), 1 when a name is elsewhere
        in it, 0 when there is none."""
        if re.search(rf"\d[\w().]*\s+(?:[a-z']+\s+){{0,2}}[{MARKS}]\s*$", atom):
            return 2
        if re.match(rf".*{_NUMBER_OF}\S+\s*$", atom) and self.others.unknown(atom, f"art. {atom.strip()}"):
            return 2
        return int(bool(self._targets(atom, marks)))

    @staticmethod
    def _each_alone(piece: str, marks: Sequence[Name]) -> list[str]:
        """Repeat a part for each instrument that shares its place: "CEDAW and CRPD, art. 12" gives one text with CEDAW
        and one with CRPD."""
        named = {
            chr(FIRST_MARK + at): None if name.generic and name.part else name.instrument
            for at, name in enumerate(marks)
        }
        return each_alone(piece, MARKS, named.get)

    def _targets(self, text: str, marks: Sequence[Name]) -> set[tuple[str, str | None]]:
        """Return (instrument, part) for each name in a text. A numbered recommendation means the paper, which is the
        only document that has any."""
        named = {
            (marks[ord(c) - FIRST_MARK].instrument, marks[ord(c) - FIRST_MARK].part) for c in text if is_mark(c, marks)
        }
        kinds = {locator.kind for locator in read_all(plainly(text))[0]}
        return named or ({("paper", None)} if kinds & {"recommendation", "derived"} else set())

    def _is_recommendation(self, text: str, marks: Sequence[Name]) -> bool:
        """Return whether a text is a numbered recommendation and names no instrument."""
        return not re.search(f"[{MARKS}]", text) and bool(self._targets(text, marks))

    def _owns(self, before: str, separator: str, atom: str, marks: Sequence[Name]) -> bool:
        """Return whether a recommendation (`atom`) belongs to the document named in `before`, which has no place:
        "Vienna Plan, rec. 2". After a comma any document may be meant; otherwise only one that is not installed,
        and never for the paper's own label "R4"."""
        if read_all(plainly(before))[0]:
            return False
        is_here = bool(re.search(f"[{MARKS}]", before))
        is_foreign = bool(self.others.unknown(before, before) or self.others.strange(before))
        labelled = re.search(r"\b[RD]\d\b", atom)
        return (is_here or is_foreign) if separator.strip() == "," else is_foreign and not is_here and not labelled

    def _foreign(self, text: str, marks: Sequence[Name]) -> set[tuple[str, str | None]]:
        """Return (word, None) for the first capitalised word of a text between semicolons that names no known
        instrument, because it cites a document that is not installed ("Sendai Framework, para. 19"); empty when there
        is none."""
        found = self.others.strange(text)
        return {(found[0], None)} if found and not self._targets(text, marks) else set()

    @staticmethod
    def _has_place(text: str) -> bool:
        return bool(read_all(plainly(text))[0]) or bool(re.search(r"\d", YEAR.sub(" ", DATE.sub(" ", text))))

    # --- one part ---

    def _part(self, piece: str, marks: Sequence[Name]) -> CitationPart:
        """Parse a text that names at most one instrument."""
        names = [marks[ord(c) - FIRST_MARK] for c in piece if is_mark(c, marks)]
        instrument = _main(names)
        divisions = {name.part for name in names if name.instrument == instrument and name.part}
        foreign = tuple(
            name.name
            for at, name in enumerate(marks)
            if chr(FIRST_MARK + at) in piece and name.instrument != instrument
        )
        rest, years, aside = self._without_apparatus(piece, is_printed=bool(names))
        rest, annex = self._without_annex(rest, instrument)
        divisions = {annex} if annex else divisions
        rest = re.sub(
            rf"(?:\b(?:of|to|in|under|de|du|des|von)\s+(?:the\s+|la\s+|le\s+|l['’]\s*)?)?[{MARKS}]",
            " ",
            rest,
            flags=re.IGNORECASE,
        )
        division = divisions.pop() if len(divisions) == 1 else None
        locators, left = self._places(rest, instrument, division, names)
        words = (*foreign, *self.others.words(left, is_named=bool(names)))
        return CitationPart(
            text=squeeze("".join(marks[ord(c) - FIRST_MARK].name if is_mark(c, marks) else c for c in piece)),
            instrument=instrument,
            division=division,
            combinations=combinations(locators),
            words=words,
            beside=beside(piece, {word.lower() for word in words}, marks),
            numbers=_numbers(left),
            years=years,
            title=self._title(piece, marks) or " ".join(qualified(piece, self._qualifying, marks)),
            aside=aside,
            unplaced=tuple(name.name for name in self._unplaced(piece, names, marks)),
            generic=bool(names) and all(name.generic for name in names if name.instrument == instrument),
            report=annex is None and (any(name.report for name in names) or _is_of_report(names, locators)),
        )

    def _unplaced(self, piece: str, names: Sequence[Name], marks: Sequence[Name]) -> list[Name]:
        """Return the name of another part of the same instrument with which the text ends without a place of its own;
        [] when there is none."""
        first, _, last = piece.rpartition(next((sign for sign in reversed(piece) if is_mark(sign, marks)), "\0"))
        if not names or self._has_place(last) or not self._has_place(first):
            return []
        name = names[-1]
        own = {each.part for each in names[:-1] if each.instrument == name.instrument and each.part}
        joined = chr(FIRST_MARK + marks.index(name)) in _joined_names(piece)
        return [name] if joined and name.part and own and name.part not in own else []

    def _title(self, piece: str, marks: Sequence[Name]) -> str:
        """Return the title that ends or begins with the instrument's name, '' when there is none; words after a place
        only tell what it is about."""
        if commentary := self.others.commentary.search(piece):
            return commentary[0]
        before, name, behind = re.split(rf"([{MARKS}]|$)", piece, maxsplit=1)
        if is_mark(name, marks) and marks[ord(name) - FIRST_MARK].generic:
            before = before.rstrip(" ,:")  # "National Plan, Platform for Action, para 5"
        match = (self._documents.search(before) or self._own_document.match(behind)) if name else None
        return match[1] if match else ""

    def _without_apparatus(self, text: str, *, is_printed: bool) -> tuple[str, tuple[int, ...], tuple[str, ...]]:
        """Remove dates, sales numbers and treaty series; return the text, the years that were removed (none unless the
        citation `is_printed`), and the notes that were removed."""
        years, notes = [], []
        for pattern in (*self._apparatus, DATE, YEAR):
            for match in pattern.finditer(text):
                years += [int(each) for each in match.groups() if each and re.fullmatch(r"\d{4}", each)]
                notes += [match[0].strip(" ,()")] if _NOTE.search(match[0]) else []
            text = pattern.sub(" ", text)
        return text, tuple(years) if is_printed else (), tuple(notes)

    def _without_annex(self, text: str, instrument: str | None) -> tuple[str, str | None]:
        """Remove a reference to a conference report such as "chap. I, resolution 1, annex II". Return the text, and
        the part of the instrument printed in that annex (None if there is none)."""
        annexes = self.rules.annexes.get(instrument or "", {})
        text = _RESOLUTION_OF_REPORT.sub(" ", text) if annexes else text
        match = _ANNEX.search(text)
        if match is None:
            return text, None
        number = {"1": "I", "2": "II", "3": "III"}.get(match["n"] or "", (match["n"] or "").upper())
        both = bool(match["m"])
        if number and number not in annexes:
            return text, None
        return text[: match.start()] + " " + text[match.end() :], annexes.get(number) if number and not both else None

    def _places(
        self, rest: str, instrument: str | None, division: str | None, names: Sequence[Name]
    ) -> tuple[tuple[Locator, ...], str]:
        """Return the places typed, and the remaining text; a number without a kind is of the kind that is usual in its
        instrument."""
        counted = self.rules.bare.get(division or instrument or "") or self.rules.bare.get(instrument or "")
        return read_in(rest, self.rules.places.get(instrument or "", {}), counted, is_named=bool(names))


def _meaning_themselves(rules: CitationNames) -> list[str]:
    """Return the words that a citation may contain and that must not be corrected as typing slips."""
    words = (rules.filler, rules.other, rules.beside, rules.qualifying, rules.treaties, rules.excepted)
    spellings = [each for row in (*rules.spellings.values(), *rules.hosts.values()) for each in row]
    return [*(each for row in words for each in row), *spellings, *rules.ordinals, *rules.tens]


def _joined_names(piece: str) -> set[str]:
    """Return the characters of the names that are joined by "and", ";", "," or the like, or that follow a place: each
    is a document of its own in a list."""
    joint = rf"(?:{_BETWEEN}|,|\+|(?<=[\d)])\s)"
    the = r"\s*(?:(?:of|to|in|de|du|del)\s+)?(?:(?:the|la|le|el|les|los)\s+)?"
    joined = re.compile(rf"(?P<before>[{MARKS}])(?=\s*{joint})|{joint}{the}(?=(?P<behind>[{MARKS}]))", re.IGNORECASE)
    return {match["before"] or match["behind"] for match in joined.finditer(piece)}


def _main(names: Sequence[Name]) -> str | None:
    """Return the instrument that the names mean: that of the first specific name, or else that of the first name;
    None without names."""
    own = [name for name in names if not name.generic] or list(names)
    return own[0].instrument if own else None


def _is_of_report(names: Sequence[Name], locators: Iterable[Locator]) -> bool:
    """Return whether a chapter is cited only by the symbol of a conference's report, which has chapters of its own."""
    return all(name.name.startswith("A/CONF.") for name in names) and any(each.kind == "chapter" for each in locators)


def _numbers(left: str) -> str:
    """Return the numbers and letters that were not parsed as a place, because the citation may depend on them."""
    return " ".join(
        re.findall(
            r"\(\w{1,4}\)|[.-][a-z]\b(?![.\w])|(?<![\w+])\d+\w*(?:[.(]\w+\)?)*|"
            r"(?<![\w'’.])(?:(?!y\b|e\b|o\b|a\b|à\b|u\b)[a-z]\b|[a-z]\)|[A-Z])(?![\w'’]|\.\S|(?<=[f-zA-Z])\.)",
            left,
        )
    )
