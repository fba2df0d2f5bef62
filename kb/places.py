"""Words for parts inside provisions, and functions that rewrite spoken forms of citations in the order of
identifiers."""

from __future__ import annotations

import re

from kb.numerals import COUNTED, NUMBERS, ORDINALS

INSIDE = (
    r"(?:(?:sub-?)?para(?:graph)?e?s?\.?|literal(?:es)?|letters?|lit\.?|items?|§"
    r"|p[áa]rrafos?|p[áa]rrs?\.?|apartados?|apdos?\.?|ap\.|incisos?|incs?\.|letras?"
    r"|numeral(?:es)?|n[úu]m\.|al(?:[ií]n[ée]as?|\.)|lettres?|par\.|abs(?:atz|\.)|buchst(?:abe|\.))"
)
"""Pattern of the words that people write before a number or letter inside an article or paragraph."""
_KINDS = (
    r"(?:articles?|arts?|commitment|recommendation|paragraphe?s?|paras?|chapter|issue|objective"
    r"|art[íi]culos?|p[áa]rrafos?|p[áa]rrs?|compromiso"
    r"|engagement|objetivo|objectif)"
)
_OF = r"(?:of|to|in|del?|du|des|en)\s+(?:(?:the|el|la|le|los|les)\s+|l['’]\s?)?"
_PIECE = rf"{INSIDE}\s*\(?\w{{1,4}}\)?(?:\s*\(?\w{{1,4}}\))*"
_INNERMOST_FIRST = re.compile(
    rf"({_PIECE}(?:,?\s+{_OF}{_PIECE})*),?\s+{_OF}({_KINDS}\.?\s*\d+(?:\s*\(\w+\))*)", re.IGNORECASE
)
_LIST_FIRST = re.compile(
    rf"({INSIDE}\s*\(?\d{{1,2}}\)?(?:(?:,\s*|\s*[-–]\s*|,?\s+(?:and|to|y|e|a|et|à|&)\s+)\(?\d{{1,2}}\)?)+),?"
    rf"\s+{_OF}((?:article|art[íi]culo|art\.)\s*\d+)(?![\d(])",
    re.IGNORECASE,
)
"""Matches several parts typed before their article: "paragraphs 2 and 3 of article 12"."""
_COUNTED_KINDS = r"(?:article|art|commitment|recommendation|paragraph|para|chapter|issue|objective)"


def plainly(text: str) -> str:
    """Rewrite a typed citation: numbers become digits after their kind, and the outermost place comes first.

    "Article Nine" becomes "Article 9", "4th commitment" becomes "commitment 4", "paragraph 2 of article 33" becomes
    "article 33, paragraph 2", "inciso b) del artículo 28" becomes "artículo 28, inciso b)".
    """
    text = re.sub(
        rf"\b({_COUNTED_KINDS}\.?)\s+({'|'.join(reversed(COUNTED))})\b",
        lambda m: f"{m[1]} {NUMBERS[m[2].lower()]}",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(
        rf"(?<![\w-])(?:(\d{{1,2}})(?:st|nd|rd|th)|({'|'.join(reversed(ORDINALS))}))\s+({_COUNTED_KINDS})\b",
        lambda m: f"{m[3]} {m[1] or NUMBERS[m[2].lower()]}",
        text,
        flags=re.IGNORECASE,
    )
    text = _LIST_FIRST.sub(r"\2, \1", text)
    return _INNERMOST_FIRST.sub(_outermost_first, text)


def _outermost_first(match: re.Match[str]) -> str:
    """Return a matched 'paragraph 2 of article 33' as 'article 33, paragraph 2'."""
    return ", ".join((match[2], *reversed(re.split(rf",?\s+{_OF}", match[1], flags=re.IGNORECASE))))
