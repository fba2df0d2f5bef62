"""What the app needs of the browser: addresses that follow links, a tab that is known again after a reload, drafts,
picks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import streamlit as st

from kb.config import settings
from kb.i18n import Words, language, use
from kb.ui import accounts
from kb.ui.ways import COOKIE

_SCRIPT = Path(__file__).with_name("browser.js")
_TAB = re.compile(r"[0-9a-f]{32}")
NAME = 120
"""Characters of a person's name."""
LONGEST = 20_000
"""Characters of an address that is followed: a query of 10,000 characters, escaped."""
WORDS = Words(
    {
        "instrument": "Take as law in force",
        "operation": "Take as at work",
        "quote": "Say more first",
        "code": "Code these words",
        "copied": "Copied",
        "refused": "Not allowed here",
        "help": "Help for",
        "clear": "Clear value",
        "open": "Open",
    }
)
"""Words that the script shows."""
_KEY = "kb-browser"


def tab() -> str:
    """The name of this browser tab, the same after a reload and after a new start of the server."""
    return st.session_state.setdefault("kb-tab", uuid4().hex)


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., object]:
    return st.components.v2.component("kb_browser", js=_SCRIPT.read_text(encoding="utf-8"))


def speak() -> str:
    """Speak the language that the reader chose in this browser, else the one that the browser asks for; which it is."""
    asked = st.context.cookies.get(COOKIE) or (st.context.locale or "").partition("-")[0]
    use(asked)
    return language()


def attend(path: str = "") -> None:
    """Before anything is drawn: count the runs of this tab, remember which page is drawn, and where the tab told who it
    was before, go on as that tab. `draw` puts the script on the page."""
    speak()
    st.session_state["kb-run"] = st.session_state.get("kb-run", 0) + 1
    st.session_state["kb-path"] = path
    _adopt(_state("tab"))


def draw(signing_in: bool = False) -> None:
    """Put the script on the page; where one is to sign in, it remembers which page that was."""
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
    """What the script holds under a name, of whatever kind."""
    state = st.session_state.get(_KEY)
    return state.get(name) if isinstance(state, dict) else getattr(state, name, None)


def sent(name: str, longest: int = LONGEST) -> str:
    """What the browser's script sent in this run under a name; '' for nothing, or for what is too long or no text."""
    value = _state(name)
    return value if isinstance(value, str) and len(value) <= longest else ""


def wanted() -> tuple[str, str] | None:
    """Page and query of the plain link that was clicked; None where none was. What comes from a browser is checked
    later."""
    to = sent("go")
    if not to:
        return None
    path, _, query = to.partition("?")
    return path.rsplit("/", 1)[-1], query


def _adopt(known: object) -> None:
    """Take the name of the tab, and the person's name where none is written yet: each time that the browser tells them,
    since an answer that is cut off by the next click loses the name. What comes from a browser is checked."""
    if not isinstance(known, dict) or not _TAB.fullmatch(str(known.get("tab"))):
        return
    told = (known["tab"], str(known.get("n"))[:NAME])
    if st.session_state.get("kb-adopted") == told:
        return
    st.session_state["kb-adopted"] = told
    by = str(known.get("by") or "")[:NAME]
    if by and not st.session_state.get("by"):
        st.session_state["by"] = by
    st.session_state["kb-tab"] = known["tab"]
