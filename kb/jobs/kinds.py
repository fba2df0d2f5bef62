"""What each kind of job does. It calls the same functions as the command line, each of which is all or nothing."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from kb.assessment import policies
from kb.config import Settings, settings
from kb.errors import KBError, RefusedError
from kb.export.download import name_of, options_of, packed
from kb.export.rows import Row
from kb.files import replacing
from kb.framework import load as load_framework
from kb.i18n import speaking
from kb.jobs.models import Job, JobKind, JobState, Step
from kb.jobs.queue import GIVEN, MADE, TEXT, file_name, state_of, write_state
from kb.log.store import Workspace, open_workspace
from kb.models import Document
from kb.sources.library import text_id
from kb.workspace import intake, sample
from kb.workspace.shelf import Publishing

if TYPE_CHECKING:
    from kb.export.collect import Bench

OFTEN = 0.3
"""Seconds between two updates of the progress: as often as a page reads it."""


class JobProgress:
    """The progress of one job, written to its folder."""

    def __init__(self, place: Path) -> None:
        self.place, self.state, self.written = place, state_of(place), 0.0
        self._spaces: tuple[str, ...] = ()

    def step(self, step: Step, done: int = 0, total: int = 0) -> None:
        """Set the current step and how many of its items are done."""
        now = datetime.now(UTC)
        fresh = step != self.state.step or done < self.state.done
        since = now if fresh else self.state.step_since
        self.state = self.state.model_copy(update={"step": step, "done": done, "total": total, "step_since": since})
        if fresh or done == total or now.timestamp() - self.written >= OFTEN:
            write_state(self.place, self.state)
            self.written = now.timestamp()

    def found(self, result: dict[str, str]) -> None:
        """Store a result that is available before the job ends."""
        self.state = self.state.model_copy(update={"result": result})
        write_state(self.place, self.state)

    def end(self, state: str, *, error: str = "", result: dict[str, str] | None = None) -> None:
        """Write the final state of the job, with the error or the result."""
        held = self.state.model_dump()
        end = {"state": state, "error": error, "result": result or {}, "ended": datetime.now(UTC)}
        write_state(self.place, JobState.model_validate({**held, **end}))

    def publishing(self) -> Publishing:
        """Return the callbacks for a function that makes documents searchable."""
        return Publishing(
            say=lambda _words: None,
            progress=self.building,
            pages=lambda done, total: self.step(Step.READING, done, total),
            text=self.text,
        )

    def text(self, document: Document) -> None:
        """Store the text that was read, so that it can be viewed before it is searchable."""
        with replacing(self.place / TEXT) as part:
            part.write_text(document.model_dump_json(), encoding="utf-8")
        self.found({"text": document.title})

    def building(self, step: str, done: int, total: int) -> None:
        """Translate the progress of a build into steps: subjects first, then the embeddings of each encoder."""
        if step == "tag":
            self.step(Step.TAGGING, done, total)
        else:
            self._spaces = self._spaces if step in self._spaces else (*self._spaces, step)
            self.step(Step.EMBEDDING if self._spaces.index(step) == 0 else Step.EMBEDDING_AGAIN, done, total)


def do(place: Path, job: Job) -> None:
    """Run a job and record how it ended; `place` is the job's folder. A refusal (KBError) is recorded as its result."""
    telling = JobProgress(place)
    try:
        telling.end("done", result=_DO[job.kind](place, job, telling))
    except KBError as error:
        put_aside(job, settings())  # first: whoever reads that it was refused finds nothing of it
        _clear(place)
        telling.end("refused", error=str(error))
    _clear(place)


def _clear(place: Path) -> None:
    """Delete the input of a job and the text that was read from it."""
    (place / TEXT).unlink(missing_ok=True)
    shutil.rmtree(place / GIVEN, ignore_errors=True)


def put_aside(job: Job, config: Settings) -> None:
    """Archive an assessment that was created only for this job's file, if the file was not added."""
    if job.kind != "take-in" or not job.given.get("begun"):
        return
    with open_workspace(config.database_url) as ws:
        policy_set = policies.policy_set(ws, job.given["set"])
        if not policy_set.policies and not policy_set.archived:
            why = "its first file did not come in"
            policies.change_set(
                ws, policy_set.id, {"archived": True}, by=job.by, expected=policy_set.version, reason=why
            )


def _take_in(place: Path, job: Job, telling: JobProgress) -> dict[str, str]:
    """Add a policy to an assessment and propose passages from it; return what the page shows as the result, by name."""
    given, config = job.given, settings()
    telling.step(Step.READING)
    with open_workspace(config.database_url) as ws:
        taken = intake.take_in(
            ws,
            config,
            given["set"],
            place / GIVEN / given["file"],
            title=given["title"],
            by=job.by,
            label=given["label"],
            standing=given["standing"],
            dated=given["dated"],
            version_of=given["of"],
            publishing=telling.publishing(),
        )
        assert taken.policy is not None  # it went into a set
        telling.found({"set": given["set"], "policy": taken.policy.id})  # the text can be read from here on
        _look(ws, config, given["set"], taken.policy.id, telling)
    return {"set": given["set"], "policy": taken.policy.id, "note": taken.note}


