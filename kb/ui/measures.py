"""National measures and the commitments they relate to: which commitment, which measure, which evidence, which
status."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from kb.assessment.models import PolicySet
from kb.errors import InputError
from kb.i18n import TranslatedLabels, t
from kb.plan.measures import commitment_table, measures, record_measure
from kb.plan.models import CommitmentLink, MeasureStatus
from kb.text import slug
from kb.ui import markup, resources
from kb.ui.content import plain
from kb.ui.form import Form
from kb.ui.shell import wrong

STATUSES = TranslatedLabels({status.value: status.words for status in MeasureStatus})
RELATIONS = get_args(CommitmentLink.model_fields["relation"].annotation)


def show_measures(policy_set: PolicySet, by: str) -> None:
    """Draw the table of one assessment, and the form for a new measure."""
    st.header(t("Commitments and measures"))
    rows = commitment_table(resources.workspace(), policy_set.id)
    if rows:
        cells = [
            (
                identifier(row.commitment),
                row.title or t("no measure recorded"),
                plain(row.relation) if row.relation else "",
                row.body,
                (STATUSES.get(row.status) or plain(row.status)) + (f"; {row.stated}" if row.stated else ""),
                str(len(row.evidence)),
                ", ".join(row.actions),
            )
            for row in rows
        ]
        heads = (
            t("Commitment"),
            t("Measure"),
            t("How it bears on it"),
            t("Body"),
            t("Status"),
            t("Evidence rows"),
            t("Actions"),
        )
        st.html(
            markup.table(
                heads, cells, t("Commitments that measures and actions of {title} name", title=policy_set.title)
            )
        )
    else:
        st.markdown(t("No measure or action of this assessment names a commitment."))
    with st.expander(t("Record a measure")):
        _new(policy_set, by)


def entries() -> dict[str, str]:
    """Return the commitments to choose from: id to identifier and heading."""
    return {
        entry.id: f"{entry.identifier}: {entry.heading}"
        for one in resources.register()
        for entry in one.entries
        if not entry.procedural
    }


def identifier(id: str) -> str:
    """Return how a commitment is cited, “CRPD art. 9”; an id that is not in the register is returned unchanged."""
    return next((entry.identifier for one in resources.register() for entry in one.entries if entry.id == id), id)


def _new(policy_set: PolicySet, by: str) -> None:
    known, titles = entries(), {policy.id: policy.title for policy in policy_set.policies}
    form = Form(
        f"measure/{policy_set.id}",
        {
            "title": "",
            "body": "",
            "status": "planned",
            "chosen": [],
            "relation": "supports",
            "source": None,
            "words": "",
        },
        by=by,
    )
    title = form.line("title", t("The measure"), placeholder=t("e.g. Basic pension for every resident"))
    left, right = st.columns(2)
    body = form.line("body", t("Body that carries it out"), left)
    status = form.select("status", t("It is"), tuple(STATUSES), STATUSES.__getitem__, right)
    chosen = form.many("chosen", t("Commitments it bears on"), list(known), known.__getitem__)
    relation = form.radio(
        "relation", t("How it bears on them"), RELATIONS, horizontal=True, help=t("A link is not equivalence.")
    )
    source = form.select("source", t("Quoted from"), list(titles), titles.__getitem__, left)
    words = form.line("words", t("Words of it, verbatim"), right)
    if form.submit(t("Record the measure"), disabled=not by):
        with form.recording():
            if bool(source) != bool(words.strip()):
                error = InputError(
                    t("The quotation is not clear."), do=t("Give both the words and the document, or neither.")
                )
                raise wrong("words" if source else "source", error)
            fields = {
                "title": title,
                "body": body,
                "status": status,
                "commitments": [{"commitment": id, "relation": relation} for id in chosen],
                "evidence": [{"source": source, "quotation": words}] if source else [],
            }
            record_measure(resources.workspace(), policy_set.id, _id(policy_set, title), fields, by=by, expected=0)


def _id(policy_set: PolicySet, title: str) -> str:
    """Return a new id made from the title, with a number if it is taken."""
    held = {one.id for one in measures(resources.workspace(), policy_set.id)}
    first = slug(title) or "measure"
    return next(id for id in [first, *(f"{first}-{n}" for n in range(2, len(held) + 3))] if id not in held)
