"""The overview of one assessment: every criterion with its decision, and what each document contributes. No score."""

from __future__ import annotations

from collections import Counter
from html import escape

import streamlit as st

from kb.assessment.compare import Matrix, SetFinding, Totals, matrix
from kb.assessment.models import STATUS_WORDS, Finding, Policy
from kb.assessment.review import by_standing
from kb.errors import InputError
from kb.framework import Criterion, Recommendation
from kb.i18n import TranslatedLabels, month_day, t, tn
from kb.i18n import day as in_words
from kb.log.decisions import shown_name
from kb.report.comparison import IN_FILES
from kb.report.history import WORDS, WORK
from kb.report.legal import LEGAL
from kb.ui import accounts, address, desk, markup, resources, work
from kb.ui.address import href
from kb.ui.doubts import show_doubts
from kb.ui.overview import Overview, overview
from kb.ui.rail import SHAPES, name, shape, state, strip

MACHINE = TranslatedLabels(
    {
        "proposed": "proposes passages",
        "no-evidence-found": "no evidence found in the supplied documents",
        "not-run": "has not looked yet",
        "": "not shown for the past",
    }
)


def page() -> None:
    """Draw the overview page of one assessment: notices on its documents, the progress, and the table of criteria."""
    policy_set = desk.opened("matrix")
    if policy_set is None:
        return
    now = overview(policy_set.id)
    assert now is not None  # chosen_set found it
    show = address.value("show")
    if show and show not in SHAPES:
        raise InputError(
            t("The address has show={show}.", show=show), do=t("Give one of: {SHAPES}.", SHAPES=", ".join(SHAPES))
        )
    _documents(now)
    desk.switch_derived()
    st.html(_sentence(now) + _glance(now) + _pills(now, show))
    st.html(_table(now, show))
    show_totals(matrix(resources.workspace(), resources.framework(), [policy_set.id], derived=desk.derived_on()))


def _documents(now: Overview) -> None:
    """Draw notices about the documents: none yet, a draft among them, a doubtful legal status."""
    if not now.policy_set.policies and not work.awaits_first(now.policy_set.id):
        st.warning(t("No document is loaded. Every criterion is without evidence for that reason only."))
    if any(policy.current.standing == "draft" for policy in now.policy_set.policies):
        st.caption(t("A document here is a draft. A draft cannot carry the status “met”."))
    show_doubts(now.policy_set, {policy.id for policy in now.policy_set.policies}, accounts.author())


def _criteria() -> list[Criterion]:
    return list(resources.framework().criteria(derived=desk.derived_on()))


def _findings(now: Overview) -> list[Finding]:
    return [now.findings[one.id] for one in _criteria()]


def _sentence(now: Overview) -> str:
    """Return the progress as a sentence of counts; there is no score."""
    held = _findings(now)
    counts: Counter[str] = Counter(one.status for one in held)
    done = [f"{n} {WORDS[status].lower()}" for status in SHAPES if status != "not-assessed" and (n := counts[status])]
    waiting = sum(1 for one in held if one.status == "not-assessed" and now.waiting[one.criterion])
    left = counts["not-assessed"]
    late = len(now.late & {action.id for served in now.serving.values() for action in served})
    rest = ""
    if left:
        others = tn("Of the {n} other,", "Of the {n} others,", left)
        rest += f" {others} {tn('{n} has passages to read.', '{n} have passages to read.', waiting)}"
    read_on = sum(1 for one in held if one.status != "not-assessed" and now.waiting[one.criterion])
    if read_on:
        rest += " " + tn(
            "{n} that is decided has passages to read too.", "{n} that are decided have passages to read too.", read_on
        )
    if late:
        rest += f" {tn('{n} action is late.', '{n} actions are late.', late)}"
    count = tn("{n} of {all} criteria is decided", "{n} of {all} criteria are decided", len(held) - left, all=len(held))
    sentence = t("{count}: {decisions}.", count=f"<b>{count}</b>", decisions=escape(", ".join(done)))
    return f'<p class="k-lead">{sentence if done else f"<b>{count}</b>."}{escape(rest)}</p>'


def _glance(now: Overview) -> str:
    """Return the states of each recommendation as a row of shapes."""
    rows = "".join(
        f'<a href="#over-{one.id}"><b>{one.id}</b>{strip(now, one.criteria)}<span '
        f'class="k-quiet">{name(one)}</span></a>'
        for one in _recommendations()
    )
    return f'<div class="k-glance">{rows}</div>'


def _recommendations() -> list[Recommendation]:
    return [one for one in resources.framework().recommendations if desk.derived_on() or one.kind == "stated"]


def _pills(now: Overview, show: str) -> str:
    """Return filters by status, each with its count."""
    counts: Counter[str] = Counter(one.status for one in _findings(now))
    query = {"set": now.policy_set.id, "derived": "" if desk.derived_on() else "no"}
    rows = [("", t("All"), sum(counts.values())), *((status, WORDS[status], counts[status]) for status in SHAPES)]
    pills = "".join(
        f'<a class="k-pill" href="{escape(href("matrix", {**query, "show": status}), quote=True)}"'
        f"{' aria-current=true' if status == show else ''}>{shape(status) if status else ''}{escape(words)} "
        f'<span class="k-num">{count}</span></a>'
        for status, words, count in rows
    )
    return f'<div class="k-pills" role="group" aria-label="{t("Show")}">{pills}</div>'


