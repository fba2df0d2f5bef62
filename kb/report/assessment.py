"""The report of a self-assessment: decisions, the words they rest on, what is missing, and who does what by when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kb.assessment.evidence import changed_since
from kb.assessment.findings import findings, timeline
from kb.assessment.models import Evidence, Finding, PolicySet
from kb.assessment.policies import policy_set
from kb.framework import Criterion, Framework, Recommendation
from kb.i18n import day, language, line_span, t
from kb.log import Workspace
from kb.log.anchor import anchor
from kb.log.decisions import shown_name
from kb.models import Standing
from kb.plan.actions import actions, overdue
from kb.plan.models import Action
from kb.report.blocks import Bullets, FactList, Heading, Quote, Report, ReportBlock, Table, Text
from kb.report.front import contents, method, summary
from kb.report.history import WORDS, WORK, sentence
from kb.report.legal import LEGAL, STANCES, kind_of_evidence, shows


def self_assessment(
    ws: Workspace, framework: Framework, set_id: str, *, on: date, country: str = "", derived: bool = True
) -> Report:
    """Return the report of one assessment in its current state; the row of criteria that this project derived is left
    out unless `derived`. `country` is the country's name. Raises NotFound for an unknown assessment."""
    end = anchor(ws).mark  # before the rest is read: what is written meanwhile is after it
    stored = policy_set(ws, set_id)
    ids = {one.id for one in framework.criteria(derived=derived)}
    held = {one.criterion: one for one in findings(ws, framework, set_id) if one.criterion in ids}
    serving = actions(ws, policy_set=set_id)
    late = {one.id for one in overdue(ws, on)}
    with ws.reading() as reader:
        today = changed_since(reader, stored, [row for one in held.values() for row in one.evidence])
    people = sorted({shown_name(name) for one in held.values() for name in (one.decided_by, one.agreed_by) if name})
    rows = [one for one in framework.recommendations if derived or one.kind == "stated"]
    blocks = [
        *contents(stored),
        *summary(held, rows, framework, serving, late),
        *method(stored, framework),
        *_findings(held, rows, serving, stored, today),
        *_actions(serving, late),
        *_signature(people),
        *_history(ws, stored, held),
        *_annex(stored, held),
        end_of_log(end),
    ]
    return Report(
        language=language(),
        title=t("Self-assessment: {title}", title=stored.title),
        subtitle=t(
            "Set against the recommendations of a background paper of 2008. The people named decided every state; a "
            "program proposed passages to them. There is no score, and no country is ranked."
        ),
        facts=_facts(held, stored, framework, people, country, on),
        log=end,
        blocks=tuple(blocks),
    )


def _facts(
    held: Mapping[str, Finding],
    stored: PolicySet,
    framework: Framework,
    people: Sequence[str],
    country: str,
    on: date,
) -> tuple[tuple[str, str], ...]:
    """Return the facts of the title page."""
    done = [one for one in held.values() if one.status != "not-assessed"]
    return (
        (t("Country"), country or stored.country),
        (
            t("State of the work"),
            t(
                "{decided} of {all} decided; a second person agrees to {agreed}",
                decided=len(done),
                all=len(held),
                agreed=sum(one.workflow == "agreed" for one in done),
            ),
        ),
        (t("Decided by"), ", ".join(people) or t("nobody yet")),
        (t("State of"), day(on)),
        (
            t("Framework"),
            t(
                "{title}, version {version}: {size_words}",
                title=framework.title,
                version=framework.version,
                size_words=framework.size_shown(),
            ),
        ),
    )


def _findings(
    held: dict[str, Finding],
    rows: list[Recommendation],
    serving: list[Action],
    policy_set: PolicySet,
    today: Mapping[str, Standing],
) -> Iterator[ReportBlock]:
    """Yield the blocks of each criterion; undecided ones are listed at the end of their recommendation."""
    yield Heading(text=t("Findings"), level=1)
    titles = {one.id: one.title for one in policy_set.policies}
    for one in rows:
        ours = "" if one.kind == "stated" else t(" (our addition)")
        yield Heading(text=f"{one.id} {one.label}{ours}", level=2)
        yield _asked(one)
        waiting = [criterion for criterion in one.criteria if held[criterion.id].status == "not-assessed"]
        for criterion in one.criteria:
            if criterion not in waiting:
                yield from _one(criterion, held[criterion.id], serving, titles, today)
        if waiting:
            yield Text(
                strong=t("Not assessed:"),
                text="; ".join(f"{criterion.id} {criterion.element}" for criterion in waiting) + ".",
            )


def _one(
    criterion: Criterion,
    finding: Finding,
    serving: list[Action],
    titles: dict[str, str],
    today: Mapping[str, Standing],
) -> Iterator[ReportBlock]:
    """Yield the blocks of one criterion: its element, the finding with reason and quotations, what is missing, the next
    step, who decided and when."""
    yield Heading(text=f"{criterion.id} {criterion.element}", level=3)
    where = t(" in the documents supplied") if finding.status == "no-evidence-found" else ""
    yield Text(strong=f"{WORDS[finding.status]}{where}.", text=finding.rationale)
    for row in finding.evidence:
        yield _quote(row, titles, today.get(row.id))
    if any(row.stance == "supports" and today.get(row.id) in ("draft", "repealed") for row in finding.evidence):
        yield Text(
            strong=t("Look again:"),
            text=t("this was decided when a text quoted here was in force, and that text is not in force now."),
        )
    due = sorted(
        (one for one in serving if any(ref.criterion == criterion.id for ref in one.findings)),
        key=lambda one: str(one.due or ""),
    )
    decided = shown_name(finding.decided_by)
    yield FactList(
        rows=(
            (t("What is missing"), finding.gap),
            (t("Next step"), finding.next_step),
            (t("Responsible"), finding.body),
            (
                t("Actions"),
                "; ".join(one.title + (t(", due {due}", due=day(one.due)) if one.due else "") for one in due),
            ),
            (t("How sure"), finding.confidence or ""),
            (t("State of work"), WORK["in-review"] if finding.workflow == "in-review" else ""),
            (
                t("Decided by"),
                ", ".join(filter(None, (decided, day(finding.decided_at.date()) if finding.decided_at else ""))),
            ),
            (t("Agreed by"), shown_name(finding.agreed_by)),
            (t("Last changed by"), shown_name(finding.changed_by_another)),
            (t("Stated in a file"), finding.stated),
        )
    )


