"""The first pages of a self-assessment: the summary on one page, and the method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kb.assessment.models import Finding, PolicySet, Status
from kb.framework import Framework, Recommendation
from kb.i18n import TranslatedLabels, day, later, t, tn
from kb.plan.models import Action
from kb.report.blocks import Bullets, Heading, ReportBlock, Table, Text
from kb.report.history import WORDS
from kb.report.legal import LEGAL

METHOD = (
    later(
        "Each criterion was set beside the documents listed. A program proposed passages; named people read them, "
        "took or refused them, and "
        "decided. No program set a decision."
    ),
    later(
        "“Met” needs a law, regulation or policy in force and evidence that it is at work. A draft cannot carry “met”."
    ),
    later(
        "“No evidence found” means: nothing was found in the documents supplied. It does not mean that nothing exists."
    ),
    later(
        "There is no score. States are counted, not added up, and countries are not ranked. Two assessments can "
        "differ because two teams "
        "looked differently."
    ),
    later(
        "Quotations are word for word. Where the words were not found in a stored text, the report says “not checked "
        "against the source”."
    ),
)
COMPARED = later(
    "Laws, plans and reports of the country stand on one side. On the other stand criteria drawn from a background "
    "paper of 2008, which a consultant wrote for discussion. States have not agreed to it: falling short of a "
    "criterion breaks no duty."
)
MEANINGS = TranslatedLabels(
    {
        "met": "A measure in force does what the criterion asks, and is shown at work.",
        "partial": "Some of it, for some people, or not yet at work.",
        "commitment-only": "An aim or promise without a measure.",
        "contrary": "A rule or practice works against it.",
        "no-evidence-found": "The documents supplied say nothing of it. Others may.",
        "not-applicable": "The question does not arise here; the reason is given.",
        "not-assessed": "Nobody has decided yet.",
    }
)
"""Meaning of each status, in the order of the report's legend; every member of Status must be here."""
CANNOT = (
    later("Whether the law reaches people: documents alone do not show it."),
    later("How the country stands beside others: states are counted, never added up."),
    later("That nothing exists where no evidence was found."),
)
_SIGNS = {status.value: status.sign for status in Status}
SHAPES = {status: _SIGNS[status] for status in MEANINGS}
"""Symbol of each status, as on screen, in the order of the legend, where its word is beside it."""
OUTSTANDING = (Status.CONTRARY, Status.MET, Status.NO_EVIDENCE_FOUND, Status.COMMITMENT_ONLY, Status.PARTIAL)
"""The order in which the summary quotes decisions: what works against, what is met, what was not found, …"""
NAMED = 5
"""Decisions, and next steps, listed in the summary: with the tables they fit on one page."""
LISTED = 12
"""Documents listed on the title page, so that it stays one page; the method lists all."""
CUT = 160
"""Characters of a reason in the summary; the section of its criterion has all of it."""


PARTS = (
    later("Summary: how many criteria are decided and how, and the next steps"),
    later("How it was done, and its limits"),
    later("Findings: each criterion with its finding, the words it rests on, and what is missing"),
    later("Actions, by the date on which they are due, and signatures"),
    later("History: who decided what, and when"),
    later("Annex: all evidence, and what proves the files"),
)
"""The parts of a self-assessment, in order."""


def contents(policy_set: PolicySet) -> Iterator[ReportBlock]:
    """Yield what is on the title page under the facts: the documents, and the parts of the report."""
    if policy_set.policies:
        yield Text(strong=t("Documents that were supplied"), text="")
        yield Bullets(
            items=tuple(
                f"{one.title} ({', '.join(filter(None, (LEGAL[one.current.standing], one.current.dated)))})"
                for one in policy_set.policies[:LISTED]
            )
        )
        if len(policy_set.policies) > LISTED:
            yield Text(text=t("and {count} more", count=len(policy_set.policies) - LISTED))
    yield Text(strong=t("In this report"), text="")
    yield Bullets(items=tuple(map(t, PARTS)))


def summary(
    held: Mapping[str, Finding],
    rows: Sequence[Recommendation],
    framework: Framework,
    serving: Sequence[Action],
    late: set[str],
) -> Iterator[ReportBlock]:
    """Yield the summary, one page: the number of decisions by status and recommendation (our addition separately,
    last), quotations from the reasons, and the next steps by date."""
    done = [one for one in held.values() if one.status != "not-assessed"]
    counts: Counter[str] = Counter(one.status for one in done)
    words = ", ".join(f"{counts[status]} {WORDS[status].lower()}" for status in WORDS if counts[status])
    yield Heading(text=t("Summary"), level=1)
    yield Text(
        strong=t("{count} of {count2} criteria are decided.", count=len(done), count2=len(held)),
        text=t("They are: {words}.", words=words) if words else "",
    )
    # a decision settled from two assessments has no single author; of an imported one only the file states it
    alone = sum(one.workflow != "agreed" and not one.settled_by and not one.stated for one in done)
    if alone:
        yield Text(
            text=tn(
                "{n} decision is one person’s: nobody else has agreed to it.",
                "{n} decisions are one person’s each: nobody else has agreed to them.",
                alone,
            )
        )
    yield from _tables(held, rows)
    yield Text(text="   ".join(f"{sign} {WORDS[status]}" for status, sign in SHAPES.items()))
    yield Text(text=t(framework.notice))
    yield from _outstanding(done)
    yield from _steps(serving, late)