def _table(now: Overview, show: str) -> str:
    """Return the table of criteria, with the decision and the contribution of each document, as one block of HTML."""
    documents = by_standing(now.policy_set.policies)
    heads = "".join(
        f'<th scope="col" class="k-doc">{escape(one.title)}<span>{LEGAL[one.current.standing]}</span></th>'
        for one in documents
    )
    groups = "".join(_group(one, now, documents, show) for one in _recommendations())
    legend = t(
        "Each row is a criterion. “Used” is evidence that a person took; “to read” is a passage proposed and not yet "
        "answered; – is nothing found."
    )
    return (
        f'<div class="kb-scroll" tabindex="0" role="region" aria-label="{t("Criteria and documents")}'
        f'"><table class="k-grid"><caption>{legend}'
        f'</caption><thead><tr><th scope="col">{t("Criterion")}</th><th scope="col" class="k-dec">{t("Decision")}'
        f'</th>{heads}<th scope="col" class="k-act">{t("Action due")}</th></tr></thead><tbody>{groups}'
        "</tbody></table></div>"
    )


def _group(one: Recommendation, now: Overview, documents: list[Policy], show: str) -> str:
    wanted = [criterion for criterion in one.criteria if show in ("", now.findings[criterion.id].status)]
    if not wanted:
        return ""
    origin = t("· stated by the paper") if one.kind == "stated" else t("· derived by this project")
    head = (
        f'<tr class="k-gr" id="over-{one.id}"><th scope="rowgroup" colspan="{len(documents) + 3}">{one.id} {name(one)} '
        f'{strip(now, one.criteria)} <span class="k-quiet k-small">{origin}</span></th></tr>'
    )
    return head + "".join(_row(criterion, now, documents) for criterion in wanted)


def _row(one: Criterion, now: Overview, documents: list[Policy]) -> str:
    finding = now.findings[one.id]
    to = escape(
        href(
            "criterion", {"set": now.policy_set.id, "criterion": one.id, "derived": "" if desk.derived_on() else "no"}
        ),
        quote=True,
    )
    when = month_day(finding.decided_at) if finding.decided_at else ""
    who = f'<span class="k-sub2">{escape(shown_name(finding.decided_by))}, {when}</span>' if finding.decided_by else ""
    cells = "".join(f'<td class="k-doc">{_cell(finding, policy.id, now)}</td>' for policy in documents)
    asked = markup.spoken(markup.InEnglish(one.element))
    return (
        f'<tr><th scope="row"><a href="{to}"><b>{one.id}</b><span>{asked}</span></a></th>'
        f'<td class="k-dec">{state(finding.status)}{who}</td>{cells}<td class="k-act">{_due(one.id, now)}</td></tr>'
    )


def _cell(finding: Finding, policy: str, now: Overview) -> str:
    """Return, as HTML, what one document (`policy`) contributes to a finding: evidence used, and proposals still to
    read."""
    used = sum(row.source == policy for row in finding.evidence)
    waiting = now.by_document[finding.criterion, policy]
    words = [f'<span class="k-used">{t("{used} used", used=used)}</span>'] * bool(used) + [
        t("{waiting} to read", waiting=waiting)
    ] * bool(waiting)
    return " · ".join(words) or "–"


def _due(criterion: str, now: Overview) -> str:
    """Return the earliest due date of the open actions that serve the criterion."""
    dated = sorted((one for one in now.serving[criterion] if one.due), key=lambda one: str(one.due))
    if not dated or dated[0].due is None:
        return "" if not now.serving[criterion] else t("no date")
    day = in_words(dated[0].due)
    return f'<b class="k-late">{t("late")}</b>, {day}' if dated[0].id in now.late else day


def show_totals(table: Matrix) -> None:
    """Draw the number of criteria by status: first those stated in the paper, then separately the derived ones."""
    st.header(t("Counts of decisions"))
    st.caption(t("Counts of decisions that people took; there is no score. The stated recommendations come first."))
    heads = [t("Decision"), *(column.title for column in table.columns)]
    st.html(
        markup.table(
            heads, _counts(table.stated), t("The stated recommendations ({stated} criteria)", stated=_of(table.stated))
        )
    )
    if table.derived:
        st.html(
            markup.table(
                heads,
                _counts(table.derived),
                t(
                    "Derived by this project, not stated by the paper: our addition ({derived} criteria)",
                    derived=_of(table.derived),
                ),
            )
        )


def _of(totals: tuple[Totals, ...]) -> int:
    return totals[0].criteria if totals else 0


def _counts(totals: tuple[Totals, ...]) -> list[list[str]]:
    rows = [[t(words), *(str(one.statuses.get(status, 0)) for one in totals)] for status, words in STATUS_WORDS.items()]
    if any(one.in_files for one in totals):
        rows.append([t(IN_FILES), *(str(one.in_files) for one in totals)])
    return [*rows, [t("Different supporting quotations"), *(str(one.quotations) for one in totals)]]


def words_of(cell: SetFinding) -> str:
    """Return a cell of the comparison as text: status, workflow and evidence, then the machine's state."""
    evidence = [
        f"{n} {what}"
        for n, what in ((cell.supports, "supporting"), (cell.contradicts, "contradicting"), (cell.context, "context"))
        if n
    ]
    sentence = t("Evidence: {evidence}.", evidence=", ".join(evidence)) if evidence else t("No evidence recorded.")
    sentence = f"{cell.stated[:1].upper()}{cell.stated[1:]}. {sentence}" if cell.stated else sentence
    return t(
        "{status} ({workflow}). {said} Machine: {machine}.",
        status=t(STATUS_WORDS[cell.status]),
        workflow=WORK[cell.workflow],
        said=sentence,
        machine=MACHINE[cell.machine or ""],
    )
