"""Compute positions and stems of the words of a text. Made once, when a passage is stored; search uses them to
highlight words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

import numpy as np

from kb.engine.analysis import words
from kb.text import INVISIBLE

_WORD = re.compile(rf"\w[\w{INVISIBLE}\u0300-\u036f]*(?:['’]\w[\w{INVISIBLE}\u0300-\u036f]*)*")


def numbers(stems: Iterable[str]) -> np.ndarray:
    """Return the number (a hash) of each stem, in order: uint32."""
    return np.asarray([_number(stem) for stem in stems], dtype=np.uint32)


def stems(text: str, language: str) -> np.ndarray:
    """Return one row for each stem of each printed word, in order of the text: uint32 [n, 3] with the word's first
    character, its end (exclusive), and the number of the stem."""
    found = [(word.start(), word.end(), number) for word in _WORD.finditer(text) for number in _of(word[0], language)]
    return np.asarray(found, dtype=np.uint32).reshape(-1, 3)


def _number(stem: str) -> int:
    return crc32(stem.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=50_000)  # cached words: those of several long documents
def _of(word: str, language: str) -> tuple[int, ...]:
    """Return the numbers of the stems of one printed word, each once; cached, because texts share most of their
    words."""
    return tuple(dict.fromkeys(map(_number, words(word, language))))
