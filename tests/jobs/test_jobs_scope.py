"""An export that is written beside the app, on a server with accounts: it holds what the person who asked may see."""

from __future__ import annotations

import json
import zipfile

import pytest
from workspace_toys import document

from kb.assessment import policies
from kb.coding import codes
from kb.config import settings
from kb.errors import NotFound, RefusedError
from kb.jobs import output, submit
from kb.jobs.kinds import do
from kb.jobs.queue import environment, folder, job_of, state_of
from kb.log.store import open_workspace
from kb.search import live_searcher
from kb.workspace.access import Person, PersonalWorkspace, Role, load_people

ADA, TENDAI = "Ada Example", "Tendai Example"
PEOPLE = (
    "people:\n  ada@example.org: {{name: Ada Example, role: reader, countries: [{ada}]}}\n"
    "  tendai@example.org: {{name: Tendai Example, role: officer, countries: [ZWE]}}\n"
)
FOREIGN = "mipaa"
"""A document of the index, taken for a law of the other country."""


@pytest.fixture
def two(live_kb, tmp_path, monkeypatch):
    """A server with two countries, each with an assessment; the law of one is a document of the index."""
    monkeypatch.setenv("KB_PEOPLE", str(tmp_path / "people.yaml"))
    (tmp_path / "people.yaml").write_text(PEOPLE.format(ada="KEN"), encoding="utf-8")
    with open_workspace(settings().database_url) as ws:
        for set_id, country, act, by in (("land", "KEN", "pension-act", ADA), ("zim", "ZWE", FOREIGN, TENDAI)):
            policies.create_set(ws, set_id, f"Laws of {country}", country=country, by=by)
            policies.add_policy(ws, set_id, document(act), by=by, label="1", standing="in-force")
        for id, by in ((f"{FOREIGN}/para1", TENDAI), ("crpd/art8", ADA)):
            passage = live_searcher().index.store.get(id) or next(live_searcher().index.store.passages(FOREIGN))
            codes.add_code(ws, passage, "group", "older-persons", by=by, memo=f"memo of {by}")
    return tmp_path


def written(request: dict, *, by: str = ADA, **given: str):
    """Do the export in the place of the worker; gives its folder."""
    asked = {"request": json.dumps(request), "viewer": by, "format": "jsonl", "layout": "", "scope": "KEN", **given}
    job = submit(settings(), "export", "passages", asked, by=by, start=lambda _: None)
    do(folder(settings()) / job.id, job)
    return folder(settings()) / job.id


def rows(place) -> str:
    """What the file holds, with its description."""
    assert state_of(place).state == "done", state_of(place).error
    with zipfile.ZipFile(output(settings(), place.name)) as packed:
        return "\n".join(packed.read(name).decode() for name in packed.namelist())


def test_no_passage_and_no_code_of_another_country_is_in_the_file(two):
    every = rows(written({"kind": "passages"}))
    assert "crpd/" in every and FOREIGN not in every
    (two / "people.yaml").write_text(PEOPLE.format(ada="ZWE, KEN"), encoding="utf-8")
    assert f'"{FOREIGN}/' in rows(written({"kind": "passages"}, scope="KEN,ZWE")), "the same export of somebody else"


def test_codes_are_those_that_the_person_sees(two):
    held = rows(written({"kind": "codes"}))
    assert "memo of Ada" in held and "Tendai" not in held and FOREIGN not in held


@pytest.mark.parametrize("kind", ["findings", "actions"])
def test_an_assessment_of_another_country_is_not_there(two, kind):
    place = written({"kind": kind, "policy_set": "zim"})
    assert state_of(place).state == "refused" and "There is no policy set 'zim'" in state_of(place).error
    assert output(settings(), place.name) is None


@pytest.mark.parametrize("people", [PEOPLE.format(ada="ZWE"), PEOPLE.format(ada="KEN").replace("Ada E", "Eva E")])
def test_who_sees_other_countries_than_when_they_asked_gets_no_file(two, people):
    (two / "people.yaml").write_text(people, encoding="utf-8")
    place = written({"kind": "passages"})
    assert state_of(place).state == "refused" and output(settings(), place.name) is None


def test_a_job_that_was_asked_for_with_an_account_is_not_done_where_there_are_none(two, monkeypatch):
    monkeypatch.delenv("KB_PEOPLE")
    assert state_of(written({"kind": "passages"})).state == "refused"


def test_a_job_without_a_scope_is_not_done_where_there_are_accounts(two):
    job = submit(
        settings(),
        "export",
        "passages",
        {"request": '{"kind": "passages"}', "viewer": ADA, "format": "jsonl", "layout": ""},
        by=ADA,
        start=lambda _: None,
    )
    do(folder(settings()) / job.id, job)
    assert state_of(folder(settings()) / job.id).state == "refused"


def test_the_worker_knows_the_file_of_people(two):
    assert environment(settings())["KB_PEOPLE"] == str(two / "people.yaml")


def test_nobody_asks_in_the_name_of_another_coder_or_sees_a_file_of_more_countries_than_their_own(two):
    with open_workspace(settings().database_url) as ws:
        person = load_people(two / "people.yaml").named(ADA)
        mine = PersonalWorkspace(ws, person)
        mine.refuse_work("export", {"viewer": ADA})
        with pytest.raises(RefusedError):
            mine.refuse_work("export", {"viewer": TENDAI})
        with pytest.raises(NotFound):
            mine.refuse_work("export", {"viewer": ADA, "set": "zim"})
        assert mine.sees_work(ADA, {"scope": "KEN"}) and not mine.sees_work(ADA, {"scope": "KEN,ZWE"})
        wide = PersonalWorkspace(ws, Person(name="Rita", role=Role.ADMINISTRATOR, everywhere=True))
        assert wide.sees_work("Rita", {"scope": "*"}) and not wide.sees_work("Rita", {"scope": "KEN"})
    assert job_of(written({"kind": "commitments"})).given["viewer"] == ADA
