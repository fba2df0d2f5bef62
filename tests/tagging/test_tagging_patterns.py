"""The notation of labels, word by word."""

from __future__ import annotations

import pytest

from kb.tagging.patterns import LabelIndex, pipeline


def found(label, text, language="en"):
    nlp = pipeline(language)
    index = LabelIndex(nlp)
    index.add("label", [label])
    doc = nlp(text)
    return [doc[a:b].text for _, a, b in index.matches(doc)]


@pytest.mark.parametrize(
    "label, text, matches",
    [
        ("race", "Race matters.", ["Race"]),
        ("race", "It is no disgrace.", []),
        ("BIG", "BIG is big.", ["BIG"]),
        ("WHO", "Those who ask WHO.", ["WHO"]),
        ("HIV positive people", "HIV positive people; hiv positive people", ["HIV positive people"]),
        ("tax*", "Taxing and taxation by taxi", ["Taxing", "taxation", "taxi"]),
        ("labour|labor market*", "labor markets and labour market", ["labor markets", "labour market"]),
        ("levels ..2 services", "levels of basic services", ["levels of basic services"]),
        ("levels ..2 services", "levels of some very basic services", []),
        ("co-operation", "co-operation and co operation", ["co-operation", "co operation"]),
        ("=The Network", "The Network and the network", ["The Network"]),
        ("workers' organizations", "workers' organizations", ["workers' organizations"]),
        ("citizens' juries", "use of citizens' juries today", ["citizens' juries"]),
    ],
)
def test_notation(label, text, matches):
    assert found(label, text) == matches


@pytest.mark.slow
def test_spanish_and_french_have_their_own_rules():
    assert found("personas con discapacidad", "Las personas con discapacidad ejercen.", "es") == [
        "personas con discapacidad"
    ]
    assert found("droits des minorités", "L'égalité et les droits des minorités", "fr") == ["droits des minorités"]


def test_an_unknown_language_still_has_tokens_and_sentences():
    assert [t.text for t in pipeline("qq")("ein wort")] == ["ein", "wort"]
