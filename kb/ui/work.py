"""Jobs, shown on every page: what is being read, built or written, its progress and its result."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import streamlit as st

from kb import jobs
from kb.assessment import policies
from kb.config import settings
from kb.i18n import TranslatedLabels, later, t, tn
from kb.i18n.refusals import translated
from kb.jobs.models import Given, Job, JobKind, JobState, Step
from kb.ui import accounts, browser, markup, resources, shell
from kb.ui.accounts import author
from kb.ui.address import href
from kb.ui.job_titles import title_of
from kb.ui.widgets import download
from kb.workspace.access import PersonalWorkspace, Role

EVERY = 1.0
"""Seconds between two updates while a job is running: often enough to show progress at little cost."""
READ = "-/"
"""Prefix of a job's id in the address of a text that was read but is not stored yet; no assessment id begins with
it."""
LISTED = 5
"""Maximum number of running jobs that are listed."""


def ask(kind: JobKind, title: str, given: Given, *, by: str, file: tuple[str, bytes] | None = None) -> Job:
    """Submit a job, which continues when the page or the browser is closed; `given` holds its parameters, `file` the
    name and content of an uploaded file. Raises RefusedError and NotFound for what a person with an account may not
    request."""
    mine = resources.workspace() if accounts.on() else None
    if isinstance(mine, PersonalWorkspace):
        mine.refuse_work(kind, given)
        if kind in ("export", "report"):  # what is in the file is what this person may see
            given = {**given, "scope": mine.person.scope}
    return jobs.submit(settings(), kind, title, given, by=by, file=file)


def coming(policy_set: str) -> list[Job]:
    """Return the running jobs that add documents to an assessment."""
    held = jobs.jobs(settings())
    return [job for job, state in held if state.open and job.kind == "take-in" and job.given["set"] == policy_set]


def awaits_first(policy_set: str) -> bool:
    """Draw the notice that the first document of an assessment is being read; return whether one is.

    The page is drawn anew as soon as the text is in, even if proposals or other jobs are still running."""
    if not coming(policy_set):
        return False
    st.fragment(_until_in, run_every=EVERY)(policy_set)
    return True


def none_loaded(policy_set: str, warning: str) -> str:
    """Return the notice for an assessment without documents: that its first one is being read, or the warning given."""
    if coming(policy_set):
        return t("The first document is being read. What it brings is shown here when it is in.")
    return warning


def _until_in(policy_set: str) -> None:
    browser.speak()  # a part that is drawn alone
    if policies.policy_set(resources.workspace(), policy_set).policies or not coming(policy_set):
        st.rerun()
    st.info(t("The first document is being read. What it brings is shown here when it is in."))


def texts_read() -> dict[str, str]:
    """Return the texts of running jobs that can be read already: document key in the address to title."""
    return {
        READ + job.id: t("{title} (not searchable yet)", title=state.result["text"])
        for job, state in shown()
        if state.open and state.result.get("text")
    }


def sample_comes() -> bool:
    """Return whether the sample is being added."""
    return any(state.open and job.kind == "sample" for job, state in jobs.jobs(settings()))


def shown() -> list[tuple[Job, JobState]]:
    """Return the jobs that the person may see, in the order of submission: all waiting and running ones, and the ended
    ones that the person may remove from the list."""
    held = jobs.jobs(settings())
    mine = resources.workspace() if held and accounts.on() else None
    if isinstance(mine, PersonalWorkspace) and not mine.person.everywhere:
        held = [(job, state) for job, state in held if mine.sees_work(job.by, job.given)]
    return [(job, state) for job, state in held if state.open or jobs.may_end(job, _ender())]


def is_any() -> bool:
    """Return whether there is a job, running or ended. When it has ended, only the person who asked for it may open its
    result, so the page has to ask a person for the name that this browser does not know (and asks while it runs too:
    the field would jump in when the job ends)."""
    return bool(jobs.jobs(settings()))


def _waits_for_a_name() -> bool:
    """Return whether ended work is not shown because nobody has written a name here."""
    return not accounts.on() and not author() and any(not state.open for _, state in jobs.jobs(settings()))


def show() -> None:
    """Draw the jobs under the bar, if there are any. While one is running, only this part is redrawn. To a person
    without a name, say in the same place why the page asks for one."""
    held = shown()
    if not held and not _waits_for_a_name():
        return
    moving = any(state.open for _, state in held)
    with st.container(key="kb-work"):
        st.fragment(_strip, run_every=EVERY if moving else None)(moving)


def _strip(moving: bool) -> None:
    """Draw the jobs, running ones first. When the last one has ended, redraw the page with the result. `moving`: this
    runs by itself every few seconds while a job is open."""
    browser.speak()  # a part that is drawn alone
    if accounts.on() and accounts.state() != "open":
        st.rerun()
    if moving:
        jobs.attend(settings())
    held = sorted(shown(), key=lambda one: (not one[1].open, one[0].id))
    if moving and not any(state.open for _, state in held):
        st.rerun()
    if _waits_for_a_name():
        words = t("Long work has ended here. Write your name at the top right: if it is yours, its result is here.")
        st.html(markup.line(words))
    going, ended = [one for one in held if one[1].open], [one for one in held if not one[1].open]
    for job, state in [*going[:LISTED], *ended[-1:]]:
        _row(job, state)
    if len(going) > LISTED:
        st.html(markup.line(t("and {count} more", count=len(going) - LISTED)))
    if before := ended[:-1][::-1]:
        with st.popover(tn("{n} more that has ended", "{n} more that have ended", len(before)), type="tertiary"):
            for job, state in before:
                _row(job, state)


def _row(job: Job, state: JobState) -> None:
    """Draw one job with its buttons."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"kb-job-{job.id}"):
        st.html(_open(job, state) if state.open else _ended(job, state))
        may = jobs.may_end(job, _ender())
        if state.open:
            if may:
                st.button(t("Stop"), key=f"stop-{job.id}", type="tertiary", on_click=_safely, args=(jobs.stop, job.id))
            else:
                st.caption(t("asked for by {by}", by=markup.plain_markdown(job.by)), width="content")
            return
        mine = jobs.may_end(job, author())  # an administrator puts others' files away and does not read them
        made = jobs.output(settings(), job.id) if state.result.get("file") and mine else None
        if made:
            download(t("Download"), made.read_bytes, made.name, key=f"made-{job.id}")
        if may:
            st.button(t("Close"), key=f"away-{job.id}", type="tertiary", on_click=_safely, args=(jobs.forget, job.id))


