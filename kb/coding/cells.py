"""Text in cells and in XML: no formula may run, no character may break the file, and both can be undone.

The openers are those that the OWASP note on CSV injection names, with their full-width forms; a cell that starts with
one gets an apostrophe, and so does one whose apostrophes stand before an opener, so that reading back is exact.
"""

from __future__ import annotations

import re

_OPENERS = "=+\\-@\t\r\n＝＋－＠"
_DANGER = re.compile(f"'*[{_OPENERS}]")
_GUARDED = re.compile(f"'+[{_OPENERS}]")
# XML 1.0 section 2.2: what a document may not hold, not even as a character reference.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL_PICTURES = 0x2400  # Unicode block with one visible sign for each control character


def guard(text: str) -> str:
    """`text` as a spreadsheet cell that no program takes for a formula."""
    return f"'{text}" if _DANGER.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if _GUARDED.match(text) else text


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(_CONTROL_PICTURES + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"


def json_in_xml(text: str) -> str:
    """JSON `text` with characters that XML forbids as JSON escapes, so that it says the same and XML takes it."""
    return _NOT_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def printable(text: str) -> str:
    """`text` with characters that XML forbids shown as control pictures (U+2400 block); same length, so offsets hold."""
    return _NOT_XML.sub(_picture, text)
