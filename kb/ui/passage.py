"""One passage under its permanent address: text, location, citation, tags, links, and where it is mentioned."""

from __future__ import annotations

import streamlit as st

from kb.amounts import run_of
from kb.citing.about import accounts_here, entry_of, links_here
from kb.commitments.links import KIND_WORDS
from kb.errors import NotFound
from kb.i18n import percent, t
from kb.models import Passage
from kb.ui import address, markup, places, resources, window
from kb.ui.beside import show_account, show_alike
from kb.ui.content import TAG_STATES, origin_words
from kb.ui.entry import show_citations
from kb.ui.hit import force_line, show_around
from kb.ui.pages import link
from kb.ui.quote import quotable


def page() -> None:
    """Draw the page of the passage that the address names."""
    st.title(places.name_of("passage"))
    id = address.value("id")
    if not id:
        st.markdown(
            t("Open a passage from the search page, or put its identifier into the address: `?id=crpd/art9/1/a`.")
        )
        link("search", t("Go to the search page"), icon=":material/search:")
        return
    passage = resources.searcher().index.store.get(id)
    if passage is None:
        raise NotFound(t("No passage has the identifier '{id}'.", id=id), do=t("Check it, or search for its words."))
    window.title("passage", passage.citation)
    _text(passage)
    _place(passage)
    _tags(passage)
    _links(passage)
    _account(passage)
    show_alike(passage.id)
    _mentions(passage)


def _text(passage: Passage) -> None:
    wording = markup.wording_of(passage.wording, passage.may_quote)
    st.html(
        f'<div class="kb-head">{force_line(passage.force)}</div>'
        + markup.trail(passage.section, passage.language)
        + markup.marked(passage.text, (), language=passage.language, wording=wording)
        + markup.line(passage.citation, "cite")
        + markup.notes(passage.notes)
    )
    _citations(passage)
    st.header(t("Copy with citation and force"))
    st.code(
        quotable(passage.text, passage.citation, passage.force, passage.notes, wording=wording),
        language=None,
        wrap_lines=True,
    )
    st.header(t("In its context"))
    show_around(passage.id, reach=2)
    if passage.parent:
        link("passage", t("What it is a part of"), {"id": passage.parent}, icon=":material/arrow_upward:")


def _citations(passage: Passage) -> None:
    """Draw the citation of the passage in every format."""
    show_citations(resources.cited(passage))


def _place(passage: Passage) -> None:
    place, labels = passage.place, resources.labels()
    st.header(t("Where it stands"))
    st.html(
        markup.facts(
            [
                (t("Identifier"), passage.id),
                (t("Document"), labels.term("document", passage.document)),
                (t("File"), place.file),
                (t("Lines"), run_of(*place.lines) if place.lines else ""),
                (t("Characters"), f"{place.chars[0]}–{place.chars[1]}" if place.chars else ""),
                (t("Page"), str(place.page or "")),
                (t("Number printed"), passage.number or ""),
                (t("Kind"), labels.term("kind", passage.kind)),
                (t("Part of the document"), labels.term("part", passage.part) if passage.part else ""),
                (t("Who must act"), labels.term("duty_bearer", passage.duty_bearer) if passage.duty_bearer else ""),
                (t("Whose words"), markup.WORDINGS[markup.wording_of(passage.wording, passage.may_quote)]),
                (
                    t("Checked"),
                    t("read from the file below")
                    if passage.verified == "source"
                    else labels.term("verified", passage.verified),
                ),
                (t("Language"), labels.term("language", passage.language)),
                (t("Hash of the file (sha256)"), place.sha256),
            ]
        )
    )


def _tags(passage: Passage) -> None:
    st.header(t("Tags"))
    labels = resources.labels()
    rows = [
        (
            labels.term(tag.facet, tag.id),
            labels.facet(tag.facet),
            TAG_STATES[tag.state],
            origin_words(tag.origin),
            percent(tag.confidence),
            passage.text[tag.span[0] : tag.span[1]] if tag.span else "",
        )
        for tag in passage.tags
    ]
    if rows:
        st.html(
            markup.table(
                (
                    t("Tag"),
                    t("Kind of tag"),
                    t("State"),
                    t("Who or what gave it"),
                    t("How sure"),
                    t("Words it rests on"),
                ),
                rows,
                t("Tags of this passage; a proposed tag was seen by nobody"),
            )
        )
    else:
        st.markdown(t("No tags."))


def _links(passage: Passage) -> None:
    """Draw the recorded links of the passage: also those of the entry whose official text it is, and those of its lines
    of the background paper."""
    entry = entry_of(passage.id)
    found = links_here(entry, passage, resources.links())
    st.header(t("Links"))
    if entry != passage.id and resources.searcher().index.store.get(entry):
        link("commitments", t("The entry of the register: {entry}", entry=entry), {"id": entry}, icon=":material/link:")
    if not found:
        st.markdown(t("No links are recorded."))
    for one in found:
        other = one.target if one.source in (entry, passage.document) else one.source
        st.markdown(f"{one.source} {t(KIND_WORDS[one.type])} {one.target}")
        st.html(
            markup.line(t("{state}, by {origin}.", state=TAG_STATES[one.state], origin=origin_words(one.origin)))
            + markup.line(markup.InEnglish(one.rationale))
            + markup.notes([one.note] if one.note else [])
        )
        if resources.searcher().index.store.get(other):
            link("passage", t("Open {other}", other=other), {"id": other}, icon=":material/link:")


def _account(passage: Passage) -> None:
    """For a passage of the background paper, draw the instruments that its lines refer to; for an entry or official
    text, draw what the paper writes about it. Draw nothing if there is neither."""
    accounts_of_it = accounts_here(entry_of(passage.id), passage, resources.account())
    if accounts_of_it:
        st.header(t("The background paper and the instruments"))
        show_account(accounts_of_it, open_lines=passage.document != "paper")


def _mentions(passage: Passage) -> None:
    if passage.mentions:
        st.header(t("Named in it"))
        rows = [
            (mention.text, mention.kind, ", ".join(f"{k}: {v}" for k, v in mention.value.items()))
            for mention in passage.mentions
        ]
        st.html(
            markup.table(
                (t("As printed"), t("What"), t("Parts")), rows, t("Citations, figures and quotations in this passage")
            )
        )
