"""A codebook keeps its rules, its GUIDs and its history."""

import pytest
from pydantic import ValidationError

from kb.coding.codebook import Code, Codebook, changes_between, code_id, guid_of, load, revise, save
from kb.errors import DataError


def code(path, parent=None, **fields):
    return Code(**{"id": path, "guid": guid_of("toy", path), "parent": parent, "name": path, **fields})


@pytest.fixture
def book():
    return Codebook(
        id="toy",
        title="Toy",
        version="1",
        codes=(code("group", codable=False), code("group/youth", "group", definition="People aged 15 to 24")),
    )


def test_a_guid_is_the_same_wherever_and_whenever_it_is_made(book):
    assert guid_of("toy", "group/youth") == "2cea2838-c248-550a-8846-6f1ce709b24a" == book.guid("group/youth")
    assert guid_of("toy", "group/youth") != guid_of("other", "group/youth")


def test_a_slash_in_a_name_does_not_make_a_level():
    assert code_id("group", "and/or 👵") == "group/and%2For-👵"


@pytest.mark.parametrize(
    "codes, said",
    [
        ((code("a", "b"), code("b", "a")), "circle: a > b > a"),
        ((code("a", "a"),), "circle: a > a"),
        ((code("a", "gone"),), "parent gone is not in the codebook"),
        ((code("a"), code("a")), "id a stands twice"),
        ((code("a"), code("b", name="a")), "Two codes are called a"),
        ((code("a", labels={"EN": "again"}),), "two preferred labels in the language 'en'"),
    ],
)
def test_broken_codebooks_are_refused_by_name_of_the_rule(codes, said):
    with pytest.raises(ValidationError, match=said):
        Codebook(id="toy", title="Toy", version="1", codes=codes)


def test_a_revision_writes_down_what_changed(book):
    new = revise(
        book, (book.codes[0], code("group/old", "group")), version="2", by="A coder", date="2026-01-31", note="Split"
    )
    assert [(c.kind, c.code) for c in new.history[-1].changes] == [("added", "group/old"), ("removed", "group/youth")]
    renamed = book.codes[1].model_copy(update={"definition": "Other"})
    assert changes_between(book.codes, (book.codes[0], renamed))[0].fields == ("definition",)


def test_a_version_is_used_once(book):
    with pytest.raises(DataError, match="Version 1 was used before"):
        revise(book, book.codes, version="1", by="A coder", date="2026-01-31")


def test_yaml_keeps_the_codebook_and_its_history(book, tmp_path):
    book = revise(book, book.codes[:1], version="2", by="A coder", date="2026-01-31")
    assert load(save(book, tmp_path / "codebook.yaml")) == book


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "x.yaml").write_text("id: x\ncodes: 3\n")
    with pytest.raises(DataError, match="x.yaml"):
        load(tmp_path / "x.yaml")


@pytest.mark.parametrize("tag", ["e.", "", "en_GB", "en-", "two words"])
def test_a_language_tag_that_no_vocabulary_could_hold_is_refused(tag):
    with pytest.raises(ValidationError, match="should match pattern"):
        Codebook(id="toy", title="Toy", version="1", language=tag)
    with pytest.raises(ValidationError, match="should match pattern"):
        code("a", labels={tag: "name"})
    assert Codebook(id="toy", title="Toy", version="1", language="pt-BR").language == "pt-BR"
