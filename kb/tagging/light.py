"""spaCy without torch: rules need none, and loading it takes longer than tagging a policy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_torch() -> Iterator[None]:
    """While the block imports spaCy, its library finds no torch; it would load it only to see whether there is a
    graphics card. What loads torch after the block finds it; where it is loaded already nothing is hidden."""
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]
