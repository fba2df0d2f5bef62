"""The list of criteria on the left of the workbench, with their statuses as symbols: one block of HTML with plain
links."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from kb.assessment.models import Status
from kb.framework import Criterion, Framework, Recommendation
from kb.i18n import TranslatedLabels, later, t
from kb.report.history import WORDS
from kb.ui.address import href
from kb.ui.markup import InEnglish, spoken
from kb.ui.overview import Overview

SHAPES = {status.value: status.shape for status in Status}
"""Status to its shape in the style sheet. Every shape has its word beside it or for screen readers."""
OURS = later("our addition")
SHOW = TranslatedLabels({"": "All", "undecided": "Undecided", "waiting": "To read", "mine": "Mine", "late": "Overdue"})
"""Filters of the list, by their value in the address."""


def shape(status: str, *, draft: bool = False) -> str:
    """Return the symbol of a status as HTML, or the symbol for unrecorded input if `draft`; it is hidden from screen
    readers."""
    return f'<span class="k-s k-s-{"draft" if draft else SHAPES[status]}" aria-hidden="true"></span>'


def state(status: str) -> str:
    """Return symbol and label of a status as HTML."""
    return f'<span class="k-state">{shape(status)}<span>{escape(WORDS[status])}</span></span>'


def shown(now: Overview, show: str, by: str) -> list[str]:
    """Return the ids of the criteria that pass a filter of SHOW, in the order of the framework."""

    def passes(id: str) -> bool:
        """Return whether the criterion `id` passes the filter `show`."""
        finding = now.findings[id]
        return {
            "": True,
            "undecided": finding.status == "not-assessed",
            "waiting": bool(now.waiting[id]),
            "mine": bool(by) and by in (finding.decided_by, finding.changed_by),
            "late": any(action.id in now.late for action in now.serving[id]),
        }[show]

    return [id for id in now.findings if passes(id)]


def rail(
    now: Overview, framework: Framework, *, current: str, show: str, by: str, derived: bool, drafts: Iterable[str] = ()
) -> str:
    """Return the list of criteria as HTML. `current` is the open criterion, `show` a filter of SHOW, `by` the name of
    the person; `derived` includes the derived row, and `drafts` are the criteria for which the person has an unrecorded
    draft."""
    ids, mine = set(shown(now, show, by)), set(drafts)
    query = {"set": now.policy_set.id, "derived": "" if derived else "no"}
    pills = "".join(
        _pill(words, key, show, len(shown(now, key, by)), {**query, "criterion": current})
        for key, words in SHOW.items()
    )
    groups = [
        _group(one, now, ids, {**query, "show": show}, current, mine)
        for one in framework.recommendations
        if derived or one.kind == "stated"
    ]
    nothing = "" if ids else f'<p class="k-quiet k-small k-none">{t("No criterion is so.")}</p>'
    return (
        f'<nav class="k-rail" aria-label="{t("Criteria")}"><div class="k-rail-head"><div class="k-pills" '
        f'role="group" aria-label="'
        f'{t("Show")}">{pills}</div></div>{nothing}{"".join(groups)}</nav>'
    )


def _pill(words: str, key: str, show: str, count: int, query: dict[str, str]) -> str:
    here = ' aria-current="true"' if key == show else ""
    return (
        f'<a class="k-pill" href="{escape(href("criterion", {**query, "show": key}), quote=True)}"{here}>{words} '
        f'<span class="k-num">{count}</span></a>'
    )


def strip(now: Overview, criteria: Iterable[Criterion]) -> str:
    """Return the status symbols of some criteria in a row as HTML, with the number decided."""
    held = [now.findings[one.id] for one in criteria]
    done = sum(one.status != "not-assessed" for one in held)
    return (
        f'<span class="k-strip">{"".join(shape(one.status) for one in held)}'
        f"<span>{t('{done} of {count}', done=done, count=len(held))}</span></span>"
    )


def name(recommendation: Recommendation) -> str:
    """Return the label of a recommendation as HTML; a derived one is marked as our addition."""
    ours = f' <span class="k-quiet k-light">({t(OURS)})</span>' if recommendation.kind == "derived" else ""
    return f"{spoken(InEnglish(recommendation.label))}{ours}"


def _group(
    one: Recommendation, now: Overview, ids: set[str], query: dict[str, str], current: str, mine: set[str]
) -> str:
    """Return one recommendation with its criteria (those in `ids`) as HTML; '' if it has none of them. It is folded
    unless it contains the `current` criterion or a filter is active. `mine` are the criteria with the person's
    drafts."""
    wanted = [criterion for criterion in one.criteria if criterion.id in ids]
    if not wanted:
        return ""
    opened = " open" if query["show"] or not current or current.startswith(f"{one.id}.") else ""
    rows = "".join(_criterion(criterion, now, query, current, mine) for criterion in wanted)
    return (
        f"<details{opened}><summary><span>{one.id}</span><span>{name(one)}</span>{strip(now, one.criteria)}</summary>"
        f"{rows}</details>"
    )


def _criterion(one: Criterion, now: Overview, query: dict[str, str], current: str, mine: set[str]) -> str:
    finding = now.findings[one.id]
    draft = one.id in mine
    here = ' aria-current="true"' if one.id == current else ""
    waiting = t("{id} to read", id=now.waiting[one.id]) if now.waiting[one.id] else ""
    late = f'<b class="k-late">{t("late")}</b> ' if any(action.id in now.late for action in now.serving[one.id]) else ""
    words = WORDS[finding.status] + (f", {t('your draft')}" if draft else "")
    return (
        f'<a class="k-crit" href="{escape(href("criterion", {**query, "criterion": one.id}), quote=True)}"{here}>'
        f"{shape(finding.status, draft=draft)}<span><b>{one.id}</b> {spoken(InEnglish(one.element))}"
        '<span class="k-sr">. '
        f"{escape(words)}</span></span>"
        f'<span class="k-n">{late}{waiting}</span></a>'
    )
