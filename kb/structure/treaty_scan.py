"""Classify the blocks of a legal text (labels, headings, text), and group them into instruments.

One file may contain several instruments: an approval law, the resolution that adopted a convention, the convention, its
protocol, and all of it in another language. The articles of each begin again at 1, which separates them.

Numbers: the title of an article has at most 120 letters; chosen by eye on the sample treaties.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from kb.structure.blocks import Block
from kb.structure.division_names import division_labels, language_of, numeral

_NUMBER = (
    r"(?P<n>\d{1,3}|[IVXLC]{1,8}|[一二三四五六七八九十百]{1,6})(?:\s*(?P<again>bis|ter|quater|quinquies))?\s*[º°ª]?"
)
_STOP = r"(?![^\Wº°ª])"
_SYMBOL = re.compile(r"^[A-Z]{1,5}(?:/[A-Z0-9.]+){1,6}$")
_ENDS = re.compile(r"[.:;,。：；，]\s*$")
_WORDLESS = re.compile(r"^(?:\[[A-Z]+\]|[\W_]+)$")  # picture placeholders, rules, rows of dashes
_REPEATED = 5  # a line printed this often under headings is a note of the editor, not of the text


@dataclass(frozen=True)
class Token:
    """A block of a treaty with its kind: annex, symbol, part, preamble, recital, article, heading, closing, noise or
    text. `words` is the text that follows a label on the same line, None for no such text."""

    kind: str
    block: Block
    number: str | None = None
    words: Block | None = None


@dataclass
class Component:
    """One instrument in a file: its kind and its tokens in order."""

    kind: str
    tokens: list[Token] = field(default_factory=list)

    @property
    def articles(self) -> list[str]:
        """Return the numbers of the articles, in order."""
        return [token.number or "" for token in self.tokens if token.kind == "article"]

    def language(self) -> str | None:
        """Return the language of most of its text; None when it is not clear."""
        return language_of(" ".join(token.block.text for token in self.tokens))


@lru_cache(maxsize=8)
def _label(kind: str) -> re.Pattern[str]:
    """Return the pattern of one kind of label (such as "article") in all languages, longest label first."""
    kind, _, inside = kind.partition("_")
    found = {form for each in division_labels().values() for form in getattr(each, kind)}
    ordered = sorted(found, key=len, reverse=True)
    if kind == "article":
        forms = "|".join(
            re.escape(form).replace(r"\{n\}", f"@{i}@").replace(r"\ ", r"\s*") for i, form in enumerate(ordered)
        )
        forms = re.sub(r"@(?=\||$)", "@" + _STOP.replace("\\", "\\\\"), forms)
        numbered = re.sub(
            r"@(\d+)@", lambda m: _NUMBER.replace("<n>", f"<n{m[1]}>").replace("<again>", f"<b{m[1]}>"), forms
        )
        return re.compile(rf"^\s*(?:{numbered})(?P<stop>\s*[.:—–-]+)?\s*(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
    forms = "|".join(map(re.escape, ordered))
    if inside:
        return re.compile(rf"(?<=[.;])\s*(?={'|'.join(f.upper() + '|' + f for f in map(re.escape, ordered))})")
    number = "" if kind in ("preamble", "closing") else rf"(?:\s*{_NUMBER})?"
    return re.compile(rf"^\s*(?:{forms}){number}(?P<stop>\s*[.:—–-]+)?\s*(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)


def scan(blocks: list[Block]) -> list[Token]:
    """Return one token for each block; closing words joined to an article get a token of their own."""
    repeated = {
        text
        for text, count in Counter(b.text for b in blocks if not b.role).items()
        if count >= _REPEATED and len(text) > 12
    }
    parts = [part for block in blocks for part in _closing_apart(block)]
    noise = [each.role == "noise" or each.text in repeated or bool(_WORDLESS.match(each.text)) for each in parts]
    return [Token("noise", block) if silent else _token(block) for block, silent in zip(parts, noise)]


def _closing_apart(block: Block) -> list[Block]:
    """Split a block before closing words that are printed at the end of the last article."""
    match = _label("closing_inside").search(block.text)
    return [block.part(0, match.start()), block.part(match.start())] if match else [block]


def _token(block: Block) -> Token:
    """Return a block as a token of its kind: a label, a heading, text, …"""
    if block.role == "article":
        return Token("article", block, _value(block.text))
    if block.role in ("preamble", "title"):
        return Token("recital" if block.role == "preamble" else "heading", block)
    if _SYMBOL.match(block.text):
        return Token("symbol", block)
    for read in (_article, _annex_or_part, _preamble, _closing):
        token = read(block)
        if token:
            return token
    return Token("heading" if block.role == "heading" else "text", block)


def _value(printed: str, again: str = "") -> str:
    """Return an article's number as it is in identifiers: in Arabic digits, followed by `again` ('bis' and the
    like)."""
    value = numeral(printed)
    return f"{value if value else printed}{again.lower()}"


def _article(block: Block) -> Token | None:
    """Return a token for an article's label and the text after it ("Article 5 – Equality", "ARTICULO 1º — Apruébase
    ..."); None for other blocks."""
    match = _label("article").match(block.text)
    if not match:
        return None
    rest = match["rest"]
    short = len(rest) < 120 and not _ENDS.search(rest)  # letters, by eye: longer text is no title of an article
    if rest and not (rest[0].isupper() or not rest[0].isalpha() or rest[0] > "\u2fff"):
        return None
    if rest and not (match["stop"] or block.role == "heading" or short):
        return None
    groups = match.groupdict()
    printed = next(value for key, value in groups.items() if key[0] == "n" and value)
    again = next((value for key, value in groups.items() if key[0] == "b" and value), "") or ""
    words = block.part(match.start("rest")) if rest and not _label("article").match(rest) else None
    return Token("article", block, _value(printed, again), words)


