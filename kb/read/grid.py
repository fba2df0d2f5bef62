"""Tables with merged cells: every cell keeps its column, so that no value stands under another's heading."""

from __future__ import annotations

from collections.abc import Iterable

from kb.text import squeeze

Cell = tuple[str, int, int]
"""Text, columns and rows that it covers."""


class Grid:
    """Places the cells of one table row after row; what a cell covers beyond its first place is empty."""

    def __init__(self, widest: int) -> None:
        self.widest = widest
        self.covered: dict[int, int] = {}

    def row(self, cells: Iterable[Cell], before: int = 0) -> list[str]:
        """The texts of a row by column; `before` columns at its start have no cell."""
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
    """A row as one text: cells parted by `|`, also the empty ones."""
    return squeeze(" | ".join(squeeze(t) for t in texts))
