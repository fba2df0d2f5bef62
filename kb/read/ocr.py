"""Read page images by OCR with rapidocr and its bundled models; the lines have a confidence and are marked as OCR.

The result of every page is cached under workspace/cache/ocr/<sha256>, so that interrupted work can be resumed.

Numbers: 1,280 pixels is the side on which the library's model finds lines; an inch has 72 points; a line more than 1.6
times as high as the others is two lines. Chosen by eye on scans.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.amounts import some
from kb.config import settings
from kb.read.child import allow_memory, allow_processor_time
from kb.read.draft import Reading
from kb.read.layout.lines import Line, PageLines, PageWord, merge
from kb.read.limits import Limits

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

DPI = 200  # dots per inch: this module's figures were measured on such pages
LONGEST = 3200  # pixels of the longer side: a poster at 200 dpi would fill the memory
LOW = 0.80  # confidence below which a line is reported to be checked
ENGINE = "rapidocr"

RecognisedLine = tuple[str, float, list[float]]
"""`(text, confidence from 0 to 1, box in points: left, top, right, bottom)` of a line."""


def available() -> bool:
    """Return whether the OCR package is installed, without importing it."""
    return importlib.util.find_spec(ENGINE) is not None


@functools.cache
def _engine() -> Callable[[Any], Any]:  # an array of the library, and its result
    """Return the OCR engine, a function of an image array, limited to two threads and without log output.

    These limits reduce the peak memory from 844 to 549 MB and the time by half, with the same words read (measured on a
    200 dpi page of 390 words).
    """
    import logging

    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 2,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": 1280,  # pixels: the side on which the library's model finds lines
            "Rec.rec_batch_num": 1,
        }
    )


def read_pages(
    document: PdfDocument,
    pages: list[PageLines],
    reading: Reading,
    limits: Limits,
    progress: Callable[[int, int], None] | None,
    digest: str,
) -> None:
    """Fill the empty `pages` with lines read by OCR; each page is reported with its mean confidence. Stops, with a
    problem in the reading, at the limits of OCR pages or seconds. `digest` is the SHA-256 of the file, the key of the
    cache."""
    start = time.monotonic()
    allow_memory(limits.ocr_memory_bytes)
    for n, page in enumerate(pages, 1):
        if n > limits.ocr_pages or time.monotonic() - start > limits.ocr_seconds:
            reading.trouble(
                f"OCR stopped at its limit after {n - 1} of {len(pages)} image pages",
                "Read the file again: pages that are done are kept, and OCR goes on here.",
                page.number,
            )
            return
        allow_processor_time(limits.cpu_per_scan)
        rows = _cached(digest, page.number, partial(_recognise, document, page))
        page.lines = lines_of(rows, page.number)
        _report(page, rows, reading)
        if progress:
            progress(n, len(pages))


def _report(page: PageLines, rows: list[RecognisedLine], reading: Reading) -> None:
    """Report that a page's text is from OCR, and its confidence."""
    if not rows:
        reading.trouble("the page is an image in which OCR found no text", "Look at the page itself.", page.number)
        return
    mean = sum(row[1] for row in rows) / len(rows)
    weak = sum(row[1] < LOW for row in rows)
    more = f", {weak} of {some(len(rows), 'line')} below {LOW}" if weak else ""
    reading.trouble(
        f"the page is an image; its text was read by OCR with confidence {mean:.2f}{more}",
        "Check it against the page image before quoting it.",
        page.number,
    )


def _recognise(document: PdfDocument, page: PageLines) -> list[RecognisedLine]:
    """Return text, confidence and box in points of each line that OCR finds on a page."""
    sheet = document[page.number - 1]
    try:
        scale = min(DPI / 72, LONGEST / max(page.width, page.height, 1))  # points of an inch
        image = sheet.render(scale=scale).to_pil().convert("RGB")
    finally:
        sheet.close()
    import numpy

    found = _engine()(numpy.asarray(image)[:, :, ::-1])
    if found is None or found.txts is None:
        return []
    rows = []
    for text, score, box in zip(found.txts, found.scores, found.boxes):
        xs, ys = [float(p[0]) / scale for p in box], [float(p[1]) / scale for p in box]
        if text.strip():
            rows.append((text.strip(), round(float(score), 4), [min(xs), min(ys), max(xs), max(ys)]))
    return rows


def lines_of(rows: list[RecognisedLine], page: int) -> list[Line]:
    """Convert OCR rows to lines of the layout.

    OCR boxes are as high as the ink, so their heights tell little about the print size: all but clearly larger lines
    get the page's median height as size.
    """
    words = [[_word(row, i) for i in range(len(row[0].split()))] for row in rows]
    runs = [Line(list(w), row[2][0], row[2][1], row[2][2], row[2][3], confidence=row[1]) for w, row in zip(words, rows)]
    lines = merge(runs)
    median = sorted(r.bottom - r.top for r in lines)[len(lines) // 2] if lines else 0.0
    for line in lines:
        line.page, line.text = page, " ".join(w.text for w in line.words)
        line.head, line.count = line.words[0].x1 - line.words[0].x0, len(line.words)
        height = line.bottom - line.top
        # by eye: a line so much higher than the others holds two
        line.size = height if height > 1.6 * median else median
        line.words = []
    return lines


def _word(row: RecognisedLine, i: int) -> PageWord:
    """Return the `i`th word of a row; its box is estimated from its share of the row's characters."""
    text, _, (x0, top, x1, bottom) = row
    words = text.split()
    before = len(" ".join(words[:i])) + (1 if i else 0)
    unit = (x1 - x0) / max(len(text), 1)
    return PageWord(words[i], x0 + unit * before, top, x0 + unit * (before + len(words[i])), bottom, -1)


def _cached(digest: str, number: int, make: Callable[[], list[RecognisedLine]]) -> list[RecognisedLine]:
    """Return the OCR rows of a page (of the file with hash `digest`) from the cache, or compute them with `make` and
    store them; a cache that cannot be written is ignored."""
    folder: Path = settings().workspace / "cache" / "ocr" / f"{digest[:32]}-{DPI}"
    file = folder / f"{number}.json"
    try:
        return [tuple(row) for row in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError):
        pass
    rows = make()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{number}.{os.getpid()}"
        part.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        os.replace(part, file)
    except OSError:
        pass
    return rows
