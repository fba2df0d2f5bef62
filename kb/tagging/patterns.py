"""Labels as spaCy patterns. The notation, one label on one line:

    word        that word, in any case          WORD      capitals match as printed ("BIG" is not "big")
    word*       any word that begins so         a|b*      either
    ..3         up to three words between       =The Forum   the whole label as printed
    co-operate  hyphens may be printed or not

A label matches whole words only: "race" is never found inside "disgrace".
"""
from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import spacy
from spacy.language import Language

_GAP = re.compile(r"\.\.(\d)$")


@lru_cache(maxsize=8)
def pipeline(language: str) -> Language:
    """spaCy's rules for the language: tokens and sentence ends, no model. Unknown languages get the neutral rules."""
    try:
        nlp = spacy.blank(language)
    except ImportError:
        nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer")
    return nlp


def compile_label(nlp: Language, label: str) -> list[list[dict[str, Any]]]:
    """The Matcher patterns of a label: usually one, two where a hyphen may or may not split the word in this language."""
    exact = label.startswith("=")
    words = label.removeprefix("=").replace("’", "'").split()
    patterns = [_pattern(nlp, words, exact, split=True)]
    if any("-" in word and not _is_special(word) for word in words):
        patterns.append(_pattern(nlp, words, exact, split=False))
    return patterns


def _pattern(nlp: Language, words: list[str], exact: bool, split: bool) -> list[dict[str, Any]]:
    """One Matcher pattern for the words."""
    tokens: list[dict[str, Any]] = []
    for word in words:
        if gap := _GAP.match(word):
            tokens += [{"OP": "?"}] * int(gap.group(1))
        elif _is_special(word):
            tokens += _special(word)
        elif split:
            tokens += _split(nlp, word, exact)
        else:
            tokens.append(_token(word, exact))
    return tokens


def _is_special(word: str) -> bool:
    return "*" in word or "|" in word


def _special(word: str) -> list[dict[str, Any]]:
    """Alternatives and open endings as a regular expression on whole tokens; a hyphen splits as the tokenizer does."""
    tokens: list[dict[str, Any]] = []
    parts = word.split("-") if "|" not in word else [word]
    for position, part in enumerate(parts):
        if position:
            tokens.append({"ORTH": "-", "OP": "?"})
        choices = [re.escape(choice.removesuffix("*").lower()) + (r"[\w'-]*" if choice.endswith("*") else "")
                   for choice in part.split("|")]
        tokens.append({"LOWER": {"REGEX": f"^(?:{'|'.join(choices)})$"}})
    return tokens


def _split(nlp: Language, word: str, exact: bool) -> list[dict[str, Any]]:
    """A plain word as the tokenizer cuts it, with its hyphens optional."""
    tokens: list[dict[str, Any]] = []
    for position, part in enumerate(word.split("-")):
        if position:
            tokens.append({"ORTH": "-", "OP": "?"})
        tokens += [_token(piece.text, exact) for piece in nlp.make_doc(part)]
    return tokens


def _token(text: str, exact: bool) -> dict[str, Any]:
    """Exact spelling for capitals (two letters and more), small letters for the rest."""
    if exact or (text.isupper() and len(text) > 1):
        return {"ORTH": text}
    return {"LOWER": text.lower()}
