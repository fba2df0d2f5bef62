"""Normalise the spelling of a typed citation, before names and places are looked for: hyphens at line ends, points in
acronyms, titles between a place and its part, and letters typed for digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from kb.citing.figures import PLACE_WORD, spelt, without_raised
from kb.citing.names import CitationNames, Name
from kb.citing.neighbours import FIRST_MARK
from kb.citing.respelt import in_common_signs, respelt
from kb.citing.shared import folded
from kb.errors import InputError
from kb.places import INSIDE

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("“”«»", '"'),
        **dict.fromkeys("’‘", "'"),
        # more marks than a line that a person types can hold
        **{chr(c): " " for c in range(FIRST_MARK, FIRST_MARK + 2000)},
    }
)
_PLACES = rf"(?:{PLACE_WORD}|arts?\b\.?|paras?\b\.?|p[áa]rrs?\b\.?|pars?\b\.?|§|¶)"
_POINTED = re.compile(r"(?<![\w.])(?:[A-Za-z]\.\s?){2,}[A-Za-z](?:\.|(?!\w))")
"""An acronym with points: "C.R.P.D.", "C. E. D. A. W."."""
_HYPHEN = re.compile(r"\b([^\W\d_]{2,})-\s+([^\W\d_]{2,})\b")
_TITLE_BETWEEN = re.compile(
    rf"({_PLACES}\s*\d+)\s*(\((?!{INSIDE}\b)[^()\d]{{4,80}}\)),?\s*"
    rf"((?:{INSIDE}\s*\(?\w{{1,4}}\b\)?)(?:\s*\(\w{{1,4}}\))*)",
    re.IGNORECASE,
)
"""A place, its title in brackets, and the part of the place: "Art. 3 (General principles), lit. (c)"."""
_TITLE_IN_LIST = re.compile(
    rf"(\b\d[\w.]*(?:\(\w{{1,4}}\))*)((?:\s*\((?!{INSIDE}\b)[^()\d]{{5,80}}\))+)"
    r"(\s*(?:,\s*)?(?:\b(?:and|y|e|et)\b|&|,)\s*)(\d[\w.]*(?:\s?\(\w{1,4}\))*)",
    re.IGNORECASE,
)
"""A title in brackets between two numbers of a list: "articles 6 (Women with disabilities) and 7"."""
_PARA = r"(?:paras?|pars?|p[áa]rrs?)\b\.?|(?:paragraphe?s?|p[áa]rrafos?)\b|[§¶]"
_AGAIN = re.compile(
    rf"(?:{_PARA})\s*(\d{{1,3}}(?:\s*\(\w{{1,3}}\))*\s*(?:,|;|&|\b(?:and|y|et)\b)\s*)(?:{_PARA})\s*"
    r"(?=\d{1,3}(?:\s*\(\w{1,3}\))*\s*(?:$|[,;.)]))",
    re.IGNORECASE,
)
"""The word for paragraphs repeated before each number of a list: "para 75, para 77(a)"."""
_PART = re.compile(
    r"\b(?:sub|let\.?|points?|chiffre|punto)\s+(?=\(?(?:[a-z]|\d{1,2})\)?(?![\w)]))(?=\S*(?:\s|[,;)]|$))"
)
"""Words that mean a part only before a single letter or figure."""
_LETTERS_TO = re.compile(
    r"\b(lits?\.?|let\.?|letras?|lettres?|letters?|incs?\.|incisos?|al\.|alin[ée]as?)\s*"
    r"([a-z])\s*[-–—]\s*([a-z])(?![\w)])",
    re.IGNORECASE,
)
"""A range of letters behind its word: "lit. a–c"."""
_MEMBER = r"(?:(?:\(\d{1,2}\)|\d{1,2})(?:\s*\(?[a-z]\)|\s+[a-z]\b(?!\s*\(?\d))*|\(?[a-z]\))"
_BRACKETED = re.compile(
    rf"(?<=\d)\s*\(\s*(?:{INSIDE}|§§)\s*"
    rf"(?P<items>{_MEMBER}(?:\s*(?:,|;|[-–—]|\b(?:and|to|y|e|a|et|à)\b)+\s*{_MEMBER})*?)\s*\)",
    re.IGNORECASE,
)
"""Parts of an article in brackets, with a word for them: "12 (paras. 3-4)", "28 (párr. 2 b))"."""
_UNSURE = re.compile(r"(?<![\w./:-])(?:[l|O]\d{1,2}|\d[\dl|O]*[l|O]\d|\d+[|O])(?![A-Za-z])")
"""A number with a letter that looks like a figure: "l2", "1O3"."""
_UNSURE_BEHIND = re.compile(rf"{_PLACES}\s*(I\d{{1,2}}|ll|\d+I\d)(?!\w)")
_ORDINAL = re.compile(r"\b(art[íi]culos?|arts?\.?)\s*([1-9])o\b", re.IGNORECASE)
"""A Spanish ordinal with a common letter, as laws count articles one to nine: "art. 5o"."""
_SHARP = re.compile(r"(?<!\w)#\s?(?=\d{1,3}(?!\d))")
"""The sign for a number: "CRPD #12", "art. #12"."""
_IN_FIGURES = str.maketrans("lI|O", "1110")
_LEAST_WORDS = 4
"""Main words from which the small words of a title may differ: shorter titles are too like others."""


class Spelling:
    """Corrects the spelling of a citation where its meaning is certain, and refuses it where it is not."""

    def __init__(self, rules: CitationNames, names: Iterable[Name]) -> None:
        names = list(names)
        self._acronyms = {each.name.upper(): each.name for each in names if re.fullmatch(r"[A-Za-z]{4,8}", each.name)}
        known = " ".join((*(each.name for each in names), *rules.filler, *rules.other)).lower()
        self.places = _PLACE_NAMES
        self._words = {*re.findall(r"[^\W\d_]{5,}", known), *_PLACE_NAMES}  # line ends divide long words
        treaties = "|".join(
            re.escape(each.name)
            for each in names
            if rules.bare.get(each.instrument) == "article" and not each.part and re.fullmatch(r"[A-Z]{4,8}", each.name)
        )
        self._convention = re.compile(
            rf"\b(?:Convention|Convenci[óo]n)\s+(?:de\s+la\s+|de\s+)?(?=(?:{treaties or '(?!)'})\b)|"
            rf"\b(?P<short>{treaties or '(?!)'})\s+Convention\b(?!\s+(?:on|for|against|to|sur|sobre)\b)|"
            rf"(?:(?<!\w)(?<!\w\s)|(?<=\b[a-z]{{2}}\s)|(?<=\b[a-z]{{3}}\s)|(?<=[lL]['’])|\bUN\s)"
            rf"Conv(?:ention|enci[óo]n)\s*\(\s*(?:the\s+)?[\"']?(?P<named>{treaties or '(?!)'})[\"']?\s*\)|"
            rf"\b(?P<before>{treaties or '(?!)'})\s*\(\s*(?:the\s+)?[\"']?Convention[\"']?\s*\)"
        )
        self._marked = re.compile(rf"\b({treaties or '(?!)'})(\s*,?\s*)A\s?(?=\d{{1,2}}(?![\w.]))")
        self._hosts = [
            re.compile(
                rf"\b({spelt(city, rules.spellings)})(?:,\s*|\s*\()(?:in\s+)?(?:{'|'.join(countries)})\b\)?",
                re.IGNORECASE,
            )
            for city, countries in rules.hosts.items()
        ]
        every = "|".join(each for countries in rules.hosts.values() for each in countries) or "(?!)"
        self._dated_host = re.compile(rf"\((?:{every}),?\s+(?=[^()]*\d{{4}}\))", re.IGNORECASE)

    def plain(self, typed: str) -> str:
        """Return the citation in normalised spelling. Raises InputError for a letter that may be a digit ("art.
        l2")."""
        text = without_raised(unicodedata.normalize("NFC", folded(in_common_signs(typed)))).translate(_PLAIN)
        text = _HYPHEN.sub(self._joined, text)
        text = _POINTED.sub(self._without_points, text)
        text = self._convention.sub(lambda match: match["short"] or match["named"] or match["before"] or "", text)
        text = _SHARP.sub("", self._marked.sub(r"\1\2art. ", text))
        for host in self._hosts:
            text = host.sub(r"\1", text)
        text = self._dated_host.sub("(", text)
        if unsure := _UNSURE.search(text) or _UNSURE_BEHIND.search(text):
            token = unsure[unsure.lastindex or 0]
            raise InputError(
                f"'{typed}' has '{token}', with a letter where a figure may be meant.",
                do=f"Type '{token.translate(_IN_FIGURES)}' if that is the number.",
            )
        text = respelt(text)
        text = _LETTERS_TO.sub(r"\1 (\2)–(\3)", text)
        text = _AGAIN.sub(r"paras \1", text)
        text = _BRACKETED.sub(_each_bracketed, text)
        text = _PART.sub("lit. ", _ORDINAL.sub(r"\1 \2", text))
        text = _TITLE_BETWEEN.sub(r"\1, \3 \2", text)
        while (moved := _TITLE_IN_LIST.sub(r"\1\3\4\2", text)) != text:
            text = moved
        return text

    def _joined(self, match: re.Match[str]) -> str:
        """Return a word that is divided at a line end, joined if the result is a word used in citations."""
        return match[1] + match[2] if (match[1] + match[2]).lower() in self._words else match[0]

    def _without_points(self, match: re.Match[str]) -> str:
        """Return an acronym without its points if a document has that name, else unchanged."""
        name = self._acronyms.get(re.sub(r"[\s.]", "", match[0]).upper())
        return name or match[0]


def _each_bracketed(match: re.Match[str]) -> str:
    """Return a bracketed list with each member in brackets of its own: "12 (paras. 3-4)" becomes "12 (3)-(4)"."""
    members = re.split(rf"({_MEMBER})", match["items"])
    return " " + "".join(
        "".join(f"({each})" for each in re.findall(r"\d+|[a-z]", part, re.IGNORECASE)) if at % 2 else part
        for at, part in enumerate(members)
    )


_PLACE_NAMES = {
    *(
        "article",
        "articles",
        "paragraph",
        "paragraphs",
        "commitment",
        "preamble",
        "recommendation",
        "chapter",
        "section",
    ),
    *("objective", "objectives", "artículo", "artículos", "párrafo", "párrafos", "compromiso", "capítulo", "objetivo"),
    *("apartado", "inciso", "literal", "preámbulo", "paragraphe", "paragraphes", "engagement", "chapitre", "objectif"),
    *("alinéa", "préambule", "priority", "direction", "orientación", "orientation", "cuestión", "question"),
}
"""Words for places that a line end may divide."""
_SMALL = "of|on|for|the|about|to|de|del|la|las|los|el|sobre|para|a|du|des|les|le|sur|pour|aux|relative|relatif|relativa"


def loosely_titled(name: str, pattern: str) -> str:
    """Build a pattern for a long title in which small words may differ or be missing: "Convention for the Rights of
    Persons with Disabilities".

    `pattern` is the result of `spelt`, with a group for each word.
    """
    words = name.split()
    groups = pattern.split(r"\s+")
    small = [bool(re.fullmatch(_SMALL, word, re.IGNORECASE)) for word in words]
    if len(words) != len(groups) or small.count(False) < _LEAST_WORDS or not any(small):
        return pattern
    kept = [group for group, each in zip(groups, small, strict=True) if not each]
    return rf"\s+(?:(?:{_SMALL})\s+)*".join(kept)
