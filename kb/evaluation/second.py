"""A second reader of judged policies: which rows are drawn for reading again, and how far the two readers agree."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

SEED = "second coder 2026-11-28"
EACH = 8
"""Rows drawn from a policy: a fifth of its 38 criteria, rounded up."""


def draw(policies: Iterable[str], criteria: Sequence[str], each: int = EACH, seed: str = SEED) -> dict[str, list[str]]:
    """The criteria to read again in each policy, sorted; a policy's draw does not depend on the other policies."""
    return {
        policy: sorted(random.Random(f"{seed}:{policy}").sample(sorted(criteria), each)) for policy in policies
    }
