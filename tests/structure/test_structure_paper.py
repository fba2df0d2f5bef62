"""The background paper, parsed: the fifteen acceptance points, the reference segmentation and the exact round trip."""

import json
import re

import pytest
from rebuilding import lost

from kb.sources.verify import source_text
from kb.text import bare, squeeze


@pytest.fixture(scope="module")
def source(root):
    return (root / "corpus/background-paper/background-paper.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def at(paper):
    """Return a function that returns the passage on a line, other than a heading or a part of a passage."""

    def find(line):
        found = [
            p
            for p in paper.passages
            if p.place.lines[0] <= line <= p.place.lines[1] and p.kind != "sub-item" and p.kind != "footnote"
        ]
        assert len(found) == 1, f"line {line} is in {[p.id for p in found]}"
        return found[0]

    return find


def test_point_1_every_unit_knows_its_lines_and_characters(paper, source):
    for passage in paper.passages:
        (first, last), (start, end) = passage.place.lines, passage.place.chars
        assert (source.count("\n", 0, start) + 1, source.count("\n", 0, end) + 1) == (first, last)
        assert source_text(passage.place, source) == bare(passage.text)


def test_point_2_a_line_of_one_space_ends_a_paragraph_and_an_empty_line_need_not(at, source):
    lines = source.split("\n")
    assert lines[26] == " " and at(26).id != at(28).id
    assert lines[1651] == "" and at(1651).id == at(1653).id


@pytest.mark.parametrize(
    "line", [48, 154, 200, 291, 382, 477, 523, 569, 709, 840, 965, 1011, 1146, 1192, 1434, 1669, 1715, 1806, 1873]
)
def test_point_3_a_page_turn_inside_a_paragraph_is_joined(at, line):
    before = next(n for n in range(line - 1, 0, -1) if _covers(at, n))
    assert at(before).id == at(line).id


@pytest.mark.parametrize(
    "line",
    [95, 108, 245, 337, 387, 432, 615, 663, 751, 794, 876, 920, 1055, 1100, 1238, 1344, 1389, 1527, 1565, 1760, 1817],
)
def test_point_3_a_page_turn_after_a_full_stop_starts_a_unit(at, line):
    assert at(line).place.lines[0] == line


def _covers(at, line):
    try:
        return bool(at(line))
    except AssertionError:
        return False


def test_point_4_printed_page_numbers_are_dropped_and_recorded(paper, at):
    numbers = [(left.text, left.place.lines) for left in paper.leftovers if left.kind == "page-number"]
    assert numbers == [("32", (1293, 1293)), ("39", (1613, 1613))]
    assert at(1291).id == at(1297).id and " 32 " not in at(1297).text


def test_point_5_footnotes_are_lifted_out_and_their_marks_unglued_and_linked(paper, at):
    notes = {p.id: p.text for p in paper.passages if p.kind == "footnote"}
    assert notes["paper/fn2"].startswith("2 See Simon Maxwell") and notes["paper/fn3"].startswith("3 See UNESC 2007")
    for line, word, note in ((91, "generations", "paper/fn2"), (1455, "identified", "paper/fn3")):
        mention = next(m for m in at(line).mentions if m.kind == "footnote")
        a, b = mention.span
        assert at(line).text[a:b] == word and mention.value == {"note": note}
    assert at(1478).id == at(1481).id and "core works skills development and lifelong learning" in at(1478).text


@pytest.mark.parametrize(
    "line,word",
    [
        (159, "multi-"),
        (161, "duty-"),
        (220, "non-"),
        (577, "sub-Saharan"),
        (582, "home-"),
        (609, "Afro-"),
        (655, "inter-"),
        (770, "non-"),
        (786, "dollar-a-day"),
        (1032, "risk-"),
        (1145, "decision-making"),
        (1159, "broad-based"),
        (1415, "low-"),
        (1538, "socio-"),
        (1711, "top-down"),
    ],
)
def test_point_6_hyphens_at_a_line_end_are_kept_and_joined(at, line, word):
    assert re.search(re.escape(word) + (r"\w" if word.endswith("-") else r"\b"), at(line).text)


def test_point_7_bullets_and_recommendations_cut_by_empty_lines_are_complete(at):
    assert [at(n).id == at(m).id for n, m in ((1651, 1653), (1654, 1656), (1657, 1659))] == [True] * 3
    for first, last in ((1832, 1834), (1843, 1845), (1853, 1855), (1860, 1862), (1868, 1870), (1868, 1873)):
        assert at(first).id == at(last).id


def test_point_8_three_run_in_definitions_are_separate_units(at):
    units = [at(line) for line in (119, 122, 125)]
    assert len({u.id for u in units}) == 3
    assert [u.text.split()[0] for u in units] == ["Recognition", "Representation", "Redistribution"]


def test_point_9_fifty_five_headings_with_level_lines_and_path(paper, shared):
    wanted = json.loads((shared / "domain/sections.json").read_text(encoding="utf-8"))
    ours = [(s.heading, s.level, *s.lines) for s in paper.sections]
    assert ours == [(squeeze(w["heading"]), w["level"], w["heading_line"], w["end_line"]) for w in wanted]
    assert len(ours) == 55
    budget = next(s for s in paper.sections if s.heading == "Participation in budget processes")
    assert [part.split()[0] for part in budget.path] == ["5", "5.1", "Representation", "Participation"]


def test_point_10_the_typology_of_minorities_is_one_unit_with_its_members(at):
    unit = at(177)
    assert unit.place.lines == (172, 190), "the lead-in, four letters and nine indented members; as in the reference"
    assert all(f"{letter}. " in unit.text for letter in "ABCD")
    assert all(
        member in unit.text for member in ("Stateless nations", "Refugees", "Isolationist", "Roma (gypsies) etc…")
    )
    assert at(192).text == "(Kymlicka and Norman 2000)."


def test_point_11_six_recommendations_not_seven_and_four_lettered_parts(paper):
    advice = [p for p in paper.passages if p.kind == "recommendation"]
    assert [p.id for p in advice] == [f"paper/r{n}" for n in range(1, 7)]
    parts = [p for p in paper.passages if p.kind == "sub-item"]
    assert [(p.id, p.parent) for p in parts] == [(f"paper/r4/{letter}", "paper/r4") for letter in "abcd"]
    assert all(bare(p.text) in bare(advice[3].text) for p in parts)


@pytest.mark.parametrize("line", [133, 256, 1143, 1297, 1704])
def test_point_12_citations_over_a_line_end_are_complete(at, source, line):
    first, second = source.split("\n")[line - 1 : line + 1]
    assert first.count("(") > first.count(")"), "the citation goes on in the next line"
    group = squeeze(first[first.rindex("(") :] + second[: second.index(")") + 1])
    assert re.search(r"\d{4}", group) and group in at(line).text


def test_point_13_sentences_do_not_end_after_abbreviations_or_initials():
    from kb.read.sentences import EMBEDDED, sentence_texts

    for kept in (
        "Networks matter (Bell et al 2002). ",
        "A. National minorities are old. ",
        "T.H. Marshall said so. ",
        "As Bell et al. Showed it holds. ",
        "Others, e.g. Nepal, did so. ",
    ):
        assert sentence_texts(kept + "Then came more.", EMBEDDED)[-1] == "Then came more."
        assert len(sentence_texts(kept + "Then came more.", EMBEDDED)) == 2


def test_point_14_the_blank_end_is_dropped_and_its_rule_recorded(paper):
    assert max(p.place.lines[1] for p in paper.passages) == 1874
    assert any(left.kind == "rule" and left.place.lines == (1907, 1907) for left in paper.leftovers)


def test_point_15_passages_and_leftovers_rebuild_the_file(paper, source):
    assert lost(source, paper.passages, paper.leftovers) == ""
    whole = [p for p in paper.passages if p.kind != "sub-item"]
    pieces = sorted(
        span
        for place in [*(p.place for p in whole), *(left.place for left in paper.leftovers)]
        for span in (place.pieces or (place.chars,))
    )
    assert bare("".join(source[a:b] for a, b in pieces)) == bare(source)
    assert all(before[1] <= after[0] for before, after in zip(pieces, pieces[1:]))
    assert all(source_text(p.place, source) == bare(p.text) for p in paper.passages)


def test_every_unit_of_the_reference_segmentation_is_a_unit_here(paper, shared):
    """The reference joins hyphens in another way and keeps attached footnote marks, so only letters are compared."""
    wanted = json.loads((shared / "domain/paragraphs_ref.json").read_text(encoding="utf-8"))
    units = [*paper.passages, *paper.leftovers]
    ours = {(unit.place.lines, _letters(unit.text)) for unit in units}
    missing = [(a, b, text) for a, b, text in wanted if ((a, b), _letters(text)) not in ours]
    assert len(wanted) == 272 and not missing
    reference = {(a, b) for a, b, _ in wanted}
    more = {p.id for p in paper.passages if p.place.lines not in reference}
    assert more == {"paper/r4/a", "paper/r4/b", "paper/r4/c", "paper/r4/d", "paper/fn2", "paper/fn3"}


def _letters(text):
    return re.sub(r"[^\w]|\d", "", text)


def test_identifiers_are_unique_and_the_same_on_every_reading(paper, root):
    from kb.sources.documents import read_source
    from kb.sources.manifest import load_manifest

    again = read_source(load_manifest(root / "corpus").get("paper"), root / "corpus")
    assert again == paper
    ids = [p.id for p in paper.passages]
    assert len(set(ids)) == len(ids) and all(id.startswith("paper/") for id in ids)


def test_a_citation_names_the_section_and_the_lines(at):
    first, last = at(1139).place.lines
    assert at(1139).citation.endswith(
        f"5.1 Cross-cutting processes > Participation in budget processes, lines {first}–{last}"
    )
    assert at(1860).citation.endswith("recommendation 5, lines 1860–1865")
