"""Number the runs of words of a text, once when it is stored; shared runs show which passages repeat another."""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np

RUN = 5
"""Words in a run; two texts are compared by the runs they share."""


def runs(text: str) -> np.ndarray:
    """Return a number for every distinct run of five words, ignoring case and punctuation (uint32, increasing); a
    shorter text is one run."""
    words = re.findall(r"\w+", text.casefold())
    many = max(len(words) - RUN + 1, 1)
    found = {crc32("\n".join(words[i : i + RUN]).encode("utf-8", "surrogatepass")) for i in range(many)}
    return np.asarray(sorted(found), dtype=np.uint32)
