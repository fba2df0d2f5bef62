"""Small functions for text and hashes that every package may use."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

_SPACE = re.compile(r"\s+")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that an XML document may not hold, not even as a character reference (XML 1.0, 2.2)."""
_CONTROL_PICTURES = 0x2400  # Unicode block with one visible sign for each control character
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
"""Invisible characters, for a character class of a regular expression: soft hyphens, zero-width characters, marks of
direction."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")


def squeeze(text: str) -> str:
    """Return `text` with every run of white space replaced by one space, and none at its ends."""
    return _SPACE.sub(" ", text).strip()


def visible(text: str) -> str:
    """Return `text` as it looks on screen: without invisible characters, and with composed accents (Unicode NFC). Used
    only for searching."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def seen_places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return `visible(text)`, composed letter by letter, and for each of its characters the span `(start, end)` in
    `text` from which it comes."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and (unicodedata.combining(text[end]) or _INVISIBLE.match(text[end])):
            end += 1
        shown = unicodedata.normalize("NFC", _INVISIBLE.sub("", text[at:end]))
        letters.append(shown)
        places += [(at, end)] * len(shown)
        at = end
    return "".join(letters), places


def bare(text: str) -> str:
    """Return `text` without any white space, so that two readings of the same text can be compared."""
    return _SPACE.sub("", text)


def printable(text: str) -> str:
    """Return `text` with characters that XML forbids replaced: control characters by their pictures (U+2400 block), all
    others by U+FFFD. The length is unchanged, so offsets stay valid."""
    return NOT_XML.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    # control characters; Unicode has a picture of each
    return chr(_CONTROL_PICTURES + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"


def slug(text: str, words: int = 6) -> str:
    """Return a lower-case identifier made of the first `words` words of `text`, joined with '-'."""
    found = re.findall(r"[^\W_]+", text.lower())
    return "-".join(found[:words])


def sha256_of(path: Path) -> str:
    """Return the hex sha256 of a file's bytes, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):  # a megabyte at a time
            digest.update(block)
    return digest.hexdigest()


def sha256_text(text: str) -> str:
    """Return the hex sha256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
