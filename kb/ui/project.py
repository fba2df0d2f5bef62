"""One coding project (a session with its coders): its header, its name, and closing, archiving or deleting it."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from kb.coding import codes, units
from kb.coding.models import Session
from kb.i18n import t, tn
from kb.log.decisions import stream
from kb.ui import resources
from kb.ui.form import Form
from kb.ui.keeping import Kept, show_deleted, show_keeping
from kb.ui.versions import last_write


def name_of(session: Session) -> str:
    """Return the title of the session, or its id without one."""
    return session.title or session.id


def state_of(session: Session) -> str:
    """Return as text whether the session is open or closed, and whether its coders see each other's codes."""
    state = t("open") if session.open else t("closed")
    return f"{state}, {t('blind')}" if session.blind and session.open else state


def header(id: str) -> str:
    """Return the line above the tabs as HTML: title, state, and how much each coder has coded; '' for an unknown
    session."""
    ws = resources.workspace()
    session = next((one for one in codes.sessions(ws) if one.id == id), None)
    if session is None:
        return ""
    work = units.work(ws, id)
    done = [
        tn(
            "{coder}: {n} of {assigned} coded",
            "{coder}: {n} of {assigned} coded",
            one.coded,
            coder=coder,
            assigned=one.assigned,
        )
        if one.assigned is not None
        else tn("{coder}: {n} coded", "{coder}: {n} coded", one.coded, coder=coder)
        for coder, one in work.items()
    ]
    return (
        f'<div class="k-assess-line"><span class="k-title">{escape(name_of(session))}</span>'
        f'<span class="k-num">{escape(state_of(session))}</span>'
        f'<span class="k-small k-quiet">{escape(" · ".join(done))}</span></div>'
    )


def show_project(session: Session, by: str) -> None:
    """Draw the form and buttons for the session: rename, close, archive, delete."""
    with st.expander(t("Name, close, put aside, delete")):
        form = Form(
            f"session/{session.id}",
            {"title": name_of(session)},
            by=by,
            version=session.version,
            last=last_write(stream("session", session.id)),
        )
        title = form.line("title", t("Name of the project"))
        if form.submit(t("Change the name"), disabled=not by):
            with form.recording(at="title"):
                fields = {"title": title.strip()}
                codes.change_session(resources.workspace(), session.id, fields, by=by, expected=session.version)
        show_close(session, by)
        show_keeping(_kept(session, by), by)


def show_close(session: Session, by: str) -> None:
    """Draw the button that closes a round; nothing if it is closed already."""
    if session.open:
        with st.popover(t("Close it"), disabled=not by):
            st.markdown(t("From then on nobody codes in it, and everybody sees all its codes."))
            st.button(t("Close the project"), key="close-session", on_click=_close, args=(session.id, by))


def show_deleted_projects(by: str) -> None:
    """Draw the deleted sessions, with buttons to restore them."""
    show_deleted((_kept(one, by) for one in codes.sessions(resources.workspace(), removed=True)), by)


def _kept(session: Session, by: str) -> Kept:
    return Kept(
        name_of(session),
        f"session/{session.id}",
        session.version,
        partial(_change, session.id, by),
        session.archived,
        ("session",),
    )


def _change(id: str, by: str, fields: dict[str, bool], expected: int) -> object:
    return codes.change_session(resources.workspace(), id, dict(fields), by=by, expected=expected)


def _close(id: str, by: str) -> None:
    codes.close_session(resources.workspace(), id, by=by)
