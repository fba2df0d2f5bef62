"""The use of each facet is data in corpus/taxonomy/roles.yaml: a facet gets or loses a use there, not in code."""

import re
import shutil

import pytest
import yaml

from kb.commitments.documents import register_document
from kb.commitments.register import Entry
from kb.errors import DataError
from kb.tagging import tag, taxonomy
from kb.tagging.roles import load_roles

ROADMAP = "Section two of this paper sets out what social protection and health care can do."


@pytest.fixture
def other(root, tmp_path):
    """Return a copy of the taxonomy, and a function `change(role=value)` for its roles."""
    folder = tmp_path / "corpus" / "taxonomy"
    shutil.copytree(root / "corpus" / "taxonomy", folder)

    def change(**roles):
        path = folder / "roles.yaml"
        path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text(encoding="utf-8")) | roles), encoding="utf-8")
        load_roles.cache_clear()
        return folder

    yield change
    load_roles.cache_clear()


def test_every_role_names_facets_of_the_taxonomy_and_fields_of_an_entry(real):
    assert {facet for _, facet in real.roles.facets()} <= set(real.facets)
    fields = {*real.roles.register_fields, *real.roles.outline, real.roles.map.rows, *real.roles.map.filters}
    assert fields - {"verified"} <= set(Entry.model_fields)


def test_a_facet_that_is_not_there_is_named_with_file_and_line(other):
    folder = other(brief=["group", "colour"])
    with pytest.raises(DataError, match=r"roles\.yaml: line \d+, brief: there is no facet 'colour'"):
        taxonomy.load(folder)


def test_a_facet_that_is_a_subject_is_not_tagged_in_a_road_map_and_another_is(real, toy_document, other):
    sectors = lambda tags: {one.id for one in tags if one.facet == "sector"}  # noqa: E731
    (announced,) = tag(toy_document(ROADMAP), real).passages
    assert announced.part == "roadmap" and not sectors(announced.tags)
    free = taxonomy.load(other(subject=["process"]))
    (tagged,) = tag(toy_document(ROADMAP), free).passages
    assert sectors(tagged.tags)


def test_the_register_is_tagged_by_the_fields_that_the_roles_name_in_their_order(root, other):
    copy = other(register={"duty_bearers": "actor", "groups": "group"}).parent
    shutil.copytree(root / "corpus" / "commitments", copy / "commitments")
    document = register_document(copy / "commitments" / "crpd.yaml", copy)
    facets = {tag.facet for passage in document.passages for tag in passage.tags}
    assert facets == {"actor", "group", "instrument", "verified"}
    assert next(p for p in document.passages if len(p.tags) > 3).tags[0].facet == "actor"


def test_no_list_of_facets_is_left_in_the_code(root):
    """Two names of facets beside each other in a literal are a list that belongs in the data."""
    names = {path.stem for path in (root / "corpus" / "taxonomy").glob("*.yaml")} & set(
        taxonomy.load(root / "corpus" / "taxonomy").facets
    )
    names -= {"force", "right"}  # columns and directions have these names too
    one = "|".join(sorted(names))
    listed = re.compile(rf'"(?:{one})",\s*"(?:{one})"')
    assert [str(p.relative_to(root)) for p in (root / "kb").rglob("*.py") if listed.search(p.read_text("utf-8"))] == []
