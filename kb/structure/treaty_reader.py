"""Read the components (instruments) of a treaty file: front matter, preamble, articles, paragraphs, letters, closing
words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kb.models import Section
from kb.structure.blocks import Block
from kb.structure.division_names import division_labels, language_of
from kb.structure.drafts import Aside, PassageDraft
from kb.structure.levels import Levels, Marker, inline_starts, marker
from kb.structure.treaty_parallel import (
    HEADING_LENGTH,
    borrowed_number,
    has_no_number,
    is_heading,
    lacks_numbers,
    numbered,
)
from kb.structure.treaty_scan import Component, Token

_DOUBT = "this text prints no paragraph numbers where its parallel does: letters may belong to a numbered paragraph"


@dataclass
class TreatyReader:
    """Reads the components of a file in one language and collects drafts, asides and sections."""

    language: str
    short: str
    drafts: list[PassageDraft] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    found: list[tuple[str, str, int, tuple[str, ...]]] = field(default_factory=list)

    def read(self, parts: list[Component]) -> None:
        """Read each component that is in the reader's language; the others become asides."""
        mine = [part for part in parts if self._is_mine(part)]
        main = max(mine, key=lambda part: len(set(part.articles)), default=None)
        prefixes = _prefixes(mine, main)
        for part in parts:
            if any(part is each for each in mine):
                _ComponentReader(self, part, prefixes[id(part)]).read()
            else:
                self.asides += [Aside("other-language", token.block) for token in part.tokens]

    def _is_mine(self, part: Component) -> bool:
        """Return whether a component has text in the reader's language, as marked on its blocks or as identified."""
        marked = {token.block.language for token in part.tokens}
        if self.language in marked:
            return True
        words = " ".join(token.block.text for token in part.tokens if token.block.language is None)
        return bool(words) and language_of(words) in (self.language, None)

    def sections(self, document: str) -> tuple[Section, ...]:
        """Return parts and articles as sections of the document with this id."""
        return tuple(
            Section(id=f"{document}/{locator}", heading=heading, level=level, path=path)
            for locator, heading, level, path in self.found
        )


def _prefixes(mine: list[Component], main: Component | None) -> dict[int, str]:
    """Return the locator prefix of each component, by its `id()`; the main component has ''."""
    prefixes, before = {}, True
    for part in mine:
        if part is main:
            prefixes[id(part)], before = "", False
            continue
        kind = "op" if _is_protocol(part) else part.kind or ("act" if before else "more")
        name, again = kind, 2
        while f"{name}/" in prefixes.values():
            name, again = f"{kind}-{again}", again + 1
        prefixes[id(part)] = f"{name}/"
    return prefixes


def _is_protocol(part: Component) -> bool:
    """Return whether the title, before the first article, names the component a protocol."""
    names = [name.lower() for each in division_labels().values() for name in each.protocol]
    for token in part.tokens:
        if token.kind in ("article", "recital", "preamble"):
            return False
        if token.block.text.lower().startswith(tuple(names)):
            return bool(part.articles)
    return False


