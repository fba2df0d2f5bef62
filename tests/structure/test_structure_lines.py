"""Lines with their place, and joining them without losing a character."""

from hypothesis import given
from hypothesis import strategies as st

from kb.structure.lines import join, place_of, split_lines
from kb.text import bare


def test_lines_are_split_on_the_line_feed_only():
    lines = split_lines("one\n two\x0b\x0c\u2028\r\n\nlast")
    assert [(line.number, line.raw) for line in lines] == [
        (1, "one"),
        (2, " two\x0b\x0c\u2028\r"),
        (3, ""),
        (4, "last"),
    ]
    assert lines[1].text == "two" and lines[1].span == (5, 8)


@given(st.text())
def test_every_line_is_found_again_at_its_place(text):
    for line in split_lines(text):
        a, b = line.span
        assert text[a:b] == line.text
        assert text[line.start : line.start + len(line.raw)] == line.raw


def test_a_hyphen_at_a_line_end_is_kept_and_the_next_line_follows_at_once():
    assert join(["child abuse and inter-", "generational conflict"]) == "child abuse and inter-generational conflict"


def test_a_hyphen_after_a_space_loses_the_space():
    assert join(["a broad -", "based approach"]) == "a broad-based approach"


def test_other_lines_are_joined_by_one_space():
    assert join([" two  words ", "", "three "]) == "two words three"


@given(st.lists(st.text(alphabet=" ab-\t.", max_size=12), max_size=6))
def test_joining_changes_white_space_only(parts):
    assert bare(join(parts)) == bare("".join(parts))


def test_a_place_lists_its_pieces_only_when_it_is_not_one_run():
    assert place_of([(3, 9)], (1, 1), "f", "h").pieces == ()
    two = place_of([(3, 9), (12, 20)], (1, 2), "f", "h")
    assert two.chars == (3, 20) and two.pieces == ((3, 9), (12, 20))
