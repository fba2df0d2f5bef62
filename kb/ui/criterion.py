"""The workbench: criteria on the left, the law in the middle, and the question and the decision on the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from kb.assessment.models import PolicySet
from kb.assessment.review import Review, neighbours, review
from kb.errors import InputError, KBError
from kb.framework import Criterion, Recommendation
from kb.i18n import TranslatedLabels, later, line_span, t, tn
from kb.languages import MAIN
from kb.models import Passage, Span
from kb.ui import accounts, address, desk, drafts, markup, places, resources, window
from kb.ui.decision import counts, decision_form, show_decide, show_history
from kb.ui.form import Form
from kb.ui.law import middle, show_law
from kb.ui.overview import Overview, overview
from kb.ui.pages import link
from kb.ui.rail import SHOW, rail
from kb.ui.slots import show_slots
from kb.ui.two import is_open, show_double
from kb.ui.widgets import pick

VIEWS = TranslatedLabels({"criteria": "Criteria", "law": "The law", "decide": "Decide"})
"""The three parts; on a narrow screen one at a time."""


def page() -> None:
    """Draw the workbench for the criterion that the address names; without one, the list of criteria."""
    by = accounts.author()
    framework = resources.framework()
    known = {one.id: f"{one.id} {one.element}" for one in framework.criteria()}
    id = address.value("criterion")
    if id not in known or overview(address.value("set")) is None:  # the bench has a heading of its own
        st.title(places.name_of("criterion"))
    policy_set = desk.chosen_set()
    if policy_set is None:
        return
    if not id:
        _list(policy_set, by)
        return
    if id not in known:
        pick(t("Criterion"), "criterion", list(known), known.__getitem__)
    show, view = _chosen("show", SHOW, ""), _chosen("view", VIEWS, "law")
    now = overview(policy_set.id)
    assert now is not None  # chosen_set found it
    window.title("criterion", known[id])
    with st.container(key=f"kb-bench-{view}"):
        st.html(_tabs(view))
        left, middle, right = st.columns([17.5, 46, 26], gap=None)
        mine = [
            draft.form.rpartition("/")[2]
            for draft in drafts.of(by)
            if draft.form.startswith(f"finding/{policy_set.id}/")
        ]
        left.html(rail(now, framework, current=id, show=show, by=by, derived=desk.derived_on(), drafts=mine))
        seen = review(resources.workspace(), framework, policy_set.id, id)
        with middle:
            # while two assess it apart, evidence goes onto their sheets
            show_law(seen, framework.criterion(id), "" if is_open(seen) else by)
        with right:
            _panel(seen, framework.recommendation(id), framework.criterion(id), by, now)


def _list(policy_set: PolicySet, by: str) -> None:
    """Draw all criteria with their state, and a link to the next one to decide, while no criterion is chosen."""
    now = overview(policy_set.id)
    assert now is not None  # chosen_set found it
    first = _next(now, "")
    if first:
        words = t("Go on with {id}, the first that is undecided", id=first)
        link("criterion", words, desk.keys(policy_set, criterion=first), icon=":material/arrow_forward:")
    with st.container(key="kb-list"):
        show = _chosen("show", SHOW, "")
        st.html(rail(now, resources.framework(), current="", show=show, by=by, derived=desk.derived_on()))


def _chosen(key: str, known: Mapping[str, str], default: str) -> str:
    """Return the value of a query key, or `default`. Raises InputError if it is not one of `known`."""
    value = address.value(key) or default
    if value not in known:
        raise InputError(
            t("The address has {key}={value}.", key=key, value=value),
            do=t("Give one of: {known}.", known=", ".join(filter(None, known))),
        )
    return value


def _tabs(view: str) -> str:
    """Return links to the three parts of the workbench as HTML, visible only on a narrow screen; `view` is the
    current part."""
    query = {key: st.query_params[key] for key in st.query_params}
    rows = "".join(
        f'<a href="{markup.escape(address.href("criterion", {**query, "view": key}), quote=True)}"'
        f"{' aria-current=true' if key == view else ''}>{words}</a>"
        for key, words in VIEWS.items()
    )
    return f'<nav class="k-three" aria-label="{t("Parts")}">{rows}</nav>'


def _panel(seen: Review, recommendation: Recommendation, criterion: Criterion, by: str, now: Overview) -> None:
    """Draw the right part of the workbench: what the criterion asks for, what counts, the evidence and the decision.
    Its buttons stay visible at the bottom."""
    form: Form | None = None
    with st.container(key="kb-panel"):
        st.title(f"{criterion.id} {criterion.element}")
        st.html(_recommendation_html(recommendation))
        show_slots(seen, "" if is_open(seen) else by)
        st.html(_answers_explained(criterion))
        if not by:
            st.info(
                t("Write your name at the top right: a status is set only by a named person."), icon=":material/person:"
            )
        if not is_open(seen):
            form = decision_form(seen, by)
        link(
            "actions", t("Add an action for {id}", id=criterion.id), desk.keys(seen.policy_set, criterion=criterion.id)
        )
        _indicators(criterion)
        show_double(seen, by)
        show_history(seen.policy_set.id, criterion.id)
    with st.container(key="kb-decide"):
        if did := st.session_state.pop("kb-did", ""):
            st.success(did, icon=":material/check:")
        if form:
            going = _go_on(seen.policy_set, now, criterion.id)
            show_decide(seen, form, by, _next(now, criterion.id), going, middle(seen))
        _moves(seen.policy_set, criterion)


def _answers_explained(criterion: Criterion) -> str:
    """Return an HTML block that says what counts as each answer, with cautions."""
    facts = markup.facts(
        [
            *counts(criterion),
            (t("Caution"), markup.InEnglish(criterion.caution or "")),
            (t("How far it can be assessed"), markup.InEnglish(criterion.assessability_note or "")),
        ]
    )
    return f'<details open class="k-fold k-small"><summary>{t("What counts")}</summary>{facts}</details>'


def _recommendation_html(recommendation: Recommendation) -> str:
    """Return the recommendation in the paper's own words as HTML: the first quotation; the others can be unfolded."""
    derived = recommendation.kind == "derived"
    first, *rest = recommendation.quotations
    lead = (
        (
            f'<p class="k-small '
            f'k-quiet">{t("Our addition: derived from these lines of the paper, not one of its recommendations.")}'
            "</p>"
        )
        if derived
        else ""
    )
    words = "".join(
        markup.marked(one.text, (), wording="verbatim")
        + markup.line(t("Background paper, {lines}", lines=line_span(one.lines)), "cite")
        for one in rest
    )
    more = (
        (
            f'<details class="k-fold '
            f'k-small"><summary>{tn("1 more quotation", "{n} more quotations", len(rest))}</summary>'
            f"{words}</details>"
        )
        if rest
        else ""
    )
    note = markup.notes([recommendation.note]) if recommendation.note else ""
    says = f'<span class="k-says" lang="{MAIN}">“{markup.escape(first.text)}”</span>'
    return (
        f'{lead}<details class="k-more"><summary>{says}'
        f'<span class="k-small k-open">{t("Show the whole quotation")}</span></summary>'
        f'</details><p class="k-cite"><span class="k-force k-expert">'
        f'<span class="k-f k-f-expert" aria-hidden="true"></span>{t("Expert recommendation")}</span> '
        f"{t('· background paper, {lines}', lines=line_span(first.lines))}"
        f"</p>{note}{more}"
    )


