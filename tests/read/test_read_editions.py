"""Two editions of one text in one file: only the new one is text, and both are said."""

from __future__ import annotations

import pytest
from make import pdf, prose

PAIRS = [
    ("Ancien", "Nouveau"),
    ("ANCIEN TEXTE :", "NOUVEAU TEXTE :"),
    ("Texto anterior", "Texto vigente"),
    ("Former text", "Current text"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_the_former_text_is_kept_apart_and_said(read_bytes, old: str, new: str, name: str) -> None:
    text = f"Article 5\n\n{old}\n\nThe levy is two per cent.\n\n{new}\n\nThe levy is three per cent.\n\nArticle 6\n\nThe fund is public.\n"
    pages = read_bytes(text.encode(), name)
    assert [p.text for p in pages.paragraphs] == [
        "Article 5",
        "The levy is three per cent.",
        "Article 6",
        "The fund is public.",
    ]
    assert [p.text for p in pages.leftovers if p.kind == "former-text"] == ["The levy is two per cent."]
    assert any("two editions" in p.what for p in pages.problems)


def test_columns_of_a_page_are_two_editions(read_bytes) -> None:
    words = "The employer shall keep one post in twenty for persons with disabilities and shall report on it each year to the office"
    rows = [
        (60, 80, "Ancien"),
        (310, 80, "Nouveau"),
        *prose(60, 120, words + " of work.", 38),
        *prose(310, 120, words + " of inclusion.", 38),
    ]
    pages = read_bytes(pdf([rows]), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs] == [words + " of inclusion."]


def test_a_table_of_both_is_said_and_kept(read_bytes) -> None:
    pages = read_bytes(b"| Ancien | Nouveau |\n| --- | --- |\n| Deux pour cent. | Trois pour cent. |\n", "a.md")
    assert "Deux pour cent. | Trois pour cent." in " ".join(p.text for p in pages.paragraphs)
    assert any("side by side" in p.what for p in pages.problems)


def test_a_heading_new_alone_is_a_heading(read_bytes) -> None:
    pages = read_bytes(b"# New\n\nThe fund is public.\n", "a.md")
    assert [p.text for p in pages.paragraphs] == ["New", "The fund is public."] and not pages.problems
