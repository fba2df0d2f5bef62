"""Loading a file of the corpus: an error names file, line and entry."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, model_validator

from kb.data import line_of, load_yaml
from kb.errors import DataError


class Item(BaseModel):
    id: str = ""
    name: str
    size: int


class Box(BaseModel):
    items: list[Item]

    @model_validator(mode="after")
    def _unique(self):
        names = [item.id for item in self.items if item.id]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise ValueError(f"{twice[0]} occurs twice")
        return self


def said(tmp_path, content):
    file = tmp_path / "box.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError) as error:
        load_yaml(file, Box)
    assert error.value.where == str(file) and "\n" not in str(error.value)
    return error.value.what


def test_a_good_file(tmp_path):
    (tmp_path / "box.yaml").write_text("items: [{name: a, size: 1}]", encoding="utf-8")
    assert load_yaml(tmp_path / "box.yaml", Box) == Box(items=[Item(name="a", size=1)])


def test_broken_yaml_is_reported_with_line_and_column(tmp_path):
    assert said(tmp_path, "items:\n  - name: [a\n  - name: b\n").startswith("no valid YAML: line 3, column ")


def test_a_broken_rule_is_reported_with_line_and_entry(tmp_path):
    what = said(tmp_path, "items:\n  - name: a\n    size: 1\n  - name: b\n    size: big\n  - name: c\n")
    assert what.startswith("line 5, items › 1 › size: ") and what.endswith("(and 1 more)")


def test_a_rule_over_a_file_is_reported_with_the_line_of_the_entry_it_names(tmp_path):
    row = "  - id: x/{}\n    name: a\n    size: 1\n"
    assert (
        said(tmp_path, "items:\n" + row.format(1) + row.format(2) + row.format(1))
        == "line 8, whole file: x/1 occurs twice"
    )


@pytest.mark.parametrize(
    "content,word", [(b"", "line 1, whole file"), (b"\xff\xfe\x00", "not UTF-8"), (b"a: \x00", "no valid YAML")]
)
def test_empty_and_undecodable_files(tmp_path, content, word):
    assert word in said(tmp_path, content)


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match="the file is missing"):
        load_yaml(tmp_path / "none.yaml", Box)


def test_the_line_of_an_entry_that_is_absent_is_that_of_the_nearest_above():
    assert line_of("a:\n  - b: 1\n", ("a", 0, "c")) == 2


def test_the_same_words_are_read_once_and_changed_ones_anew(tmp_path):
    path = tmp_path / "box.yaml"
    path.write_text("items: [{name: a, size: 1}]", encoding="utf-8")
    first = load_yaml(path, Box)
    assert load_yaml(path, Box) is first
    path.write_text("items: [{name: b, size: 1}]", encoding="utf-8")
    assert load_yaml(path, Box).items[0].name == "b"