def _indicators(criterion: Criterion) -> None:
    """Draw the indicators, and links to the lines of the paper that state or argue the criterion."""
    rows = [
        (
            one.type,
            markup.InEnglish(one.text),
            ", ".join(one.sdg) + ("" if one.verified or not one.sdg else t(" (unverified)")),
        )
        for one in criterion.indicators
    ]
    with st.expander(t("Indicators, and where the paper argues it")):
        st.html(markup.table((t("Type"), t("What to look for"), t("SDG indicators")), rows, t("Indicators")))
        for kind, spans in ((t("States it"), criterion.own_lines), (t("Argues it"), criterion.support_lines)):
            for span in spans:
                passage = _passage(span)
                words = t("{kind}: {lines}", kind=kind, lines=line_span(span))
                link("passage", words, {"id": passage.id}) if passage else st.markdown(words)


def _passage(span: Span) -> Passage | None:
    """Return the passage of the paper on these lines; None if there is no index, which the rest of the page does not
    need."""
    try:
        return resources.passage_at(resources.framework().document, span)
    except KBError:
        return None


def _next(now: Overview, id: str) -> str:
    """Return the id of the next criterion that is not decided: after `id`, then from the start; '' if all are
    decided."""
    ids = [one for one in now.findings if desk.derived_on() or not one.startswith("D")]
    after = ids[ids.index(id) + 1 :] + ids[: ids.index(id)] if id in ids else ids
    return next((one for one in after if now.findings[one].status == "not-assessed"), "")


def _go_on(policy_set: PolicySet, now: Overview, id: str) -> Callable[[str], None]:
    """Return the function that is called after a decision on the criterion `id`: it opens the next undecided
    criterion."""

    def go(done: str) -> None:
        """Store `done`, the message about the decision, for the next page, and open the next undecided criterion if
        there is one."""
        st.session_state["kb-did"] = done
        to = _next(now, id)
        if to:
            move(policy_set, to)

    return go


def move(policy_set: PolicySet, id: str) -> None:
    """Set the criterion in the address and keep the filters."""
    kept = {key: st.query_params[key] for key in ("derived", "show") if key in st.query_params}
    st.query_params.from_dict({"set": policy_set.id, "criterion": id, **kept})


def _moves(policy_set: PolicySet, criterion: Criterion) -> None:
    """Draw the buttons to the previous and next criterion, with their keys."""
    before, after = neighbours(resources.framework(), criterion.id, derived=desk.derived_on())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for id, words, key in ((before, later("Previous: {id}"), "K"), (after, later("Next: {id}"), "J")):
            if id:
                st.button(
                    t(words, id=id),
                    key=f"go-{key}",
                    shortcut=key,
                    type="tertiary",
                    on_click=move,
                    args=(policy_set, id),
                )
