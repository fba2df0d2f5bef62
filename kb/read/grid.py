"""Assign table cells to columns, with merged cells taken into account, so that each value stays in its own column."""

from __future__ import annotations

from collections.abc import Iterable

from kb.text import squeeze

GridCell = tuple[str, int, int]
"""`(text, columns covered, rows covered)`."""


class CellGrid:
    """Assigns the cells of a table to columns, row by row; the further columns and rows that a merged cell covers are
    empty."""

    def __init__(self, widest: int) -> None:
        self.widest = widest
        self.covered: dict[int, int] = {}

    def row(self, cells: Iterable[GridCell], before: int = 0) -> list[str]:
        """Return the texts of a row by column, '' for empty ones; the row has no cells in its first `before`
        columns."""
        texts: list[str] = [""] * before
        taken = {column for column, rows in self.covered.items() if rows > 0}
        self.covered = {column: rows - 1 for column, rows in self.covered.items() if rows > 1}
        for text, columns, rows in cells:
            while len(texts) in taken:
                texts.append("")
            width = max(1, min(columns, self.widest - len(texts)))
            if rows > 1:
                self.covered.update({len(texts) + n: rows - 1 for n in range(width)})
            texts += [text, *[""] * (width - 1)]
        while len(texts) in taken:
            texts.append("")
        return texts


def joined(texts: list[str]) -> str:
    """Join the texts of a row's cells with ` | `, including empty ones."""
    return squeeze(" | ".join(squeeze(t) for t in texts))
