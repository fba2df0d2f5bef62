"""Compare the paragraphs of PDFs with records made by hand: this project beside other extractors, with the same scoring
script.

    python benchmarks/paragraphs.py [FOLDER]         default: ../shared/data/paragraphs (labels/ and pdfs/ in it)

Prints F1 by file and its mean; for this project also precision without headings and notes (the records leave most of
those out) and the share of pieces: paragraphs that are a part of one record, or contain more than one. Plain extractors
give text without paragraphs: theirs is split at empty lines, the best split that their text allows. PyMuPDF is AGPL,
which does not fit this project's licence: it is neither installed nor run.
"""

from __future__ import annotations

import importlib.util
import json
import pathlib
import re
import sys
import time
from collections.abc import Callable

ROOT = pathlib.Path(__file__).resolve().parent.parent
Rows = list[dict[str, str]]


def scorer(path: pathlib.Path):
    """Return the shared scoring script at `path`, imported as a module."""
    spec = importlib.util.spec_from_file_location("score_paragraphs", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cut(text: str) -> Rows:
    """Split a text into paragraphs at empty lines."""
    return [{"text": part, "kind": "paragraph"} for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def ours(file: pathlib.Path) -> Rows:
    """Return the paragraphs that `kb read` gives."""
    from kb.read import read

    return [{"text": p.text, "kind": p.kind} for p in read(file).paragraphs]


def pypdf_plain(file: pathlib.Path) -> Rows:
    """Return the paragraphs of pypdf's plain text, page by page."""
    import pypdf

    return [row for page in pypdf.PdfReader(file).pages for row in cut(page.extract_text())]


def pypdf_layout(file: pathlib.Path) -> Rows:
    """Return the paragraphs of pypdf's layout mode, which keeps empty lines for gaps on the page."""
    import pypdf

    return [row for page in pypdf.PdfReader(file).pages for row in cut(page.extract_text(extraction_mode="layout"))]


def pdfplumber_layout(file: pathlib.Path) -> Rows:
    """Return the paragraphs of pdfplumber's layout mode (based on pdfminer.six)."""
    import pdfplumber

    with pdfplumber.open(file) as document:
        return [row for page in document.pages for row in cut(page.extract_text(layout=True) or "")]


def pdfminer_boxes(file: pathlib.Path) -> Rows:
    """Return the paragraphs of pdfminer.six's own layout analysis, one for each text box."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextBox

    return [
        {"text": box.get_text(), "kind": "paragraph"}
        for page in extract_pages(file)
        for box in page
        if isinstance(box, LTTextBox) and box.get_text().strip()
    ]


def pdfium_text(file: pathlib.Path) -> Rows:
    """Return the paragraphs of pypdfium2's text, without layout."""
    import pypdfium2

    document = pypdfium2.PdfDocument(str(file))
    return [row for page in document for row in cut(page.get_textpage().get_text_bounded().replace("\r", ""))]


READERS: dict[str, Callable[[pathlib.Path], Rows]] = {
    "kb read": ours,
    "pypdf": pypdf_plain,
    "pypdf layout": pypdf_layout,
    "pdfplumber layout": pdfplumber_layout,
    "pdfminer boxes": pdfminer_boxes,
    "pypdfium2": pdfium_text,
}


def records(score_module, label: pathlib.Path) -> list[str]:
    """Return the letters and digits of each record made by hand, in the file `label`."""
    data = json.loads(label.read_text(encoding="utf-8"))
    return [t for t in (score_module.bare(p["main_language"]) for p in data["paragraphs"]) if t]


NO_BODY = ("leftover", "page-number", "running-head", "heading", "title", "footnote", "note")
"""Kinds of paragraphs that the records mostly leave out."""
SHORTEST = 20
"""Minimum number of letters of a text that, when contained in another, counts as a piece of it and not as a common
word."""


def body(score_module, label: pathlib.Path, rows: Rows) -> tuple[float, float]:
    """Return, for one file without headings and notes, the precision, and the share of paragraphs that are pieces of a
    record or contain more than one record."""
    gold = records(score_module, label)
    got = [t for t in (score_module.bare(r["text"]) for r in rows if r["kind"] not in NO_BODY) if t]
    whole = set(gold)
    odd = [text for text in got if text not in whole and len(text) >= SHORTEST]
    odd = [text for text in odd if not any(score_module.alike(record, text) >= 0.9 for record in gold)]
    pieces = sum(any(text in record or (len(record) >= SHORTEST and record in text) for record in gold) for text in odd)
    return score_module.match(gold, got) / max(1, len(got)), pieces / max(1, len(got))


def score(score_module, label: pathlib.Path, rows: Rows) -> tuple[float, float, float]:
    """Return precision, recall and F1 of one file, by the rule of the shared script."""
    gold = records(score_module, label)
    got = [
        t
        for t in (
            score_module.bare(r["text"]) for r in rows if r["kind"] not in ("leftover", "page-number", "running-head")
        )
        if t
    ]
    met = score_module.match(gold, got)
    p, r = met / max(1, len(got)), met / max(1, len(gold))
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def main(folder: pathlib.Path) -> None:
    """Print the table of all extractors for the files in `folder`."""
    module = scorer(ROOT.parent / "shared" / "tools" / "score_paragraphs.py")
    labels = sorted((folder / "labels").glob("*.json"))
    names = [pathlib.Path(json.loads(x.read_text(encoding="utf-8"))["main_xml_name"]).stem for x in labels]
    print(f"{'reader':<20}" + "".join(f"{n:>13}" for n in names) + f"{'P':>8}{'R':>8}{'F1':>8}{'seconds':>9}")
    for name, reader in READERS.items():
        start = time.monotonic()
        read = [reader(folder / "pdfs" / f"{n}.pdf") for n in names]
        spent = time.monotonic() - start
        rows = [score(module, label, each) for label, each in zip(labels, read)]
        means = [sum(r[i] for r in rows) / len(rows) for i in range(3)]
        print(
            f"{name:<20}"
            + "".join(f"{r[2]:13.3f}" for r in rows)
            + "".join(f"{m:8.3f}" for m in means)
            + f"{spent:9.1f}"
        )
        if reader is ours:
            found = [body(module, label, each) for label, each in zip(labels, read)]
            print(
                "  without headings and notes: precision "
                + " ".join(f"{p:.3f}" for p, _ in found)
                + f", mean {sum(p for p, _ in found) / len(found):.3f}; pieces "
                + " ".join(f"{share:.3f}" for _, share in found)
                + f", mean {sum(share for _, share in found) / len(found):.3f}"
            )
    print("PyMuPDF: not run (AGPL). Seconds hold the import of the library and, for kb read, language and sections.")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "paragraphs")
