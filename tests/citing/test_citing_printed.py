"""Several passages in a row: marks that we add are recognisable, and words of the source in between are not hidden."""

from kb.citing.printed import in_one, printed
from kb.models import Passage, Place


def item(number, text, start, kind="provision"):
    """Return a passage of one file that begins at the offset `start`."""
    place = Place(file="plan.pdf", sha256="0" * 64, chars=(start, start + len(text)))
    return Passage(
        id=f"plan/{number}",
        document="plan",
        text=text,
        kind=kind,
        force="political-commitment",
        citation="Plan",
        place=place,
        number=number,
    )


def test_a_number_that_we_place_is_in_square_brackets():
    assert [text for _, text in printed([item("53", "Income.", 10), item("a", "Consider.", 22)])] == [
        "[53] Income.",
        "[a] Consider.",
    ]


def test_a_number_that_the_words_begin_with_is_not_placed_again():
    assert in_one([item("(a)", "(a) Consider.", 10), item("2", "2. Do.", 30)]) == "(a) Consider. 2. Do."
    assert in_one([item("a", "All people.", 10), item("b", "before.", 24)]) == "[a] All people. [b] before."


def test_words_between_two_passages_are_marked_as_left_out():
    """For example 'Medidas' between an objective of Madrid and its actions."""
    shown = list(printed([item("53", "Income.", 10), item("a", "Consider.", 17 + len("\nMedidas\na) "))]))
    assert [text for _, text in shown] == ["[53] Income.", "[…]", "[a] Consider."] and shown[1][0] is None


def test_one_passage_is_quoted_as_it_is():
    assert in_one([item("53", "Income.", 10)]) == "Income."
