"""Codes in other vocabularies: an identifier only if it was read, with its source."""

from __future__ import annotations

import csv
import re

import pytest
from click.testing import CliRunner
from rdflib import RDFS, SKOS, Graph, URIRef

from kb.cli.main import root as program
from kb.coding.codebook_skos import write_skos
from kb.coding.codebook_skos_read import read_skos
from kb.coding.from_taxonomy import codebook_here
from kb.coding.skos_check import check_skos
from kb.coding.vocabularies import Vocabularies, load_vocabularies, mappings, with_mappings
from kb.errors import DataError

FORMS = {"sdg": r"\d{1,2}\.(\d{1,2}|[a-d])", "unbis": r"\d\d\.\d\d\.\d\d", "eurovoc": r"100\d{3}"}


@pytest.fixture(scope="module")
def held(root):
    return load_vocabularies(root / "corpus")


def test_every_identifier_has_the_form_of_its_vocabulary_and_a_source(held):
    found = list(mappings(held))
    assert len(found) > 80 and {one.vocabulary for one in found} == set(FORMS)
    for one in found:
        assert re.fullmatch(FORMS[one.vocabulary], one.identifier), one
        assert one.read_in and (one.label or one.vocabulary == "sdg")
    assert {one.vocabulary for one in found if one.verified} == {"sdg"}, "the others were read in copies"


def test_an_address_is_given_only_where_it_was_read(held):
    without = {one.identifier for one in mappings(held) if not one.address}
    assert "08.03.01" in without and "14.01.00" not in without
    assert {one.address for one in mappings(held) if one.identifier == "14.01.00"} == {
        "http://metadata.un.org/thesaurus/140100"
    }


def test_the_codebook_carries_them_through_skos_and_back(root, tmp_path):
    book = codebook_here(root / "corpus")
    women = book.by_id()["group/women-girls"]
    assert "http://metadata.un.org/sdg/5.1" in women.relations["relatedMatch"]
    path = write_skos(book, tmp_path / "a.ttl")
    graph = Graph().parse(path)
    assert (None, SKOS.relatedMatch, URIRef("http://metadata.un.org/sdg/5.1")) in graph
    assert (None, RDFS.seeAlso, URIRef("http://eurovoc.europa.eu/100214")) in graph
    assert check_skos(graph) == [] and read_skos(path).by_id()["group/women-girls"].relations == women.relations


def test_a_code_or_a_vocabulary_that_is_not_there_is_refused(root, held):
    book = codebook_here(root / "corpus")
    wrong = Vocabularies.model_validate(
        {"vocabularies": [held.vocabularies[0]], "codes": [{"code": "group/nobody", "sdg": ["1.1"]}]}
    )
    with pytest.raises(DataError, match="no code 'group/nobody'"):
        with_mappings(book, wrong)
    with pytest.raises(DataError, match="no vocabulary 'sdg'"):
        list(mappings(wrong.model_copy(update={"vocabularies": ()})))


def test_without_the_file_a_codebook_has_none(tmp_path):
    assert list(mappings(load_vocabularies(tmp_path))) == []


def test_the_command_prints_and_writes_them(live_kb, tmp_path):
    done = CliRunner().invoke(program, ["codebook", "mappings", "--table", str(tmp_path / "m.csv")])
    assert done.exit_code == 0, done.output
    assert "group/women-girls  sdg 5.1" in done.output and "judgement" in done.output
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["verified"] for row in rows if row["vocabulary"] == "eurovoc"} == {"False"}
