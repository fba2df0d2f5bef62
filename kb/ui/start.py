"""The start page: what this is, a search, three entrances, recent work, what is due, and what is installed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape

import streamlit as st

from kb.assessment.policies import policy_sets
from kb.errors import KBError
from kb.i18n import clock, day, later, month_day, number, t, tn
from kb.plan.actions import actions, overdue
from kb.plan.models import Action
from kb.ui import address, drafts, markup, resources, search, shell
from kb.ui.accounts import author
from kb.ui.address import href
from kb.ui.pages import address_of, link

SENTENCE = later(
    "Find what governments promised on social integration, quote it exactly, and set a country’s laws beside it."
)
EXAMPLES = 3
"""Number of examples under the search box."""
LISTED = 3
"""Lines of each list, so that the page fits on one screen."""
MONTH = timedelta(days=31)
SIX_AND_ONE = (
    later("The background paper of 2008 ends with six numbered recommendations."),
    later("They cover three of the four issues that it names as key."),
    later("The fourth, personal security and freedom from violence, has a section but no number."),
    later("We add it as a seventh row, marked “our addition”. You can switch it off."),
)


def page() -> None:
    """Draw the start page, or the search page if the address has query keys."""
    if any(address.many(key) for key in st.query_params):
        search.page()
        return
    shell.title()
    st.title(t(SENTENCE))
    _ask()
    _texts()
    _doors()
    left, middle, right = st.columns([1, 1, 1.2], gap="large")
    with shell.errors_shown():
        left.html(
            _listed(t("Continue where you were"), _continued(author()), t("Nothing is begun in this browser yet."))
        )
        middle.html(_listed(t("Due within a month"), _due(), t("No action is due.")))
    right.html(
        f'<section class="k-start"><h2>{t("Why six and one?")}</h2><ol>'
        + "".join(f'<li class="k-small">{escape(t(line))}</li>' for line in SIX_AND_ONE)
        + "</ol></section>"
    )
    _installed()


def _ask() -> None:
    """Draw the search box with its button and examples."""
    with st.form("ask", border=False, enter_to_submit=True):
        left, right = st.columns([5, 1], vertical_alignment="bottom")
        query = left.text_input(
            t("What are you looking for?"),
            key="ask-q",
            label_visibility="collapsed",
            max_chars=10_000,  # as on the page of the search
            placeholder=t("A question, a word, or “exact words”"),
        )
        sent = right.form_submit_button(t("Search"), type="primary", width="stretch")
    if sent and query.strip():
        st.switch_page(address_of("search"), query_params={"q": query})
    asked = [t(one.query) for one in resources.content().examples[:EXAMPLES]]
    examples = [markup.anchor(href("search", {"q": one}), one) for one in asked]
    st.html(f'<p class="k-try"><span class="k-quiet">{t("For example:")}</span> {" ".join(examples)}</p>')


def _texts() -> None:
    """Draw which instruments cannot be quoted yet, since their official text is not installed, with a form to add one.
    It is near the top: a person who wants to quote must know it first."""
    from kb.ui.official import show_add

    missing = resources.missing_texts()
    if not missing:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="kb-texts"):
        names = markup.escape(", ".join(missing.values()))
        words = t("Cannot be quoted word for word yet: {names}. Their official texts are not here.", names=names)
        st.html(f'<p class="k-small">{words}</p>', width="content")
        with st.popover(t("Add an official text"), type="tertiary"):
            show_add(missing)


def _doors() -> None:
    """Draw the links to the three sections of the app, each with its next step."""
    find, assess, code = st.columns(3, gap="medium")
    with find.container(key="kb-door-find", border=True):
        about = t(
            "What binds, what was promised and what was only recommended, kept apart. Every line with its citation."
        )
        st.html(f"<h2>{t('Find a commitment')}</h2><p>{about}</p>")
        link("promised", t("See who promised what to one group of people"))
    with assess.container(key="kb-door-assess", border=True):
        about = t(
            "Set it against {criteria_count} criteria. The tool proposes passages; a person decides.",
            criteria_count=resources.framework().criteria_count,
        )
        st.html(f"<h2>{t('Assess a law or a plan')}</h2><p>{about}</p>")
        given = st.file_uploader(
            t("Drop a PDF here, or choose a file"), key="dropped-file", type=list(resources.UPLOADS)
        )
        link("assess", t("Begin without a file, or try the sample"))
    with code.container(key="kb-door-code", border=True):
        about = t("Mark passages with your own codes, compare two coders, take everything to your own tools.")
        st.html(f"<h2>{t('Code and export')}</h2><p>{about}</p>")
        link("coding", t("Begin a project"))
        link("export", t("Export"))
    if given is not None:
        st.session_state["dropped"] = (given.name, given.getvalue())
        st.switch_page(address_of("assess"))


def _listed(title: str, rows: list[tuple[str, str, str]], nothing: str) -> str:
    """Return an HTML list under a title; each row is (address, link text, HTML of small print). Without rows, show the
    text `nothing`."""
    body = "".join(
        f'<li>{markup.anchor(to, words)}<br><span class="k-small k-quiet">{small}</span></li>'
        for to, words, small in rows
    )
    return (
        f'<section class="k-start"><h2>{escape(title)}</h2>'
        + (f"<ul>{body}</ul>" if rows else f'<p class="k-small k-quiet">{escape(nothing)}</p>')
        + "</section>"
    )


def _continued(by: str) -> list[tuple[str, str, str]]:
    """Return drafts of this person, then the assessments that changed last."""
    rows = []
    titles = {one.id: one for one in policy_sets(resources.workspace()) if not one.archived}
    for draft in drafts.of(by)[:LISTED]:
        kind, _, rest = draft.form.partition("/")
        set_id, _, criterion = rest.partition("/")
        if kind == "finding" and set_id in titles:
            rows.append(
                (
                    href("criterion", {"set": set_id, "criterion": criterion}),
                    f"{criterion}, {titles[set_id].title}",
                    t(
                        "your draft, {day}, {clock}",
                        day=month_day(draft.at.astimezone()),
                        clock=clock(draft.at.astimezone()),
                    ),
                )
            )
    latest = sorted(titles.values(), key=lambda one: str(one.changed_at or ""), reverse=True)
    rows += [
        (href("matrix", {"set": one.id}), one.title, tn("{n} document", "{n} documents", len(one.policies)))
        for one in latest
    ]
    return rows[:LISTED]


def _due() -> list[tuple[str, str, str]]:
    """Return actions that are late or due within a month, the earliest first."""
    ws, today = resources.workspace(), datetime.now(UTC).date()
    late = {one.id for one in overdue(ws, today)}
    near = [
        one
        for one in actions(ws)
        if one.due
        and not one.archived
        and not one.status.closed
        and one.findings
        and (one.id in late or today <= one.due <= today + MONTH)
    ]
    return [
        (href("actions", {"set": one.findings[0].policy_set}), one.title, _when(one, one.id in late, today))
        for one in sorted(near, key=lambda one: one.due or today)
    ][:LISTED]


def _when(one: Action, late: bool, today: object) -> str:
    """Return, as HTML, the criteria that an action serves and its due date, which is marked if it is `late`."""
    criteria = ", ".join(ref.criterion for ref in one.findings)
    on = day(one.due) if one.due else ""
    return f'<b class="k-late">{t("late")}</b> · {escape(criteria)}, {on}' if late else f"{escape(criteria)}, {on}"


def _installed() -> None:
    """Draw one line: what can be searched, and how many official texts are missing."""
    try:
        made = resources.searcher().index.manifest
    except KBError as error:
        shell.show_error(error)
        return
    missing = resources.missing_texts()
    here = t(
        "Installed: {count} documents, {passages} passages, built {day}",
        count=len(made.documents),
        passages=number(made.passages),
        day=day(made.built),
    )
    texts = (
        t("Official texts: all are here")
        if not missing
        else tn(
            "Official texts: {n} is missing, named above; its commitments show our words",
            "Official texts: {n} are missing, named above; their commitments show our words",
            len(missing),
        )
    )
    tour = markup.anchor("about#tour", t("Five-minute tour"))
    st.html(f'<p class="k-foot"><span>{escape(here)}</span><span>{escape(texts)}</span>{tour}</p>')
