"""The query language: parse a text to an abstract syntax tree.

    older women            words, best matches first
    "dollar a day"         a phrase that must occur
    «land rights»          also a phrase; so are „land rights“ and 「land rights」
    land AND NOT reform    operators in capitals; brackets group
    land -reform           same as NOT reform, when a blank comes before the minus sign and none after it
    pension*               words that begin with "pension"
    children NEAR/8 school both, with at most eight words between them
    group:older-persons    a facet and its term; quotes for a term of several words

Any string gives a tree or a QueryError with the column of the mistake. The tree holds what a person typed;
`kb.engine.query` has the weighted queries that are sent to an engine.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from kb.errors import QueryError
from kb.text import visible

NEAR = 10
"""Maximum number of words between the two sides of NEAR when the query gives no number."""
LONGEST = 10_000  # characters: several pages of text; the parser walks them all
DEEPEST = 40  # brackets in brackets: the parser recurses for each


@dataclass(frozen=True)
class _Typed:
    """Text as a person typed it, and the column where it begins."""

    text: str
    column: int


class Word(_Typed):
    """One word to find; it affects ranking only, unless an operator requires it."""


class Phrase(_Typed):
    """Words that must be side by side, in this order."""


class Prefix(_Typed):
    """Any word that begins with `text`."""


@dataclass(frozen=True)
class Near:
    """Both sides, in any order, within `distance` words of each other."""

    left: Word | Phrase
    right: Word | Phrase
    distance: int
    column: int


@dataclass(frozen=True)
class Field:
    """A facet (`name`) and its term (`value`), which passages must carry."""

    name: str
    value: str
    column: int


@dataclass(frozen=True)
class Not:
    """Passages that do not match `part`."""

    part: Node


@dataclass(frozen=True)
class And:
    """Passages that match all of `parts`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """Passages that match at least one of `parts`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Bag:
    """Parts side by side without operators: words affect ranking, fields and exclusions filter, others are required."""

    parts: tuple[Node, ...]


Leaf = Word | Phrase | Prefix | Field
"""A node without parts."""
Node = Leaf | Near | Not | And | Or | Bag

_GROUPS = (And, Or, Bag)
"""Nodes that have parts. isinstance with a tuple takes a third of the time that it takes with a union."""

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<field>[^\W\d][\w-]*):(?=[\w"“«„「『])
  | (?P<minus>(?<![\w)"”»])[-−–](?=[\w"“«„「『(]))
  | (?:"(?P<straight>[^"]*)(?P<close1>")?|“(?P<curly>[^“”"]*)(?P<close2>[”"])?
     |„(?P<low>[^„“”"]*)(?P<close3>[“”"])?|«(?P<angle>[^«»]*)(?P<close4>»)?|‹(?P<single>[^‹›]*)(?P<close5>›)?
     |「(?P<corner>[^「」]*)(?P<close6>」)?|『(?P<corners>[^『』]*)(?P<close7>』)?|＂(?P<wide>[^＂]*)(?P<close8>＂)?)
  | (?P<open>\()
  | (?P<shut>\))
  | (?P<near>NEAR(?:/(?P<distance>\d{1,3}))?)(?![\w*])
  | (?P<operator>AND|OR|NOT)(?![\w*])
  | (?P<prefix>\w[\w'’-]*)\*
  | (?P<word>\w+(?:['’.-]\w+)*)
  | (?P<star>\*)
  | (?P<other>.)
""",
    re.VERBOSE | re.DOTALL,
)


_PHRASES = ("straight", "curly", "low", "angle", "single", "corner", "corners", "wide")
"""The kinds of quotation marks: "…", “…”, „…“, «…», ‹…›, 「…」, 『…』, ＂…＂."""

_ONLY_WORDS = re.compile(r"(?:\s*(?!(?:AND|OR|NOT|NEAR)(?!\w))\w+(?!\w))+\s*")  # most queries: no parser is needed


class _Token(NamedTuple):
    kind: str
    text: str
    column: int
    number: int = NEAR


def _tokens(text: str, fields: frozenset[str]) -> list[_Token]:
    """Split the query into tokens with 1-based columns; signs without a meaning in the query language are skipped."""
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # the last branch takes any character
        column, kind = at + 1, match.lastgroup or "other"
        at = match.end()
        if kind == "word":  # nearly all of them are
            found.append(_Token(kind, match[0], column))
        elif kind == "space":
            continue
        elif match["field"] is not None:
            found.append(_field_token(match["field"], column, fields))
        elif (phrase := next((match[name] for name in _PHRASES if match[name] is not None), None)) is not None:
            if not any(match[f"close{number}"] for number in range(1, len(_PHRASES) + 1)):
                raise QueryError(
                    "the quotation mark is not closed.", column=column, do='Close it, as in "dollar a day".'
                )
            found.append(_Token("phrase", phrase.strip(), column))
        elif match["minus"] is not None:
            found.append(_Token("operator", "NOT", column))
        elif match["near"] is not None:
            found.append(_Token("near", match["near"], column, int(match["distance"] or NEAR)))
        elif kind in ("open", "shut", "operator", "prefix", "star"):
            found.append(_Token(kind, match[kind], column))
    return found


