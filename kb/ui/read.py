"""The reader: a document with its outline and text, and beside it details of the current passage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from kb import jobs
from kb.assessment.findings import findings
from kb.assessment.policies import policy_sets
from kb.config import settings
from kb.errors import NotFound
from kb.i18n import t, tn
from kb.models import Passage
from kb.ui import address, lawtext, marking, markup, places, resources, sheet, window, work
from kb.ui.address import href
from kb.ui.hit import shaped
from kb.ui.lawtext import document_here
from kb.ui.quote import quotable
from kb.ui.rail import state
from kb.ui.widgets import pick, typed

OUTLINE = 400
"""Headings shown in an outline. The longest treaty or paper has fewer; a longer outline is cut, with a note."""
STEP = 100
"""By how many passages the links to earlier and later text move."""


def page() -> None:
    """Draw the reader with the document and passage that the address names."""
    st.title(places.name_of("read"))
    titles = _titles()
    at = address.value("at")
    document = address.value("document")
    if document not in titles:
        document = pick(t("Document"), "document", list(titles), titles.__getitem__, default=None)
    passages = _passages(document)
    ids = {one.id: n for n, one in enumerate(passages)}
    if at and at not in ids:
        raise NotFound(
            t("“{document}” has no passage '{at}'.", document=titles[document], at=at),
            do=t("Check the address, or search for its words."),
        )
    window.title("read", titles[document])
    middle = passages[ids[at]] if at else passages[0]
    indexed = document in resources.searcher().index.manifest.documents
    now = marking.here() if indexed else None  # a code is kept with a passage of the index
    chosen = marking.target({one.id: one for one in passages}, at) if now else None
    with st.container(key="kb-reader"):
        left, centre, right = st.columns([17.5, 46, 22], gap="medium")
        with left:
            pick(t("Document"), "document", list(titles), titles.__getitem__, default=document, clear=["at", "page"])
            st.html(_outline(document, passages, middle))
        with centre:
            _text(document, passages, middle if at else None, ids, now)
        with right:
            if now:
                marking.show(now, chosen, document, passages)
            elif indexed:
                keys = {"document": document, "at": at, "session": marking.NO_SESSION}
                st.html(f'<p class="k-small">{markup.anchor(href("read", keys), t("Code in this text"))}</p>')
            blind = bool(now and now.blind)
            st.html(_beside(middle, blind) if at else _description(document, titles[document], passages, blind))


def _titles() -> dict[str, str]:
    """Return document key in the address to title, for everything that can be read: documents of the index,
    documents of assessments, and texts that are being added."""
    heads = {head["id"]: head["title"] for head in resources.searcher().index.store.documents()}
    for policy_set in policy_sets(resources.workspace()):
        if not policy_set.archived:
            heads |= {f"{policy_set.id}/{one.id}": f"{one.title} ({policy_set.title})" for one in policy_set.policies}
    return heads | work.texts_read()


def _passages(document: str) -> Sequence[Passage]:
    """Return all passages of a document, in order."""
    set_id, _, policy = document.partition("/")
    if document.startswith(work.READ):
        return _being_read(policy)
    if not policy:
        return resources.passages_of(document)
    policy_set = next(one for one in policy_sets(resources.workspace()) if one.id == set_id)
    return document_here(next(one for one in policy_set.policies if one.id == policy).current).passages


def _being_read(job: str) -> Sequence[Passage]:
    """Return the text that a running job has read. Raises NotFound if the job has ended, or is one that the person may
    not see: here too, not only in the list of documents, since only this line opens a text by a job's name."""
    text = jobs.text_of(settings(), job) if work.READ + job in work.texts_read() else None
    if text is None:
        raise NotFound(t("This text is in its place by now."), do=t("Choose it from the list of documents."))
    return text.passages


