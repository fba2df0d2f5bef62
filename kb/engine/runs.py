"""Number the runs of words (five words in a row) of a text. Made once, when a passage is stored; texts with many equal
numbers repeat each other."""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np

RUN = 5
"""Words in a run; two texts are compared by the runs they share."""


def runs(text: str) -> np.ndarray:
    """Return a number (CRC-32) for every distinct run of five words of a text, ignoring case and punctuation: uint32,
    increasing. A text of fewer than five words is one run."""
    words = re.findall(r"\w+", text.casefold())
    many = max(len(words) - RUN + 1, 1)
    found = {crc32("\n".join(words[i : i + RUN]).encode("utf-8", "surrogatepass")) for i in range(many)}
    return np.asarray(sorted(found), dtype=np.uint32)
