"""Adding files to the library and removing them, as a user runs the commands."""

from __future__ import annotations

import json
import zipfile

import pytest
from kb_commands import outcome

from kb.errors import InputError, NotFound, RefusedError

FACTS = ("--policy", "--country", "KEN", "--date", "2019", "--status", "draft")
BY = ("--by", "Ada")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return a folder with a policy file, an empty workspace and no index."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)
    (tmp_path / "act.txt").write_text("Act\n\nArticle 1. Every resident has a pension.\n")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7\n1 0 obj << /Type")
    return tmp_path


def library(home):
    return sorted(path.name for path in (home / "w" / "library").rglob("*") if path.is_file())


def test_what_is_added_can_be_taken_out_by_its_id(home):
    added = json.loads(outcome("add", home / "act.txt", *FACTS, "--title", "Act", "--json").stdout)
    assert (added["id"], added["searchable"], added["note"]) == (
        "ken-act",
        False,
        "There is no index yet. To search it: kb build",
    )
    with pytest.raises(RefusedError, match="'ken-act' .Act. would be deleted. Add --yes"):
        outcome("remove", "ken-act")
    assert library(home)
    assert "is removed" in outcome("remove", "ken-act", "--yes").output
    assert not library(home)
    with pytest.raises(NotFound):
        outcome("remove", "ken-act", "--yes")


@pytest.mark.parametrize(
    "road", [("add", *FACTS, "--title", "Act"), ("policies", "add", "land", "--standing", "draft", *BY)]
)
@pytest.mark.parametrize("fault", ["file", "date"])
def test_on_every_road_a_refused_file_leaves_nothing(home, road, fault):
    outcome("policies", "create", "land", "Land", *BY)
    at = 3 if road[0] == "policies" else 1
    file = home / ("bad.pdf" if fault == "file" else "act.txt")
    if fault == "date":
        road = tuple("2019-13-45" if word == "2019" else word for word in road)
        road = road if "2019-13-45" in road else (*road, "--date", "2019-13-45")
    with pytest.raises(InputError, match="damaged" if fault == "file" else "no date"):
        outcome(*road[:at], file, *road[at:])
    assert not library(home)
    assert json.loads(outcome("policies", "list", "--json").stdout)[0]["policies"] == []


def test_a_file_for_a_set_is_kept_in_the_library_too_and_used_by_the_next_set(home):
    for id in ("one", "two"):
        outcome("policies", "create", id, id, "--country", "KEN", *BY)
        made = json.loads(outcome("policies", "add", id, home / "act.txt", "--standing", "draft", *BY, "--json").stdout)
        assert made["versions"][0]["file"] == "policies/one-act-1.txt"
    assert library(home) == ["one-act-1.txt", "one-act-1.txt.record.json"]
    with pytest.raises(RefusedError, match="'act' of the policy set 'one'.*'act' of the policy set 'two'"):
        outcome("remove", "one-act-1", "--yes")


def test_a_text_in_several_languages_is_taken_out_one_by_one(home):
    for language in ("en", "es"):
        (home / f"{language}.md").write_text(
            f"# Convention {language}\n\n### Article 1\n\nEquality for all the people.\n"
        )
        outcome("add", home / f"{language}.md", "--as", "crpd", "--language", language, "--anyway")
    with pytest.raises(InputError, match="several languages: en, es. Say which with --language"):
        outcome("remove", "crpd", "--yes")
    outcome("remove", "crpd-text-es", "--yes")
    assert library(home) == ["crpd.md", "crpd.md.record.json"]