def _text(
    document: str,
    passages: Sequence[Passage],
    middle: Passage | None,
    ids: dict[str, int],
    now: marking.Round | None = None,
) -> None:
    """Draw the text around `middle` (None: from the beginning), with the searched words highlighted and the codes of
    the coding round `now` underlined. `ids` maps passage ids to their position in the document, from 0."""
    find = typed(t("Find in document"), "find", placeholder=t("Find in document"), max_chars=lawtext.LONGEST_FIND)
    here = {middle.id: t("This passage")} if middle else {}
    coding = {"session": now.name or marking.NO_SESSION, "facet": now.facet} if now else {}
    keys: dict[str, str | list[str]] = {"document": document, "find": find, **coding}
    inks = marking.inks(now, {one.id: one for one in passages})
    if path := sheet.original(passages):
        sheet.show_switch("read", {**keys, "at": middle.id if middle else ""}, sheet.as_page())
        spots = _spots(passages, middle, inks, keys)
        if sheet.as_page() and sheet.show(path, passages, spots, "read", {**keys, "at": middle.id if middle else ""}):
            return
    drawn = lawtext.sheet(
        passages,
        (),
        here,
        find=find,
        link=lambda one: href("read", {**keys, "at": one.id}),
        inks=marking.inks(now, {one.id: one for one in passages}),
    )
    n = ids[middle.id] if middle else 0
    if find.strip():
        st.html(
            markup.line(
                tn(
                    "“{find}”: {n} place in the whole document, of which below: {matches}.",
                    "“{find}”: {n} places in the whole document, of which below: {matches}.",
                    _count(passages, find),
                    find=find.strip(),
                    matches=drawn.matches,
                )
            )
        )
    earlier, later = max(0, n - STEP), min(len(passages) - 1, n + STEP)
    more = [
        markup.anchor(href("read", {**keys, "at": passages[to].id}), words)
        for to, words, there in (
            (earlier, t("Earlier text"), n > lawtext.WINDOW),
            (later, t("Later text"), n + lawtext.WINDOW < len(passages)),
        )
        if there
    ]
    with st.container(key="kb-coded" if now else "kb-plain"):
        st.html(
            f'<article class="k-sheet" aria-label="{t("Text")}">{drawn.before}{drawn.here}{drawn.after}</article>'
            f'<p class="k-more">{" ".join(more)}</p>'
        )


def _spots(
    passages: Sequence[Passage],
    middle: Passage | None,
    inks: Mapping[str, Sequence[lawtext.Ink]],
    keys: Mapping[str, str | list[str]],
) -> list[sheet.Spot]:
    """Return every passage as a link on its printed page; the current one and those with a code are marked."""
    return [
        sheet.Spot(
            one,
            ", ".join(ink.words for ink in inks.get(one.id, ())),
            str(len(inks.get(one.id, ())) or ""),
            href("read", {**keys, "as": "page", "at": one.id}),
            "here" if middle and one.id == middle.id else "code" if one.id in inks else "",
        )
        for one in passages
    ]


def _count(passages: Sequence[Passage], find: str) -> int:
    """Return how often the words `find` occur in a document; differences of case and white space do not count."""
    wanted = " ".join(find.casefold().split())
    return sum(" ".join(one.text.casefold().split()).count(wanted) for one in passages)


def _outline(document: str, passages: Sequence[Passage], middle: Passage) -> str:
    """Return the headings as links; those above the current passage are marked."""
    rows: list[tuple[int, str]] = []
    before: tuple[str, ...] = ()
    for one in passages:
        own = one.kind in ("heading", "title") and one.text not in one.section[-1:]
        path = (*one.section, one.text) if own else one.section
        for depth, heading in enumerate(path):
            if before[: depth + 1] != path[: depth + 1]:
                here = ' aria-current="true"' if heading in (*middle.section, middle.text) else ""
                to = escape(href("read", {"document": document, "at": one.id}), quote=True)
                words = markup.spoken(heading, one.language)
                rows.append((depth, f'<li style="padding-left:{depth}rem"><a href="{to}"{here}>{words}</a></li>'))
        before = path
    more = len(rows) - OUTLINE
    cut = f"<li>{tn('and {n} more heading', 'and {n} more headings', more)}</li>" if more > 0 else ""
    return (
        f'<nav class="k-outline" aria-label="{t("Outline")}"><ul>{"".join((row for _, row in rows[:OUTLINE]))}'
        f"{cut}</ul></nav>"
    )


