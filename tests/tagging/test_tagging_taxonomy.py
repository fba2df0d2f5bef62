"""The facet files are valid, keep the agreed slugs, and expand queries; a broken file is named with its entry."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml

from kb.errors import DataError, NotFound
from kb.tagging import taxonomy

FACETS = {
    "process",
    "sector",
    "group",
    "instrument",
    "policy_instrument",
    "institution",
    "equality_concept",
    "right",
    "region",
    "country",
    "document_part",
    "force",
    "actor",
}


def facet(*terms, **fields):
    return taxonomy.Facet.model_validate(
        {"facet": "toy", "title": {"en": "Toy"}, "definition": "Toy.", "terms": list(terms)} | fields
    )


def term(id, label=None, **fields):
    return {"id": id, "definition": id, "labels": {"en": {"preferred": label or id.title()}}} | fields


def test_all_facets_are_there(real):
    assert set(real.facets) == FACETS


def test_slugs_are_the_agreed_ones(real, shared):
    agreed = json.loads((shared / "domain" / "tag-vocabulary.json").read_text(encoding="utf-8"))
    for name, slugs in agreed.items():
        assert {t.id for t in real.facet(name).terms} == set(slugs), name


def test_every_term_has_a_preferred_label_in_three_languages(real):
    for name, one in real.facets.items():
        for t in one.terms:
            assert {"en", "es", "fr"} <= set(t.labels), (name, t.id)
            assert all(not taxonomy.is_pattern(labels.preferred) for labels in t.labels.values())


def test_labels_that_people_read_are_no_patterns(real):
    for one in real.facets.values():
        for t in one.terms:
            assert not [a for labels in t.labels.values() for a in labels.alternative if taxonomy.is_pattern(a)], t.id


def test_what_people_call_a_treaty_when_they_ask_shows_no_term(real):
    labels = real.facets["instrument"].term("crpd").labels["en"]
    assert "disability treaty" in labels.asked and "disability treaty" not in labels.strong()
    for one in real.facets.values():
        for t in one.terms:
            for asked in (a for labels in t.labels.values() for a in labels.asked):
                assert one.named and not taxonomy.is_pattern(asked), (t.id, asked)


def test_examples_are_lines_of_the_paper(real, root):
    last = (root / "corpus/background-paper/background-paper.txt").read_text(encoding="utf-8").count("\n")
    for one in real.facets.values():
        for t in one.terms:
            assert all(1 <= e.lines[0] <= e.lines[1] <= last for e in t.examples), t.id


def test_every_country_has_a_code_and_a_known_region(real):
    regions = {t.id for t in real.facet("region").terms}
    for t in real.facet("country").terms:
        assert len(t.id) == 3 and t.id.isupper() and t.region in regions and t.notation
    assert len(real.facet("country").terms) == 198


def test_narrower_terms_mirror_broader_ones(real):
    assert "health" in real.term("sector", "basic-services").narrower
    assert real.term("sector", "health").broader == "basic-services"


@pytest.mark.parametrize(
    "terms, said",
    [
        ([term("a", broader="b"), term("b", broader="a")], "circle"),
        ([term("a", broader="b")], "not in the facet"),
        ([term("a"), term("a", "Other")], "occurs twice"),
        ([term("a", "Same"), term("b", "same")], "already stands for a"),
        ([{"id": "a", "definition": "a", "labels": {"es": {"preferred": "A"}}}], "no English labels"),
    ],
)
def test_an_unsound_facet_is_refused(terms, said):
    with pytest.raises(ValueError, match=said):
        facet(*terms)


def test_a_declared_label_may_stand_for_two_terms():
    assert facet(term("a", "Same"), term("b", "same"), shared_labels=["same"])


def test_two_preferred_labels_in_one_language_cannot_be_written():
    with pytest.raises(ValueError, match="preferred"):
        facet({"id": "a", "definition": "a", "labels": {"en": {"preferred": ["A", "B"]}}})


def test_a_broken_file_is_named_with_line_and_entry(root, tmp_path):
    for path in (root / "corpus" / "taxonomy").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    data = yaml.safe_load((tmp_path / "process.yaml").read_text(encoding="utf-8"))
    del data["terms"][1]["definition"]
    (tmp_path / "process.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    with pytest.raises(DataError, match=r"process\.yaml: line \d+, terms › 1 › definition"):
        taxonomy.load(tmp_path)


def test_an_unknown_facet_names_those_that_exist(real):
    with pytest.raises(NotFound, match="actor"):
        real.facet("colour")


def test_loading_the_taxonomy_never_loads_spacy():
    code = "import sys; import kb.tagging, kb.tagging.taxonomy; assert 'spacy' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_printed_errors_are_in_the_paper_where_the_list_places_them(root):
    folder = root / "corpus" / "background-paper"
    lines = (folder / "background-paper.txt").read_text(encoding="utf-8").split("\n")
    typos = yaml.safe_load((folder / "typos.yaml").read_text(encoding="utf-8"))["typos"]
    assert len({typo["printed"] for typo in typos}) == len(typos)
    for typo in typos:
        for first, last in typo["lines"]:
            joined = " ".join(" ".join(lines[first - 1 : last]).replace("- ", "-").split())
            assert typo["printed"].replace("- ", "-") in joined, typo
