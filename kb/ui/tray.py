"""The tray: passages that a person selected, in the order of selection, to copy, cite and export together.

The browser stores their ids, so that they survive a reload, another tab and a restart of the server.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from kb.citing.styles import FORMATS, format_citation, plain
from kb.errors import KBError
from kb.i18n import day, t, tn
from kb.log.noted import own_mark
from kb.models import Force, Passage
from kb.report.brief import brief
from kb.report.made import asked, brief_words
from kb.ui import browser, markup, resources
from kb.ui.address import href
from kb.ui.quote import FORMAT_WORDS, quotable
from kb.ui.report import KINDS, file_of
from kb.ui.widgets import download

MOST = 200
"""Maximum passages in a tray; for more there are searches and exports."""
LONGEST = MOST * 1_000
"""Maximum characters of the tray that the browser sends; an id is far shorter than 1,000."""
_IDS = TypeAdapter(list[str])


def picked() -> list[str]:
    """Return the ids in the order in which they were selected in this browser."""
    return st.session_state.setdefault("kb-tray", [])


def pick(id: str) -> None:
    """Add a passage to the tray, or remove it if it is there."""
    held = picked()
    if id in held:
        held.remove(id)
    elif len(held) < MOST and resources.searcher().index.store.get(id):
        held.append(id)


def restore(sent: str) -> None:
    """Restore the tray from the browser: a JSON list of ids from a former session or another tab. Anything else is
    ignored. Ids that are not in the index, or hidden from this person, are counted for a note."""
    with contextlib.suppress(ValidationError):
        ids = list(dict.fromkeys(_IDS.validate_json(sent)))[:MOST]
        held = [one.id for one in passages(ids)]
        picked()[:] = held
        st.session_state["kb-tray-lost"] = len(ids) - len(held)
    st.session_state["kb-tray-told"] = True


def passages(ids: Iterable[str]) -> list[Passage]:
    """Return the passages with these ids; ids that are not in the index are left out."""
    store = resources.searcher().index.store
    return [found for id in ids if (found := store.get(id)) is not None]


def show_tray() -> None:
    """Draw the selected passages, with buttons to copy, cite and export them. Each keeps its force and notes."""
    held = passages(picked())
    with st.container(key="kb-tray"):
        if lost := st.session_state.get("kb-tray-lost"):
            st.caption(
                tn(
                    "{n} passage that you had picked is not here any more.",
                    "{n} passages that you had picked are not here any more.",
                    lost,
                )
            )
        if not held:
            st.html(
                f'<section class="k-tray k-idle"><h2>{t("Nothing picked")}</h2><p class="k-small '
                f'k-quiet">{t("Tick passages to copy, cite or export them together.")}'
                "</p></section>"
            )
            return
        rows = "".join(_row(one) for one in held)
        words = tn("{n} passage picked", "{n} passages picked", len(held))
        copy = escape(text_of(held), quote=True)
        key = f'<kbd class="k-key" title="{t("Key that leads here")}">T</kbd>'
        st.html(
            f'<a class="k-topicked" href="#picked">{words} <span aria-hidden="true">↓</span></a>'
            f'<section id="picked" class="k-tray"><h2>{words} {key}</h2><ul>{rows}</ul><div class="k-acts">'
            f'<button type="button" class="k-btn" data-copy="'
            f'{copy}">{t("Copy all")}</button></div></section>'
        )
        with st.popover(t("Cite"), width="stretch"):
            style = st.selectbox(t("Style"), list(FORMATS), key="tray-style", format_func=FORMAT_WORDS.__getitem__)
            st.code(citations(held, style), language=None, wrap_lines=True)
        download(
            t("Export as text"), lambda: _file(held), "passages.txt", "text/plain", key="tray-text", width="stretch"
        )
        download(
            t("Brief (Word file)"), lambda: _brief(held), "brief.docx", KINDS["docx"], key="tray-brief", width="stretch"
        )
        st.button(t("Take out all"), key="tray-clear", type="tertiary", on_click=_clear)


def _file(held: list[Passage]) -> bytes:
    """Return the passages as a text file that ends with the anchor of the log."""
    mark = own_mark(resources.bench().log_mark)
    return (text_of(held) + (f"\n\n{t('End of the log:')}\n{mark}\n" if mark else "\n")).encode()


def _clear() -> None:
    """Empty the tray, in every tab of this browser."""
    picked().clear()
    st.session_state["kb-tray-lost"] = 0


def _brief(held: list[Passage]) -> bytes:
    """Return the passages as a brief in a Word file."""
    on = datetime.now(UTC).date()
    name = t("Brief of {on}", on=day(on))
    made = brief(resources.searcher(), name, on=on, picked=held, addresses=resources.addresses())
    bench = resources.bench()
    marked = made.model_copy(update={"log": own_mark(bench.log_mark)})
    return file_of(asked(marked, brief_words(name, picked=[one.id for one in held]), on, bench), "docx")


def _row(one: Passage) -> str:
    edge = Force(one.force).shape
    id = escape(one.id, quote=True)
    return (
        f'<li><span class="k-{edge}"><span class="k-f k-f-{edge}" '
        f'aria-hidden="true"></span></span>{markup.anchor(href("passage", {"id": one.id}), one.citation)}'
        f'<button type="button" class="k-bare" data-pick="{id}">{t("Remove")}<span class="k-sr"> {escape(one.citation)}'
        "</span></button></li>"
    )


def text_of(held: Iterable[Passage]) -> str:
    """Return the passages as text to paste: words, citation, force and notes of each."""
    return "\n\n".join(
        quotable(
            one.text,
            plain(resources.cited(one)),
            one.force,
            one.notes,
            wording=markup.wording_of(one.wording, one.may_quote),
        )
        for one in held
    )


def citations(held: Iterable[Passage], style: str) -> str:
    """Return the citations of the passages in one style; if a source lacks what the style needs, the passage's plain
    citation."""
    lines = []
    for one in held:
        try:
            lines.append(format_citation(resources.cited(one), style))
        except KBError:  # the style asks for what this source does not have
            lines.append(one.citation)
    return "\n".join(lines)


def follow() -> None:
    """Restore the tray that the browser sent, then apply a click in a list of hits."""
    if sent := browser.sent("tray", LONGEST):
        with contextlib.suppress(KBError):  # without an index nothing is taken over: the browser goes on keeping it
            restore(sent)
    if id := browser.sent("pick"):
        pick(id)
