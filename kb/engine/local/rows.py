"""Identifiers of passages as the embedded engine keeps them: as row numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np


class RowIds(Sequence[str]):
    """A sequence of passage identifiers stored as row numbers (int64); `table` maps a row number to its identifier,
    which is looked up only when it is read."""

    def __init__(self, rows: np.ndarray, table: Sequence[str]) -> None:
        self.rows, self.table = rows, table

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, i: int) -> str: ...
    @overload
    def __getitem__(self, i: slice) -> RowIds: ...
    def __getitem__(self, i: int | slice) -> str | RowIds:
        return RowIds(self.rows[i], self.table) if isinstance(i, slice) else self.table[self.rows[i]]

    def __iter__(self) -> Iterator[str]:
        return map(self.table.__getitem__, self.rows.tolist())

    def take(self, at: np.ndarray) -> RowIds:
        """Return the identifiers at the positions `at` (int [n])."""
        return RowIds(self.rows[at], self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
