"""Who has signed in, on a server with accounts. Without accounts nobody needs to sign in.

Accounts are on if KB_PEOPLE names a file of people. The sign-in (OpenID Connect, done by Streamlit) establishes who
somebody is; the file defines what they may see and do, and kb/workspace enforces it. A person without a valid
sign-in or without an entry in the file sees nothing.
"""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Literal

import streamlit as st

from kb.config import settings
from kb.errors import RefusedError
from kb.i18n import TranslatedLabels, t
from kb.workspace.access import People, Person, Role, load_people
from kb.workspace.sign_in import hours

ROLES = TranslatedLabels({role: role.words for role in Role})
SignInState = Literal["open", "out", "ended", "stranger"]


def on() -> bool:
    """Return whether this app has accounts."""
    return settings().people is not None


def address() -> str:
    """Return the e-mail address that the identity provider has verified, in lower case; '' if nobody has signed in or
    the address is not verified."""
    if not st.user.get("is_logged_in") or st.user.get("email_verified") is False:
        return ""
    return str(st.user.get("email") or "").strip().casefold()


def state() -> SignInState:
    """Return the state of the sign-in in this browser: "open" (signed in and in the file of people), "out" (not signed
    in), "ended" (expired or signed out) or "stranger" (signed in, but not in the file of people)."""
    if not st.user.get("is_logged_in"):
        return "out"
    began = st.user.get("iat")
    if not isinstance(began, int | float) or not _counts(float(began)):
        return "ended"
    return "open" if _known() else "stranger"


def _counts(began: float) -> bool:
    """Return whether a sign-in that began at `began` (seconds since 1970) is still valid: not too old, and later than
    the last sign-out of this person."""
    return time.time() - began < hours() * 3600 and began > _signed_out().get(address(), 0.0)


def person() -> Person:
    """Return the person who has signed in. Raises RefusedError if the sign-in is not valid or the person has no
    access."""
    now = state()
    known = _known()
    if now == "open" and known:
        return known
    if now == "stranger":
        raise RefusedError(f"{address() or '-'} has no access here.", do="Ask the administrator of this server.")
    raise RefusedError("You are not signed in, or no longer.", do="Sign in. What you typed is kept.")


def name() -> str:
    """Return the name under which the person writes; '' if nobody has signed in.

    The name is also returned after the sign-in has ended, so that a draft sent at that moment is stored under its
    author.
    """
    known = _known()
    return known.name if known else ""


def author() -> str:
    """Return the name of the person who decides: with accounts the one who has signed in, otherwise the name typed in
    the bar at the top, which is never in the address."""
    if on():
        return name()
    return (st.session_state.get("by") or "").strip()


def _known() -> Person | None:
    """Return the person whose address is that of the sign-in, even if the sign-in is no longer valid; None if the
    file of people does not contain the address."""
    try:
        return people().person(address()) if address() else None
    except RefusedError:
        return None


def people() -> People:
    """Return the content of the file of people, which is read again when it changes. Raises DataError with the file
    and the invalid entry."""
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
    """Return the time of the last sign-out (in seconds) by address. A sign-out ends the sign-in in every window."""
    return {}


def drafts_of(tab: str) -> str:
    """Return the key under which the browser tab `tab` stores drafts. With accounts it also depends on the person
    who signed in."""
    return hashlib.sha256(f"{tab}/{address()}".encode()).hexdigest()[:32] if on() else tab


def cache_key() -> str:
    """Return a cache key that is equal for people with the same rights; '' without accounts."""
    return person().model_dump_json() if on() else ""


def gate() -> bool:
    """Draw the sign-in page if the person may not see the current page; return whether it was drawn."""
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
    """Draw the name of the person who has signed in, and a button to sign out. Draw nothing without accounts, where
    a field for the name is shown instead."""
    one = person()
    with st.popover(one.name, width="stretch"):
        where = t("every country") if one.everywhere else ", ".join(one.countries) or t("no country")
        st.markdown(t("{role}, {where}", role=ROLES[one.role], where=where))
        st.button(t("Sign out"), key="sign-out", on_click=sign_out)
