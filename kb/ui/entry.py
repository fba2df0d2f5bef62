"""One entry of the register: statement, official text if installed, citation, links, and what the background paper
writes about it."""

from __future__ import annotations

import streamlit as st

from kb.amounts import run_of
from kb.citing.cite import Cited
from kb.citing.notes import NOT_INSTALLED
from kb.citing.printed import in_one, printed
from kb.citing.styles import FORMATS, format_citation
from kb.commitments import browse
from kb.commitments.links import KIND_WORDS, links_of
from kb.commitments.register import Entry, Instrument
from kb.errors import KBError
from kb.i18n import later, line_span, t
from kb.report.blocks import SCOPE
from kb.ui import markup, resources, shell
from kb.ui.beside import show_account, show_alike
from kb.ui.content import TAG_STATES, origin_words
from kb.ui.hit import force_line
from kb.ui.official import show_add
from kb.ui.pages import link
from kb.ui.quote import FORMAT_WORDS, quotable

MISSING_HERE = later("The official text is not here. Add a file that you have, or get it from where it is published.")


def show_entry(instrument: Instrument, entry: Entry) -> None:
    """Draw the page of one entry."""
    st.title(entry.identifier)
    link(
        "commitments",
        t("All of {title}", title=instrument.title),
        {"instrument": instrument.id},
        icon=":material/arrow_back:",
    )
    _statement(instrument, entry)
    cited = _cited(entry)  # reads the index: what is said above is there before it
    _official(instrument, cited)
    show_citations(cited)
    _links(entry)
    _account(entry)
    _below(instrument, entry)


def _cited(entry: Entry) -> Cited | None:
    """Return the entry as a citation; None if it cannot be cited (the error is shown)."""
    with shell.errors_shown():
        return resources.citations().resolve(entry.id)
    return None


def _statement(instrument: Instrument, entry: Entry) -> None:
    labels = resources.labels()
    mark = labels.term("verified", entry.verified)
    st.html(
        f'<div class="kb-head">{force_line(entry.force)}<span class="kb-near">{mark}</span></div>'
        + markup.line(markup.InEnglish(instrument.force_note))
    )
    st.header(t("What it says, in this project's words"))
    st.html(
        markup.marked(entry.statement, (), wording=entry.wording)
        + markup.notes(filter(None, [f"{SCOPE}{entry.scope}" if entry.scope else "", entry.note, instrument.note]))
    )
    rng = entry.range
    st.html(
        markup.facts(
            [
                (t("Heading"), markup.InEnglish(entry.heading)),
                (t("Who must act"), _terms("actor", entry.duty_bearers)),
                (t("For whom"), _terms("group", entry.groups) or t("Everyone: no group is named")),
                (t("Sectors"), _terms("sector", entry.sectors)),
                (t("Processes"), _terms("process", entry.processes)),
                (t("Deadline or target"), entry.deadline or ""),
                (
                    t("Paragraphs"),
                    f"{rng.of} {run_of(rng.first, rng.last)}{'' if rng.verified else t(' (unverified)')}"
                    if rng
                    else "",
                ),
                (t("Document"), t("{symbol}, adopted {adopted}", symbol=instrument.symbol, adopted=instrument.adopted)),
                (t("Checked against (sha256)"), entry.verified_against or ""),
                (t("Procedural"), t("yes") if entry.procedural else ""),
            ]
        )
    )


def _terms(facet: str, terms: tuple[str, ...]) -> str:
    return ", ".join(resources.labels().term(facet, term) for term in terms)


