"""Numbers with their words: one file, two files; line 4, lines 4–6."""

from __future__ import annotations


def some(count: int, one: str, many: str = "") -> str:
    """How many there are, in words: '1 passage', '2 passages'; `many` where more than an s is added."""
    several = many or (f"{one[:-1]}ies" if one.endswith("y") else f"{one}s")
    return f"{count} {one if count == 1 else several}"


def run_of(first: int, last: int) -> str:
    """A run of numbers: '4–6', or '4' where it is one."""
    return f"{first}" if first == last else f"{first}–{last}"


def of_lines(*spans: tuple[int, int], what: str = "line") -> str:
    """Lines, or other things that are numbered, as one cites them: 'line 4', 'lines 4–6', 'lines 4–6, 9'; '' for
    none."""
    runs = [run_of(*span) for span in spans]
    return f"{what}{'s' if len(runs) > 1 or '–' in runs[0] else ''} {', '.join(runs)}" if runs else ""
