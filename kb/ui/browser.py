"""Data that the app exchanges with the browser's script: clicked links, the identity of the tab after a reload,
drafts, and selected passages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import streamlit as st

from kb.config import settings
from kb.i18n import TranslatedLabels, language, use
from kb.ui import accounts
from kb.ui.ways import COOKIE

_SCRIPT = Path(__file__).with_name("browser.js")
_TAB = re.compile(r"[0-9a-f]{32}")
NAME = 120
"""Maximum characters of a person's name."""
LONGEST = 20_000
"""Maximum characters of an address that is followed: a query of 10,000 characters, URL-encoded."""
WORDS = TranslatedLabels(
    {
        "instrument": "Take as law in force",
        "operation": "Take as at work",
        "quote": "Say more first",
        "code": "Code these words",
        "copied": "Copied",
        "refused": "Not allowed here",
        "help": "Help for",
        "clear": "Clear value",
        "every": "Clear all",
        "open": "Open",
        "copy": "Copy to clipboard",
        "heading": "Link to this heading",
        "file": "Choose a file",
        "day": "Choose a date",
        "upload": "Choose a file",
        "each": "each file",
        "more": "More",
        "less": "Less",
        "away": "The program does not answer",
        "again": "Start it again, or ask who runs the server. The page then goes on by itself; what you typed stays.",
        "skip": "Skip to the content",
        "yyyy": "yyyy",
        "dd": "dd",
    }
)
"""Words that the script shows, by its names for them."""
_KEY = "kb-browser"


def tab() -> str:
    """Return the identifier of this browser tab; it survives a reload and a restart of the server."""
    return st.session_state.setdefault("kb-tab", uuid4().hex)


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., object]:
    return st.components.v2.component("kb_browser", js=_SCRIPT.read_text(encoding="utf-8"))


def speak() -> str:
    """Set the language: the one chosen in this browser (a cookie), otherwise the browser's own. Return its code."""
    asked = st.context.cookies.get(COOKIE) or (st.context.locale or "").partition("-")[0]
    use(asked)
    return language()


def attend(path: str = "") -> None:
    """Prepare a run of a page before anything is drawn: set the language, count the run, store the page's `path`,
    and restore the tab's identity that the browser sent. `draw` puts the script on the page."""
    speak()
    st.session_state["kb-run"] = st.session_state.get("kb-run", 0) + 1
    st.session_state["kb-path"] = path
    _adopt(_state("tab"))


def draw(signing_in: bool = False) -> None:
    """Put the browser's script (browser.js) on the page, with its data. `signing_in` makes it remember this page, to
    return to it after the sign-in."""
    query = urlencode({key: st.query_params.get_all(key) for key in st.query_params}, doseq=True)
    data = {
        "run": st.session_state["kb-run"],
        "query": query,
        "path": st.session_state["kb-path"],
        "tab": tab(),
        "by": (st.session_state.get("by") or "")[:NAME],
        "words": dict(WORDS.items()),
        "language": language(),
        "signingIn": signing_in,
        "accounts": settings().people is not None,
        "tray": list(st.session_state.get("kb-tray", ())),
        "trayTold": bool(st.session_state.get("kb-tray-told")),
        "session": st.session_state.setdefault("kb-session", uuid4().hex),
        "whose": accounts.drafts_of(""),
    }
    _component()(
        key=_KEY,
        data=data,
        height="content",
        on_tab_change=lambda: None,
        on_go_change=lambda: None,
        on_pick_change=lambda: None,
        on_tray_change=lambda: None,
        on_quote_change=lambda: None,
    )


def _state(name: str) -> object:
    """Return the value that the browser's script sent under `name`, of any type; it is not checked."""
    state = st.session_state.get(_KEY)
    return state.get(name) if isinstance(state, dict) else getattr(state, name, None)


def sent(name: str, longest: int = LONGEST) -> str:
    """Return the text that the script sent under `name` in this run; '' if it sent none, other data, or more than
    `longest` characters."""
    value = _state(name)
    return value if isinstance(value, str) and len(value) <= longest else ""


def wanted() -> tuple[str, str] | None:
    """Return page and query of the link that was clicked; None if none was. Both come from the browser and are not
    checked here."""
    to = sent("go")
    if not to:
        return None
    path, _, query = to.partition("?")
    return path.rsplit("/", 1)[-1], query


def _adopt(known: object) -> None:
    """Restore from the browser's data `known` the tab's identifier, and the person's name if none has been typed yet.

    This is repeated whenever the browser sends them, since a run that the next click interrupts loses the name. The
    values are checked first.
    """
    if not isinstance(known, dict) or not _TAB.fullmatch(str(known.get("tab"))):
        return
    identity = (known["tab"], str(known.get("n"))[:NAME])
    if st.session_state.get("kb-adopted") == identity:
        return
    st.session_state["kb-adopted"] = identity
    by = str(known.get("by") or "")[:NAME]
    if by and not st.session_state.get("by"):
        st.session_state["by"] = by
    st.session_state["kb-tab"] = known["tab"]
