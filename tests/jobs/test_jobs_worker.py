"""Jobs that really run: one after another, each in its own process, with its result."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
import time
import zipfile

import psutil
import pytest

from kb import office
from kb.assessment import policies
from kb.assessment.proposals import store_run
from kb.config import settings
from kb.i18n import speaking
from kb.i18n.refusals import translated
from kb.jobs import jobs, kinds, output, stop, submit, text_of
from kb.jobs.kinds import JobProgress, do
from kb.jobs.models import Step
from kb.jobs.queue import folder, job_of, state_of, write_state
from kb.jobs.worker import drain
from kb.log.store import open_workspace
from kb.report.blocks import Heading, Quote, Report, Table, Text
from kb.report.writing import formats_here
from kb.ui import work
from kb.workspace import intake, sample

FACTS = {"set": "land", "of": "", "title": "Pension Act", "standing": "in-force", "dated": "", "label": "1"}
ACT = "Pension Act\n\n1 Purpose\n\nEvery older person has a right to a pension.\n\n2 Bodies\n\nA board pays it out.\n"


@pytest.fixture
def land(live_kb, tmp_path, monkeypatch):
    """Create an assessment without documents, with its own index, since some jobs build it anew."""
    monkeypatch.setenv("KB_INDEXES", str(shutil.copytree(live_kb, tmp_path / "indexes", symlinks=True)))
    with open_workspace(settings().database_url) as ws:
        policies.create_set(ws, "land", "Land", by="Ada Example", country="KEN")


def handed_in(kind: str, given: dict, file: tuple[str, bytes] | None = None):
    """Submit a job that nobody has begun; return its folder."""
    job = submit(settings(), kind, "act.txt", given, by="Ada Example", file=file, start=lambda _: None)
    return folder(settings()) / job.id


def the_set():
    """Return the assessment in its present state."""
    with open_workspace(settings().database_url) as ws:
        return policies.policy_set(ws, "land")


def test_how_far_it_is_is_written_for_whoever_looks(land):
    place = handed_in("build", {})
    telling = JobProgress(place)
    telling.step(Step.INDEXING, 0, 10)
    since = state_of(place).step_since
    telling.step(Step.INDEXING, 10, 10)
    assert (state_of(place).done, state_of(place).step_since) == (10, since)
    telling.end("done", result={"passages": "7"})
    assert state_of(place).result == {"passages": "7"} and not state_of(place).open


def test_a_build_says_which_of_its_steps_it_is_at(land):
    telling, seen = JobProgress(handed_in("build", {})), []
    for step in ("tag", "embed (first)", "embed (first)", "embed (second)"):
        telling.building(step, 1, 2)
        seen.append(telling.state.step)
    assert seen == ["tagging", "embedding", "embedding", "embedding-again"]


def test_whoever_reads_that_a_file_was_refused_finds_nothing_of_it(land, monkeypatch):
    found = []

    def told(end):
        """Record what is there when the refusal is told, besides telling it."""
        return lambda telling, *how, **more: (
            found.append(((telling.place / "given").exists(), the_set().archived)),
            end(telling, *how, **more),
        )

    monkeypatch.setattr(JobProgress, "end", told(JobProgress.end))
    place = handed_in("take-in", {**FACTS, "begun": True}, ("empty.txt", b"\n\n"))
    do(place, job_of(place))
    assert found == [(False, True)]


def test_what_is_refused_is_a_result_with_what_to_do_and_its_empty_assessment_is_put_aside(land):
    place = handed_in("take-in", {**FACTS, "begun": True}, ("empty.txt", b"\n\n"))
    do(place, job_of(place))
    state = state_of(place)
    assert state.state == "refused" and "no text" in state.error
    assert the_set().archived and not (place / "given").exists()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("cut.pdf", b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Ty", "PDF"),
        ("none.pdf", b"", "vacío (0 bytes)"),
        ("photo.pdf", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200), "imagen JPEG"),
        ("sheet.xlsx", b"PK\x03\x04" + bytes(60), "ZIP"),
    ],
    ids=["cut off", "0 bytes", "a picture", "a spreadsheet that is damaged"],
)
def test_a_file_that_cannot_be_taken_is_refused_in_the_readers_language_and_nothing_is_in(land, name, data, why):
    place = handed_in("take-in", FACTS, (name, data))
    do(place, job_of(place))
    state = state_of(place)
    with speaking("es"):
        told = translated(state.error)
    assert state.state == "refused" and told.startswith(name) and why in told
    assert not the_set().policies and not the_set().archived


def test_an_assessment_that_was_there_before_is_never_put_aside(land):
    place = handed_in("take-in", FACTS, ("empty.txt", b"\n\n"))
    do(place, job_of(place))
    assert state_of(place).state == "refused" and not the_set().archived


def test_a_text_that_is_in_can_be_read_before_the_machine_has_looked_through_it(land, monkeypatch):
    told = []
    monkeypatch.setattr(kinds, "_look", lambda ws, config, *what: told.append(state_of(place)))
    place = handed_in("take-in", FACTS, ("act.txt", ACT.encode()))
    do(place, job_of(place))
    policy = the_set().policies[0].id
    assert told[0].open and told[0].result == {"set": "land", "policy": policy}
    words = work._open(job_of(place), told[0])
    assert f"read?document=land%2F{policy}" in words and "read it meanwhile" in words


def test_the_sample_comes_as_a_job_that_shows_its_progress_and_is_offered_when_it_is_complete(land, monkeypatch):
    made, told = sample.load_sample(settings().corpus), []

    def looks(ws, framework, set_id, policy):
        """Record what a page would show meanwhile, instead of running the machine on a text."""
        told.append((state_of(place).step, state_of(place).total, sample.held(ws, made).archived))
        silent = {"framework": {"version": "1"}, "criteria": [{"id": "R1.a", "state": "silent", "proposals": []}]}
        store_run(ws, set_id, policy, silent)

    monkeypatch.setattr(sample, "look_through", looks)
    place = handed_in("sample", {})
    assert work.sample_comes()
    do(place, job_of(place))
    texts = len(made.documents)
    assert told == [("sample", texts, True)] * texts
    assert state_of(place).result == {"set": made.id} and not work.sample_comes()
    with open_workspace(settings().database_url) as ws:
        assert not sample.in_part(ws, made) and not sample.held(ws, made).archived
    assert f"matrix?set={made.id}" in work._ended(job_of(place), state_of(place))


def test_a_text_can_be_looked_at_as_soon_as_it_is_read(land, monkeypatch):
    told = {}

    def published(*given, **more):
        """Record what a page finds while the text is being made searchable."""
        told["state"], told["text"] = state_of(place), text_of(settings(), place.name)
        told["titles"] = work.texts_read()
        return carry_out(*given, **more)

    carry_out = intake.carry_out
    monkeypatch.setattr(intake, "carry_out", published)
    place = handed_in("take-in", FACTS, ("act.txt", ACT.encode()))
    write_state(place, state_of(place).model_copy(update={"state": "running"}))
    do(place, job_of(place))
    assert "Every older person has a right to a pension." in [one.text for one in told["text"].passages]
    assert told["titles"] == {f"-/{place.name}": "Pension Act (not searchable yet)"}
    assert f"read?document=-%2F{place.name}" in work._open(job_of(place), told["state"])
    assert text_of(settings(), place.name) is None and not work.texts_read(), "it is in its place"


def test_a_text_that_is_refused_is_shown_to_nobody(land):
    place = handed_in("take-in", FACTS, ("empty.txt", b"\n\n"))
    do(place, job_of(place))
    assert text_of(settings(), place.name) is None and not work.texts_read()


def test_an_export_waits_in_the_job(land):
    asked = '{"kind": "commitments"}'
    place = handed_in("export", {"request": asked, "viewer": "", "format": "csv", "layout": ""})
    do(place, job_of(place))
    assert state_of(place).state == "done", state_of(place).error
    made = output(settings(), place.name)
    assert made.name == state_of(place).result["file"] and made.stat().st_size > 10_000


REPORT = Report(
    title="Relevé",
    language="fr",
    blocks=(
        Heading(text="Constats", level=1),
        Text(text="Une phrase."),
        Quote(text="People have a right.", citation="CRPD art. 1", wording="own-words"),
        Table(caption="Comptes", heads=("Décision", "Pays"), rows=(("Fait", "1"),)),
    ),
)


def report_handed_in(format: str):
    """Submit a report as the app does, complete but not yet written to a file."""
    given = {"format": format, "name": f"land-report.{format}"}
    return handed_in("report", given, ("report.json", REPORT.model_dump_json().encode()))


def test_a_report_is_written_in_every_form_in_its_own_language_and_waits_in_the_job(land):
    place = report_handed_in("zip")
    do(place, job_of(place))
    assert state_of(place).state == "done", state_of(place).error
    made = output(settings(), place.name)
    assert made.name == "land-report.zip"
    with zipfile.ZipFile(made) as packed:
        assert {f"land-report.{format}" for format in formats_here()} == set(packed.namelist())
        page = packed.read("land-report.html").decode()
    assert "Énoncé de la base de connaissances" in page and 'lang="fr"' in page
    assert not (place / "given").exists(), "what was handed in is not kept beside what came of it"


@pytest.mark.slow
@pytest.mark.skipif(not office.program(), reason="needs LibreOffice")
def test_a_report_that_is_stopped_ends_libreoffice_with_it(land):
    place = report_handed_in("pdf")
    worker = threading.Thread(target=drain, args=(folder(settings()),))
    worker.start()
    end = time.monotonic() + 120
    while not (ran := converters()) and time.monotonic() < end and state_of(place).open:
        time.sleep(0.02)
    assert ran, state_of(place)
    stop(settings(), place.name, by="Ada Example")
    worker.join()
    assert state_of(place).state == "stopped" and output(settings(), place.name) is None
    while set(ran) & set(converters()) and time.monotonic() < end:
        time.sleep(0.1)
    assert not set(ran) & set(converters())


def converters() -> list[int]:
    """Return the process ids of descendants that convert report.docx now (LibreOffice)."""
    mine = psutil.Process().children(recursive=True)
    found = []
    for one in mine:
        with contextlib.suppress(psutil.Error):
            found += [one.pid] if "report.docx" in " ".join(one.cmdline()) else []
    return found


@pytest.mark.slow
def test_jobs_are_done_in_turn_and_one_that_dies_does_not_stop_the_next(land):
    bad = handed_in("look-again", {"set": "land", "policy": "nosuch"})
    good = handed_in("export", {"request": '{"kind": "commitments"}', "viewer": "", "format": "csv", "layout": ""})
    drain(folder(settings()))
    assert [state.state for _, state in jobs(settings())] == ["refused", "done"]
    assert "nosuch" in state_of(bad).error and output(settings(), good.name)


def at_work_on(place) -> list[int]:
    """Return the process id of the job in the folder `place`, once its own program is at work there."""
    mine = psutil.Process().children(recursive=True)
    found = []
    for one in mine:
        with contextlib.suppress(psutil.Error):
            found += [one.pid] if one.cmdline()[-2:] == ["--one", str(place)] else []
    return found


@pytest.mark.slow
@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_job_that_is_stopped_or_killed_leaves_nothing_by_halves(land, how):
    place = handed_in("take-in", {**FACTS, "begun": True}, ("act.txt", ACT.encode()))
    worker = threading.Thread(target=drain, args=(folder(settings()),))
    worker.start()
    while state_of(place).state == "waiting":
        time.sleep(0.01)
    if how == "stop":
        stop(settings(), place.name, by="Ada Example")
    else:
        while not (ran := at_work_on(place)) and worker.is_alive():
            time.sleep(0.01)
        for pid in ran:
            os.kill(pid, signal.SIGKILL)
    worker.join()
    state = state_of(place)
    assert state.state == ("stopped" if how == "stop" else "failed"), state
    assert the_set().policies == () and the_set().archived
