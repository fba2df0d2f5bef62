"""Set right what a PDF gives as it looks in lines from right to left: brackets, which are drawn mirrored, and ranges of
figures, whose first figure is drawn at the right.

A program writes either the sign that it draws or the sign that is meant, and some files mix both; so brackets are
changed only where they do not pair as they stand.
"""

from __future__ import annotations

import re
import unicodedata

_PAIRS = ("()", "[]")
_RIGHTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Matches a letter of Hebrew, Arabic, Syriac and the like: most texts have none, and are not counted through."""
_LISTED = re.compile(r"^[()]\s?([^\W_]{1,3})\s?[()](?=\s|$)")
"""Matches the number of an item between two brackets, whichever way they look."""
_ONE_SIDED = re.compile(r"^[^\W_]{1,3}\s?[()]")
"""Matches the number of an item with a bracket behind it only."""
_OPENED = re.compile(r"^([^\W_]{1,3}\s?)\((?=\s)")
"""Matches the number of an item before a bracket that looks the wrong way: "1( "."""
_NUMBER = re.compile(r"((?:^|\s)(?:ال)?(?:رقم|عدد)\s+)(\d{1,4})([-–])(\d{1,4})(?![\w/-]|[.,]\d)")
"""Matches the number of a law behind its word: "رقم 11-90", which is no range."""
_RANGE = re.compile(r"(?<![\w/.,-])(\d{1,4})([-–])(\d{1,4})(?![\w/-]|[.,]\d)")


def is_rightward(text: str) -> bool:
    """Return whether a text has letters that are written from right to left, and more of them than of others."""
    if text.isascii() or not _RIGHTWARD.search(text):
        return False
    letters = [unicodedata.bidirectional(c) in ("R", "AL") for c in text[:400] if c.isalpha()]  # letters, by eye
    return 2 * sum(letters) > len(letters)


def item_mended(line: str) -> str:
    """Return a line from right to left with the brackets around the number of its item as they are read."""
    match = _LISTED.match(line)
    return f"({match.group(1)}){line[match.end() :]}" if match else line


def mended(text: str) -> str:
    """Return a paragraph from right to left with its brackets in pairs, and its ranges in the order of reading."""
    if (text.count("(") + text.count(")")) & 1:
        text = _OPENED.sub(r"\1)", text)
    for pair in _PAIRS:
        if not _in_pairs(text, pair):
            text = _paired(text, pair)
    if any(unicodedata.bidirectional(c) == "AL" for c in text):  # figures between Arabic letters run to the left
        numbers = {m.start(2) for m in _NUMBER.finditer(text)}
        text = _RANGE.sub(
            lambda m: f"{m[3]}{m[2]}{m[1]}" if m.start() in numbers or int(m[1]) > int(m[3]) else m[0], text
        )
    return text


def _in_pairs(text: str, pair: str) -> bool:
    """Return whether every bracket is closed by one of its kind, but for one behind the number of an item."""
    first = _ONE_SIDED.match(text)
    depth = 0
    for c in text[first.end() if first and text[first.end() - 1] == pair[1] else 0 :]:
        depth += {pair[0]: 1, pair[1]: -1}.get(c, 0)
        if depth < 0:
            return False
    return depth == 0


def _paired(text: str, pair: str) -> str:
    """Return a text whose brackets open and close in turn, with the blanks outside them. An odd bracket at the end
    stays open: its partner stands in the next paragraph."""
    first = _ONE_SIDED.match(text)
    start = first.end() if first and text.count(pair[0]) + text.count(pair[1]) & 1 else 0
    parts = re.split(rf"(\s*[{re.escape(pair)}]\s*)", text[start:])
    opened = False
    for at in range(1, len(parts), 2):
        apart, behind = parts[at] != parts[at].strip(), parts[at + 1][:1]
        opened = not opened
        if opened:
            parts[at] = f"{' ' if parts[at - 1] or at > 1 else ''}{pair[0]}"
        else:
            parts[at] = pair[1] + (" " if behind.isalnum() or apart and behind and behind not in ".,:;،؛؟" else "")
    return text[:start] + "".join(parts)
