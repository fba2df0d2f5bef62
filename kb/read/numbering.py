"""Parse printed numbers: `Article 12 bis`, `5.2.3`, `Artículo 4.-`, `Chapter IV`, `Section 6(2)(b)`, `12.`, `(a)`,
bullets.

The words that name a part are data: corpus/reading/numbering.yaml. A number is what is printed, never counted.

Numbers: ranks of the forms of numbers, from the outermost (1) to the innermost, as in the sample laws, plans and
resolutions.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from kb.read.vocabulary import vocabulary

ROMAN = r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
BULLET = "•‣◦▪▫■□●○◆►➢➤✓✔\uf0b7\uf0a7\uf0d8\uf0fc·∙*–—−-"
BULLET_ONLY = re.compile(rf"[{re.escape(BULLET)}o]$")


class _Form(BaseModel):
    """One entry of corpus/reading/numbering.yaml: a form of number, its rank (1 is outermost), and the words that name
    such a part ("Article")."""

    model_config = ConfigDict(extra="forbid")

    form: str
    above: int
    words: list[str]


class _NumberWords(BaseModel):
    """Words that occur in printed numbers of articles and paragraphs; the content of corpus/reading/numbering.yaml."""

    model_config = ConfigDict(extra="forbid")

    forms: list[_Form]
    repeats: list[str]
    ordinal_words: list[str]
    ordinals: list[str]
    tens: list[str]


@dataclass(frozen=True, slots=True)
class Number:
    """A number at the start of a text: as printed, its form, the rank of that form (`above`, 1 is outermost), where the
    text after it begins (`end`), and whether nothing follows it (`alone`)."""

    text: str
    form: str
    above: int
    end: int
    alone: bool


@functools.cache
def _words() -> _NumberWords:
    """Load and validate corpus/reading/numbering.yaml, once."""
    return vocabulary("numbering", _NumberWords)


def _choice(words: list[str]) -> str:
    """Return a regular expression that matches any of the words, longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@functools.cache
def _named() -> tuple[re.Pattern[str], dict[str, _Form]]:
    """Return the pattern of a named part, such as 'Article 12 bis', and the form of number for each word that names
    one."""
    data = _words()
    by_word = {word: form for form in reversed(data.forms) for word in form.words}
    figure = (
        rf"(?:[LRDA]\.?\s?\*?\d+(?:-\d+)*|\d+(?:\.\d+)*|(?-i:[A-Z])\.\d+(?:\.\d+)*"
        rf"|(?-i:(?=[IVX]+[A-H](?![^\W_])){ROMAN}[A-H])|(?-i:{ROMAN})"
        r"|(?-i:(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3}))(?!\w)|(?-i:I[lI]{1,2})(?!\w)"
        rf"|(?-i:[A-Z])(?![\w’'])|(?:{_choice(data.ordinal_words)})\b)"
    )
    again = rf"[ -](?:{_choice(data.repeats)})\b"
    tail = (
        r"(?:\s?\.?(?:°|º|ª|o\.|er\b|ère\b|re\b|ème\b|e\b|no\b|n°))?"
        rf"(?:{again}|[-‐–](?:\d+|(?-i:[A-Z])\b)(?:{again})?|\s[-‐–]\s(?-i:[A-Z])(?=\s*(?:[.:)]|$))"
        r"|(?<=\d)\s(?-i:[A-Z])(?=\s*(?:[.:)]|$))"  # "ARTICLE 34 A", alone or before its title
        r"|(?<=\d)[A-Za-z]{1,2}\b)?(?:\s?\((?:\d+|[a-z]{1,4})\))*"
    )
    apart = r"(?:(?<!(?-i:[A-ZÀ-Þ]))|(?=\d|(?-i:[IVXLC]{2})))"  # "MEDIDAS" is no "MEDIDA S"
    return re.compile(
        rf"({_choice(list(by_word))})(?:\s*(?:n[°º]|no\.|number|[-–]))?\s*{apart}({figure}{tail})(?![^\W_⁰¹²³⁴-⁹])",
        re.IGNORECASE,
    ), by_word


