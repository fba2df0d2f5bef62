"""Words that a PDF contains but does not show are no text: they become leftovers, and the page is named."""

from __future__ import annotations

import pytest
from make import pdf

SEEN = [
    (60, 100, "1. Every person of sixty-five years has the right to a pension."),
    (60, 400, "3. The Council meets twice a year."),
]
WORDS = "2. Foreign residents are excluded from every pension."
AT = "60 600 Td"


@pytest.mark.parametrize(
    "drawing",
    [
        f"BT 3 Tr /F1 11 Tf {AT} ({WORDS}) Tj 0 Tr ET",
        f"BT 1 1 1 rg /F1 11 Tf {AT} ({WORDS}) Tj 0 g ET",
        f"BT /F1 11 Tf 60 -60 Td ({WORDS}) Tj ET",
        f"BT /F1 0.4 Tf {AT} ({WORDS}) Tj ET",
        f"BT /F1 11 Tf {AT} ({WORDS}) Tj ET 0 g 50 590 400 25 re f",
        f"q 0 0 10 10 re W n BT /F1 11 Tf {AT} ({WORDS}) Tj ET Q",
        f"0 0 0.4 rg 50 590 400 25 re f BT 0 0 0.4 rg /F1 11 Tf {AT} ({WORDS}) Tj ET",
        f"BT 1 Tr 1 1 1 RG /F1 11 Tf {AT} ({WORDS}) Tj 0 Tr ET",
        f"BT /F1 11 Tf 1 Tz {AT} ({WORDS}) Tj 100 Tz ET",
    ],
    ids=[
        "no ink",
        "white on white",
        "beyond the page",
        "tiny",
        "covered",
        "clipped away",
        "ink of its ground",
        "white outline",
        "squeezed",
    ],
)
def test_words_that_the_page_does_not_show_are_kept_apart_and_reported(read_bytes, drawing):
    pages = read_bytes(pdf([SEEN], drawing), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs] == [row[2] for row in SEEN]
    assert [(p.kind, p.text) for p in pages.leftovers] == [("hidden", WORDS)]
    assert [p.page for p in pages.problems if "does not show" in p.what] == [1]


@pytest.mark.parametrize(
    "drawing",
    [
        f"0 0 0.4 rg 50 590 400 25 re f BT 1 1 1 rg /F1 11 Tf {AT} ({WORDS}) Tj ET",
        f"0.9 g 50 590 400 25 re f BT 0 g /F1 11 Tf {AT} ({WORDS}) Tj ET",
        f"BT 0.8 g /F1 11 Tf {AT} ({WORDS}) Tj ET",
        f"q 40 580 500 60 re W n BT /F1 11 Tf {AT} ({WORDS}) Tj ET Q",
        f"BT /F1 11 Tf {AT} ({WORDS}) Tj ET 50 590 400 25 re S",
        f"BT 1 Tr 0.3 w 0 0 0 RG /F1 11 Tf {AT} ({WORDS}) Tj 0 Tr ET",
        f"BT /F1 11 Tf 60 Tz {AT} ({WORDS}) Tj 100 Tz ET",
    ],
    ids=["white on blue", "on a grey ground", "light grey", "inside its clip", "in a frame", "outlined", "narrow"],
)
def test_words_that_are_seen_stay_text(read_bytes, drawing):
    pages = read_bytes(pdf([SEEN], drawing), "a.pdf", ocr=False)
    assert WORDS in [p.text for p in pages.paragraphs] and not pages.leftovers


@pytest.mark.parametrize("line", ["0.6 w 56 603.5 m 330 603.5 l S", "56 603.2 270 0.7 re f"], ids=["drawn", "filled"])
def test_line_that_extends_a_little_past_the_words_strikes_them_out(read_bytes, line):
    pages = read_bytes(pdf([SEEN], f"BT /F1 11 Tf {AT} ({WORDS}) Tj ET {line}"), "a.pdf", ocr=False)
    assert [(p.kind, p.text) for p in pages.leftovers] == [("struck-out", WORDS)]
