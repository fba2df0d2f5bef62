"""Compare the structure read from real laws and plans (sections and their numbers) with outlines made by reading each
source.

    python benchmarks/structure.py [file ...] [--missing]        default: every policy that has an outline

An outline (tests/outlines/*.tsv) lists a file's parts, chapters, articles and titled sections in order: the number as
printed and the first words. `?` before a number marks a line that may count or not. A section is found if a heading, or
a paragraph with the number of an article or section, begins with those words, in order. Precision counts what the
reader took for a section and the outline does not have; titles before the first section, and the title under a label
("CHAPTER III"), do not count. An outline that is a file's own table of contents (`#contents` in its first line) omits
the deeper headings: there precision is not computed. Numbers are compared without the word and signs around them. F1
and the share of right numbers are printed file by file.
"""

from __future__ import annotations

import re
import sys
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kb.models import Pages, Paragraph
from kb.read import read
from kb.read.numbering import number_of

ROOT = Path(__file__).resolve().parent.parent
OUTLINES = ROOT / "tests" / "outlines"
POLICIES = ROOT.parent / "shared" / "data" / "policies"
FILES = {
    "argentina-ley-24714": "argentina/LEY-24714.md",
    "argentina-ley-26061": "argentina/LEY-26061.md",
    "benin-code-enfant": "benin/code-enfant-benin.md",
    "chile-ley-19253": "chile/CL-30620-ley-19253-indigenas.md",
    "chile-juventudes-rurales": "chile/CL-1220641-politica-nacional-juventudes-rurales.md",
    "luxembourg-2003": "luxembourg/leg-loi-2003-09-12-n1.md",
    "luxembourg-2018": "luxembourg/leg-loi-2018-07-28-a630.md",
    "morocco-code-du-travail": "morocco/MA-code-du-travail-loi-65-99.pdf",
    "pakistan-bait-ul-mal": "pakistan/The_Pakistan_Bait-ul-Mal_Act_1991.pdf",
    "peru-ds-002-2014": "peru/DS-002-2014-MIMP.md",
    "philippines-ra-8371": "philippines/PH-ra-8371-indigenous-peoples-rights-act_derived-join.md",
    "portugal-lei-93-2017": "portugal/PT-lei-93-2017-discriminacao.md",
    "sri-lanka-gender-equality-bill": "sri-lanka/LK-gender-equality-bill-2024.pdf",
    "united-states-ncd-2009": "united-states/ncd-2009-progress-report.pdf",
    "united-states-ncd-2011": "united-states/ncd-2011-progress-report.pdf",
    "uruguay-ley-19580": "uruguay/UY-ley-19580.md",
    "zimbabwe-gender-commission": "zimbabwe/Zimbabwe_Gender_Commission_Act_(1).pdf",
    "zimbabwe-marriages": "zimbabwe/Marriages_Act_2022_(2).pdf",
}
NAMED = {"article", "section", "chapter", "part", "title", "book", "annex", "goal"}


class Row(NamedTuple):
    """One line of an outline."""

    number: str
    words: str
    optional: bool


class Score(NamedTuple):
    """The result of comparing one file with its outline."""

    wanted: int
    found: int
    precision: float
    recall: float
    f1: float
    numbers: float
    missing: tuple[Row, ...]
    extra: tuple[str, ...]
    wrong: tuple[str, ...]


def source(name: str) -> str:
    """Return the text of the outline of that name."""
    return (OUTLINES / f"{name}.tsv").read_text(encoding="utf-8")


def outline(name: str) -> list[Row]:
    """Return the rows of the outline of that name."""
    rows = [line.split("\t") for line in source(name).splitlines() if line.strip() and not line.startswith("#")]
    return [Row(number.lstrip("?"), words, number.startswith("?")) for number, words in rows]


def plain(text: str) -> str:
    """Return the letters and digits of a text, without tags and raised digits, with ligatures split, case folded."""
    text = re.sub(r"<[^>]{1,40}>|[⁰¹²³⁴⁵⁶⁷⁸⁹]", "", text)
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def bare(number: str | None) -> str:
    """Return a number without the word before it and the signs around it: 'Artículo 5°' gives '5'; '' for None."""
    found = re.search(r"(?:\d[\w.]*(?:[ -]\w+)*|[IVXLCl]+|\w+)\W*$", (number or "").replace("º", "").replace("°", ""))
    return plain(re.sub(r"(?<=\d)(?:er|re|ER)\b", "", found.group())) if found else ""


