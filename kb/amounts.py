"""Format numbers with their words: "one file, two files"; "line 4, lines 4–6"."""

from __future__ import annotations


def some(count: int, one: str, many: str = "") -> str:
    """Return a count with its word: '1 passage', '2 passages'. `many` is the plural when it is not formed with -s or
    -ies."""
    several = many or (f"{one[:-1]}ies" if one.endswith("y") else f"{one}s")
    return f"{count} {one if count == 1 else several}"


def run_of(first: int, last: int) -> str:
    """Return a range of numbers: '4–6', or '4' when both are equal."""
    return f"{first}" if first == last else f"{first}–{last}"


def of_lines(*spans: tuple[int, int], what: str = "line") -> str:
    """Return lines, or other numbered things (`what`), as they are cited: 'line 4', 'lines 4–6', 'lines 4–6, 9'; '' for
    no spans."""
    runs = [run_of(*span) for span in spans]
    return f"{what}{'s' if len(runs) > 1 or '–' in runs[0] else ''} {', '.join(runs)}" if runs else ""