def _look_again(place: Path, job: Job, telling: JobProgress) -> dict[str, str]:
    """Propose passages from a policy again; return what the page shows as the result, by name."""
    config = settings()
    with open_workspace(config.database_url) as ws:
        _look(ws, config, job.given["set"], job.given["policy"], telling)
    return {"set": job.given["set"], "policy": job.given["policy"]}


def _look(ws: Workspace, config: Settings, policy_set: str, policy: str, telling: JobProgress) -> None:
    telling.step(Step.COMPARING)
    framework = load_framework(config.corpus / "framework")
    intake.look_through(
        ws, framework, policy_set, policy, progress=lambda done, total: telling.step(Step.COMPARING, done, total)
    )


def _add_text(place: Path, job: Job, telling: JobProgress) -> dict[str, str]:
    """Install an official text from the file that a person gave; return what the page shows as the result, by name."""
    telling.step(Step.READING)
    arrival = intake.Arrival(place / GIVEN / job.given["file"], official=job.given["official"])
    taken = intake.take(settings(), arrival, publishing=telling.publishing())
    return {"document": text_id(taken.record), "note": taken.note}


def _export(place: Path, job: Job, telling: JobProgress) -> dict[str, str]:
    """Write an export to the job's folder, from what the person who submitted it may see now; return what the page
    shows as the result, by name."""
    from kb.export.request import Request, take

    given = job.given
    telling.step(Step.WRITING)
    bench = _bench(settings(), job)
    request = Request.model_validate_json(given["request"])
    taken = take(bench, request)
    total = taken.total
    data = packed(
        _counted(taken.rows, total, telling),
        request.kind,
        given["format"],
        taken.provenance,
        **options_of(bench, given["format"], given["layout"]),
    )
    name = name_of(request.kind, given["format"])
    with replacing(place / MADE / name) as part:
        part.write_bytes(data)
    return {"file": name}


def _bench(config: Settings, job: Job) -> Bench:
    """Return the data of an export. With accounts it is limited to what the person who asked may see. Raises
    RefusedError if they have lost their access, or see other countries than when they asked."""
    from kb.export.collect import Bench
    from kb.search import live_searcher
    from kb.workspace.access import PersonalWorkspace, load_people
    from kb.workspace.seen import seen_searcher

    bench, scope = Bench(config, job.given["viewer"]), job.given.get("scope")
    if config.people is None and scope is None:
        return bench
    person = load_people(config.people).named(job.by) if config.people else None
    if person is None or person.scope != scope:
        raise RefusedError(f"What {job.by} may see has changed since this was asked for.", do="Ask for it again.")
    mine = PersonalWorkspace(open_workspace(config.database_url), person)
    bench.viewer, bench.workspace = person.name, mine
    bench.searcher = seen_searcher(live_searcher(), mine, config.library)
    bench.index = bench.searcher.index
    return bench


def _counted(rows: Iterable[Row], total: int, telling: JobProgress) -> Iterator[Row]:
    """Yield the rows and report the progress."""
    for n, row in enumerate(rows, 1):
        telling.step(Step.WRITING, n, max(total, n))
        yield row


def _report(place: Path, job: Job, telling: JobProgress) -> dict[str, str]:
    """Write a report as a file; return {'file': name}. The app has made the report from what its reader may see."""
    from kb.report.blocks import Report
    from kb.report.writing import packed_files

    given = job.given
    name, stem = file_name(given["name"]), Path(given["name"]).stem
    report = Report.model_validate_json((place / GIVEN / given["file"]).read_bytes())
    telling.step(Step.WRITING)
    with ending_in_order(), speaking(report.language):
        data = packed_files(
            report,
            stem,
            given["format"],
            datetime.now(UTC),
            lambda done, total: telling.step(Step.WRITING, done, total),
        )
    with replacing(place / MADE / name) as part:
        part.write_bytes(data)
    return {"file": name}


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let a stopped job run its cleanup: SIGTERM raises SystemExit, so that LibreOffice, which is in its own process
    group, is ended too."""

    def leave(_signal: int, _frame: object) -> None:
        """End the process by SystemExit, so that `finally` blocks run."""
        raise SystemExit(1)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _build(place: Path, job: Job, telling: JobProgress) -> dict[str, str]:
    """Build the index; return what the page shows as the result, by name."""
    from kb.build import pipeline
    from kb.workspace import shelf

    config = settings()
    shelf.settle(config)
    made = pipeline.run(config, lambda _words: None, telling.building)
    return {"passages": str(made.passages), "documents": str(len(made.documents))}


def _sample(place: Path, job: Job, telling: JobProgress) -> dict[str, str]:
    """Add the sample assessment, which becomes visible once it is complete; return what the page shows as the
    result."""
    config = settings()
    with open_workspace(config.database_url) as ws:
        made = sample.add(
            ws,
            load_framework(config.corpus / "framework"),
            config.corpus,
            sample.load_sample(config.corpus),
            lambda done, total: telling.step(Step.SAMPLE, done, total),
        )
    return {"set": made.id}


_DO: dict[JobKind, Callable[[Path, Job, JobProgress], dict[str, str]]] = {
    "take-in": _take_in,
    "look-again": _look_again,
    "add-text": _add_text,
    "export": _export,
    "report": _report,
    "build": _build,
    "sample": _sample,
}
assert set(_DO) == set(get_args(JobKind))
