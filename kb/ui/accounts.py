"""Who has signed in, on a server with accounts; on one's own machine nobody needs to.

Accounts are on where KB_PEOPLE names a file of people. Who somebody is comes from the sign-in (OpenID Connect, by
Streamlit); what they may see and do from that file, and it is enforced below the app, in kb/workspace. Where anything
of it is missing nothing is shown.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Literal

import streamlit as st

from kb.config import settings
from kb.errors import RefusedError
from kb.i18n import Words, t
from kb.workspace.access import People, Person, Role, load_people
from kb.workspace.sign_in import hours

ROLES = Words({role: role.words for role in Role})
State = Literal["open", "out", "ended", "stranger"]


def on() -> bool:
    """Whether this app has accounts."""
    return settings().people is not None


def address() -> str:
    """The address that the identity provider vouches for; '' where nobody has signed in or it is not verified."""
    if not st.user.get("is_logged_in") or st.user.get("email_verified") is False:
        return ""
    return str(st.user.get("email") or "").strip().casefold()


def state() -> State:
    """How the sign-in of this browser stands."""
    if not st.user.get("is_logged_in"):
        return "out"
    began = st.user.get("iat")
    if not isinstance(began, int | float) or not _counts(float(began)):
        return "ended"
    return "open" if _known() else "stranger"


def _counts(began: float) -> bool:
    """Whether a sign-in of that moment (seconds) still counts: not too old, and nobody signed out since."""
    return time.time() - began < hours() * 3600 and began > _signed_out().get(address(), 0.0)


def person() -> Person:
    """Who has signed in. Raises RefusedError where the sign-in does not count, or the person has no access."""
    now = state()
    known = _known()
    if now == "open" and known:
        return known
    if now == "stranger":
        raise RefusedError(f"{address() or '-'} has no access here.", do="Ask the administrator of this server.")
    raise RefusedError("You are not signed in, or no longer.", do="Sign in. What you typed is kept.")


def name() -> str:
    """The name under which the person writes, also when the sign-in has ended: a draft that comes then is theirs. ''
    for nobody."""
    known = _known()
    return known.name if known else ""


def author() -> str:
    """The name of the person who decides: of who has signed in, else written in the bar at the top, never kept and
    never in the address."""
    if on():
        return name()
    return (st.session_state.get("by") or "").strip()


def _known() -> Person | None:
    """The person of the address, whether or not the sign-in still counts."""
    try:
        return people().person(address()) if address() else None
    except RefusedError:
        return None


def people() -> People:
    """The file of people, read anew when it changes. Raises DataError with file and entry."""
    path = settings().people
    assert path is not None, "asked where accounts are on"
    try:
        mark = path.stat().st_mtime_ns
    except OSError:
        mark = 0
    return _people(str(path), mark)


@st.cache_resource(show_spinner=False, max_entries=2)
def _people(path: str, mark: int) -> People:
    return load_people(Path(path))


@st.cache_resource(show_spinner=False)
def _signed_out() -> dict[str, float]:
    """Address to the second of its last sign-out: it ends the sign-in in every window."""
    return {}


def drafts_of(tab: str) -> str:
    """The name under which a tab keeps drafts: another one for each person who signs in there."""
    return hashlib.sha256(f"{tab}/{address()}".encode()).hexdigest()[:32] if on() else tab


def cache_key() -> str:
    """A cache key that is the same for people who may see the same; '' without accounts."""
    return person().model_dump_json() if on() else ""


def gate() -> bool:
    """Whether the page must not be drawn; the way to sign in is drawn in its place."""
    if not on():
        return False
    people()  # a file that cannot be read stops the page, whoever asks
    now = state()
    if now == "open":
        return False
    from kb.ui import browser

    st.title(t("Sign in"))
    if now == "ended":
        st.info(
            t("Your sign-in has ended. Sign in again: this page opens again, and what you typed is kept."),
            icon=":material/lock:",
        )
    elif now == "stranger":
        st.warning(
            t("{address} has no access here. Ask the administrator of this server.", address=address() or "–"),
            icon=":material/lock:",
        )
    else:
        st.markdown(t("This server keeps assessments for people whom its administrator has named."))
    if now == "stranger":
        st.button(t("Sign in as somebody else"), key="sign-out", on_click=sign_out)
    else:
        st.button(t("Sign in"), key="sign-in", type="primary", on_click=st.login)
    with st.container(key="kb-wire"):
        browser.draw(signing_in=True)
    return True


def sign_out() -> None:
    """End the sign-in in every window of the person, here and at the identity provider."""
    if address():
        _signed_out()[address()] = time.time()
    st.logout()


def show_who() -> None:
    """Who has signed in, and the way out; in the place where a name is written on one's own machine."""
    one = person()
    with st.popover(one.name, width="stretch"):
        where = t("every country") if one.everywhere else ", ".join(one.countries) or t("no country")
        st.markdown(t("{role}, {where}", role=ROLES[one.role], where=where))
        st.button(t("Sign out"), key="sign-out", on_click=sign_out)