def _ender() -> str | None:
    """Return the person whose jobs may be stopped here: the author; None (all jobs) for an administrator."""
    mine = resources.workspace() if accounts.on() else None
    administers = isinstance(mine, PersonalWorkspace) and mine.person.role is Role.ADMINISTRATOR
    return None if administers else author()


def _safely(act: Callable[..., None], id: str) -> None:
    with shell.errors_shown():
        act(settings(), id, by=_ender())


STEPS = TranslatedLabels({step.value: step.words for step in Step})


def _open(job: Job, state: JobState) -> str:
    """Return a waiting or running job as HTML, with its progress."""
    share = 100 * state.done / state.total if state.total else 0.0
    step = t("begins") if state.state == "running" and state.step is Step.WAITING else STEPS[state.step]
    count = ""
    if state.total:
        words = later(", page {done} of {total}") if state.step is Step.READING else later(", {done} of {total}")
        count = t(words, done=state.done, total=state.total)
    left = left_words(state.seconds_left(datetime.now(UTC)))
    title = escape(title_of(job), quote=True)
    bar = (
        f'<span class="k-progress" role="progressbar" aria-label="{title}" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{share:.0f}"><i style="--done:{share:.1f}%"></i></span>'
    )
    return (
        f'<p class="k-job"><b>{title}</b> {bar if state.total else ""} '
        f'<span class="k-small k-quiet">{escape(step + count)}{escape(left)}</span>{_meanwhile(job, state)}</p>'
    )


def _meanwhile(job: Job, state: JobState) -> str:
    """Return a link to the text of a job once it can be read, before the job has ended; '' until then."""
    policy = state.result.get("policy")
    if state.result.get("text"):
        return (
            f" {markup.anchor(href('read', {'document': READ + job.id}), t('The text is read: look at it meanwhile'))}"
        )
    if job.kind != "take-in" or not policy:
        return ""
    to = href("read", {"document": f"{job.given['set']}/{policy}"})
    return f" {markup.anchor(to, t('The text is in: read it meanwhile'))}"


def left_words(seconds: float | None) -> str:
    """Return the estimated rest of a step in round words; '' if it cannot be estimated."""
    if seconds is None:
        return ""
    if seconds < 60:
        # in steps of five: a number that changes each second cannot be read
        return t("; about {seconds} s left in this step", seconds=max(5, 5 * math.ceil(seconds / 5)))
    return t("; about {seconds} min left in this step", seconds=math.ceil(seconds / 60))


def _ended(job: Job, state: JobState) -> str:
    """Return an ended job as HTML, with its result."""
    words = {
        "done": _done(job, state),
        "stopped": t("stopped. Nothing of it was recorded by halves."),
        "refused": t("not taken. {error}", error=translated(state.error)),
        "failed": t("did not end well. {error}", error=translated(state.error)),
        "interrupted": t("interrupted. {error}", error=translated(state.error)),
    }[state.state]
    note = f" {escape(state.result['note'])}" if state.result.get("note") else ""
    body = words if state.state == "done" else escape(words)
    return f'<p class="k-job" role="status"><b>{escape(title_of(job))}</b> {body}{note}</p>'


def _done(job: Job, state: JobState) -> str:
    """Return the result of a job, with a link to it, as HTML."""
    if job.kind == "take-in":
        newer = bool(job.given.get("of"))
        query = {"set": job.given["set"], **({"policy": job.given["of"]} if newer else {})}
        words = t("Open the changes") if newer else t("Open the overview")
        return t(
            "is in, and the machine has looked through it. {words}",
            words=markup.anchor(href("changes" if newer else "matrix", query), words),
        )
    if job.kind == "look-again":
        link = markup.anchor(href("matrix", {"set": job.given["set"]}), t("Open the overview"))
        return t("was looked through again. No decision was changed. {link}", link=link)
    if job.kind == "add-text":
        link = markup.anchor(href("read", {"document": state.result.get("document", "")}), t("Read it"))
        return t("is in. {link}", link=link)
    if job.kind == "build":
        return t("is built: {result} passages are ready to search.", result=escape(state.result.get("passages", "")))
    if job.kind == "sample":
        return t(
            "is in. {link}", link=markup.anchor(href("matrix", {"set": state.result["set"]}), t("Open the sample"))
        )
    return t("is ready.")
