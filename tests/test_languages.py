"""The table of languages: everything that it names exists, and nothing about a language is defined anywhere else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import tantivy
import yaml
from kb_toys import TOY, toy_document, toy_passage, toy_searcher

from kb import languages
from kb.errors import DataError
from kb.tagging.taxonomy import load

ROOT = Path(__file__).resolve().parent.parent
PORTUGUESE = toy_document(
    toy_passage("lei/art1", "Os trabalhadores rurais recebem uma prestação mensal.", language="pt"),
    toy_passage("lei/art2", "As crianças vão à escola.", language="pt"),
)


def test_a_language_has_a_name_for_people():
    assert (languages.name_of("es"), languages.name_of("xx"), languages.name_of(None)) == ("Spanish", "xx", "")


def test_no_module_beside_the_table_names_a_language_that_it_decides_on(modules):
    wanted = {"en", "es", "fr"}
    found = [
        f"{name}:{node.lineno}: {node.value!r}"
        for name, (_, tree) in modules.items()
        for node in ast.walk(tree)
        if name != "kb/languages.py" and isinstance(node, ast.Constant) and node.value in wanted
    ]
    assert found == [], "ask kb.languages"


def test_no_module_compares_with_a_language_code(modules):
    """`pt`, `de` and the others, too: a comparison with a code is a rule that belongs in corpus/languages.yaml."""
    codes = set(languages.recognised()) - {"id"}  # also the name of every identifier
    found = [
        f"{name}:{node.lineno}"
        for name, (_, tree) in modules.items()
        for node in ast.walk(tree)
        if name != "kb/languages.py" and isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        for part in ast.walk(side)
        if isinstance(part, ast.Constant) and part.value in codes and "lang" in ast.unparse(node)
    ]
    assert found == []


def test_the_table_says_what_the_corpus_has(root):
    probes = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (root / "corpus/probes").glob("*.yaml")]
    asked = [set(probe) for file in probes for entries in file.values() for probe in entries]
    cues = {path.stem for path in (root / "corpus/cues").glob("*.yaml")}
    assert set(languages.with_probes()) == cues == asked[0] - {"id", "means", "polarity"}
    assert all(set(languages.with_probes()) <= names for names in asked)
    terms = [term for facet in load(root / "corpus/taxonomy").facets.values() for term in facet.terms]
    assert {code for term in terms for code in term.labels} == set(languages.with_labels())


def test_stemmers_and_lists_of_small_words_are_ones_that_the_index_has():
    for each in languages.table().languages:
        if each.stemmer:
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.stemmer(each.stemmer))
        if each.stop_words:
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.stopword(each.stop_words))


@pytest.mark.parametrize(
    ("filter", "names"),
    [(tantivy.Filter.stemmer, languages.STEMMERS), (tantivy.Filter.stopword, languages.STOP_WORDS)],
)
def test_a_mistake_is_answered_with_names_that_the_index_has(filter, names):
    for name in names:
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(filter(name))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("code: es", "code: fr"), "fr occurs twice"),
        (("main: en", "main: fr"), "must be the main language"),
        ((", stemmer: spanish", ""), "es: probes are matched by stems"),
        (("name: German", "nom: German"), "line {german}, languages"),
        (("code: de", "code: no"), "line {german}, .*truth value: write it in quotation marks"),
        (("stemmer: portuguese", "stemmer: polish"), "there is no 'polish'; there are: arabic, danish"),
        (("stop_words: german", "stop_words: greek"), "line {german}, .*there is no 'greek'; there are: danish"),
        (("stop_words: german, decoding: cp1252", "decoding: cp1999"), "line {german}, .*no encoding 'cp1999'"),
        (
            ("German, script: LATIN", "German, script: LATN"),
            "line {german}, .*begins with 'LATN': write its first word",
        ),
        (("German, script: LATIN", "German, script: Latin"), "line {german}, .*begins with 'Latin': .* in capitals"),
        (("other_scripts: [KATAKANA]", "other_scripts: [KANA]"), "begins with 'KANA'"),
        (("name: German,", "name: German, locale: german,"), "line {german}, .*locale"),
        (("name: German,", "name: German, locale: fr_FR,"), "line {german}, .*another language: .* begins with de"),
    ],
)
def test_a_mistake_in_the_table_is_named_with_its_line(root, tmp_path, change, message):
    text = (root / "corpus/languages.yaml").read_text(encoding="utf-8")
    (tmp_path / "languages.yaml").write_text(text.replace(*change), encoding="utf-8")
    german = text[: text.index("name: German")].count("\n") + 1
    with pytest.raises(DataError, match=message.format(german=german)):
        languages.load_languages(tmp_path)


@pytest.mark.parametrize(("typed", "found"), [("trabalhador", "lei/art1"), ("criança", "lei/art2")])
def test_portuguese_words_are_found_in_another_form_than_typed(root, typed, found):
    hits = toy_searcher((*TOY, PORTUGUESE), root / "corpus").search(typed, mode="lexical").hits
    assert [hit.id for hit in hits][:1] == [found]


def test_passages_of_another_language_change_nothing_for_a_question_in_english(root):
    without = toy_searcher(TOY, root / "corpus").search("pensions for older women", mode="lexical").hits
    beside = toy_searcher((*TOY, PORTUGUESE), root / "corpus").search("pensions for older women", mode="lexical").hits
    assert [hit.id for hit in beside] == [hit.id for hit in without]
