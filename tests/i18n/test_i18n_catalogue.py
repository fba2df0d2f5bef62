"""The reader's language: catalogues, counts, dates and numbers; English if nothing is known."""

from __future__ import annotations

import importlib.util
import string
from datetime import date

import pytest
from babel.messages.pofile import read_po

from kb import i18n
from kb.i18n import TranslatedLabels, day, decimals, month_day, number, t, tn
from kb.i18n.catalogue import FOLDER, _catalogue
from kb.i18n.refusals import _known
from kb.languages import of_interface

OTHERS = [language for language in of_interface() if language != "en"]


@pytest.fixture(autouse=True)
def english_again():
    """Restore the language after the test."""
    yield
    i18n.use("en")


@pytest.fixture(scope="module")
def said(root):
    """Return the texts of the code and the corpus."""
    spec = importlib.util.spec_from_file_location("ci_words", root / ".ci" / "words.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.texts(root)


def catalogue(language: str):
    """Return the messages of a catalogue."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def fields(text: str) -> set[str]:
    """Return the names of the values that are inserted into a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_english_is_what_the_code_contains_and_what_is_shown_where_nothing_is_known():
    assert t("Search") == "Search" and t("{n} rows", n=3) == "3 rows"
    i18n.use("xx")
    assert i18n.language() == "en"
    i18n.use("es")
    assert t("No catalogue has this.") == "No catalogue has this." and t("") == ""


def test_each_language_counts_by_its_own_rule():
    assert [tn("{n} document", "{n} documents", n) for n in (0, 1, 2)] == ["0 documents", "1 document", "2 documents"]
    i18n.use("fr")
    assert [tn("{n} document", "{n} documents", n) for n in (0, 1, 2)] == ["0 document", "1 document", "2 documents"]


def test_names_by_key_are_read_in_the_present_language():
    names = TranslatedLabels({"a": "Search"})
    i18n.use("es")
    assert names["a"] == names.get("a") == dict(names.items())["a"] == next(iter(names.values())) == "Buscar"
    assert names.get("b") is None and list(names) == ["a"]


def test_dates_and_numbers_are_written_as_the_language_writes_them():
    shown = {}
    for language in of_interface():
        i18n.use(language)
        shown[language] = (day(date(2019, 5, 3)), month_day(date(2019, 5, 3)), number(12345))
    assert shown["en"] == ("3 May 2019", "3 May", "12,345")
    assert shown["es"] == ("3 de mayo de 2019", "3 de mayo", "12.345")
    assert shown["fr"][:2] == ("3 mai 2019", "3 mai")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ("0.740", "-0.050", "61.25", "0.0004")),
        ("es", ("0,740", "-0,050", "61,25", "0,0004")),
        ("fr", ("0,740", "-0,050", "61,25", "0,0004")),
    ],
)
def test_decimals_have_the_sign_of_the_language(language, written):
    i18n.use(language)
    assert (decimals(0.74), decimals(-0.05), number(61.25), number(0.0004)) == written


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_text_of_the_code_and_no_other(language, said):
    held = {message.id for message in catalogue(language) if not message.context}
    assert held == said, "run: make words"


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_untranslated(language):
    strings = [(m.id, [m.string] if isinstance(m.string, str) else m.string) for m in catalogue(language)]
    assert [id for id, said in strings if not all(said)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_the_same_names_and_brings_no_markup(language):
    for message in catalogue(language):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        for text in filter(None, strings):
            assert any(fields(text) == fields(id) for id in ids), text
            assert not set('<>"') & set(text) - set("".join(ids)), f"it would end a tag or an attribute: {text}"
            assert text[:1].isspace() == ids[0][:1].isspace() and text[-1:].isspace() == ids[0][-1:].isspace(), text


def test_no_line_ends_inside_french_quotation_marks():
    every = [*_catalogue("fr")[0].values(), *(one.translation for one in _known("fr"))]
    assert not [text for text in every if "« " in text or " »" in text]
    assert any("«\N{NO-BREAK SPACE}" in text for text in every)
