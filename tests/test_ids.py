"""Identifiers: what people type is read into kinds and numbers, and written back as one cites it."""

from __future__ import annotations

import pytest

from kb.ids import Locator, cited, path_of, plainly, read_all, read_locators, split


@pytest.mark.parametrize(
    ("typed", "locator"),
    [
        ("art. 33(2)", Locator("article", "33", "", ("2",))),
        ("Article 9, paragraph 2 (e)", Locator("article", "9", "", ("2", "e"))),
        ("art 33.2", Locator("article", "33", "", ("2",))),
        ("para 205(a)", Locator("paragraph", "205", "", ("a",))),
        ("commitment 4 (b)", Locator("commitment", "4", "", ("b",))),
        ("H.2", Locator("code", "2", "H")),
        ("issue 3", Locator("issue", "3")),
        ("priority direction two", Locator("direction", "II")),
        ("preamble (e)", Locator("preamble", "", "", ("e",))),
        ("R4(b)", Locator("recommendation", "4", "", ("b",))),
    ],
)
def test_a_typed_place_is_read(typed: str, locator: Locator) -> None:
    assert read_locators(typed) == (locator,)


def test_places_inside_places_are_read_in_order() -> None:
    kinds = [locator.kind for locator in read_locators("Issue I.4, Objective 1, action (a)")]
    assert kinds == ["issue", "objective", "action"]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Article Nine", "Article 9"),
        ("4th commitment", "commitment 4"),
        ("the third issue", "the issue 3"),
        ("paragraph 2 of article 33", "article 33, paragraph 2"),
        ("subparagraph (c) of paragraph 2 of article 28", "article 28, paragraph 2, subparagraph (c)"),
    ],
)
def test_words_become_figures_and_the_outermost_place_comes_first(typed: str, plain: str) -> None:
    assert plainly(typed) == plain


def test_what_no_form_reads_is_left() -> None:
    assert read_all("CEDAW art. 14") == ((Locator("article", "14"),), "CEDAW")


def test_words_without_a_place_give_none() -> None:
    assert read_locators("the right to work") == ()


@pytest.mark.parametrize(
    ("locator", "words"),
    [
        ("art33/2/a", "art. 33(2)(a)"),
        ("para205/a", "para. 205(a)"),
        ("preamble/e", "preamble (e)"),
        ("c4/b", "commitment 4 (b)"),
        ("r4/b", "recommendation 4(b)"),
        ("I.7/obj1/a", "Issue I.7, Objective 1 (a)"),
    ],
)
def test_a_locator_is_written_as_one_cites_it(locator: str, words: str) -> None:
    assert cited(locator) == words


def test_reading_what_was_written_gives_the_same_place() -> None:
    assert read_locators(cited("art8/2/a/i")) == (Locator("article", "8", "", ("2", "a", "i")),)


def test_document_and_locator() -> None:
    assert split("crpd/art33/2") == ("crpd", "art33/2") and split("crpd") == ("crpd", "")


def test_paths_in_any_writing() -> None:
    assert path_of("(2)(a)") == path_of(".2.a") == path_of(", paragraph 2 (a)") == ("2", "a")


@pytest.mark.parametrize(
    ("typed", "locator"),
    [
        ("art. 07", Locator("article", "7")),
        ("Article 033(02)", Locator("article", "33", path=("2",))),
        ("ART. 33(2)(A)", Locator("article", "33", path=("2", "a"))),
        ("PARAGRAPH 0205 (B)", Locator("paragraph", "205", path=("b",))),
        ("strategic objective h.02", Locator("code", "2", "H")),
        ("commitment 04 (B)", Locator("commitment", "4", path=("b",))),
    ],
)
def test_leading_zeros_and_capitals_make_no_other_place(typed, locator):
    (found,) = read_locators(typed)
    assert found == locator