REPEATS = "bis|ter|qu[aá]ter|quinquies|sexies|septies|octies|novies|decies"
_LETTERED = (
    r"\d{1,3}(?:[A-Z]{1,2}|\s?[-–]\s?(?:[A-Z]|\d{1,2}))\s?\.(?:[-–—]|\s?(?=\(\w{1,3}\)))?(?=\s|$|[“\"«(])"
    r"|\d{1,3}[A-Z]{0,2}(?=\s?\(\d{1,3}\)\s+[^\W\d_a-zß-ÿ])"  # "35B(1) The levy", "5 (1) Every employer"
    r"|\d{1,3}\([A-Z]\)(?=\s?(?:\(\d{1,3}\)|\.)?\s+[^\W\d_a-zß-ÿ])"  # "12(A)(1) The levy"
    r"|\(\d{1,3}[A-Z]{1,2}\)(?=\s)"  # "(1A) The fund"
    r"|\d{1,3}\s[-–]\s[A-Z]\)?(?=\s*$)"
    r"|\d{1,3}\s[-–—]\s(?=[^\W\d_a-zß-ÿ])"
    # "1 - A lei", as Portuguese laws count; "3 - 4 years" and "2 - step" are none
)
_FIGURE = (
    rf"\(?\d{{1,3}}(?:\s?(?:{REPEATS}))?(?:\.[-–—]?º?|[-–—]\.?(?=\s)|\)|°\.?-?|º\.?-?|/)"
    r"(?=\s|$|[^\W\d_]|[“\"«(])"
)
_PLAIN = [
    ("decimal", 8, re.compile(r"\d{1,3}(?:\.\d{1,3}){1,5}[A-Z]?\.?(?=[\s)]|$|[^\W\d_])")),
    ("arabic", 10, re.compile(f"{_LETTERED}|{_FIGURE}")),
    (
        "roman",
        9,  # its place in the order of forms
        # "I - multa;" of Brazilian laws too; "I – III" is a range
        re.compile(rf"\(?{ROMAN}(?:\.[-–—]?|\)|[-–—])(?=\s|$)|(?=[IVX]){ROMAN}\s[-–—]\s(?=[^\W\d_])(?![IVX]+\b)"),
    ),
    (
        "small-roman",
        13,  # its place in the order of forms
        re.compile(
            rf"\(?(?i:(?=[ivx]){ROMAN.replace('M{0,3}', '').replace('(?=[IVXLCDM])', '')})"
            r"(?:\)|\.)(?=\s|$|(?<=\))[^\W\d_“\"«(])"
        ),
    ),
    ("capital", 9, re.compile(r"\(?[A-Z](?:\.[-–—]?|\)|[-–—]\s)(?=\s|$)")),  # its place in the order of forms
    (
        "letter",
        12,  # its place in the order of forms
        re.compile(
            r"(?:\(?[a-zа-яñ]\)|\(?([a-z])\1\)"
            r"|(?![npsr]\.\s\d)[a-zа-яñ]\.(?=\s)"  # "s. 13", "p. 4": section, page
            r"|\(?[ء-ي\u05d0-\u05ea]\u0640?\)|[ء-ي\u05d0-\u05ea]\u0640?\s?[.\-–—\u0640](?=\s)"  # Arabic, Hebrew
            r")(?=\s|$|[^\W\d_]|[“\"«(])"
        ),
    ),
    (
        "bullet",
        14,  # its place in the order of forms
        re.compile(rf"[{re.escape(BULLET)}](?=\s|$)|o(?=\s+[A-ZÀ-ÞА-Я])|[•‣◦▪■●➢➤\uf0b7\uf0a7\uf0d8\uf0fc]"),
    ),
    ("cjk", 6, re.compile(r"第[一二三四五六七八九十百零〇\d]+[条章节编款]")),  # its place in the order of forms
    ("raised", 15, re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")),  # its place in the order of forms
    ("brackets", 10, re.compile(r"\[\d{1,4}\](?=\s)")),
]


_QUOTE = re.compile(r"[“\"«„‘]\s?(?=[\d(])")
IN_QUOTES = ("decimal", "arabic", "letter", "small-roman")
"""Forms that are recognised inside a quotation, as amendments print provisions: “(4) The Minister …”; «A. Smith» is a
name."""


_PUT_IN = re.compile(r"\[(?=\d{1,3}[A-Z]{0,2}\.(?:[-–—]|\s)\s?[^\W\d_])")
"""Matches the opening bracket of a provision that an amendment inserted, as Indian acts print it: "[4B. Audit.—The fund
…]"."""
_HEAD = 24  # letters in which a printed number ends, by eye: "Disposición adicional 10\\."
_ESCAPED = re.compile(r"\\([.()\[\]])")
r"""Matches a character that Markdown escapes, so that "10\." begins no list."""


def _mark_first(match: re.Match[str]) -> str:
    """Replace an escaped character by the character and a blank, so that the text keeps its length."""
    return f" {match[1]}" if match[1] in "([" else f"{match[1]} "


def number_of(text: str) -> Number | None:
    """Return the number with which `text` begins, or None.

    >>> number_of("Article 12 bis. Work").text
    'Article 12 bis'
    """
    if "\\" in text[:_HEAD]:
        text = _ESCAPED.sub(_mark_first, text[:_HEAD]) + text[_HEAD:]
    start = len(text) - len(text.lstrip('*_# \t(\\“”"«„'))
    found = _named_number(text, start) or _spaced(text, start) or _ordinal(text, start)
    if found:
        return found
    if text.startswith(("**", "__")):
        text = text[:80].replace("**", "  ").replace("__", "  ") + text[80:]
    start = len(text) - len(text.lstrip())
    if _PUT_IN.match(text, start):
        start += 1
    quoted = _QUOTE.match(text, start)
    for form, above, pattern in _PLAIN:
        if quoted and form not in IN_QUOTES:
            continue
        match = pattern.match(text, quoted.end() if quoted else start)
        if match and match.group().strip("(). "):
            printed = match.group().strip() if form in ("bullet",) else match.group().strip().rstrip(".:-–—/ ")
            end = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
            if quoted and form in ("decimal", "arabic") and text[end : end + 1].islower():
                continue  # “3.5 per cent”: a figure that is quoted
            return Number(printed, form, above, end, end >= len(text.rstrip()))
    return None


_SENTENCE = re.compile(
    r"(?:of|de|du|del|da|to|and|et|y|e|or|ou|o|above|shall|is|des|der|und|oder|ist|della|dello|do|dos|das)\b"
)
"""Matches words that continue a sentence after a cross-reference: "Article 5 of the Act"."""

_GOES_ON = re.compile(r"(?<=\d\))\s+[a-zß-öø-ÿ]{3,}\s")
"""Matches the text after a number such as "Section 21(3)" when it begins with a word in lower case ("takes effect"):
the number is then part of a sentence."""


def _named_number(text: str, start: int) -> Number | None:
    """Parse `Article 12 bis` and the like at `start`. None when there is none, or when it is a cross-reference: in
    lower case, or continued as a sentence."""
    pattern, by_word = _named()
    match = pattern.match(text, start)
    if not match:
        return None
    rest = text[match.end() :].lstrip("*_ \t°º⁰¹²³⁴⁵⁶⁷⁸⁹")
    if match.group(1)[0].islower():
        return None
    if rest and rest[0] == "," or _SENTENCE.match(rest):
        return None
    form = by_word[match.group(1).lower()]
    if form.form in ("article", "section") and not match.group(1).isupper() and _GOES_ON.match(text, match.end()):
        return None
    end = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip("*_ .:\t°º–—-⁰¹²³⁴⁵⁶⁷⁸⁹"))
    printed = re.sub(r"\s+", " ", match.group()).strip(" .:-–—")
    return Number(printed, form.form, form.above, end, end >= len(text.rstrip("*_ ")))


