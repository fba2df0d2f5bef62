"""A passage that the machine proposes for a criterion: accept it as evidence, reject it, or quote other words."""

from __future__ import annotations

from datetime import date
from typing import cast, get_args

import streamlit as st
from typing_extensions import TypedDict

from kb.assess.models import Grade
from kb.assessment import proposals
from kb.assessment.findings import add_evidence
from kb.assessment.models import Evidence, EvidenceLevel, EvidenceRole, EvidenceType, Proposal, Stance
from kb.assessment.review import Review, reasons, suggested
from kb.errors import InputError
from kb.i18n import TranslatedLabels, percent, t
from kb.log.decisions import shown_name
from kb.report.legal import LEGAL, ROLES
from kb.ui import conflicts, markup, resources
from kb.ui.content import plain
from kb.ui.doubts import show_doubts
from kb.ui.fields import FieldValue
from kb.ui.form import Form
from kb.ui.versions import LastWrite

GRADES = TranslatedLabels({grade.value: grade.words for grade in Grade})
OTHER = "-"
"""The choice of a source that is not loaded; no policy has this id."""
TAKING = "selected words"
"""Place at which errors of accepting selected words are shown."""
CUT = 120
"""Characters of selected words that the confirmation repeats."""
STANCES = TranslatedLabels(
    {"supports": "support it", "contradicts": "speak against it", "context": "are only its context"}
)
"""Stances: the effect of words on a criterion."""
LEVELS = TranslatedLabels({level.value: level.words for level in EvidenceLevel})
"""Levels: how strong words are as evidence for a criterion."""
VERDICTS = TranslatedLabels({"accepted": "Taken as evidence", "rejected": "Not relevant"})


def show_acts(seen: Review, found: Proposal, by: str) -> None:
    """Draw the actions on the current proposal, and in one line why it was proposed."""
    with st.container(key="kb-take"):
        if found.verdict:
            reason = f": {found.verdict_reason}" if found.verdict_reason else ""
            words = t(
                "{verdict}, said {verdict_by}{reason}",
                verdict=VERDICTS[found.verdict],
                verdict_by=markup.escape(shown_name(found.verdict_by)),
                reason=markup.escape(reason),
            )
            st.html(f'<p class="k-said">{words}</p>')
        role, stance = suggested(found)
        against = stance == "contradicts"
        with st.container(horizontal=True, vertical_alignment="center"):
            for key, (one, words) in enumerate(ROLES.items(), 1):
                if found.verdict != "accepted":
                    st.button(
                        t("Take as {words}", words=words) + (t(", against it") if against else ""),
                        key=f"take-{one}",
                        shortcut=str(key),
                        disabled=not by or not found.verbatim,
                        type="primary" if one == role else "secondary",
                        on_click=_take,
                        args=(seen, found, by, one, stance),
                    )
            if found.verdict != "rejected":
                st.button(
                    t("Not relevant"),
                    key="reject",
                    shortcut="X",
                    disabled=not by,
                    type="tertiary",
                    on_click=_reject,
                    args=(seen, found, by),
                )
            with st.popover(t("Take only some words")):
                _otherwise(seen, found, by, role, stance)
        if not by:
            st.caption(t("Write your name at the top right: evidence is taken by a named person."))
        _force(seen, found, by)
        if not found.verbatim:
            st.caption(t("These words are joined from clauses that do not stand together: take only some of them."))
        conflicts.show(_place(found))
        _ask_evidence(seen, found, by)
        st.html(_why(found))


def _force(seen: Review, found: Proposal, by: str) -> None:
    """Draw how the legal status of the text limits the use of its words as evidence, and the question about it if
    the status is in doubt."""
    source = next((policy for policy in seen.policy_set.policies if policy.id == found.policy), None)
    if source and source.current.standing not in ("in-force", "unknown"):
        st.html(
            markup.line(
                t(
                    "This text is not law in force: {standing}. It can show what is planned; it cannot carry “met”.",
                    standing=LEGAL[source.current.standing],
                ),
                "doubt",
            )
        )
    show_doubts(seen.policy_set, {found.policy}, by)


def _why(found: Proposal) -> str:
    """Return the machine's reasons: one line that unfolds."""
    probe = found.why.get("probe")
    sure = (
        t(
            " Of passages that the machine was as sure of, readers called about {confidence} direct evidence.",
            confidence=percent(found.confidence),
        )
        if found.confidence is not None and found.verdict is None
        else ""
    )
    line = t("Proposed because it may show: {probe}.", probe=probe) if probe else t("Proposed by its words.")
    more = "".join(
        markup.line(reason) for reason in [GRADES.get(found.grade, found.grade), *reasons(found.why)] if reason
    )
    return (
        f'<details class="k-fold '
        f'k-small"><summary>{markup.escape(line + sure)}</summary>{more}{markup.line(found.citation)}</details>'
    )


