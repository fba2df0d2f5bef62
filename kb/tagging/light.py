"""Import spaCy without torch: the tagging rules do not need torch, and loading it takes longer than tagging a
policy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_torch() -> Iterator[None]:
    """Hide torch from imports inside the block, in which spaCy is imported: spaCy would load torch only to look for a
    graphics card. Afterwards torch can be imported again; if it is already loaded, nothing is hidden."""
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]
