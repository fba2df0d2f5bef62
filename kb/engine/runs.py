"""Runs of words of a text as numbers, made once when it is stored; they show which passages repeat another."""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np

RUN = 5
"""Words in a run; two texts are compared by the runs they share."""


def runs(text: str) -> np.ndarray:
    """A number for every different run of five words, whatever their capitals and signs (uint32, in order); a shorter
    text is one run."""
    words = re.findall(r"\w+", text.casefold())
    many = max(len(words) - RUN + 1, 1)
    found = {crc32("\n".join(words[i : i + RUN]).encode("utf-8", "surrogatepass")) for i in range(many)}
    return np.asarray(sorted(found), dtype=np.uint32)