def test_a_record_that_cannot_be_read_can_be_taken_out_and_left_overs_are_in_no_backup(home):
    outcome("add", home / "act.txt", *FACTS, "--title", "Act")
    (home / "w/library/policies/ken-act.txt.record.json").write_text("{")
    (home / "w/library/policies/stray.pdf").write_text("left by an older program")
    (home / "w/library/.incoming").mkdir()
    (home / "w/library/.incoming/crpd.part").write_text("half a download")
    outcome("backup", home / "b.zip")
    with zipfile.ZipFile(home / "b.zip") as archive:
        names = [name for name in archive.namelist() if name.startswith("library/")]
    assert names == ["library/policies/ken-act.txt", "library/policies/ken-act.txt.record.json"], (
        "damage is kept as it is"
    )
    outcome("remove", "ken-act", "--yes")
    assert [name for name in library(home) if "ken-act" in name] == []


def test_codes_come_in_together_or_not_at_all(home, monkeypatch):
    from types import SimpleNamespace

    from kb.coding import codes
    from kb.errors import WorkspaceError
    from kb.export import codes_in
    from kb.log import open_workspace
    from kb.models import Passage, Place

    passages = {
        f"act/p{n}": Passage(
            id=f"act/p{n}",
            document="act",
            kind="provision",
            text=f"Words {n}.",
            citation="Act",
            force="national-measure",
            place=Place(file="act.txt", sha256="0" * 64),
        )
        for n in range(3)
    }
    tag = SimpleNamespace(facet="group", id="children", span=None, state="proposed")
    rows = [SimpleNamespace(id=id, words=passage.text, tags=()) for id, passage in passages.items()]
    monkeypatch.setattr(codes_in, "_people", lambda row: [(0, "Ben", tag)])
    bench = SimpleNamespace(
        store=SimpleNamespace(get=passages.get, documents=list, passages=list),
        codings={},
        text_of=None,
        unit=passages.get,
        codebook=SimpleNamespace(codes=()),
    )
    real, given = codes.add_code, []

    def full(*arguments, **how):
        """Raise the error of a full disk at the last code."""
        given.append(arguments)
        if len(given) == 3:
            raise WorkspaceError("The disk or the database is full; nothing was written.")
        return real(*arguments, **how)

    with open_workspace() as ws:
        monkeypatch.setattr(codes, "add_code", full)
        with pytest.raises(WorkspaceError, match="full"):
            codes_in.take_codes(bench, rows, ws, source=home / "p.qdpx")
        assert not codes.codings(ws)
        monkeypatch.setattr(codes, "add_code", real)
        assert codes_in.take_codes(bench, rows, ws, source=home / "p.qdpx").added == 3 == len(codes.codings(ws))


def test_a_backup_says_what_of_the_library_is_damaged(home):
    outcome("add", home / "act.txt", *FACTS, "--title", "Act")
    outcome("policies", "create", "ken", "Kenya", "--country", "KEN", *BY)
    assert "holds it as it is" not in outcome("backup", home / "sound.zip").stderr
    text = next(path for path in (home / "w" / "library" / "policies").iterdir() if path.suffix != ".json")
    text.write_text("Act\n\nArticle 1. No resident has a pension.\n")
    said = outcome("backup", home / "b.zip")
    assert said.exit_code == 0 and f"{text.name} " in said.stderr and "holds it as it is" in said.stderr


def test_a_restore_brings_the_index_to_what_came_back(home, monkeypatch):
    from kb.build import pipeline
    from kb.workspace import shelf

    outcome("add", home / "act.txt", *FACTS, "--title", "Act")
    outcome("backup", home / "b.kb.zip")
    assert "To search what came back: kb build" in outcome("restore", home / "b.kb.zip", "--force").output
    built = []
    monkeypatch.setattr(shelf, "has_index", lambda settings: True)
    monkeypatch.setattr(pipeline, "run", lambda *_: built.append(library(home)))
    outcome("restore", home / "b.kb.zip", "--force")
    assert built and "act" in built[0][0]
    outcome("restore", home / "b.kb.zip", "--force", "--no-build")
    assert len(built) == 1

    def broken(*_):
        raise InputError("the disk is full", do="Make room.")

    monkeypatch.setattr(pipeline, "run", broken)
    said = outcome("restore", home / "b.kb.zip", "--force")
    assert said.exit_code == 0 and "Everything is restored, but the index is as it was before" in said.output
