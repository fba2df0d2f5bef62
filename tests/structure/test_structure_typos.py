"""Printed errors get a corrected copy; only complete words, and the printed text stays."""

from kb.structure.typos import normalise


def test_a_printed_error_is_replaced_as_a_whole_word():
    typos = {"Porto Allegre": "Porto Alegre", "counties": "countries"}
    assert normalise("Porto Allegre and counties", typos) == "Porto Alegre and countries"
    assert normalise("encounties countiesx", typos) == "encounties countiesx"


def test_signs_in_an_error_are_taken_as_they_are():
    assert normalise("a (x).B", {"(x).B": r"(x). \1B"}) == r"a (x). \1B"


def test_the_paper_keeps_what_is_printed_and_finds_the_normal_form(paper):
    found = [p for p in paper.passages if "Porto Allegre" in p.text]
    assert found and all("Porto Alegre" in p.normalised for p in found)
    assert all(p.normalised != p.text for p in paper.passages if p.normalised)


def test_every_recorded_error_mends_a_passage_on_its_lines(paper, root):
    from kb.data import load_yaml
    from kb.sources.documents import TypoList

    for typo in load_yaml(root / "corpus/background-paper/typos.yaml", TypoList).typos:
        for first, last in typo.lines:
            near = [p for p in paper.passages if p.place.lines[0] <= last and p.place.lines[1] >= first]
            assert any(typo.normal in (p.normalised or p.text) for p in near), f"{typo.printed} at line {first}"
