"""Identifiers: a typed citation is parsed into kinds and numbers, and written as a citation again."""

from __future__ import annotations

import pytest

from kb.ids import Locator, arabic, cited, path_of, read_all, split
from kb.places import plainly


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
    assert read_all(typed)[0] == (locator,)


def test_places_inside_places_are_read_in_order() -> None:
    kinds = [locator.kind for locator in read_all("Issue I.4, Objective 1, action (a)")[0]]
    assert kinds == ["issue", "objective", "action"]


def test_what_no_form_reads_is_left() -> None:
    assert read_all("CEDAW art. 14") == ((Locator("article", "14"),), "CEDAW")


def test_words_without_a_place_give_none() -> None:
    assert read_all("the right to work")[0] == ()


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
    assert read_all(cited("art8/2/a/i"))[0] == (Locator("article", "8", "", ("2", "a", "i")),)


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
    (found,), _ = read_all(typed)
    assert found == locator


@pytest.mark.parametrize(
    ("typed", "locator"),
    [
        ("chapter IV", Locator("chapter", "IV")),
        ("chapter 4", Locator("chapter", "IV")),
        ("chapter 1", Locator("chapter", "I")),
        ("chapter 2", Locator("chapter", "II")),
        ("capítulo 3", Locator("chapter", "III")),
        ("chapter 5", Locator("chapter", "V")),
        ("chapter vi", Locator("chapter", "VI")),
        ("chapter 6", Locator("chapter", "VI")),
        ("section 3 B", Locator("chapter", "III", "B")),
        ("PD 1", Locator("direction", "I")),
        ("PD II", Locator("direction", "II")),
        ("priority direction one", Locator("direction", "I")),
        ("priority direction three", Locator("direction", "III")),
        ("issue 2.3", Locator("issue", "3", "II")),
        ("issue 1.3", Locator("issue", "3", "I")),
        ("issue III.4", Locator("issue", "4", "III")),
        ("objective 2 (a)", Locator("objective", "2", "", ("a",))),
        ("action (c)", Locator("action", path=("c",))),
        ("area H", Locator("area", "H")),
        ("part B", Locator("part", "B")),
        ("rec. 5", Locator("recommendation", "5")),
        ("d7", Locator("derived", "7")),
        ("preamble", Locator("preamble")),
        ("preambular paragraph 1", Locator("preamble", path=("a",))),
        ("preamble 26", Locator("preamble", path=("z",))),
        ("preamble 27", Locator("preamble", path=("27",))),
        ("article V", Locator("article", "5")),
        ("articles L", Locator("article", "50")),
        ("commitment IV", Locator("commitment", "4")),
        ("art. 12 bis", Locator("article", "12bis")),
        ("art. 12 ter", Locator("article", "12ter")),
        ("art. 12A", Locator("article", "12A")),
        ("art. 19b", Locator("article", "19", "", ("b",))),
        ("para 5c", Locator("paragraph", "5", "", ("c",))),
        ("art. 33.2.a", Locator("article", "33", "", ("2", "a"))),
        ("art. 5 (paragraph 3)", Locator("article", "5", "", ("3",))),
        ("art. 0", Locator("article", "0")),
    ],
)
def test_every_kind_of_place_is_read_at_its_bounds(typed, locator):
    assert read_all(typed) == ((locator,), "")


ORDINALS = (  # noqa: SIM905 - one line reads better
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth nineteenth"
).split()
CARDINALS = (  # noqa: SIM905
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        *((f"article {word}", f"article {at}") for at, word in enumerate(CARDINALS, 1)),
        *((f"{word} article", f"article {at}") for at, word in enumerate(ORDINALS[:13], 1)),
        ("nineteenth article", "article 19"),
        ("twentieth article", "article 20"),
        ("thirty-third article", "article 33"),
        ("the fifty-ninth article", "the article 59"),
        ("fortieth paragraph", "paragraph 40"),
        ("article thirty-one", "article 31"),
        ("article fifty-nine", "article 59"),
        ("22nd article", "article 22"),
        ("1st chapter", "chapter 1"),
        ("sixty-first paragraph", "paragraph 61"),
        ("paragraph ninety-nine", "paragraph 99"),
        ("hundred-first article", "hundred-first article"),
        ("the first of May", "the first of May"),
    ],
)
def test_numbers_in_words_are_whole_words(typed, plain):
    assert plainly(typed) == plain