def _annex_or_part(block: Block) -> Token | None:
    """Return a token for a short line with which an annex or a part begins; None for other blocks."""
    # letters, by eye: longer text is no title of an article
    if len(block.text) > 120 or (_ENDS.search(block.text) and block.role != "heading"):
        return None
    for kind in ("annex", "part"):
        match = _label(kind).match(block.text)
        if (
            match
            and (match["n"] or kind == "annex")
            and (not match["rest"] or match["rest"][0].isupper() or match["stop"])
        ):
            return Token(kind, block, match["n"] or "")
    return None


def _preamble(block: Block) -> Token | None:
    """Return a token for the word "Preamble", alone or followed by the first words of the text; None for other
    blocks."""
    match = _label("preamble").match(block.text)
    if not match or (match["rest"] and not match["rest"][0].isupper()):
        return None
    again = _label("preamble").match(match["rest"])  # bilingual headings print the word twice
    start = match.start("rest") + (again.start("rest") if again else 0)
    return Token("preamble", block, None, block.part(start) if block.text[start:] else None)


def _closing(block: Block) -> Token | None:
    """Return a token for the closing words of a treaty ("In witness whereof …"); None for other blocks."""
    match = _label("closing").match(block.text)
    return Token("closing", block) if match and block.text[:1].isupper() else None


def components(tokens: list[Token]) -> list[Component]:
    """Group the tokens of a file into its instruments, in order."""
    found = [Component("")]
    for token in tokens:
        current = found[-1]
        if token.kind == "annex":
            found.append(Component("annex"))
        elif token.kind == "symbol" and current.kind == "" and _opens_resolution(current):
            found.append(Component("resolution"))
        found[-1].tokens.append(token)
    return [part for each in found for part in _restarts(each)]


def _opens_resolution(current: Component) -> bool:
    """Return whether a document symbol, read after the component `current`, begins a resolution. It does not when it is
    among the articles of an instrument whose closing words have not come yet."""
    return any(token.kind == "closing" for token in current.tokens) or not current.articles


def _restarts(component: Component) -> list[Component]:
    """Split a component where its articles begin again at 1; each split is before the title or preamble of the new
    instrument."""
    parts, start, last, previous = [], 0, 0, None
    for at, token in enumerate(component.tokens):
        if token.kind != "article" or not (token.number or "").isdecimal():
            continue
        number = int(token.number or 0)
        if number == 1 and last > 1 and not _is_contents(component.tokens[start:at]):
            cut = _title_before(component.tokens, previous or start, at)
            parts.append(Component(component.kind, component.tokens[start:cut]))
            start = cut
        last, previous = number, at
    return [*parts, Component(component.kind, component.tokens[start:])]


def _is_contents(tokens: list[Token]) -> bool:
    """Return whether labels are listed with hardly any text between them, as in a table of contents."""
    words = sum(token.kind in ("text", "closing") for token in tokens)
    return words < sum(token.kind == "article" for token in tokens) / 2


def _title_before(tokens: list[Token], previous: int, at: int) -> int:
    """Return the position at which a new instrument begins between the articles at `previous` and `at`: that of its
    title or preamble, else that of the article."""
    for i in range(previous + 1, at):
        titled = tokens[i].kind == "heading" and tokens[i - 1].kind not in ("article", "part")
        if titled or tokens[i].kind == "preamble":
            return i
    return at
