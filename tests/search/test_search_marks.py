"""Spans of a query's words in a hit, including other forms of them."""

import pytest

from kb.engine.stems import stems
from kb.search.marks import marked


def marks(text, wanted, language="en"):
    return marked([stems(text, language)], wanted, [language])[0]


@pytest.mark.parametrize(
    "text,wanted,language,found",
    [
        ("Older women receive pensions.", ["pension", "woman"], "en", ["pensions"]),
        ("Women’s rights, women's land", ["women's"], "en", ["Women’s", "women's"]),
        ("Los derechos de las mujeres", ["derecho"], "es", ["derechos"]),
        ("A dollar a day", ["dollar a day"], "en", ["dollar", "day"]),
        ("It pays for hydro\u00adthera\u200bpy here", ["hydrotherapy"], "en", ["hydro\u00adthera\u200bpy"]),
        ("L’e\u0301tat social", ["état"], "fr", ["L’e\u0301tat"]),
        ("Nothing of it", ["pension"], "en", []),
        ("ÉTAT et état", ["état"], "fr", ["ÉTAT", "état"]),
    ],
)
def test_words_are_marked_by_their_stem(text, wanted, language, found):
    assert [text[a:b] for a, b in marks(text, wanted, language)] == found


def test_nothing_wanted_nothing_marked():
    assert marks("Any text", []) == []


def test_small_words_of_an_equivalent_are_not_marked():
    text = "The rights of the aged."
    assert [text[a:b] for a, b in marks(text, ["the aged"])] == ["aged"]
