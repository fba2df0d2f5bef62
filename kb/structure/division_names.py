"""Names of divisions in official texts, and the values of their numerals.

Numbers: values of numerals, and the number of corpora whose labels are cached.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pydantic import RootModel

from kb.config import settings
from kb.data import load_yaml
from kb.models import Model

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}  # values of Roman numerals
_ROMAN_SHAPE = re.compile(r"^m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})$")
# values of Chinese numerals
_HAN_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN_UNITS = {"十": 10, "百": 100}
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")


class DivisionLabels(Model):
    """The words that label divisions in one language."""

    article: tuple[str, ...]
    part: tuple[str, ...]
    preamble: tuple[str, ...]
    annex: tuple[str, ...]
    protocol: tuple[str, ...]
    closing: tuple[str, ...]
    commentary: tuple[str, ...] = ()
    words: tuple[str, ...]


class _LabelFile(RootModel[dict[str, DivisionLabels]]):
    """The content of corpus/structure/labels.yaml: labels by language."""


@lru_cache(maxsize=4)  # corpora: the one in use and what tests build
def load_labels(path: Path) -> dict[str, DivisionLabels]:
    """Load the labels by language. Raises DataError with file and line when the file is invalid."""
    return load_yaml(path, _LabelFile).root


def division_labels() -> dict[str, DivisionLabels]:
    """Return the labels of divisions of the current corpus, by language."""
    return load_labels(settings().corpus / "structure" / "labels.yaml")


def roman(text: str) -> int | None:
    """Return the value of a Roman numeral in upper or lower case; None when `text` is no Roman numeral."""
    low = text.lower()
    if not low or not _ROMAN_SHAPE.match(low):
        return None
    values = [_ROMAN[c] for c in low]
    return sum(-v if v < max(values[i + 1 :], default=0) else v for i, v in enumerate(values))


def han(text: str) -> int | None:
    """Return the value of a Chinese numeral below 1000; None when `text` is no such numeral."""
    total, digit = 0, 0
    for char in text:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
        elif char in _HAN_UNITS:
            total, digit = total + (digit or 1) * _HAN_UNITS[char], 0
        else:
            return None
    return total + digit if text else None


def numeral(text: str) -> int | None:
    """Return the value of an Arabic, Roman or Chinese numeral; None when `text` is no numeral."""
    return int(text) if text.isdecimal() else roman(text) or han(text)


def language_of(text: str) -> str | None:
    """Return the language whose function words are most frequent in `text`; None when no language is clearly ahead."""
    if len(_HAN.findall(text)) > len(_WORD.findall(re.sub(_HAN, " ", text))):
        return "zh"
    found = [word.lower() for word in _WORD.findall(text)]
    votes = {code: sum(word in set(each.words) for word in found) for code, each in division_labels().items()}
    best = sorted(votes.items(), key=lambda pair: -pair[1])[:2]
    return best[0][0] if best[0][1] >= 2 and best[0][1] > best[1][1] else None
