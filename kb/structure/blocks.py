"""Convert a source to a sequence of blocks: text in order, each character with its position in the source.

Markdown, HTML, JSON and the paragraphs of a reader all become the same blocks, so that one parser of numbers and
headings serves all formats. Markup (tags, hashes, keys, escapes) is in no block, and later becomes a leftover.

Numbers: letters of a line. A text file is wrapped where a quarter of its lines are nearly as long as its longest, which
is no longer than a printed line. Chosen by eye on texts of the conferences.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kb.languages import by_script
from kb.models import Box, Pages, Span
from kb.structure.division_names import language_of
from kb.structure.levels import marker

_HTML_TOKEN = re.compile(r"<!--.*?-->|<[!?/]?[a-zA-Z][^>]*>|[^<]+|<", re.DOTALL)
_HTML_SILENT = {"script", "style", "head", "nav", "aside", "header", "footer", "button", "svg", "template"}
_HTML_INLINE = {"a", "b", "i", "em", "strong", "span", "sup", "sub", "u", "font", "small", "abbr", "br", "wbr", "mark"}
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_MARKDOWN_NOISE = re.compile(
    r"^\s*#{1,6}\s*|^\s*>\s?|</?[a-zA-Z][^>\n]*>|!?\[(?=[^\]\n]*\]\([^)\n]*\))"
    r"|\]\([^)\n]*\)|\*\*|(?<!\w)__|__(?!\w)"
)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_JSON_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.")
_PARALLEL = re.compile(r"^(?P<key>\w+?)_(?P<language>[a-z]{2})$")


@dataclass(frozen=True)
class Block:
    """A piece of text. `at[i]` is the span in the source of the character `text[i]`: one character, or an entity such
    as `&quot;`."""

    text: str
    at: tuple[Span, ...]
    role: str = field(
        default="", metadata={"doc": "'heading', 'item', 'article', 'preamble', 'title', 'noise' or unknown"}
    )
    language: str | None = None
    page: int | None = None
    boxes: tuple[Box, ...] = ()

    def part(self, start: int, end: int | None = None) -> Block:
        """Return the part of the block from offset `start` to `end`, without white space at its ends."""
        text = self.text[start:end]
        left = len(text) - len(text.lstrip())
        stop = start + len(text.rstrip())
        first = min(start + left, stop)
        return replace(self, text=self.text[first:stop], at=self.at[first:stop])

    @property
    def pieces(self) -> tuple[Span, ...]:
        """Return the spans of the block's text in the source, in order; white space where lines were joined is in
        none."""
        return runs(self.at)


def runs(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Merge spans that touch or overlap, and return the merged spans. `spans` must be in increasing order."""
    found: list[list[int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1][1] = max(end, found[-1][1])
        else:
            found.append([start, end])
    return tuple((start, end) for start, end in found)


def ones(start: int, end: int) -> tuple[Span, ...]:
    """Return one span for each character from `start` to `end`."""
    return tuple((at, at + 1) for at in range(start, end))


def blocks_of(pages: Pages) -> list[Block]:
    """Return the non-empty blocks of a source in any format."""
    found = _source_blocks(pages)
    return [block for block in (each.part(0) for each in found) if block.text]


def _source_blocks(pages: Pages) -> Iterator[Block]:
    """Yield the blocks of a source; how they are found depends on the format of `pages.text`."""
    text = pages.text
    if pages.type == "json" and text.lstrip().startswith(("{", "[")):
        return json_blocks(text)
    if pages.type == "html" and "<" in text[:2000]:
        return html_blocks(text)
    if pages.paragraphs and pages.type not in ("markdown", "text"):
        return paragraph_blocks(pages)
    return text_blocks(text)


def paragraph_blocks(pages: Pages) -> Iterator[Block]:
    """Yield the paragraphs of a reader; running heads, notes and page numbers have the role 'noise'."""
    noise = {"running-head", "page-number", "leftover", "contents", "note"}
    for each in pages.paragraphs:
        if each.chars is None:
            continue
        start, end = each.chars
        role = "noise" if each.kind in noise else {"heading": "heading", "list-item": "item"}.get(each.kind, "")
        text, language = pages.text[start:end], _script(pages.text[start:end])
        if pages.type == "json" and each.section:
            role, own_language = _json_key(each.section[-1])
            language = own_language or language
        yield Block(text, ones(start, end), role, language, each.page, each.boxes)


def _script(text: str) -> str | None:
    """Return the language if the script of the text determines it, else None: in a short line, nothing else is
    certain."""
    found = language_of(text)
    return found if found in by_script().values() else None


# --- Markdown and plain text ---


def text_blocks(text: str) -> Iterator[Block]:
    """Yield the lines of Markdown or plain text without markup; when the file is hard-wrapped, lines are joined to
    paragraphs."""
    front = _FRONT_MATTER.match(text)
    start = front.end() if front else 0
    lines = [(match.start() + start, match.group()) for match in re.finditer(r"[^\n]+", text[start:])]
    made = [_markdown_line(at, line) for at, line in lines]
    return _joined(made, text) if _wrapped(made) else iter(made)


def _markdown_line(at: int, line: str) -> Block:
    """Return one line, which begins at offset `at`, without Markdown's hashes, link addresses and tags."""
    kept = [True] * len(line)
    for match in _MARKDOWN_NOISE.finditer(line):
        kept[match.start() : match.end()] = [False] * (match.end() - match.start())
    offsets = [i for i, keep in enumerate(kept) if keep]
    role = "heading" if line.lstrip().startswith("#") else ""
    return Block("".join(line[i] for i in offsets), tuple((at + i, at + i + 1) for i in offsets), role)


def _wrapped(lines: list[Block]) -> bool:
    """Return whether a file is wrapped at a fixed width: its longest lines are short and many are nearly full."""
    lengths = sorted(len(line.text.rstrip()) for line in lines if line.text.strip())
    if len(lengths) < 10 or lengths[-1] > 110:  # lines, and letters of a line: fewer or longer are not wrapped; by eye
        return False
    # by eye: a quarter of the lines are nearly as long as the longest
    return sum(length > 0.8 * lengths[-1] for length in lengths) > len(lengths) / 4


def _joined(lines: list[Block], source: str) -> Iterator[Block]:
    """Yield the paragraphs of a hard-wrapped file; a paragraph ends at a blank line, a number, a heading or a short
    line."""
    width = max(len(line.text) for line in lines)
    current: Block | None = None
    for line in lines:
        if current and _goes_on(current, line, source, width):
            joint = (line.at[0][0] - 1, line.at[0][0])
            current = replace(current, text=f"{current.text}\n{line.text}", at=(*current.at, joint, *line.at))
            continue
        if current:
            yield current
        current = line if line.text.strip() else None
    if current:
        yield current


def _goes_on(current: Block, line: Block, source: str, width: int) -> bool:
    """Return whether `line` continues the paragraph `current`; `width` is the length of the longest lines."""
    if not line.text.strip() or line.role or current.role or marker(line.text):
        return False
    between = source[current.at[-1][1] : line.at[0][0]]
    # by eye: a line that ends early ends its paragraph
    return between.count("\n") == 1 and len(current.text.rsplit("\n", 1)[-1]) > 0.6 * width


# --- HTML ---


def html_blocks(source: str) -> Iterator[Block]:
    """Yield the text between block-level tags as blocks, without scripts, menus, page headers and footers."""
    pending: list[tuple[str, Span]] = []
    silent, heading = "", False
    for match in _HTML_TOKEN.finditer(source):
        token = match.group()
        if not token.startswith("<") or token == "<":
            pending += [] if silent else _decoded(token, match.start())
            continue
        name = re.sub(r"\W.*", "", token.lstrip("</!?"), flags=re.DOTALL).lower()
        if silent:
            silent = "" if token.lower().startswith(f"</{silent}") else silent
        elif name not in _HTML_INLINE:
            yield from _html_flush(pending, heading)
            pending = []
            heading = bool(re.fullmatch(r"h[1-6]", name)) and not token.startswith("</")
            silent = name if name in _HTML_SILENT and not token.startswith("</") and not token.endswith("/>") else ""
    yield from _html_flush(pending, heading)


def _decoded(token: str, start: int) -> list[tuple[str, Span]]:
    """Return (character, span in the source) of a text node that begins at offset `start`, with entities decoded."""
    found: list[tuple[str, Span]] = []
    at = 0
    for match in _ENTITY.finditer(token):
        found += zip(token[at : match.start()], ones(start + at, start + match.start()))
        found += [(char, (start + match.start(), start + match.end())) for char in html.unescape(match.group())]
        at = match.end()
    return found + list(zip(token[at:], ones(start + at, start + len(token))))


def _html_flush(pending: list[tuple[str, Span]], heading: bool) -> Iterator[Block]:
    """Yield one block for each group of lines between blank lines, a heading if `heading`, with the language that its
    script determines. `pending` has (character, span in the source)."""
    text = "".join(char for char, _ in pending)
    for match in re.finditer(r"(?:[^\n]|\n(?!\s*\n))+", text):
        chosen = pending[match.start() : match.end()]
        yield Block(match.group(), tuple(at for _, at in chosen), "heading" if heading else "", _script(match.group()))


# --- JSON ---


def json_blocks(source: str) -> Iterator[Block]:
    """Yield the string values of a JSON text in order. The key of a value determines its role and language:
    `content_en`, `content_zh`.

    Never raises: everything that is not a string value under a key is ignored as markup.
    """
    key: str | None = None
    for match in _JSON_STRING.finditer(source):
        if re.match(r"\s*:", source[match.end() : match.end() + 8]):
            key = json.loads(match.group())
        elif key is not None:
            yield from _json_value(key, source, match.start(1), match.end(1))


def _json_value(key: str, source: str, start: int, end: int) -> Iterator[Block]:
    """Yield one block for each line of a string value, which is `source[start:end]`; its `key` determines role and
    language."""
    role, language = _json_key(key)
    decoded = _unescaped(source, start, end)
    text = "".join(char for char, _ in decoded)
    for match in re.finditer(r"[^\n]+", text):
        at = tuple(place for _, place in decoded[match.start() : match.end()])
        yield Block(match.group(), at, role, language)


def _json_key(key: str) -> tuple[str, str | None]:
    """Return `(role, language)` that a key determines; the language is None unless the key ends in one
    (`content_en`)."""
    parallel = _PARALLEL.match(key)
    base, language = (parallel["key"], parallel["language"]) if parallel else (key, None)
    known = {"article": "article", "preamble": "preamble", "title": "heading", "treaty": "title"}
    return known.get(base, ""), language


def _unescaped(source: str, start: int, end: int) -> list[tuple[str, Span]]:
    r"""Return (character, span in the source) for each character of a JSON string, with escapes decoded.

    The span of an escape such as `\n` is the whole escape. When a backslash only protects the character after it, such
    as a quotation mark, the span is that character alone, so that it equals the slice of the source.
    """
    found: list[tuple[str, Span]] = []
    at = start
    for match in _JSON_ESCAPE.finditer(source, start, end):
        found += zip(source[at : match.start()], ones(at, match.start()))
        char = json.loads(f'"{match.group()}"')
        begin = match.end() - 1 if match.group()[-1] == char else match.start()
        found.append((char, (begin, match.end())))
        at = match.end()
    return found + list(zip(source[at:end], ones(at, end)))
