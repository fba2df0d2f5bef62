"""Adding a file: read, check, record, publish; everything is undone if a step fails."""

import dataclasses
import os

import pytest
import workspace_toys as toys
from building import toy_run

from kb.assessment import policies
from kb.assessment.proposals import machine_states
from kb.build import pipeline
from kb.config import settings
from kb.errors import DataError, IndexError_, InputError, NotFound, RefusedError
from kb.index.live import open_index
from kb.index.manifest import inputs_of
from kb.sources import keep, library
from kb.sources.facts import policy_id
from kb.workspace import intake, shelf
from kb.workspace.intake import Arrival, PolicyPlace

FACTS = {"country": "KEN", "title": "Pension Act", "dated": "2019", "standing": "in-force"}


@pytest.fixture
def act(tmp_path):
    """Return the path of a policy file."""
    file = tmp_path / "act.txt"
    file.write_text(
        "Pension Act\n\n" + "\n\n".join(f"Article {n}. {text}" for n, text in enumerate(toys.WORDS.values(), 1))
    )
    return file


@pytest.fixture
def now(ws, tmp_path, root):
    """Return settings with an empty library, no index, and the database of the workspace."""
    address = ws.engine.url.render_as_string(hide_password=False)
    return dataclasses.replace(
        settings(), workspace=tmp_path / "w", indexes=tmp_path / "indexes", corpus=root / "corpus", database_url=address
    )


@pytest.fixture
def indexed(now, monkeypatch):
    """Return the same settings with an index of the library's documents, made with a toy encoder and without tags."""

    monkeypatch.setattr("kb.sources.documents.corpus_documents", lambda *_, **__: [])
    monkeypatch.setattr("kb.commitments.documents.register_documents", lambda *_: [])
    monkeypatch.setattr(pipeline, "run", toy_run)
    toy_run(now)
    return now


@pytest.fixture
def take(ws, now, tmp_path):
    """Return a function that adds a file to the set 'land'."""
    policies.create_set(ws, "land", "Land", country="KEN", by="Ada")

    def taken(file, **given):
        how = {"title": "Pension Act", "by": "Ada", "label": "1", "standing": "in-force", "dated": "2019", **given}
        return intake.take_in(ws, now, "land", file, **how).policy

    return taken


def is_fresh(now):
    """Return whether the live index is what a build would make now."""
    return open_index(now.indexes, now.corpus).manifest.inputs == inputs_of(now.corpus, now.library)


def indexed_documents(now):
    return set(open_index(now.indexes, now.corpus).manifest.documents)


def test_a_file_is_kept_read_and_put_into_its_set(ws, now, take, act):
    made = take(act)
    assert (made.id, made.current.standing, made.current.dated) == ("pension-act", "in-force", "2019")
    kept = library.records(now.library)
    assert [(now.library / one.file).read_bytes() for one in kept] == [act.read_bytes()]
    with ws.reading() as reader:
        text = policies.document_of(reader, made.current)
    assert toys.WORDS["art1"] in " ".join(passage.text for passage in text.passages)
    assert all(
        passage.id.startswith("pension-act/") and passage.force == "national-measure" for passage in text.passages
    )


def test_a_newer_text_is_a_version_and_keeps_the_older_one(take, act, tmp_path):
    take(act)
    newer = tmp_path / "act2.txt"
    newer.write_text(act.read_text() + "\n\nArticle 5. The Board shall be audited every year.")
    made = take(newer, label="2", dated="2024", version_of="pension-act")
    assert [version.label for version in made.versions] == ["1", "2"]


def test_what_comes_in_is_in_its_set_and_in_the_index_at_once(ws, indexed, act):
    policies.create_set(ws, "land", "Land", country="KEN", by="Ada")
    taken = intake.take(indexed, Arrival(act, **FACTS | {"country": ""}, place=PolicyPlace("land", "Ada")), ws)
    assert taken.searchable and not taken.note and indexed_documents(indexed) == {taken.record.id} and is_fresh(indexed)
    assert policies.policy_set(ws, "land").policies[0].current.sha256 == taken.record.sha256


def test_without_an_index_the_note_says_how_to_make_it_searchable(ws, now, act):
    taken = intake.take(now, Arrival(act, **FACTS), ws)
    assert not taken.searchable and taken.note == "There is no index yet. To search it: kb build"