def _description(document: str, title: str, passages: Sequence[Passage], blind: bool = False) -> str:
    """Return a description of the document as HTML, shown while no passage is chosen. While one codes `blind` the
    machine's tags are left out."""
    forces = {head["id"]: head["force"] for head in resources.searcher().index.store.documents()}
    force = forces.get(document, "national-measure")  # what only an assessment holds is a national text
    groups = Counter(tag.id for one in passages for tag in one.tags if tag.facet == "group" and tag.state != "rejected")
    labels = resources.labels()
    rows = "".join(
        f"<li>{escape(labels.term('group', id))} <span class='k-num k-quiet'>{n}</span></li>"
        for id, n in groups.most_common(8)
    )
    tags = f"<h3>{t('Groups named most')}</h3><ul>{rows}</ul>" if rows and not blind else ""
    return (
        f'<section class="k-beside"><h2>{escape(title)}</h2>{shaped(force)}<p class="k-small k-quiet">'
        f"{tn('{n} passage.', '{n} passages.', len(passages))} {t('Choose a passage to see what is known of it.')}</p>"
        f"{tags}</section>"
    )


def _beside(one: Passage, blind: bool = False) -> str:
    """Return citation, force, notes and tags of the passage, and the findings that quote it. While one codes `blind`
    it says that the machine's tags are hidden."""
    wording = markup.wording_of(one.wording, one.may_quote)
    copy = quotable(one.text, one.citation, one.force, one.notes, wording=wording)
    labels = resources.labels()
    tags = "".join(
        f'<span class="k-tag">{escape(labels.facet(tag.facet))}: {escape(labels.term(tag.facet, tag.id))}'
        f"{t(' (proposed)') if tag.state == 'proposed' else ''}</span> "
        for tag in one.tags
        if tag.state != "rejected"
    )
    if blind:
        tags = t("The machine's tags are hidden while you code blind.")
    remarks = (escape(markup.WORDINGS[wording]), *map(markup.noted, one.notes))
    notes = "".join(f"<li>{note}</li>" for note in remarks)
    open_it = markup.anchor(href("passage", {"id": one.id}), t("Citations, links and all tags"))
    indexed = resources.searcher().index.store.get(one.id) is not None
    return (
        (
            f'<section class="k-beside"><h2>{escape(one.citation)}</h2>{shaped(one.force)}<p>'
            f'<button type="button" class="k-bare" data-copy="{escape(copy, quote=True)}">{t("Copy")}</button> '
            f"{open_it if indexed else ''}</p>"
            f'<ul class="k-small">{notes}</ul>'
        )
        + (f"<h3>{t('Tags')}</h3><p>{tags}</p>" if tags else "")
        + _findings(one)
        + "</section>"
    )


def _findings(one: Passage) -> str:
    """Return the findings that use words of the passage as evidence."""
    rows = []
    for policy_set in policy_sets(resources.workspace()):
        if policy_set.archived or not any(policy.id == one.document for policy in policy_set.policies):
            continue
        for finding in findings(resources.workspace(), resources.framework(), policy_set.id):
            if any(row.passage == one.id for row in finding.evidence):
                to = href("criterion", {"set": policy_set.id, "criterion": finding.criterion})
                where = markup.anchor(to, f"{finding.criterion}, {policy_set.title}")
                rows.append(f"<li>{where}<br>{state(finding.status)}</li>")
    return f"<h3>{t('Evidence of')}</h3><ul>{''.join(rows)}</ul>" if rows else ""