def cited(title: str, locator: str) -> str:
    """Return document and place. The title is not repeated if the locator already begins with it."""
    return locator if locator.startswith(title) else ", ".join(filter(None, (title, locator)))


def _asked(one: Recommendation) -> Quote:
    """Return the words of the paper behind a recommendation. Our addition is only derived from its words, so they get
    the force of an observation and a note."""
    quoted = one.quotations[0]
    place = t("background paper, {lines}", lines=line_span(quoted.lines))
    if one.kind == "stated":
        return Quote(text=quoted.text, citation=place, force="expert-recommendation")
    ours = t("Our addition is derived from these words. They are not a recommendation of the paper.")
    return Quote(text=quoted.text, citation=place, force="observation", notes=(ours,))


def _signature(people: Sequence[str]) -> Iterator[ReportBlock]:
    """Yield a table with a line to sign for each person who decided, or one empty line."""
    yield Heading(text=t("Signatures"), level=2)
    yield Table(
        caption=t("Who stands by the decisions of this report"),
        heads=(t("Name"), t("Office"), t("Date"), t("Signature")),
        rows=tuple((name, "", "", "") for name in people or ("",)),
    )


def _quote(row: Evidence, titles: dict[str, str], today: Standing | None) -> Quote:
    """Return one piece of evidence with its place, kind and legal status at the time of the decision, and today's
    status if it differs."""
    place = cited(titles.get(row.source, row.source), row.locator)
    kind = (
        t("{role}, {stance}", role=shows(row), stance=STANCES[row.stance])
        if row.role == "instrument" and row.standing == "in-force"
        else t(
            "{role}, {stance}; source {standing}",
            role=shows(row),
            stance=STANCES[row.stance],
            standing=LEGAL[row.standing],
        )
    )
    dated = t("; in effect {effective}", effective=day(row.effective)) if row.effective else ""
    dated += t("; today {standing}", standing=LEGAL[today]) if today else ""
    of_kind = t("; kind: {kind}", kind=words) if (words := kind_of_evidence(row)) else ""
    return Quote(
        text=row.quotation,
        citation=f"{place} ({kind}{of_kind}{dated})",
        checked=row.may_quote,
        force="national-measure",
    )


def _actions(serving: list[Action], late: set[str]) -> Iterator[ReportBlock]:
    yield Heading(text=t("Actions"), level=1, follows=True)
    dated = sorted(serving, key=lambda one: (one.due is None, str(one.due or ""), one.title))
    if not dated:
        yield Text(text=t("No action is recorded."))
        return
    lines = tuple(
        (
            one.title,
            ", ".join(ref.criterion for ref in one.findings),
            one.body or one.owner or t("not stated"),
            (day(one.due) if one.due else t("no date")) + (t(" (late)") if one.id in late else ""),
            t(one.status.replace("-", " ").capitalize()),
        )
        for one in dated
    )
    yield Table(
        caption=t("Actions by the date on which they are due"),
        heads=(t("Action"), t("Criteria"), t("Who"), t("Due"), t("State")),
        rows=lines,
    )


def _history(ws: Workspace, policy_set: PolicySet, held: dict[str, Finding]) -> Iterator[ReportBlock]:
    yield Heading(text=t("History"), level=1, follows=True)
    changed = [(id, event) for id in held for event in timeline(ws, policy_set.id, id)]
    if not changed:
        yield Text(text=t("Nothing was decided yet."))
        return
    changed.sort(key=lambda pair: pair[1].sequence)
    yield Bullets(items=tuple(f"{id}. {sentence(event)}" for id, event in changed))


def _annex(policy_set: PolicySet, held: dict[str, Finding]) -> Iterator[ReportBlock]:
    """Yield all evidence in one table, then the hashes of the files."""
    yield Heading(text=t("Annex: evidence and proof"), level=1)
    titles = {one.id: one.title for one in policy_set.policies}
    lines = tuple(
        (
            id,
            row.quotation,
            cited(titles.get(row.source, row.source), row.locator),
            "; ".join(filter(None, (shows(row), kind_of_evidence(row)))),
            t("read from a picture") if row.recognised else t("found") if row.verified else t("not checked"),
        )
        for id, one in held.items()
        for row in one.evidence
    )
    if lines:
        yield Table(
            caption=t("Evidence"),
            heads=(t("Criterion"), t("Words"), t("Place"), t("Shows"), t("In the text")),
            rows=lines,
        )
    files = tuple(
        (one.title, version.label, version.file, version.sha256)
        for one in policy_set.policies
        for version in one.versions
    )
    if files:
        yield Table(
            caption=t("Files and their sha256"),
            heads=(t("Document"), t("Version"), t("File"), "sha256"),
            rows=files,
        )


def end_of_log(mark: str) -> Text:
    """Return the line that states from which state of the log a report was made."""
    return Text(strong=t("End of the log:"), text=f"{mark}. {t('Check it with: kb findings prove --against FILE')}")
