"""A new policy costs only its own work: it alone is read, tagged and embedded; earlier results are reused."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest
from kb_toys import ToyEncoder

from kb.build import pipeline
from kb.build.document_cache import FOLDER, DocumentCache, Folder, problems
from kb.config import settings
from kb.index.live import current, open_index
from kb.models import Document
from kb.sources import library
from kb.sources.keep import add_policy
from kb.workspace.intake import Arrival, take


@pytest.fixture
def counted(root, tmp_path, monkeypatch):
    """Return a function that builds a corpus without texts and counts how often a text was read, tagged and
    embedded."""
    calls = Counter()
    encoder = ToyEncoder()

    real = library.read_text

    def read_text(*arguments, **facts):
        """Read a text and count it."""
        calls["read"] += 1
        return real(*arguments, **facts)

    def tag(document, taxonomy):
        """Tag a document and count it."""
        calls["tagged"] += 1
        return document

    monkeypatch.setattr("kb.sources.library.read_text", read_text)
    monkeypatch.setattr("kb.tagging.tag", tag)
    monkeypatch.setattr("kb.sources.documents.corpus_documents", lambda *_, **__: [])
    monkeypatch.setattr("kb.commitments.documents.register_documents", lambda *_: [])
    monkeypatch.setattr("kb.commitments.consistency.check_corpus", lambda corpus: None)
    monkeypatch.setattr(pipeline, "_encoders", lambda settings, say: {"english": encoder})
    monkeypatch.setattr(pipeline, "_export", lambda encoder, folder: None)
    monkeypatch.setattr("kb.build.writing.sha256_of", lambda path: "none")
    now = dataclasses.replace(
        settings(), corpus=root / "corpus", indexes=tmp_path / "indexes", workspace=tmp_path / "w"
    )

    def built(**how):
        """Build; return the numbers of texts read, documents tagged and texts embedded."""
        calls.clear()
        before = encoder.computed
        made = pipeline.run(now, **how)
        return {**calls, "embedded": encoder.computed - before}, made

    built.now = now
    return built


def add(now, tmp_path, name, text):
    file = tmp_path / f"{name}.txt"
    file.write_text(text, encoding="utf-8")
    return add_policy(file, now.library, country="KEN", title=name, date="2019", status="draft")


def indexed(now):
    """Return every passage of the live index."""
    return open_index(now.indexes, now.corpus).store.passages()


def test_one_new_policy_costs_one_policy(counted, tmp_path):
    add(counted.now, tmp_path, "Pensions Act", "Every older person has a pension.\n\nIt is paid each month.")
    first, _ = counted()
    assert first["read"] == first["tagged"] == 1 and first["embedded"] > 2
    add(counted.now, tmp_path, "Housing Act", "Every resident has a home.")
    second, made = counted()
    assert second == {"read": 1, "tagged": 1, "embedded": 1} and len(made.documents) == 2


def test_a_policy_that_a_person_adds_is_not_read_again_by_the_next_build(counted, tmp_path):
    add(counted.now, tmp_path, "Pensions Act", "Every older person has a pension.")
    counted()
    act = tmp_path / "housing.txt"
    act.write_text("Article 1\n\nEvery resident has a home.\n\nArticle 2\n\nThe home is safe.", encoding="utf-8")
    take(counted.now, Arrival(act, country="KEN", title="Housing Act", dated="2019", standing="in-force"))
    after = {passage.id: passage for passage in indexed(counted.now)}
    (counted.now.indexes / "current").unlink()
    cost, again = counted()
    assert cost == {"embedded": 0} and len(again.documents) == 2
    assert {passage.id: passage for passage in indexed(counted.now)} == after


def test_a_changed_weight_heading_or_probe_costs_nothing_and_is_recorded(counted, tmp_path, monkeypatch):
    add(counted.now, tmp_path, "Pensions Act", "Every older person has a pension.")
    _, before = counted()
    real = pipeline.inputs_of
    monkeypatch.setattr(
        pipeline, "inputs_of", lambda *at: {**real(*at), "search/ranking.yaml": "1", "probes/R1.yaml": "2"}
    )
    folder = current(counted.now.indexes)
    cost, made = counted()
    assert cost == {"embedded": 0} and made.files == before.files and made.seconds.keys() <= {"export"}
    live = open_index(counted.now.indexes, counted.now.corpus)
    assert live.manifest.inputs["search/ranking.yaml"] == "1" and live.folder != folder
    assert live.store.size == before.passages and live.terms.size == before.passages
    (counted.now.indexes / "current").unlink()
    cost, _ = counted()
    assert cost == {"embedded": 0}, "what was kept is still there"


def test_a_damaged_index_is_made_anew_though_nothing_has_changed(counted, tmp_path):
    add(counted.now, tmp_path, "Pensions Act", "Every older person has a pension.")
    counted()
    (current(counted.now.indexes) / "names.json").write_text("{}", encoding="utf-8")
    cost, made = counted()
    assert cost == {"embedded": 0} and "write" in made.seconds
    assert (current(counted.now.indexes) / "names.json").stat().st_size > 2


def test_from_scratch_makes_everything_anew_and_equal(counted, tmp_path):
    add(counted.now, tmp_path, "Pensions Act", "Every older person has a pension.")
    first, before = counted()
    again, after = counted(from_scratch=True)
    assert again == first
    same = {name for name in before.files if not name.startswith("terms/")}
    assert {name: before.files[name] for name in same} == {name: after.files[name] for name in same}


def test_a_text_that_was_taken_out_is_not_kept(counted, tmp_path):
    record = add(counted.now, tmp_path, "Pensions Act", "Every older person has a pension.")
    add(counted.now, tmp_path, "Housing Act", "Every resident has a home.")
    counted()
    kept = counted.now.indexes / FOLDER
    assert len(list(kept.iterdir())) == 4, "two texts, as read and as tagged"
    for name in (record.file, f"{record.file}.record.json"):
        (counted.now.library / name).unlink()
    cost, _ = counted()
    assert cost == {"embedded": 0} and len(list(kept.iterdir())) == 2


def test_a_kept_document_that_was_damaged_is_named_and_read_anew(counted, tmp_path):
    add(counted.now, tmp_path, "Pensions Act", "Every older person has a pension.")
    counted()
    kept = counted.now.indexes / FOLDER
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[:-3])
    assert len(problems(kept)) == 2
    add(counted.now, tmp_path, "Housing Act", "Every resident has a home.")
    heard = []
    cost, _ = counted(say=heard.append)
    assert cost["read"] == cost["tagged"] == 2 and problems(kept) == []
    assert any("did not fit the checksum" in line for line in heard)


def test_a_kept_document_is_the_document(paper, tmp_path):
    shelf = Folder(tmp_path / "kept")
    shelf.put("a", paper)
    assert shelf.get("a") == paper and shelf.get("b") is None


def test_a_changed_taxonomy_costs_tagging_and_no_reading(paper, tmp_path):
    def made(inputs):
        """Return the cost of reading and tagging the paper."""
        kept = DocumentCache(Folder(tmp_path / "kept"), inputs)
        document = kept.reading({"sha256": paper.place.sha256}, lambda: paper)
        kept.tagging(document, lambda each: each.model_copy())
        return kept.read, kept.tagged

    assert made({"taxonomy/group.yaml": "1"}) == (1, 1)
    assert made({"taxonomy/group.yaml": "1"}) == (0, 0)
    assert made({"taxonomy/group.yaml": "2"}) == (0, 1)
    assert made({"taxonomy/group.yaml": "2", "library/policies/new.pdf": "1", "app.yaml": "1"}) == (0, 0)
    assert made({"taxonomy/group.yaml": "2", "reading/dates.yaml": "1"}) == (1, 0)
    assert isinstance(paper, Document)


def test_a_text_that_the_index_has_is_not_even_taken_from_the_cache(counted, tmp_path, monkeypatch):
    monkeypatch.setattr("kb.build.growing._GROWN", 100.0)
    add(counted.now, tmp_path, "Pensions Act", "Every older person has a pension.")
    counted()
    add(counted.now, tmp_path, "Housing Act", "Every resident has a home.")
    kept = counted.now.indexes / FOLDER
    before = {path.name for path in kept.iterdir()}
    asked, get = [], Folder.get
    monkeypatch.setattr(Folder, "get", lambda folder, key: (asked.append(key), get(folder, key))[1])
    heard = []
    _, made = counted(say=heard.append)
    assert any("1 document is added" in line for line in heard) and len(made.documents) == 2
    assert not before.intersection(asked) and before < {path.name for path in kept.iterdir()}
    grown = {passage.id: passage for passage in indexed(counted.now)}
    (counted.now.indexes / "current").unlink()
    _, whole = counted()
    assert (whole.texts, whole.origins) == (made.texts, made.origins) and len(made.origins) == 2
    assert {passage.id: passage for passage in indexed(counted.now)} == grown


def test_a_text_whose_record_changed_is_read_and_the_index_made_at_once(counted, tmp_path, monkeypatch):
    monkeypatch.setattr("kb.build.growing._GROWN", 100.0)
    record = add(counted.now, tmp_path, "Pensions Act", "Every older person has a pension.")
    counted()
    add(counted.now, tmp_path, "Housing Act", "Every resident has a home.")
    path = counted.now.library / f"{record.file}{library.RECORD}"
    path.write_text(record.model_copy(update={"title": "Pensions Act 2"}).sealed().model_dump_json(), encoding="utf-8")
    heard = []
    _, made = counted(say=heard.append)
    assert not any("added to the index" in line for line in heard) and len(made.documents) == 2
    titles = {head["title"] for head in open_index(counted.now.indexes, counted.now.corpus).store.documents()}
    assert titles == {"Pensions Act 2", "Housing Act"}