REFUSED = {
    "date of no calendar": ({"dated": "2019-13-45"}, "no date"),
    "a word as date": ({"dated": "last year"}, "no date"),
    "no standing": ({"standing": "old"}, "no standing"),
    "no title": ({"title": "  "}, "needs a title"),
    "endless title": ({"title": "x" * 501}, "501 characters"),
    "country": ({"country": "Kenya"}, "no country code"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_facts_are_reported_before_anything_is_kept(ws, indexed, act, case):
    facts, words = REFUSED[case]
    with pytest.raises(InputError, match=words):
        intake.take(indexed, Arrival(act, **FACTS | facts), ws)
    assert nothing_came_in(indexed)


def nothing_came_in(now):
    """Check that there is no file, no record, no note, and an unchanged index."""
    left = [path for path in now.library.rglob("*") if path.is_file()]
    return not left and not (now.workspace / ".library-change.json").exists() and not indexed_documents(now)


UNREADABLE = {
    "damaged PDF": (b"%PDF-1.7\n1 0 obj << /Type /Catalog", ".pdf"),
    "empty": (b"", ".txt"),
    "white": (b" \n\n \t\n", ".txt"),
    "a page without text": (b"<html><body><img src=x></body></html>", ".html"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_or_holds_no_text_stays_outside(ws, indexed, tmp_path, case):
    data, suffix = UNREADABLE[case]
    (tmp_path / f"bad{suffix}").write_bytes(data)
    with pytest.raises((InputError, RefusedError, DataError)):
        intake.take(indexed, Arrival(tmp_path / f"bad{suffix}", **FACTS), ws)
    assert nothing_came_in(indexed)


def test_the_paper_itself_is_no_policy(ws, indexed, root):
    with pytest.raises(InputError, match="a source of the knowledge base itself"):
        intake.take(indexed, Arrival(next((root / "corpus").rglob("*.txt")), **FACTS), ws)
    assert nothing_came_in(indexed)


@pytest.mark.parametrize("step", ["copy", "apply", "index", "set"])
def test_a_step_that_fails_undoes_the_ones_before_it(ws, indexed, act, monkeypatch, step):
    policies.create_set(ws, "land", "Land", country="KEN", by="Ada")

    def fail(*_, **__):
        raise IndexError_("No room.")

    place, name = {
        "copy": (keep.LibraryChange, "copy_in"),
        "apply": (keep.LibraryChange, "apply"),
        "index": (pipeline, "run"),
        "set": (policies, "add_policy"),
    }[step]
    rehearsed = []
    real = policies.add_policy
    monkeypatch.setattr(
        place,
        name,
        fail
        if step != "set"
        else lambda *a, **k: rehearsed.append(1) or (real(*a, **k) if len(rehearsed) == 1 else fail()),
    )
    with pytest.raises(IndexError_):
        intake.take(indexed, Arrival(act, **FACTS, place=PolicyPlace("land", "Ada")), ws)
    assert nothing_came_in(indexed) and not policies.policy_set(ws, "land").policies and is_fresh(indexed)


def test_a_set_that_refuses_the_text_is_asked_before_the_index_is_built(ws, indexed, act, monkeypatch):
    policies.create_set(ws, "land", "Land", country="KEN", by="Ada")
    intake.take(indexed, Arrival(act, **FACTS, place=PolicyPlace("land", "Ada")), ws)
    monkeypatch.setattr(pipeline, "run", lambda *_: pytest.fail("nothing should be built"))
    with pytest.raises(RefusedError, match="same file"):
        intake.take(indexed, Arrival(act, **FACTS, place=PolicyPlace("land", "Ada", id="other")), ws)
    assert len(library.records(indexed.library)) == 1


def test_one_file_in_two_sets_is_kept_once(ws, indexed, act):
    for id in ("one", "two"):
        policies.create_set(ws, id, id, country="KEN", by="Ada")
        intake.take(indexed, Arrival(act, **FACTS, place=PolicyPlace(id, "Ada")), ws)
    assert len(library.records(indexed.library)) == 1 and len(indexed_documents(indexed)) == 1


def test_titles_in_any_script_get_ids_of_their_own():
    ids = {policy_id("CHN", title) for title in ("养老金法", "残疾人保障法", "Política social")}
    assert len(ids) == 3 and all(id.isascii() and id.startswith("chn") for id in ids)


def test_the_same_file_with_other_facts_is_not_taken_for_the_same(ws, indexed, act):
    intake.take(indexed, Arrival(act, **FACTS), ws)
    intake.take(indexed, Arrival(act, **FACTS), ws)
    with pytest.raises(RefusedError, match="date 2019, not 2020"):
        intake.take(indexed, Arrival(act, **FACTS | {"dated": "2020"}), ws)
    taken = intake.take(indexed, Arrival(act, **FACTS | {"dated": "2020"}, replace=True), ws)
    (record,) = library.records(indexed.library)
    assert record == taken.record and record.date == "2020" and is_fresh(indexed)
    assert (indexed.library / record.file).read_bytes() == act.read_bytes()


def test_a_policy_that_a_set_uses_is_neither_replaced_nor_taken_out(ws, indexed, act):
    record = intake.take(indexed, Arrival(act, **FACTS), ws).record
    policies.create_set(ws, "land", "Land", by="Ada")
    intake.take(indexed, Arrival(act, kept=record, place=PolicyPlace("land", "Ada")), ws)
    act.write_text(act.read_text() + "\n\nArticle 9. More is said here.")
    with pytest.raises(RefusedError, match="'ken-pension-act' of the policy set 'land'.*--version-of"):
        intake.take(indexed, Arrival(act, **FACTS, replace=True), ws)
    with pytest.raises(RefusedError, match="'ken-pension-act' of the policy set 'land'"):
        shelf.remove(indexed, record)
    assert library.records(indexed.library) == (record,) and is_fresh(indexed)


def test_what_is_taken_out_is_gone_from_library_and_index(ws, indexed, act):
    record = intake.take(indexed, Arrival(act, **FACTS), ws).record
    assert shelf.to_remove(indexed.library, record.id) == record
    assert shelf.remove(indexed, record) == ""
    assert nothing_came_in(indexed) and is_fresh(indexed)
    with pytest.raises(NotFound, match="There are: none"):
        shelf.to_remove(indexed.library, record.id)


def test_a_document_that_cannot_be_read_is_left_out_named_and_can_be_taken_out(ws, indexed, act, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("Housing Act\n\nSection 1. Every household is entitled to a dwelling within two years.\n")
    record = intake.take(indexed, Arrival(act, **FACTS), ws).record
    kept = intake.take(indexed, Arrival(other, **FACTS | {"title": "Housing Act"}), ws).record
    (indexed.library / record.file).write_bytes(b"altered")
    said = []
    made = pipeline.run(indexed, said.append)
    assert indexed_documents(indexed) == {kept.id} and list(made.left_out) == [record.file]
    assert f"library/{record.file}" in said[0] and "'Pension Act'" in said[0] and "kb remove ken-pension-act" in said[0]
    assert pipeline.unreadable_documents(indexed) == [said[0].removeprefix("! left out: ")]
    shelf.remove(indexed, shelf.to_remove(indexed.library, record.id))
    assert not pipeline.unreadable_documents(indexed)


def test_a_record_that_cannot_be_read_keeps_no_other_document_from_its_place(ws, indexed, act):
    record = intake.take(indexed, Arrival(act, **FACTS), ws).record
    (indexed.library / "policies" / "bad.txt.record.json").write_text('{"id": "bad"')
    made = pipeline.run(indexed, lambda _: None)
    assert list(made.left_out) == ["policies/bad.txt.record.json"] and indexed_documents(indexed) == {record.id}
    with pytest.raises(DataError, match="kb remove bad"):
        library.find(indexed.library, "bad")
    shelf.remove(indexed, shelf.to_remove(indexed.library, "bad"))
    assert is_fresh(indexed) and not pipeline.unreadable_documents(indexed)


def test_left_overs_are_swept_and_are_in_no_index_and_no_backup(ws, indexed, act):
    for name in ("policies/.x.pdf.abc.part", "policies/stray.pdf", "policies/stray2"):
        path = indexed.library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("left")
    assert is_fresh(indexed) and not library.files(indexed.library)
    record = intake.take(indexed, Arrival(act, **FACTS), ws).record
    assert {path.name for path in (indexed.library / "policies").iterdir()} == {
        "ken-pension-act.txt",
        "ken-pension-act.txt.record.json",
    }
    assert len(list((indexed.library / ".orphans").iterdir())) == 2, "a file that nobody recorded may be somebody's"
    assert {path.name for path in library.files(indexed.library)} == {
        os.path.basename(record.file),
        os.path.basename(record.file) + ".record.json",
    }


def test_looking_through_keeps_a_run_and_sets_no_status(ws, take, act):
    take(act)

    def propose(document, framework):
        return {
            "framework": {"version": framework.version},
            "method": {"model": "toy"},
            "criteria": [{"id": c.id, "state": "no-evidence-found", "proposals": []} for c in framework.criteria()],
        }

    told = []
    intake.look_through(ws, toys.framework(), "land", "pension-act", propose=propose, say=told.append)
    assert set(machine_states(ws, "land", toys.framework()).values()) == {"no-evidence-found"}
    assert "for 6 criteria" in told[0]


@pytest.mark.parametrize("facts", [{"language": "zz"}, {"language": "../x"}, {"country": "ZZZ"}, {"dated": "2150"}])
def test_what_is_stated_about_a_file_is_checked_before_it_is_kept(now, act, facts):
    with pytest.raises(InputError, match="no language code|no country code|cannot be in force"):
        intake.take(now, Arrival(act, **{**FACTS, **facts}))
    assert not library.records(now.library)