def _ask_evidence(seen: Review, found: Proposal, by: str) -> None:
    """Ask before a passage that is evidence is rejected, since its evidence row is then removed as well."""
    if st.session_state.get("kb-reject") != _place(found):
        return
    st.warning(
        t(
            "This passage is evidence here. Calling it not relevant also takes it out of the evidence; "
            "its history stays."
        )
    )
    with st.container(horizontal=True):
        st.button(t("Take it out, and not relevant"), key="reject-both", on_click=_reject, args=(seen, found, by, True))
        st.button(t("Leave it as evidence"), key="reject-none", on_click=st.session_state.pop, args=("kb-reject", None))


def _take(seen: Review, found: Proposal, by: str, role: EvidenceRole, stance: Stance) -> None:
    done = conflicts.attempt(
        _place(found),
        t("Take it as evidence"),
        lambda at: proposals.accept(
            resources.workspace(),
            resources.framework(),
            seen.policy_set.id,
            found.criterion,
            found.run,
            found.rank,
            by=by,
            expected=at.get(seen.stream, seen.finding.version),
            role=role,
            stance=stance,
            verdict_seen=_verdict(seen, found, at),
        ),
    )
    if done:
        words = t("Taken as {role}: {citation}", role=ROLES[role], citation=found.citation)
        st.session_state["kb-did"] = markup.plain_label(words)


def _reject(seen: Review, found: Proposal, by: str, with_evidence: bool = False) -> None:
    """Reject the proposal; if it is evidence, ask the person first."""
    if not with_evidence and proposals.evidence_of(seen.finding, found):
        st.session_state["kb-reject"] = _place(found)
        return
    st.session_state.pop("kb-reject", None)
    conflicts.attempt(
        _place(found),
        t("Call it not relevant"),
        lambda at: proposals.reject(
            resources.workspace(),
            seen.policy_set.id,
            found.criterion,
            found.run,
            found.rank,
            by=by,
            expected=_verdict(seen, found, at),
            framework=resources.framework(),
            evidence_seen=at.get(seen.stream, seen.finding.version) if with_evidence else None,
        ),
    )


def _verdict(seen: Review, found: Proposal, at: dict[str, int]) -> int:
    """Return the version of the verdict on a proposal that the person last saw: the version in `at` (stream to version)
    if they have decided a conflict, otherwise the version when the page was drawn."""
    return at.get(proposals.verdict_stream(seen.policy_set.id, found), found.verdict_version)


def _place(found: Proposal) -> str:
    """Return the key under which errors of actions on this proposal are stored (see conflicts.attempt)."""
    return f"proposal-{found.run}-{found.criterion}-{found.rank}"


def _otherwise(seen: Review, found: Proposal, by: str, role: EvidenceRole, stance: Stance) -> None:
    """Draw the form that accepts the passage as evidence after the person has changed the words, role, stance, kind or
    date; `role` and `stance` are the start values."""
    form = Form(
        f"otherwise/{seen.policy_set.id}/{found.criterion}/{found.run}-{found.rank}",
        {"words": found.text, "reason": "", **_kind_now(role, stance)},
        by=by,
        version=(seen.finding.version, found.verdict_version),
        last=LastWrite(seen.finding.changed_by, seen.finding.changed_at),
    )
    words = form.area("words", t("Words to quote"), help=t("A part of the passage, word for word"))
    given = _kind(form)
    taken = took(found.type, proposals.taken_for(found)["machine_level"])
    if taken:
        st.caption(taken)
    reason = form.line("reason", t("Reason"))
    if form.submit(t("Take as evidence"), disabled=not by):
        with form.recording(at="words"):
            proposals.accept(
                resources.workspace(),
                resources.framework(),
                seen.policy_set.id,
                found.criterion,
                found.run,
                found.rank,
                by=by,
                expected=seen.finding.version,
                quotation=words,
                reason=reason,
                verdict_seen=found.verdict_version,
                **given,
            )


def _kind_now(role: EvidenceRole, stance: Stance) -> dict[str, FieldValue]:
    """Return the start values of role, stance, kind, level and date in a form."""
    return {"role": role, "stance": stance, "type": "", "level": "", "effective": None}


class KindAndLevel(TypedDict):
    """Kind and level of an evidence row as a person entered them; None if not entered."""

    type: EvidenceType | None
    level: EvidenceLevel | None


class _EnteredEvidence(KindAndLevel):
    """All that a person can enter about an evidence row besides its words: role, stance, kind, level, date."""

    role: EvidenceRole
    stance: Stance
    effective: date | None


def _kind(form: Form) -> _EnteredEvidence:
    """Draw the fields for role, stance, kind, level and date of an evidence row; return their values."""
    words = {
        "instrument": t("Law in force: the law, regulation or policy itself"),
        "operation": t("At work: budget, institution at work, data"),
    }
    return {
        "role": EvidenceRole(form.radio("role", t("It shows"), EvidenceRole.values(), words.__getitem__)),
        "stance": form.radio("stance", t("These words"), get_args(Stance), STANCES.__getitem__, horizontal=True),
        **draw_kind(form),
        "effective": form.day(
            "effective", t("In force since, or the date of its figures, where known"), min_value=date(1900, 1, 1)
        ),
    }