def _field_token(name: str, column: int, fields: frozenset[str]) -> _Token:
    """Return a field token when `name` is in `fields`, else a word token. Raises QueryError for one that nearly equals
    a field."""
    folded = name.casefold().replace("-", "_")
    if folded in fields:
        return _Token("field", folded, column)
    # "langauge:" is meant for language, "note:" for nothing; chosen by eye
    close = difflib.get_close_matches(folded, fields, n=1, cutoff=0.75)
    if close:
        raise QueryError(f"there is no field '{name}'.", column=column, do=f"Did you mean {close[0]}: ?")
    return _Token("word", name, column)


class _Parser:
    """Recursive descent parser: OR binds weakest, then AND, NOT, parts side by side; an atom may be NEAR another."""

    def __init__(self, tokens: list[_Token], end: int) -> None:
        self.tokens, self.at, self.end, self.depth = tokens, 0, end, 0

    @property
    def next(self) -> _Token:
        """The next token; 'end' after the last."""
        return self.tokens[self.at] if self.at < len(self.tokens) else _Token("end", "", self.end)

    def take(self) -> _Token:
        """Return the next token and move past it."""
        token = self.next
        self.at += 1
        return token

    def is_operator(self, name: str) -> bool:
        """Return whether the next token is the operator `name`."""
        return self.next.kind == "operator" and self.next.text == name

    def either(self) -> Node:
        """Parse parts joined by OR."""
        parts = [self.both()]
        while self.is_operator("OR"):
            operator = self.take()
            parts.append(self.side(self.both, operator))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Node:
        """Parse parts joined by AND."""
        parts = [self.bag()]
        while self.is_operator("AND"):
            operator = self.take()
            parts.append(self.side(self.bag, operator))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def side(self, read: Callable[[], Node], operator: _Token) -> Node:
        """Parse the right side of `operator` with `read`. Raises QueryError when it is missing."""
        if self.next.kind in ("end", "shut") or self.is_operator("AND") or self.is_operator("OR"):
            raise QueryError(
                f"{operator.text} needs something on both sides.",
                column=operator.column,
                do="Write it in small letters to search for the word.",
            )
        return read()

    def bag(self) -> Node:
        """Parse parts side by side, up to an operator, a bracket or the end. Raises QueryError when there is no part:
        an empty query, a bracket without its partner, or an operator without a part on one side."""
        parts = []
        while self.next.kind not in ("end", "shut") and not self.is_operator("AND") and not self.is_operator("OR"):
            parts.append(self.part())
        if not parts:
            token = self.next
            if token.kind == "shut":
                raise QueryError(
                    "there is nothing before this bracket." if self.depth else "this bracket was never opened.",
                    column=token.column,
                    do="Put a word in, or take it out.",
                )
            if token.kind == "operator":
                raise QueryError(
                    f"{token.text} needs something on both sides.",
                    column=token.column,
                    do="Write it in small letters to search for the word.",
                )
            if self.depth:
                raise QueryError("the bracket is not closed.", column=token.column, do="Close it with )")
            raise QueryError("there is nothing to search for.", column=token.column, do="Type a word, such as: pension")
        return parts[0] if len(parts) == 1 else Bag(tuple(parts))

    def part(self) -> Node:
        """Parse one part, which may be negated or NEAR another. Raises QueryError for NOT before nothing, and for NEAR
        that is not between two words or phrases."""
        if self.is_operator("NOT"):
            operator = self.take()
            if self.next.kind in ("end", "shut", "operator"):
                raise QueryError(
                    "NOT needs something after it.",
                    column=operator.column,
                    do="Write it in small letters to search for the word.",
                )
            return Not(self.atom())
        left = self.atom()
        if self.next.kind != "near":
            return left
        near = self.take()
        right = self.atom() if self.next.kind in ("word", "phrase") else None
        if not isinstance(left, Word | Phrase) or not isinstance(right, Word | Phrase):
            raise QueryError(
                "NEAR stands between two words or phrases.",
                column=near.column,
                do="Write, for example: children NEAR/5 school",
            )
        return Near(left, right, near.number, near.column)

    def atom(self) -> Node:
        """Parse a word, phrase, prefix, field or bracketed group. Raises QueryError for `*` or NEAR without a word
        before it, and for a phrase without a word."""
        token = self.take()
        if token.kind == "open":
            return self.group(token)
        if token.kind == "field":
            return self.field(token)
        if token.kind == "star":
            raise QueryError(
                "* needs the beginning of a word before it.", column=token.column, do="Write, for example: pension*"
            )
        if token.kind == "near":
            raise QueryError(
                "NEAR stands between two words or phrases.",
                column=token.column,
                do="Write, for example: children NEAR/5 school",
            )
        if token.kind == "phrase" and not re.search(r"\w", token.text):
            raise QueryError("there is no word between the quotation marks.", column=token.column, do="Put one in.")
        if token.kind == "phrase":
            return Phrase(token.text, token.column)
        return Prefix(token.text, token.column) if token.kind == "prefix" else Word(token.text, token.column)

    def group(self, token: _Token) -> Node:
        """Parse the content of the brackets that `token` opens. Raises QueryError when they are not closed."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError(f"brackets are nested more than {DEEPEST} deep.", column=token.column, do="Use fewer.")
        inside = self.either()
        if self.next.kind != "shut":
            raise QueryError("the bracket is not closed.", column=token.column, do="Close it with )")
        self.take()
        self.depth -= 1
        return inside

    def field(self, token: _Token) -> Node:
        """Parse the value of the field that `token` names. Raises QueryError when it is missing."""
        value = self.take()
        if value.kind not in ("word", "phrase", "prefix"):
            raise QueryError(
                f"{token.text}: needs a value after it.", column=token.column, do=f"For example {token.text}:NAME"
            )
        return Field(token.text, value.text, token.column)


def readable(text: str) -> str:
    """Replace what is no valid character (undecodable bytes, NUL) with '?'; columns stay the same."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def parse(text: str, fields: frozenset[str] = frozenset()) -> Node:
    """Parse a query into a tree. `fields` are the facet names allowed in `name:value`; after any other name a colon has
    no meaning.

    Raises QueryError with the 1-based column and what to do.
    """
    if len(text) > LONGEST:
        raise QueryError(
            f"the query has {len(text):,} characters; {LONGEST:,} are read.", column=LONGEST + 1, do="Shorten it."
        )
    seen = visible(readable(text))
    if _ONLY_WORDS.fullmatch(seen):
        words = tuple(Word(each[0], each.start() + 1) for each in re.finditer(r"\w+", seen))
        return words[0] if len(words) == 1 else Bag(words)
    tokens = _tokens(seen, fields)
    if not tokens:
        problem = "there is no word in it." if text.strip() else "the query is empty."
        raise QueryError(problem, column=1, do="Type a word, such as: pension")
    parser = _Parser(tokens, len(text) + 1)
    tree = parser.either()
    if parser.next.kind != "end":
        raise QueryError(
            "this bracket was never opened.", column=parser.next.column, do="Take it out, or open one before."
        )
    return tree


