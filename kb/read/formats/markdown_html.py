"""HTML within Markdown that hides words: comments, and elements that a page does not show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.models import Span
from kb.read.draft import Draft, Reading

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[\w:-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*(/?)>")
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|`[^`\n]+`", re.DOTALL | re.MULTILINE)
MOST = 2_000
"""Elements that are looked at: a file of Markdown with more is a web page under another name."""


def set_apart(source: str, reading: Reading) -> None:
    """Make leftovers of paragraphs that stand in hidden HTML, and say where a paragraph holds some hidden words."""
    found = sorted(hidden_spans(source)) if "<" in source else []
    if not found:
        return
    kept: list[Draft] = []
    for draft in reading.drafts:
        spans = [s for s in found if draft.chars and s[0] < draft.chars[1] and draft.chars[0] < s[1]]
        if draft.chars and any(s[0] <= draft.chars[0] and draft.chars[1] <= s[1] for s in spans):
            draft.kind, draft.level = "hidden", None
            reading.leftovers.append(draft)
            continue
        kept.append(draft)
        if spans:
            words = source[spans[0][0] : spans[0][1]][:60]
            draft.notes = (*draft.notes, "some words are not shown by the page; do not quote them as text")
            reading.trouble(
                f"HTML inside a paragraph hides words: {words!r}", "Look at the source before you quote it."
            )
    reading.drafts[:] = kept


def hidden_spans(source: str) -> Iterator[Span]:
    """Where the source holds comments and elements that are not shown; code is what it is."""
    code = [match.span() for match in _FENCE.finditer(source)]

    def is_code(at: int) -> bool:
        """Whether a place is in code."""
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
    """Whether an opening tag hides what stands in its element."""
    from lxml import html

    from kb.read.formats.html_style import Styles

    if not re.search(r"hidden|style|color", tag, re.IGNORECASE):
        return False
    tree = html.fragment_fromstring(f"{tag}x", create_parent="div")
    node = next((e for e in tree.iterdescendants() if isinstance(e.tag, str)), None)
    if node is None:
        return False
    styles = Styles(tree)
    return styles.lost(node) == "hidden" or styles.sight(node) == "hidden"


def _end(tags: list[re.Match[str]], length: int) -> int:
    """Where the element that the first tag opens ends."""
    depth = 0
    for tag in tags:
        if tag[2].lower() == tags[0][2].lower() and not tag[4]:
            depth += -1 if tag[1] else 1
            if not depth:
                return tag.end()
    return length
