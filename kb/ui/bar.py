"""The bar at the top of every page: main menu, the person's name, and the tabs of an open assessment or project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlencode

import streamlit as st

from kb.i18n import clock, day, language, later, t
from kb.languages import MAIN, of_interface
from kb.ui import accounts, address, browser, shell, work
from kb.ui.address import href
from kb.ui.places import ABOUT, ASSESSMENT, DOORS, FIND, PROJECT, SECTIONS, START, UNSIGNED
from kb.ui.project import header
from kb.ui.ways import LANGUAGE

NAME = later("Social integration")
CODES = {"read": "coding"}
"""Page to the tab that is marked for it: reading a text with a project open belongs to the tab of coding."""


def show(name: str) -> None:
    """Draw the bar for the page `name`, and insert the browser's script."""
    with st.container(key="kb-bar"):
        coding = name == "read" and address.many("session")  # a document that is coded is read behind the other door
        st.html(_top("Code" if coding else DOORS[name]) + _within(name) + '<span id="main" tabindex="-1"></span>')
        with st.container(key="kb-who"):
            if accounts.on():
                accounts.show_who()
            elif coding or name not in UNSIGNED or accounts.author() or work.is_any():
                _ask_name()
        with st.container(key="kb-wire"):
            browser.draw()
    with shell.errors_shown():
        work.show()


def _ask_name() -> None:
    """Draw the field for the name under which a person's decisions and codes are recorded."""
    st.text_input(
        t("Your name"),
        key="by",
        persist_state="session",
        max_chars=browser.NAME,
        placeholder=t("Your name"),
        label_visibility="collapsed",
        help=None,
    )


def _top(door: str) -> str:
    """Return the top of the bar as HTML: a skip link, the product's name, the main menu and the languages. The menu
    entry `door` and the current language are marked."""
    doors = _links([(href(rows[0][0], {}), title) for title, rows in SECTIONS.items()], door)
    return (
        f'<a class="k-jump" href="#main">{t("Skip the menu")}</a><header class="k-top">'
        f'<a class="k-name" href="{pages_root()}">{t(NAME)}</a>'
        f'<nav class="k-nav" aria-label="{t("Main")}">{doors}</nav>{_languages()}</header>'
    )


def _languages() -> str:
    """Return plain links that change the language of the interface and lead back to this page; each language is
    named in itself."""
    query = urlencode({key: st.query_params.get_all(key) for key in st.query_params}, doseq=True)
    back, here = f"{st.session_state['kb-path'] or START}?{query}", ' aria-current="true"'
    rows = "".join(
        f'<a href="{escape(href(LANGUAGE, {"to": id, "back": back}), quote=True)}" data-language="{id}" lang="{id}" '
        f'hreflang="{id}" title="{name}" aria-label="{name}"{here if id == language() else ""}>{id.upper()}</a>'
        for id, name in of_interface().items()
    )
    return f'<div class="k-languages" role="group" aria-label="{t("Language")}">{rows}</div>'


def pages_root() -> str:
    """Return the address of the start page, relative to any page."""
    return "./"


def _links(rows: Sequence[tuple[str, str]], current: str) -> str:
    here = ' aria-current="page"'
    return "".join(
        f'<a href="{escape(to, quote=True)}"{here if title == current else ""}>{escape(t(title))}</a>'
        for to, title in rows
    )


def _within(name: str) -> str:
    """Return the tabs below the main menu for the page `name`, as HTML: those of an assessment, a project or the
    search; '' for other pages."""
    if name in dict(ASSESSMENT) and len(address.many("set")) == 1:
        return _assessment(name, address.value("set"))
    if (name in dict(PROJECT) or name == "read") and len(address.many("session")) == 1:
        id = address.value("session")
        if line := header(id):
            named = [(page, title, "") for page, title in PROJECT]
            tabs = _tabs(named, CODES.get(name, name), {"session": id}, t("In this project"))
            return (
                f'<section class="k-assess" aria-label="{t("Project")}">{line}{tabs.replace(" k-alone", "")}</section>'
            )
    coding = name == "read" and bool(address.many("session"))
    for rows, keys in ((PROJECT, ("session",)), (FIND, ()), (ABOUT, ())):
        if name in dict(rows) or coding or (rows is FIND and name == "passage"):
            query: dict[str, str | list[str]] = {key: address.many(key) for key in keys}
            current = CODES.get(name, name) if rows is PROJECT else name
            return _tabs([(page, title, "") for page, title in rows], current, query, t("In this part"))
    return ""


def _tabs(
    rows: Sequence[tuple[str, str, str]],
    current: str,
    query: dict[str, str | list[str]],
    label: str,
    criterion: Sequence[str] = (),
) -> str:
    """Return tabs (page, title, count) as links that keep `query`; the current one is marked. Links between the pages
    of criteria and of actions also keep the `criterion`."""
    there: dict[str, str | list[str]] = {**query, "criterion": list(criterion)}
    keeps = {"criterion", "actions"} - {current}
    body = "".join(
        f'<a href="{escape(href(page, there if page in keeps else query), quote=True)}"'
        f"{' aria-current=page' if page == current else ''}>{escape(t(title))}"
        + (f'<span class="k-count">{escape(count)}</span>' if count else "")
        + "</a>"
        for page, title, count in rows
    )
    return f'<nav class="k-tabs k-alone" aria-label="{escape(label)}">{body}</nav>'


def _assessment(name: str, id: str) -> str:
    """Return the header of the assessment `id` as HTML: country, title, number of decided criteria, time of the last
    record, and the tabs with the page `name` marked; '' for an unknown assessment."""
    from kb.ui.overview import overview

    now = overview(id)
    if now is None:
        return ""
    counts = {"checks": now.remarks, "actions": now.actions}
    derived = "no" if address.value("derived") == "no" else ""
    at = address.many("criterion")[:1] if name in ("criterion", "actions") else []
    rows = [(page, title, str(counts.get(page) or "")) for page, title in ASSESSMENT]
    share = 100 * now.decided / now.criteria if now.criteria else 0
    return (
        (
            f'<section class="k-assess" aria-label="{t("Assessment")}"><div class="k-assess-line"><span '
            f'class="k-title">'
            f'{escape(now.title)}</span><span class="k-progress"><i style="--done:{share:.1f}%" aria-hidden="true">'
            f'</i><span class="k-num">'
            f"{t('{decided} of {criteria} decided', decided=now.decided, criteria=now.criteria)}"
            f'</span></span><span class="k-small k-quiet">{escape(saved(now.saved))}</span>'
            f"{criteria_in_english()}</div>"
        )
        + _tabs(rows, name, {"set": id, "derived": derived}, t("In this assessment"), at).replace(" k-alone", "")
        + "</section>"
    )


def criteria_in_english() -> str:
    """Return the note that the criteria are in English; '' if the interface is in English."""
    if language() == MAIN:
        return ""
    words = t("The criteria stand in English, the language of the framework.")
    return f'<span class="k-small k-quiet">{words}</span>'


def saved(at: datetime | None) -> str:
    """Return when something was last recorded, as text in local time: the hour if it was today, otherwise the day.
    For None, say that nothing is decided yet."""
    if at is None:
        return t("nothing decided yet")
    here, today = at.astimezone(), datetime.now(UTC).astimezone().date()
    return t("saved {here}", here=clock(here)) if here.date() == today else t("saved {day}", day=day(here))