def leaves(node: Node, *, negative: bool = False) -> list[Leaf]:
    """Return the words, phrases, prefixes and fields of a tree in order; those under NOT only when `negative`."""
    if isinstance(node, Word):  # nearly all of them are
        return [node]
    if isinstance(node, Not):
        return leaves(node.part) if negative else []
    if isinstance(node, _GROUPS):
        found: list[Leaf] = []
        for part in node.parts:
            if isinstance(part, Word):
                found.append(part)
            else:
                found += leaves(part, negative=negative)
        return found
    if isinstance(node, Near):
        return [node.left, node.right]
    return [node]


def narrowed(tree: Node) -> tuple[Node | None, tuple[Node, ...]]:
    """Split a query into (tree of what is searched for, parts that only filter: fields, exclusions and groups of
    them). `pension force:legal` searches for "pension" within force:legal. The tree is None when the query has
    filters only."""
    if isinstance(tree, Word) or isinstance(tree, Bag) and all(isinstance(part, Word) for part in tree.parts):
        return tree, ()  # only words, as in most questions
    if all(isinstance(leaf, Field) for leaf in leaves(tree)):
        return None, (tree,)
    if not isinstance(tree, And | Bag):
        return tree, ()
    sides = [narrowed(part) for part in tree.parts]
    asked = tuple(part for part, _ in sides if part is not None)
    return type(tree)(asked), tuple(node for _, nodes in sides for node in nodes)


def plain_text(node: Node) -> str:
    """Return the words of a query without operators, fields and exclusions: the text to embed."""
    return " ".join(leaf.text for leaf in leaves(node) if not isinstance(leaf, Field))
