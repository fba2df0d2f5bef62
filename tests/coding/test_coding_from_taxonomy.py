"""The project's own taxonomy is a valid codebook, and is exported and imported without loss in every format."""

import os
import subprocess
import sys

import pytest
from test_coding_codebook_formats import FORMATS

from kb.coding.codebook_skos import to_graph
from kb.coding.from_taxonomy import codebook_here, version_of
from kb.coding.skos_check import check_skos
from kb.tagging.taxonomy import load


@pytest.fixture(scope="module")
def book(root):
    return codebook_here(root / "corpus")


@pytest.mark.parametrize("name", FORMATS)
def test_the_taxonomy_goes_out_and_comes_back_equal(book, name, tmp_path):
    write, read = FORMATS[name]
    assert read(write(book, tmp_path / name)) == book


def test_it_breaks_no_rule_of_skos_and_every_code_is_defined(book):
    assert check_skos(to_graph(book)) == []
    assert [code.id for code in book.codes if not code.definition] == []


def test_a_tag_of_the_index_is_a_code_of_the_codebook(book, root):
    taxonomy = load(root / "corpus" / "taxonomy")
    for facet in taxonomy.facets.values():
        for term in facet.terms:
            assert book.by_id()[f"{facet.facet}/{term.id}"].guid == book.guid(f"{facet.facet}/{term.id}")


def test_typical_examples_are_the_papers_words(book, root):
    paper = " ".join((root / "corpus/background-paper/background-paper.txt").read_text(encoding="utf-8").split())
    quoted = [code.typical[1 : code.typical.index("” — background paper")] for code in book.codes if code.typical]
    assert len(quoted) > 50 and all(words in paper for words in quoted)


def test_the_version_changes_with_the_files_of_the_taxonomy_alone():
    files = {"taxonomy/a.yaml": "1", "sources.yaml": "1"}
    assert (
        version_of(files) == version_of({**files, "sources.yaml": "2"}) != version_of({**files, "taxonomy/a.yaml": "2"})
    )


def test_bytes_do_not_depend_on_the_process(tmp_path, root):
    """The order of sets differs between processes; the same codebook must still give the same bytes."""
    made = []
    for seed in ("1", "2"):
        program = (
            "from test_coding_codebook_formats import FORMATS, NASTY; from pathlib import Path; import sys, hashlib\n"
            "for n, (w, _) in FORMATS.items(): print(hashlib.sha256(w(NASTY, Path(sys.argv[1]) / n).read_bytes()).hexdigest())"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}:{root / 'tests/coding'}"},
        )
        made.append(done.stdout)
    assert made[0] == made[1] and made[0].count("\n") == len(FORMATS)