def draw_kind(form: Form) -> KindAndLevel:
    """Draw the fields for kind and level of an evidence row; return their values, None if empty."""
    kind = form.radio(
        "type",
        t("Kind of evidence"),
        ("", *get_args(EvidenceType)),
        lambda one: plain(one) if one else t("not said"),
        horizontal=True,
        help=t("Structural: what is set up by law. Process: what is done. Outcome: what came of it for people."),
    )
    worth = form.radio(
        "level",
        t("What it is worth"),
        ("", *EvidenceLevel.values()),
        lambda one: LEVELS[one] if one else t("not said"),
        horizontal=True,
    )
    return {"type": cast("EvidenceType | None", kind or None), "level": EvidenceLevel(worth) if worth else None}


def took(kind: str | None, worth: str | None) -> str:
    """Return the machine's guess of `kind` and level (`worth`) as a sentence; '' if both are None."""
    held = [plain(kind).lower() if kind else "", LEVELS[worth] if worth else ""]
    words = ", ".join(filter(None, held))
    return t("The machine takes it for: {words}. You say what it is.", words=words) if words else ""


def kind_in_words(row: Evidence) -> str:
    """Return kind and level of a row in words: as a person stated them, otherwise the machine's guess, marked as
    one."""
    words = [plain(row.type).lower() if row.type else "", LEVELS[row.level] if row.level else ""]
    if any(words):
        return ", ".join(filter(None, words))
    if row.earlier_type:
        return t("{kind}? (an earlier version did not note who said so)", kind=plain(row.earlier_type).lower())
    if row.machine_type:
        return t("{kind}? (the machine’s guess)", kind=plain(row.machine_type).lower())
    return t("kind not said")


def _source(chosen: str | None, other: str) -> str:
    """Return the source of a quotation: a loaded document or the name of another source. Raises InputError unless
    exactly one is given."""
    if chosen is None or (chosen == OTHER) != bool(other.strip()):
        raise InputError(
            t("The source is not clear."), do=t("Choose a loaded document, or “Another source” and write its name.")
        )
    return other.strip() if chosen == OTHER else chosen


def take_words(seen: Review, policy: str, by: str, words: str, role: EvidenceRole) -> None:
    """Record selected words of a document as evidence; kind and level can be given later. An error or conflict is shown
    at the place TAKING."""
    row = {"source": policy, "quotation": words, "locator": "", "role": role, "stance": "supports"}
    done = conflicts.attempt(
        TAKING,
        t("Take it as evidence"),
        lambda at: add_evidence(
            resources.workspace(),
            resources.framework(),
            seen.policy_set.id,
            seen.finding.criterion,
            row,
            by=by,
            expected=at.get(seen.stream, seen.finding.version),
        ),
    )
    if done:
        cut = words if len(words) <= CUT else words[:CUT].rsplit(" ", 1)[0] + " …"
        st.session_state["kb-taken"] = t("Taken as {role}: “{words}”", role=ROLES[role], words=markup.plain_label(cut))


def show_quote(seen: Review, policy: str, by: str, words_picked: str = "") -> None:
    """Draw the form for evidence that the machine did not propose: words of a loaded document, or of another source."""
    titles = {policy.id: policy.title for policy in seen.policy_set.policies}
    form = Form(
        f"quote/{seen.policy_set.id}/{seen.finding.criterion}",
        {
            "source": policy,
            "other": "",
            "words": "",
            "locator": "",
            **_kind_now(EvidenceRole.INSTRUMENT, "supports"),
        },
        by=by,
        version=seen.finding.version,
        last=LastWrite(seen.finding.changed_by, seen.finding.changed_at),
    )
    if words_picked:
        form.fill("source", policy)
        form.fill("other", "")
        form.fill("words", words_picked)
    chosen = form.select(
        "source", t("Source"), [*titles, OTHER], lambda id: titles.get(id, t("Another source, not loaded here"))
    )
    other = form.line("other", t("Name of the other source"), help=t("What is quoted from it cannot be verified here."))
    words = form.area(
        "words",
        t("Words, verbatim"),
        help=t("They are looked up in the document and refused if they do not stand there."),
    )
    given = _kind(form)
    locator = form.line(
        "locator", t("Article or page"), placeholder=t("article or page, if the words stand more than once")
    )
    if form.submit(t("Add as evidence"), disabled=not by):
        with form.recording():
            row = {"source": _source(chosen, other), "quotation": words, "locator": locator, **given}
            add_evidence(
                resources.workspace(),
                resources.framework(),
                seen.policy_set.id,
                seen.finding.criterion,
                row,
                by=by,
                expected=seen.finding.version,
            )
