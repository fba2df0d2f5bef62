"""Decide whether a text layer can be trusted: meaningless characters, and words that no language has.

Numbers: fewer than 40 letters or words cannot be judged; shares were chosen by eye on scanned pages with a poor text
layer.
"""

from __future__ import annotations

import re
import unicodedata

from kb.read.layout.lines import Line

_ODD_WORD = re.compile(r"[A-Za-zÀ-ÿ]*(?:[a-z][A-Z]{2,}[a-z]|[^\W\d_]\d[^\W\d_]|[~^|\\{}<>])[A-Za-zÀ-ÿ~^|\\{}<>\d]*")


def letters(lines: list[Line]) -> int:
    """Count the letters and digits of the lines."""
    return sum(c.isalnum() for line in lines for c in line.text)


def poor(lines: list[Line]) -> str | None:
    """Describe why a page's text layer cannot be trusted; None when it can.

    It cannot when one character in fifty has no meaning, or when more than one word in eight (of at least forty) mixes
    digits, signs and capitals as bad OCR does.
    """
    text = " ".join(line.text for line in lines)
    total = sum(not c.isspace() for c in text)
    if total < 40:  # letters, by eye: fewer prove nothing
        return None
    lost = sum(unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c == "\ufffd" for c in text if not c.isspace())
    if lost > total / 50:  # by eye: one letter in fifty may be lost
        return f"{lost} of {total} characters have no meaning"
    words = [w for w in text.split() if sum(c.isalpha() for c in w) > 1]
    odd = sum(bool(_ODD_WORD.fullmatch(w.strip(".,;:()[]"))) for w in words)
    if len(words) >= 40 and odd > len(words) / 8:  # words, by eye: fewer prove nothing
        return f"{odd} of {len(words)} words mix letters, figures and signs"
    return None