@functools.cache
def _ordinals() -> re.Pattern[str]:
    """Return the pattern of ordinals in words that number a provision: `Primera.-`, `DÉCIMA SEGUNDA.—`, `Única.-`."""
    one = _choice(_words().ordinals)
    return re.compile(
        rf"((?:{_choice(_words().tens)})(?:\s?(?:{one}))?|{one})\s?[.:]?\s?[-–—]+(?=[\s*_]|$|[^\W\d_])", re.IGNORECASE
    )


def _ordinal(text: str, start: int) -> Number | None:
    """Parse `Primera.- Disposiciones normativas` at `start`: an ordinal in words, a point and a dash, as in Spanish
    laws; else None."""
    match = _ordinals().match(text, start)
    if not match or match.group(1)[0].islower() or not re.search(r"[.:]\s?[-–—]", match.group()):
        return None
    end = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip("*_ \t"))
    # its place in the order of forms
    return Number(" ".join(match.group(1).split()), "article", 6, end, end >= len(text.rstrip("*_ ")))


_SPACED_FIGURE = re.compile(r"[\s.:]*((?:\d ?)+(?:[A-Z](?=\s*(?:[.:*]|$))|[º°ª])?)(?!\w)")
"""Matches digits printed with spaces between them, and the letter or ordinal sign after them: "1 2 A", "3 º"."""
_SPACED = re.compile(r"(?:[^\W\d_] +){2,}[^\W\d_](?![^\W\d_])")