def sections(pages: Pages, figures: bool) -> list[Paragraph]:
    """Return the paragraphs that the reader takes for sections. With `figures`, paragraphs with a plain number also
    count, because the outline has such sections."""
    taken = []
    for p in pages.paragraphs:
        number = number_of(p.text) if p.kind in ("paragraph", "list-item") else None
        plain_figure = number is not None and number.form in ("arabic", "decimal") and not p.text.startswith("(")
        if p.kind == "heading" or number is not None and (number.form in NAMED or figures and plain_figure):
            taken.append(p)
    return taken


def compare(rows: Sequence[Row], found: Sequence[Paragraph]) -> Score:
    """Compare an outline with the sections found, in order."""
    pairs = _aligned([plain(row.words) for row in rows], [plain(p.text[:400]) for p in found])
    pairs = {j: rows[i] for i, j in pairs}
    there = {id(row) for row in pairs.values()}
    missing = [row for row in rows if id(row) not in there and not row.optional]
    first = min(pairs, default=0)
    extra = [p for j, p in enumerate(found) if j >= first and j not in pairs and not _title(found, j, pairs)]
    numbered = [(row, found[j]) for j, row in pairs.items() if row.number != "-"]
    wrong = [
        f"{row.number} read as {p.number}: {p.text[:50]}"
        for row, p in numbered
        if plain(row.number) not in (bare(p.number), plain(p.number or ""))
    ]
    kept = sum(not row.optional for row in pairs.values())
    wanted = sum(not row.optional for row in rows)
    precision, recall = kept / max(1, kept + len(extra)), kept / max(1, wanted)
    return Score(
        wanted,
        kept,
        precision,
        recall,
        2 * precision * recall / max(1e-9, precision + recall),
        1 - len(wrong) / max(1, len(numbered)),
        tuple(missing),
        tuple(p.text[:60] for p in extra),
        tuple(wrong),
    )


def _aligned(wanted: list[str], found: list[str]) -> list[tuple[int, int]]:
    """Return the pairs (i, j) of the longest sequence, in order, in which the text found[j] begins with the words
    wanted[i]."""
    best = [[0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    for i in range(len(wanted) - 1, -1, -1):
        for j in range(len(found) - 1, -1, -1):
            met = best[i + 1][j + 1] + 1 if found[j].startswith(wanted[i]) else 0
            best[i][j] = max(met, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(wanted) and j < len(found):
        if found[j].startswith(wanted[i]) and best[i][j] == best[i + 1][j + 1] + 1:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _title(found: Sequence[Paragraph], at: int, pairs: dict[int, Row]) -> bool:
    """Return whether the heading at position `at`, which has no number, is the title of the label just above it."""
    above = found[at - 1] if at else None
    number = number_of(above.text) if above is not None else None
    return found[at].number is None and at - 1 in pairs and number is not None and number.alone


def score(name: str) -> Score:
    """Read one policy and compare it with its outline."""
    rows = outline(name)
    figures = any(row.words[:1].isdigit() for row in rows)
    found = compare(rows, sections(read(POLICIES / FILES[name], ocr=False), figures))
    return (
        found._replace(precision=1.0, f1=2 * found.recall / (1 + found.recall), extra=())
        if "#contents" in source(name)
        else found
    )


def main(names: list[str], missing: bool) -> None:
    """Print the table of the named policies; with `missing`, also the sections that were not found."""
    if not POLICIES.is_dir():
        sys.exit("the policies are not beside the checkout.")
    print(f"{'policy':34}{'sections':>9}{'found':>7}{'P':>8}{'R':>8}{'F1':>8}{'numbers':>9}{'seconds':>9}")
    scores = []
    for name in names or FILES:
        start = time.monotonic()
        s = score(name)
        scores.append(s)
        print(
            f"{name:34}{s.wanted:9}{s.found:7}{s.precision:8.3f}{s.recall:8.3f}{s.f1:8.3f}"
            f"{s.numbers:9.3f}{time.monotonic() - start:9.1f}"
        )
        if missing:
            for what, items in (("missing", [r.words for r in s.missing]), ("extra", s.extra), ("number", s.wrong)):
                print("".join(f"    {what}: {item}\n" for item in items[:25]), end="")
    print(
        f"{'mean':34}{'':16}"
        + "".join(f"{sum(getattr(s, k) for s in scores) / len(scores):8.3f}" for k in ("precision", "recall", "f1"))
        + f"{sum(s.numbers for s in scores) / len(scores):9.3f}"
    )


if __name__ == "__main__":
    main([a for a in sys.argv[1:] if not a.startswith("-")], "--missing" in sys.argv)
