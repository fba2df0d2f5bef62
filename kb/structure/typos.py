"""Correct typing errors of a printed text in a copy, which is indexed beside it; the text itself stays unchanged."""

from __future__ import annotations

import re
from collections.abc import Mapping


def normalise(text: str, typos: Mapping[str, str]) -> str:
    """Replace each printed error in `text` by its corrected form (`typos`: printed to corrected), complete words
    only."""
    for printed, normal in typos.items():
        text = re.sub(rf"(?<!\w){re.escape(printed)}(?!\w)", normal.replace("\\", "\\\\"), text)
    return text
