"""Identify the language of a passage: from its script if only one language uses that, else with py3langid among the
supported languages.

Numbers: shares of letters, and scores of the identifier. Chosen by eye on laws with passages in a second language;
cases: tests/read/test_read_language.py.
"""

from __future__ import annotations

import functools
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from kb.languages import by_script, recognised

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MIN_LETTERS = 40  # fewer letters are too few to tell two languages of Latin script apart


@functools.cache
def _identifier() -> LanguageIdentifier:
    """Load the classifier with its bundled model, restricted to the languages of corpus/languages.yaml."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(list(recognised()))
    return found


def _script(text: str) -> str:
    """Return the script of most letters, as the first word of their Unicode names ('LATIN'); '' when there is no
    letter."""
    names = Counter(unicodedata.name(c, "?").split()[0] for c in text[:400] if c.isalpha())
    if names["HIRAGANA"] + names["KATAKANA"] > 2:
        return "HIRAGANA"
    return names.most_common(1)[0][0] if names else ""


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language; None when that is uncertain or the text is too short: under 40
    letters in Latin script, 4 in a script of one language, 12 in others."""
    letters = sum(c.isalpha() for c in text)
    script = _script(text)
    if letters >= 4 and (found := by_script().get(script)):
        return found
    if letters < (MIN_LETTERS if script == "LATIN" else 12):
        return None
    code, score = _identifier().classify(text[:600])
    return code if score >= 0.6 else None  # score of the identifier, by eye


def languages(texts: list[str]) -> tuple[str | None, list[str | None]]:
    """Return `(main, each)`: the language of most of the text (or None), and the language of every text.

    Short or uncertain texts get the language of the last certain one; a language that the document hardly uses is
    assigned only to a long passage.
    """
    sure = [language_of(text) for text in texts]
    weight: Counter = Counter()
    for code, text in zip(sure, texts):
        if code:
            weight[code] += len(text)
    if not weight:
        joined = language_of(" ".join(texts)[:2000])
        return joined, [joined] * len(texts)
    main = weight.most_common(1)[0][0]
    total = sum(weight.values())
    found: list[str | None] = []
    last = main
    for code, text in zip(sure, texts):
        # by eye: a short passage in a language that has 3 of 100 letters is taken to be misread
        rare = code and code != main and weight[code] < 0.03 * total and len(text) < 160
        last = code if code and not rare else last
        # by eye: a passage inherits a language that has a fifth of the letters
        found.append(last if code and not rare else (main if rare or weight[last] < 0.2 * total else last))
    return main, found
