"""Links: with type, author and place in their file, and only to existing targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb import framework
from kb.commitments.links import Link, links_at, links_of, load_links, validate
from kb.commitments.register import load_register
from kb.errors import DataError

GOOD = "{source: R1, target: wssd/c4, type: supports, sign: '+', rationale: Both want just societies.}"


def link(**changes: object) -> Link:
    row = {
        "source": "R1",
        "target": "wssd/c4",
        "type": "supports",
        "sign": "+",
        "origin": "editors",
        "rationale": "Both want just societies.",
        "file": "crosswalk.yaml",
        "row": 3,
    }
    return Link.model_validate({**row, **changes})


def folder_with(tmp_path: Path, *rows: str, head: str = "origin: editors\n") -> Path:
    (tmp_path / "some.yaml").write_text(head + "links:\n" + "".join(f"- {row}\n" for row in rows), encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def shipped(root: Path) -> tuple[Link, ...]:
    return load_links(root / "corpus" / "links")


@pytest.fixture(scope="module")
def known(root: Path) -> set[str]:
    rows = framework.load(root / "corpus" / "framework")
    commitments = {
        entry.id for instrument in load_register(root / "corpus" / "commitments") for entry in instrument.entries
    }
    return (
        commitments
        | {row.id for row in rows.recommendations}
        | {criterion.id for criterion in rows.criteria()}
        | {"paper"}
    )


def test_a_row_takes_origin_and_state_from_its_file_and_knows_its_place(tmp_path: Path) -> None:
    first, second = load_links(
        folder_with(tmp_path, GOOD, GOOD.replace("R1", "R2").replace("}", ", origin: 'person:A'}"))
    )
    assert (first.origin, first.state, first.place) == ("editors", "proposed", "some.yaml row 1")
    assert (second.origin, second.place) == ("person:A", "some.yaml row 2")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (GOOD.replace("supports", "resembles"), "'equal', 'broader'"),
        (GOOD.replace("'+'", "'-'"), "needs sign '\\+'"),
        (GOOD.replace("supports", "conflicts"), "needs sign '-'"),
        (GOOD.replace("wssd/c4", "R1"), "linked to itself"),
        (GOOD.replace("}", ", lines: [9, 3]}"), "run backwards"),
        ("a bare value", "valid dictionary"),
    ],
)
def test_a_broken_row_is_refused_with_file_and_line(tmp_path: Path, row: str, why: str) -> None:
    with pytest.raises(DataError, match=why) as caught:
        load_links(folder_with(tmp_path, GOOD, row))
    assert "some.yaml" in str(caught.value) and "line 4" in str(caught.value)


def test_a_row_without_origin_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="origin"):
        load_links(folder_with(tmp_path, GOOD, head=""))


def test_a_file_of_another_kind_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "account.yaml").write_text("accounts: []\n", encoding="utf-8")
    assert len(load_links(folder_with(tmp_path, GOOD))) == 1


def test_an_unknown_end_is_named_with_file_and_row() -> None:
    assert validate([link(target="wssd/c11")], {"R1", "wssd/c4"}) == (
        "crosswalk.yaml row 3: target 'wssd/c11' is no known id",
    )


def test_the_same_two_ends_may_be_linked_once_for_each_place_only() -> None:
    known_ids = {"paper", "wssd/c4"}
    apart = [link(source="paper", lines=(1, 2)), link(source="paper", lines=(5, 6))]
    assert validate(apart, known_ids) == ()
    turned = link(source="wssd/c4", target="paper", lines=(1, 2))
    assert len(validate([*apart, turned], known_ids)) == 2


def test_links_are_found_from_both_ends_and_rejected_ones_are_not_shown() -> None:
    one, two = link(), link(source="wssd/c4", target="crpd/art5")
    assert links_of("wssd/c4", [one, two, link(target="wssd/c4", source="R9", state="rejected")]) == (one, two)


def test_links_of_a_documents_lines_are_those_that_share_a_line() -> None:
    quote = link(source="paper", lines=(769, 773))
    assert links_at("paper", (773, 780), [quote]) == (quote,)
    assert links_at("paper", (774, 780), [quote]) == ()


def test_every_shipped_link_leads_from_and_to_something_known(shipped: tuple[Link, ...], known: set[str]) -> None:
    assert validate(shipped, known) == ()


def test_every_recommendation_is_linked_to_all_four_instruments(shipped: tuple[Link, ...], root: Path) -> None:
    for row in framework.load(root / "corpus" / "framework").recommendations:
        reached = {one.target.partition("/")[0] for one in links_of(row.id, shipped)}
        assert reached == {"wssd", "beijing", "mipaa", "crpd"}, row.id


def test_shipped_links_are_proposals_of_the_editors(shipped: tuple[Link, ...]) -> None:
    assert {(one.origin, one.state) for one in shipped} == {("editors", "proposed")}


def test_the_known_tensions_are_shown(shipped: tuple[Link, ...]) -> None:
    tense = {(one.source, one.target) for one in shipped if one.sign == "-"}
    assert {
        ("R4.b3", "crpd/art9"),
        ("R4.b3", "crpd/art5/3"),
        ("R5.c", "mipaa/I.7"),
        ("paper", "beijing/declaration"),
    } <= tense


def test_links_of_the_paper_say_which_lines_and_the_lines_exist(shipped: tuple[Link, ...], root: Path) -> None:
    paper = (root / "corpus" / "background-paper" / "background-paper.txt").read_text(encoding="utf-8").split("\n")
    for one in shipped:
        assert (one.source == "paper") == (one.lines is not None), one.place
        if one.lines:
            assert one.lines[1] <= len(paper) and paper[one.lines[0] - 1].strip(), one.place


def test_the_quotation_that_is_linked_as_equal_carries_commitment_fours_words(
    shipped: tuple[Link, ...], root: Path, shared: Path
) -> None:
    (equal,) = (one for one in shipped if one.type == "equal")
    assert equal.target == "wssd/c4" and equal.lines is not None
    lines = (root / "corpus" / "background-paper" / "background-paper.txt").read_text(encoding="utf-8").split("\n")
    quoted = plain(" ".join(lines[equal.lines[0] - 1 : equal.lines[1]]).split('"')[1])
    folder = shared / "data" / "instruments" / "fragments_1995_2002"
    assert quoted in plain((folder / "copenhagen_1995_fragments.md").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """Return only the letters of a text, since the quotation differs from the page by a comma and by line ends."""
    return "".join(letter for letter in text.lower() if letter.isalpha())