def _tables(held: Mapping[str, Finding], rows: Sequence[Recommendation]) -> Iterator[ReportBlock]:
    """Yield the criteria of each recommendation by status, as symbols and as numbers."""
    found = {one.status for one in held.values()}
    words = {status: word for status, word in WORDS.items() if status in found}  # fewer columns have larger letters
    heads = (t("Recommendation"), t("Each criterion"), *words.values())
    for kind, caption in (
        ("stated", t("The recommendations of the paper")),
        ("derived", t("Our addition: derived by this project, no recommendation of the paper")),
    ):
        lines = []
        for one in (row for row in rows if row.kind == kind):
            here: Counter[str] = Counter(held[criterion.id].status for criterion in one.criteria)
            signs = "".join(SHAPES[held[criterion.id].status] for criterion in one.criteria)
            lines.append((f"{one.id} {one.label}", signs, *(str(here[status]) for status in words)))
        if lines:
            yield Table(
                caption=t("{caption}: criteria by decision", caption=caption),
                heads=heads,
                rows=tuple(lines),
            )


def _outstanding(done: Sequence[Finding]) -> Iterator[ReportBlock]:
    """Yield quotations from the reasons of some decisions."""
    ordered = [one for status in OUTSTANDING for one in done if one.status == status and one.rationale.strip()]
    if ordered:
        yield Heading(text=t("In the words of those who decided"), level=2)
        yield Bullets(
            items=tuple(
                f"{one.criterion}, {WORDS[one.status].lower()}: {_cut(one.rationale)}" for one in ordered[:NAMED]
            )
        )


def _cut(text: str) -> str:
    """Cut a text at the end of a word."""
    return text if len(text) <= CUT else text[:CUT].rsplit(" ", 1)[0] + " …"


def _steps(serving: Sequence[Action], late: set[str]) -> Iterator[ReportBlock]:
    """Yield the next open steps with a date, earliest first."""
    dated = sorted((one for one in serving if one.due and not one.status.closed), key=_due)
    if dated:
        yield Table(
            caption=t("Next steps, by date"),
            heads=(t("Due"), t("Action"), t("Who"), t("Criteria")),
            rows=tuple(
                (
                    _due_words(one, one.id in late),
                    one.title,
                    one.body or one.owner or t("not stated"),
                    ", ".join(ref.criterion for ref in one.findings),
                )
                for one in dated[:NAMED]
            ),
        )


def _due(one: Action) -> str:
    return str(one.due or "")


def _due_words(one: Action, late: bool) -> str:
    return (day(one.due) if one.due else "") + (t(" (late)") if late else "")


def method(policy_set: PolicySet, framework: Framework) -> Iterator[ReportBlock]:
    """Yield the method: what was compared and how, what each status means, and what the report cannot say."""
    yield Heading(text=t("How it was done, and its limits"), level=1)
    yield Text(text=t(COMPARED))
    lines = tuple(
        (one.title, LEGAL[one.current.standing], one.current.dated or t("not stated"), one.current.label)
        for one in policy_set.policies
    )
    yield Heading(text=t("Documents"), level=2)
    if lines:
        yield Table(
            caption=t("Documents that were supplied"),
            heads=(t("Document"), t("Legal status"), t("Dated"), t("Version")),
            rows=lines,
        )
        for one in policy_set.policies:
            if one.current.doubt:
                yield Text(
                    strong=f"{one.title}:",
                    text=t(
                        "recorded as in force, but it calls itself “{words}”, and nobody has said why it is in force.",
                        words=one.current.doubt,
                    ),
                )
    else:
        yield Text(text=t("No document was supplied."))
    yield Heading(text=t("How it was done"), level=2)
    yield Bullets(items=tuple(map(t, METHOD)))
    yield Table(
        caption=t("What the states mean"),
        heads=(t("State"), t("Sign"), t("It means")),
        rows=tuple((WORDS[status], sign, MEANINGS[status]) for status, sign in SHAPES.items()),
    )
    yield Heading(text=t("What this report cannot say"), level=2)
    yield Bullets(items=tuple(map(t, CANNOT)))