class _ComponentReader:
    """Reads one instrument: front matter, preamble, articles, closing words. Its methods named after a kind of label
    (`_article`, `_part` …) get the label's token `start` and the tokens up to the next label (`group`)."""

    def __init__(self, parser: TreatyReader, part: Component, prefix: str) -> None:
        self.parser, self.part, self.prefix = parser, part, prefix
        marked = any(token.block.language == parser.language for token in part.tokens)
        self.accepted = {parser.language} if marked else {parser.language, None}  # unmarked words are then the other's
        self.base, self.label = f"{prefix}front", "front"
        self.path: tuple[str, ...] = ()
        self.levels, self.last = Levels(), ""
        self.doubt: tuple[str, ...] = ()
        self.by_locator: dict[str, PassageDraft] = {}

    def read(self) -> None:
        """Read the whole component: add every token to a draft or to the asides."""
        tokens = self._without_contents(self.part.tokens)
        for start, group in _groups(tokens):
            getattr(self, f"_{start.kind}", self._front)(start, group)

    def _without_contents(self, tokens: list[Token]) -> list[Token]:
        """Return the tokens without a table of contents, which consists of labels without text whose numbers occur
        again."""
        kept = []
        for at, token in enumerate(tokens):
            follows = tokens[at + 1].kind if at + 1 < len(tokens) else ""
            again = any(t.kind == "article" and t.number == token.number for t in tokens[at + 1 :])
            if token.kind == "article" and follows == "article" and again:
                self.parser.asides.append(Aside("contents", token.block))
            else:
                kept.append(token)
        return kept

    # --- what a group of tokens begins with ---

    def _front(self, start: Token, group: list[Token]) -> None:
        """Read title, masthead and other text before the preamble, and a preamble that has no label."""
        words = [token for token in self._mine([start, *group])]
        opening = next((i for i, token in enumerate(words) if _opens_preamble(token, words[i + 1 :])), len(words))
        kind = "title" if start.kind in ("heading", "annex", "symbol") or self.part.kind == "" else "front-matter"
        for number, token in enumerate(words[:opening]):
            draft = self._draft(f"{self.prefix}front/{number + 1}", kind, f"{self.parser.short}, front matter")
            draft.blocks.append(token.block)
        if words[opening:] and self.part.kind == "resolution":
            self._resolution(words[opening:])
        elif words[opening:]:
            self._begin(f"{self.prefix}preamble", "preamble")
            self._body(words[opening:], "provision")

    def _resolution(self, words: list[Token]) -> None:
        """Read the numbered paragraphs of the resolution that adopts an instrument."""
        self._begin(self.prefix.rstrip("/"), "resolution para.")
        self._body(words, "paragraph")

    def _preamble(self, start: Token, group: list[Token]) -> None:
        """Read a preamble that has a label."""
        self._begin(f"{self.prefix}preamble", "preamble")
        label = start.block.part(0, len(start.block.text) - len(start.words.text)) if start.words else start.block
        self.parser.asides.append(Aside("label", label))
        first = [replace(start, kind="text", block=start.words)] if start.words else []
        self._body([*first, *self._mine(group)], "provision")

    def _recital(self, start: Token, group: list[Token]) -> None:
        """Read a preamble without a label that the source's markup identifies."""
        self._begin(f"{self.prefix}preamble", "preamble")
        self._body(self._mine([start, *group]), "provision")

    def _part(self, start: Token, group: list[Token]) -> None:
        """Open a section for a part's label and heading."""
        words = self._mine(group)
        heading = words[0].block if words and is_heading(words[0], words[1:] or [start]) else None
        printed = " ".join(block.text for block in (start.block, heading) if block)
        self.path = (printed,)
        name = f"{self.prefix}part{start.number or ''}"
        self.parser.found.append((name, printed, 1, self.path))
        draft = self._draft(f"{name}/heading", "heading", f"{self.parser.short}, {start.block.text}")
        draft.blocks += [block for block in (start.block, heading) if block]
        rest = words[1:] if heading else words
        self._begin(name, f"{start.block.text}")
        self._body(rest, "provision")

    def _article(self, start: Token, group: list[Token]) -> None:
        """Read an article: its label, heading and text."""
        locator = f"{self.prefix}art{start.number}"
        again = [token for token in group if token.kind == "article"]  # a label printed twice, in two languages
        self.parser.asides += [Aside("label", token.block) for token in again]
        words = self._mine([token for token in group if token not in again])
        first = [replace(start, kind="text", block=start.words)] if start.words else []
        words = first + words
        heading = words[0].block if words and is_heading(words[0], words[1:]) else None
        rest = words[1:] if heading else words
        label = start.block.part(0, len(start.block.text) - len(start.words.text)) if start.words else start.block
        self._begin(locator, f"art. {start.number}")
        is_own = label.language in (None, self.parser.language) and not label.role
        printed = label.text if is_own else f"Article {start.number}"
        section = (*self.path, " ".join([printed, heading.text if heading else ""]).strip())
        self.parser.found.append((locator, heading.text if heading else "", len(section), section))
        body = numbered(rest, group)
        self.doubt = (_DOUBT,) if lacks_numbers(body, group) else ()
        self._head(locator, start.number, heading, label, section, bool(body) and has_no_number(body[0]))
        self._body(body, "provision", section)

    def _head(
        self,
        locator: str,
        number: str | None,
        heading: Block | None,
        label: Block,
        section: tuple[str, ...],
        own_words: bool,
    ) -> None:
        """Add a draft for a heading. Its locator is that of the article itself when all text is numbered (`own_words`
        is False), else `.../heading`."""
        words = heading
        if heading is None and not own_words and not label.role and label.language in (None, self.parser.language):
            words = label
        else:
            self.parser.asides.append(Aside("label", label))
        if words is not None:
            name = f"{locator}/heading" if own_words else locator
            self._draft(name, "heading", self._cite(()), number, None, section).blocks.append(words)

    def _closing(self, start: Token, group: list[Token]) -> None:
        """Read the testimonium ("In witness whereof …") and the text after it."""
        for number, token in enumerate(self._mine([start, *group])):
            name = f"{self.prefix}closing" + (f"/{number + 1}" if number else "")
            self._draft(name, "closing", f"{self.parser.short}, closing words").blocks.append(token.block)

    # --- words ---

    def _mine(self, tokens: list[Token]) -> list[Token]:
        """Return the tokens in the reader's language; noise and tokens in another language become asides."""
        kept = []
        for token in tokens:
            if token.kind == "noise":
                self.parser.asides.append(Aside("editorial", token.block))
            elif token.block.language not in self.accepted:
                self.parser.asides.append(Aside("other-language", token.block))
            else:
                kept.append(token)
        return kept

    def _begin(self, locator: str, label: str) -> None:
        """Open an article, preamble or part with this locator; `label` names it in citations."""
        self.base, self.label, self.levels, self.last, self.doubt = locator, label, Levels(), "", ()

    def _body(self, words: list[Token], kind: str, section: tuple[str, ...] = ()) -> None:
        """Read the text of an article or preamble, split at its numbers; `kind` and `section` are those of the
        passages."""
        for token, after in zip(words, [*words[1:], None]):
            starts = inline_starts(token.block.text, after.block.text if after else "")
            for start, end in zip([0, *starts], [*starts, None]):
                self._words(
                    token.block.part(start, end), kind, section or self.path, None if start else borrowed_number(token)
                )

    def _words(self, block: Block, kind: str, section: tuple[str, ...], borrowed: Marker | None) -> None:
        """Read one piece of text with the numbers at its start; `borrowed` is a number copied from the other language,
        or None."""
        if not block.text:
            return
        found = marker(block.text)
        if found is not None and not self.levels.admits(found):
            found = None
        if found is None and borrowed is not None:
            self._add(self.levels.place(borrowed, self.last.endswith((":", "："))), block, kind, section, borrowed=True)
            return
        if found is None:
            self._unnumbered(block, kind, section)
            return
        path: tuple[str, ...] = ()
        while found is not None:
            path = self.levels.place(found, self.last.rstrip().endswith((":", "：")))
            self.parser.asides.append(Aside("number", block.part(0, found.length)))
            block, self.last = block.part(found.length), ":"
            found = marker(block.text) if block.text[:1] in "(（" else None
            self._ensure(path, kind, section)
        self._add(path, block, kind, section)

    def _ensure(self, path: tuple[str, ...], kind: str, section: tuple[str, ...]) -> None:
        """Add a draft for each level of `path` that has none, so that a paragraph without text of its own still groups
        its letters."""
        for depth in range(1, len(path)):
            locator = "/".join((self.base, *path[:depth]))
            if locator not in self.by_locator:
                self._draft(
                    locator, kind, self._cite(path[:depth]), path[depth - 1], self._parent(path[:depth]), section
                )

    def _add(
        self, path: tuple[str, ...], block: Block, kind: str, section: tuple[str, ...], borrowed: bool = False
    ) -> None:
        """Add the text of the paragraph with these numbers; with no numbers, of the article itself. `borrowed`: the
        number was copied from the other language."""
        locator = "/".join((self.base, *path))
        draft = self._draft(locator, kind, self._cite(path), path[-1] if path else None, self._parent(path), section)
        draft.blocks += [block] if block.text else []
        if borrowed:
            draft.notes = ("number read from the parallel paragraph of the other language: this text prints none",)
        self.last = block.text

    def _unnumbered(self, block: Block, kind: str, section: tuple[str, ...]) -> None:
        """Add text without a number: it is the article's own, a further sub-paragraph, or text after the end of a
        list."""
        path = self.levels.path
        if not path:
            self._add((), block, kind, section)
        elif len(path) == 1 and path[0].isdecimal() or block.text[:1].islower():
            self._add(path, block, kind, section)
        else:
            locator = "/".join((self.base, *path[:-1], "tail"))
            cite = f"{self._cite(path[:-1])}, closing words"
            self._draft(locator, kind, cite, None, self._parent(path), section).blocks.append(block)

    def _parent(self, path: tuple[str, ...]) -> str | None:
        """Return the locator of the unit above the numbers `path`, such as 'art33' for ('2',); None for the article
        itself."""
        return "/".join((self.base, *path[:-1])) if path else None

    def _cite(self, path: tuple[str, ...]) -> str:
        """Return the citation for the numbers `path`: 'CRPD art. 4(1)(a)', 'CRPD preamble (e)'."""
        gap = " " if path and not self.label[-1:].isdecimal() else ""
        names = {"op/": "Optional Protocol ", "act/": "approval act ", "resolution/": ""}
        owner = names.get(self.prefix, self.prefix.replace("/", " "))
        return f"{self.parser.short} {owner}{self.label}{gap}" + "".join(f"({each})" for each in path)

    def _draft(
        self,
        locator: str,
        kind: str,
        citation: str,
        number: str | None = None,
        parent: str | None = None,
        section: tuple[str, ...] = (),
    ) -> PassageDraft:
        """Return the draft with this locator, adding it if new. A number that is printed twice in one article gets a
        second draft, marked `~2`."""
        draft = self.by_locator.get(locator)
        if draft is None or (draft.blocks and self.last != draft.blocks[-1].text and number):
            name, again = locator, 2
            while name in self.by_locator and self.by_locator[name].blocks:
                name, again = f"{locator}~{again}", again + 1
            draft = PassageDraft(name, kind, citation, number, parent, section or self.path, notes=self.doubt)
            self.by_locator[name] = draft
            self.parser.drafts.append(draft)
        return draft


def _groups(tokens: list[Token]) -> list[tuple[Token, list[Token]]]:
    """Group tokens by label: return (label, the tokens after it up to the next label)."""
    found: list[tuple[Token, list[Token]]] = []
    for token in tokens:
        continues = (
            token.kind in ("text", "heading", "symbol", "noise")
            or (found and token.kind == found[-1][0].kind and token.kind in ("recital", "closing", "annex"))
            or (found and token.kind == "article" == found[-1][0].kind and token.number == found[-1][0].number)
        )
        if found and continues:
            found[-1][1].append(token)
        else:
            found.append((token, []))
    return found


def _opens_preamble(token: Token, after: list[Token]) -> bool:
    """Return whether a recital begins at a token: its text ends in a comma or is long, or is a lettered paragraph."""
    text = token.block.text
    return token.kind == "text" and (
        text.endswith((",", "，")) or len(text) > HEADING_LENGTH or marker(text) is not None
    )
