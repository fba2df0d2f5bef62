"""Remove words of Markdown that its rendered page hides or strikes out: those in hidden HTML, in comments, and between
`~~`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kb.models import Span
from kb.read.draft import Draft, Reading
from kb.read.linenumbers import without
from kb.text import squeeze

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*(/?)>")
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_STRUCK = re.compile(
    r"(?<![~\\])~~(?=[^\s~])(?:(?!\n[ \t]*\n)[^~]|~(?!~))+?(?<=[^\s~])~~(?!~)"
    r"|<(del|s|strike)\b[^<>]*>.*?</\1\s*>|\{--(?=\S)(?:(?!\n[ \t]*\n).)+?--\}",
    re.DOTALL | re.IGNORECASE,
)
"""Matches struck-out words as marked in GitHub's Markdown, HTML and CriticMarkup."""
MOST_NAMED = 8
"""Maximum number of struck-out words that a report names."""
MOST = 2_000
"""Maximum number of elements that are examined: a Markdown file with more is really a web page."""


def without_unseen(source: str, reading: Reading) -> str:
    """Replace hidden and struck-out words with blanks of the same length, and add each to the leftovers; struck-out
    words are also reported with their line numbers. All other characters keep their offsets."""
    code = code_spans(source)
    struck = [m.span() for m in _STRUCK.finditer(source) if not any(start <= m.start() < end for start, end in code)]
    hidden = _apart(hidden_spans(source) if "<" in source else ())
    struck = [s for s in _apart(struck) if not any(a < s[1] and s[0] < b for a, b in hidden)]
    for kind, spans in (("hidden", hidden), ("deleted", struck)):
        words = [squeeze(source[a:b]) for a, b in spans]
        reading.leftovers += [Draft(each, kind) for each in words]
        if kind == "deleted" and spans:
            named = [
                f'line {source.count(chr(10), 0, a) + 1} "{text[:60]}"'
                for (a, _), text in zip(spans[:MOST_NAMED], words)
            ]
            more = f" and {len(spans) - MOST_NAMED} more" if len(spans) > MOST_NAMED else ""
            reading.trouble(
                f"words are struck out and were left over: {', '.join(named)}{more}",
                "They are among what was left out; look at the source where they should count.",
            )
    return without(source, sorted((*hidden, *struck)))


def code_spans(source: str) -> list[Span]:
    """Return the spans of code, in which tags are letters."""
    return [match.span() for match in _FENCE.finditer(source)]


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Sort spans and drop those that overlap an earlier one."""
    found: list[Span] = []
    for span in sorted(spans):
        if not found or span[0] >= found[-1][1]:
            found.append(span)
    return found


def hidden_spans(source: str) -> Iterator[Span]:
    """Yield the spans of comments and hidden elements, except within code."""
    code = code_spans(source)

    def is_code(at: int) -> bool:
        """Return whether an offset is within code."""
        return any(start <= at < end for start, end in code)

    yield from (match.span() for match in _COMMENT.finditer(source) if not is_code(match.start()))
    tags = [match for match in _TAG.finditer(source) if not is_code(match.start())][: 2 * MOST]
    at = 0
    for number, tag in enumerate(tags):
        if tag.start() < at or tag[1] or tag[4] or not _is_hidden(tag[0]):
            continue
        at = _end(tags[number:], len(source))
        yield tag.start(), at


def _is_hidden(tag: str) -> bool:
    """Return whether an opening tag hides the content of its element."""
    from lxml import html

    from kb.read.formats.html_style import PageStyles

    if not re.search(r"hidden|style|color", tag, re.IGNORECASE):
        return False
    tree = html.fragment_fromstring(f"{tag}x", create_parent="div")
    node = next((e for e in tree.iterdescendants() if isinstance(e.tag, str)), None)
    if node is None:
        return False
    styles = PageStyles(tree)
    return styles.lost(node) == "hidden" or styles.sight(node) == "hidden"


def _end(tags: list[re.Match[str]], length: int) -> int:
    """Return the offset at which the element that the first of `tags` opens ends; `length`, that of the source, when it
    is never closed."""
    depth = 0
    for tag in tags:
        if tag[2].lower() == tags[0][2].lower() and not tag[4]:
            depth += -1 if tag[1] else 1
            if not depth:
                return tag.end()
    return length
