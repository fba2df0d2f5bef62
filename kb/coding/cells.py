"""Text in cells and in XML: no formula may run, no character may break the file, and both can be undone.

The openers are those that the OWASP note on CSV injection names, with their full-width forms; a cell that starts with
one gets an apostrophe, and so does one whose apostrophes stand before an opener, so that reading back is exact.
"""

from __future__ import annotations

import re

from kb.text import NOT_XML, printable

__all__ = ["guard", "json_in_xml", "printable", "unguard"]

_OPENERS = "=+\\-@\t\r\n＝＋－＠"
_DANGER = re.compile(f"'*[{_OPENERS}]")
_GUARDED = re.compile(f"'+[{_OPENERS}]")


def guard(text: str) -> str:
    """`text` as a spreadsheet cell that no program takes for a formula."""
    return f"'{text}" if _DANGER.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if _GUARDED.match(text) else text


def json_in_xml(text: str) -> str:
    """JSON `text` with characters that XML forbids as JSON escapes, so that it says the same and XML takes it."""
    return NOT_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