def _spaced(text: str, start: int) -> Number | None:
    """Parse `C H A P T E R  I V` at `start`: a named part in spaced letters; its digits may be spaced too; else
    None."""
    match = _SPACED.match(text, start)
    if not match:
        return None
    _, by_word = _named()
    run = re.sub(r"\s", "", match.group())
    for word in sorted(by_word, key=len, reverse=True):
        behind = run[len(word) :]
        if not run.lower().startswith(word) or " " in word:
            continue
        figure = _SPACED_FIGURE.match(text, match.end()) if not behind else None
        if figure is None and not re.fullmatch(rf"{ROMAN}|[A-Z]", behind):
            continue
        printed = re.sub(r"\s", "", figure.group(1)) if figure else behind
        end = figure.end() if figure else match.end()
        end += len(text[end:]) - len(text[end:].lstrip("*_ .:\t°º–—-"))
        form = by_word[word]
        return Number(f"{run[: len(word)]} {printed}", form.form, form.above, end, end >= len(text.rstrip("*_ ")))
    return None


@functools.cache
def _annexes() -> re.Pattern[str]:
    """Return the pattern of the title of an annex that has no figure: `SCHEDULE`, `First Schedule`, `ANEXO ÚNICO`."""
    data = _words()
    annex = _choice([word for form in data.forms if form.form == "annex" for word in form.words])
    ordinal = _choice(data.ordinal_words)
    return re.compile(
        rf"\W*(?:the\s+)?(?:(?:{ordinal})\s+|ال)?(?:{annex})s?(?:\s+(?:{ordinal}))?\s*(?:[(\[][^()\[\]]*[)\]])?\W*",
        re.IGNORECASE,
    )


def is_annex_title(text: str) -> bool:
    """Return whether `text` is the title of an annex without a figure, also with the section that it belongs to:
    `SCHEDULE (Section 12)`. `Schedule.` is the end of a sentence or a side note; `SCHEDULE.` is a title."""
    closed = text.rstrip("*_ ")[-1:]
    if closed and closed in ",;" or closed == "." and text != text.upper():
        return False
    # letters, by eye: a longer title is a sentence
    return len(text) < 80 and _annexes().fullmatch(text) is not None


@functools.lru_cache(maxsize=4096)  # cached beginnings of paragraphs, by eye
def is_marker(text: str) -> bool:
    """Return whether `text` consists only of a number or bullet that numbers the text after it."""
    if BULLET_ONLY.match(text) or re.fullmatch(r"\*{1,3}|[†‡§]|\d{1,3}/?|[ivx]{1,4}/?|\d{1,4}/\d{1,4}\.", text):
        return True
    number = number_of(text)
    return number is not None and number.alone


def is_item(number: Number) -> bool:
    """Return whether a number is that of a list item: a bullet, `a)`, `(iv)`, `B)`; but not `2.` or `B.`, which
    paragraphs and headings have."""
    return (
        number.form in ("bullet", "letter", "small-roman")
        or number.form in ("capital", "roman")
        and number.text.endswith(")")
    )