def _official(instrument: Instrument, cited: Cited | None) -> None:
    st.header(t("Official text"))
    if cited and cited.passages:
        st.html(
            markup.line(
                t(
                    "Word for word from {file}, sha256 {sha256}…",
                    file=cited.passages[0].place.file,
                    sha256=cited.passages[0].place.sha256[:12],
                )
            )
        )
        for passage, text in printed(cited.passages):
            if passage is None:
                st.html(markup.line(text))
                continue
            at = passage.place.lines
            where = t(", {lines} of the file", lines=line_span(at)) if at else ""
            st.html(
                markup.marked(
                    passage.text,
                    (),
                    language=passage.language,
                    wording=markup.wording_of(passage.wording, passage.may_quote),
                )
                + markup.line(f"{passage.citation}{where}", "cite")
            )
        st.caption(t("Copy with citation and force"))
        st.code(
            quotable(
                in_one(cited.passages),
                cited.passages[0].citation,
                cited.force,
                cited.passages[0].notes,
                wording=markup.wording_of(cited.passages[0].wording, all(p.may_quote for p in cited.passages)),
            ),
            language=None,
            wrap_lines=True,
        )
    else:
        missing = {id: title for id, title in resources.missing_texts().items() if id == instrument.id}
        st.markdown(t(MISSING_HERE))
        if missing:
            with st.popover(t("Add an official text")):
                show_add(missing)
    unchecked = "" if instrument.url_verified else t(" (address not checked)")
    st.markdown(f"{t('Published at:')} <{instrument.url}>{unchecked}")


def show_citations(cited: Cited | None) -> None:
    """Draw the citation in every format, each with a copy button; nothing for None."""
    if cited is None:
        return
    st.header(t("Cite"))
    for tab, style in zip(st.tabs([FORMAT_WORDS[style] for style in FORMATS]), FORMATS):
        with tab, shell.errors_shown():
            st.code(format_citation(cited, style), language=None, wrap_lines=True)
    notes = [t(MISSING_HERE) if note.startswith(NOT_INSTALLED) else note for note in cited.notes]
    if notes:
        st.html(markup.notes(notes))


def _links(entry: Entry) -> None:
    st.header(t("Links"))
    found = links_of(entry.id, resources.links())
    if not found:
        st.markdown(t("No links are recorded."))
    for one in found:
        sign = t("pulls the same way") if one.sign == "+" else t("a difference to see")
        st.html(
            f"<p><strong>{markup.escape(one.source)}</strong> {t(KIND_WORDS[one.type])} "
            f"<strong>{markup.escape(one.target)}</strong></p>"
            + markup.line(
                t(
                    "{state}, by {origin}; {sign}.",
                    state=TAG_STATES[one.state],
                    origin=origin_words(one.origin),
                    sign=sign,
                )
            )
            + markup.line(markup.InEnglish(one.rationale))
            + markup.notes([one.note] if one.note else [])
        )
        show_other(one.target if one.source == entry.id else one.source, one.lines)


def show_other(id: str, lines: tuple[int, int] | None = None) -> None:
    """Draw a link to `id`, the other end of a link: an entry of the register, or a passage (with `lines`: the passage
    of the document `id` on these lines). Draw nothing if the index does not have it."""
    try:
        browse.find(resources.register(), id)
        link("commitments", t("Open {id}", id=id), {"id": id}, icon=":material/link:")
    except KBError:
        passage = resources.passage_at(id, lines)
        if passage:
            link("passage", t("Open {citation}", citation=passage.citation), {"id": passage.id}, icon=":material/link:")


def _account(entry: Entry) -> None:
    """Draw what the background paper says of the entry, with notes on where it is imprecise, and near-duplicates of its
    words."""
    accounts_of_it = resources.account().about(entry.id)
    st.header(t("What the background paper says of it"))
    if not accounts_of_it:
        st.markdown(t("The paper does not speak of this entry."))
    show_account(accounts_of_it)
    show_alike(entry.id)


def _below(instrument: Instrument, entry: Entry) -> None:
    held = browse.under(instrument, entry.id)
    if held:
        st.header(t("Under it"))
        for one in held:
            link("commitments", f"{one.identifier}: {one.heading}", {"id": one.id})
    if entry.parent:
        link("commitments", t("What it is a part of"), {"id": entry.parent}, icon=":material/arrow_upward:")