def numbers(typed):
    places, rest = read_all(typed)
    assert not any(place.fault for place in places) and not rest, (places, rest)
    return [place.above + ("." if place.above else "") + "/".join((place.number, *place.path)) for place in places]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("articles 5, 6 and 7", ["5", "6", "7"]),
        ("articles 5 to 8", ["5", "6", "7", "8"]),
        ("articles 5–6", ["5", "6"]),
        ("arts 5–5", ["5"]),
        ("articles IX to XI", ["9", "10", "11"]),
        ("article 5 y 6", ["5", "6"]),
        ("article 5 & 6", ["5", "6"]),
        ("article 5/6", ["5", "6"]),
        ("commitments 4, 5", ["4", "5"]),
        ("commitment 1 to 3", ["1", "2", "3"]),
        ("paras 58(a)–(d)", ["58/a", "58/b", "58/c", "58/d"]),
        ("art. 4(1)(a)–(c)", ["4/1/a", "4/1/b", "4/1/c"]),
        ("art. 4(1)–(3)", ["4/1", "4/2", "4/3"]),
        ("art 33.2-3", ["33/2", "33/3"]),
        ("art. 33(1) to 3", ["33/1", "33/2", "33/3"]),
        ("art. 4(b)–(b)", ["4/b"]),
        ("para 205(a) and (c)", ["205/a", "205/c"]),
        ("arts. 4(3) and 33(3)", ["4/3", "33/3"]),
        ("article 33, paragraphs 2 and 3", ["33/2", "33/3"]),
        ("article 4, paragraphs 1(a) and 3", ["4/1/a", "4/3"]),
        ("paras 58(a), 60", ["58/a", "60"]),
        ("H.1 and H.3", ["H.1", "H.3"]),
        ("A.1 & B.2", ["A.1", "B.2"]),
        ("H.1–H.3", ["H.1", "H.2", "H.3"]),
        ("H.1 - H.3", ["H.1", "H.2", "H.3"]),
        ("strategic objectives H.1 to H.3", ["H.1", "H.2", "H.3"]),
        ("paras 1–61", [str(n) for n in range(1, 62)]),
        ("art. 4(1)–(61)", [f"4/{n}" for n in range(1, 62)]),
    ],
)
def test_lists_and_ranges_give_each_place(typed, found):
    assert numbers(typed) == found


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("articles 8–5", "the range 8–5 runs backwards"),
        ("art. 4.2-5", "the range runs from a part of one place to another; give its places one by one"),
        ("art. 33.2-34", "the range runs from a part of one place to another; give its places one by one"),
        ("art. 4(3)–(1)", "the range 3–1 runs backwards"),
        ("art. 4(d)–(a)", "the range d–a runs backwards"),
        ("paras 1–62", "the range 1–62 has more than 60 places"),
        ("art. 4(1)–(62)", "the range 1–62 has more than 60 places"),
        ("arts. 33(1)–34(2)", "from a part of one place to another"),
        ("arts. 4–6(1)", "from a part of one place to another"),
        ("paras 58(a)–60", "from a part of one place to another"),
        ("A.1–B.2", "from a part of one place to another"),
    ],
)
def test_ranges_that_cannot_be_given_say_why(typed, words):
    places, _ = read_all(typed)
    assert words in places[-1].fault and not places[0].fault


@pytest.mark.parametrize(
    ("typed", "paths"),
    [
        ("article 33, paragraphes 1 à 3", ["33/1", "33/2", "33/3"]),
        ("article 33, paragraphes 1 et 3", ["33/1", "33/3"]),
        ("art. 33, par. 1 à 3", ["33/1", "33/2", "33/3"]),
        ("artículo 33, párr. 1 y 3", ["33/1", "33/3"]),
        ("art. 12, para 1 and 13", ["12/1", "13"]),  # a number above the article's is an article
        ("art. 5, par. 2 y art. 9", ["5/2", "9"]),  # "y" is "and"
        ("par. 58 à 60", ["58", "59", "60"]),
        ("párr. 58 a 60", ["58", "59", "60"]),
        ("art. 12 à 14", ["12", "13", "14"]),
    ],
)
def test_ranges_and_lists_of_paragraphs_in_french_and_spanish(typed, paths):
    places, _ = read_all(typed)
    assert ["/".join((place.number, *place.path)) for place in places] == paths


@pytest.mark.parametrize(("typed", "left"), [("art. 4, 33", ", 33"), ("article 5; 6", "; 6"), ("art. 12 a 14", "a 14")])
def test_a_number_after_one_article_that_is_no_list_is_left_and_not_guessed(typed, left):
    places, rest = read_all(typed)
    assert len(places) == 1 and rest == left


@pytest.mark.parametrize(
    ("numeral", "figure"),
    [
        ("XII", "12"),
        ("IV", "4"),
        ("IX", "9"),
        ("XL", "40"),
        ("LX", "60"),
        ("XIX", "19"),
        ("V", "5"),
        ("12", "12"),
        ("XM", "XM"),
        ("", ""),
    ],
)
def test_roman_numerals(numeral, figure):
    assert arabic(numeral) == figure


@pytest.mark.parametrize(
    ("locator", "words"),
    [("art12bis", "art. 12bis"), ("IV.1/obj12/b", "Issue IV.1, Objective 12 (b)"), ("I.4/obj1", "Issue I.4, Objective 1"),
     ("H.2", "H.2"), ("r4", "recommendation 4"), ("c4", "commitment 4"), ("pd/3", "pd (3)"), ("I.4/x", "I.4 (x)"), ("", "")],
)  # fmt: skip
def test_locators_of_every_kind_are_written(locator, words):
    assert cited(locator) == words


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("priority directions I to III", ["I", "II", "III"]),
        ("critical areas of concern A to D", ["A", "B", "C", "D"]),
        ("chaps. II–IV", ["II", "III", "IV"]),
        ("recommendations 2 and 4", ["2", "4"]),
        ("artículo 4º", ["4"]),
    ],
)
def test_lists_and_ranges_of_every_kind_give_each_place(typed: str, numbers: list[str]) -> None:
    assert [place.number for place in read_all(typed)[0]] == numbers
