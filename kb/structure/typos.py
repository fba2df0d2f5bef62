"""Printed typing errors keep their place in the text; a corrected copy is indexed beside it, for searches."""

from __future__ import annotations

import re
from collections.abc import Mapping


def normalise(text: str, typos: Mapping[str, str]) -> str:
    """`text` with each printed error replaced by its normal form, whole words only."""
    for printed, normal in typos.items():
        text = re.sub(rf"(?<!\w){re.escape(printed)}(?!\w)", normal.replace("\\", "\\\\"), text)
    return text
