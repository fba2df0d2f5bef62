"""Widgets whose state is stored in the address, so that a link contains the choice. A missing value is never
guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from kb.errors import NotFound
from kb.i18n import language, t, use
from kb.ui import address, markup, shell

MOST = 60
"""Maximum options offered as buttons while none is chosen: a little more than the criteria of the framework."""


def choose(
    label: str, key: str, options: Sequence[str], words: Callable[[str], str] = str, placeholder: str | None = None
) -> list[str]:
    """Draw a choice of any number of options, stored under `key` in the address; return them. An unknown value in the
    address stops the page."""
    widget = f"choose-{key}"
    held = address.many(key)
    st.session_state[widget] = [value for value in held if value in options]
    chosen = st.multiselect(
        label,
        options,
        format_func=words,
        key=widget,
        on_change=_put_many,
        args=(key, widget),
        filter_mode="contains",
        select_all=False,
        placeholder=t("Choose") if placeholder is None else placeholder,
    )
    unknown = [value for value in held if value not in options]
    if unknown:
        shell.show_error(
            NotFound(
                t("The address names {key}={unknown}, which is not known here.", key=key, unknown=", ".join(unknown)),
                do=t("Choose from the list, or let go of it."),
            )
        )
        st.button(
            t("Let go of it"),
            key=f"drop-{key}",
            on_click=address.put_many,
            args=(key, [value for value in held if value in options]),
        )
        st.stop()
    return chosen


def pick(
    label: str,
    key: str,
    options: Sequence[str],
    words: Callable[[str], str] = str,
    *,
    default: str | None = None,
    clear: Sequence[str] = (),
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
) -> str:
    """Draw a choice of one option, stored under `key` in the address; return it. Another choice removes the keys
    `clear` from the address.

    Without a value in the address, `default` is used; without a default the page asks and stops. An unknown value
    always stops the page; no other option is chosen instead.
    """
    widget = f"pick-{key}"
    value = address.value(key) or default
    known = value in options
    st.session_state[widget] = value if known else None
    st.selectbox(
        label,
        options,
        index=None,
        format_func=words,
        key=widget,
        on_change=_put_one,
        args=(key, widget, clear),
        placeholder=t("Choose"),
        filter_mode="contains",
        label_visibility=label_visibility,
    )
    if not known:
        _ask(label, key, options, words, value)
    return str(value)


def _ask(label: str, key: str, options: Sequence[str], words: Callable[[str], str], value: str | None) -> None:
    """Draw what is missing or unknown and the options as buttons, then stop the page."""
    if value:
        shell.show_error(
            NotFound(
                t("“{label}”: nothing here is called “{value}”.", label=label, value=value),
                do=t("Choose one of the list."),
            )
        )
    else:
        st.info(t("“{label}” is not chosen yet. Choose one.", label=label), icon=":material/info:")
    with st.container(key=f"kb-offers-{key}"):
        for n, option in enumerate(options[:MOST]):
            st.button(
                markup.plain_label(words(option)),
                key=f"offer-{key}-{n}",
                type="tertiary",
                on_click=address.put,
                args=(key, option),
            )
    if len(options) > MOST:
        st.caption(t("and {count} more in the list above", count=len(options) - MOST))
    st.stop()


def typed(
    label: str,
    key: str,
    *,
    placeholder: str | None = None,
    max_chars: int | None = None,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
) -> str:
    """Draw a line of text, stored under `key` in the address; return it."""
    widget = f"typed-{key}"
    st.session_state[widget] = address.value(key)
    return (
        st.text_input(
            label,
            key=widget,
            on_change=_put_one,
            args=(key, widget),
            placeholder=placeholder,
            max_chars=max_chars,
            label_visibility=label_visibility,
        )
        or ""
    )


def switch(label: str, key: str, *, default: bool = False, help: str | None = None) -> bool:
    """Draw a switch and return whether it is on. Its state is stored under `key` in the address, as 'yes' or 'no', if
    it differs from the default."""
    widget = f"switch-{key}"
    st.session_state[widget] = address.yes(key) if address.value(key) else default
    return st.toggle(label, key=widget, on_change=_put_switch, args=(key, widget, default), help=help)


def download(
    label: str,
    data: bytes | str | Callable[[], bytes],
    name: str,
    kind: str | None = None,
    *,
    key: str | None = None,
    type: Literal["primary", "secondary", "tertiary"] = "secondary",
    icon: str | None = None,
    width: Literal["content", "stretch"] = "content",
) -> None:
    """Draw a button that saves a file; `data` may be a function, which is called when the button is pressed.

    The press does not redraw the page: at the end of a redraw Streamlit forgets how to make the files of the previous
    one, so a download requested at that moment failed. The function runs in another thread and uses the page's current
    language.
    """
    st.download_button(
        label,
        _in_current_language(data) if callable(data) else data,
        name,
        kind,
        on_click="ignore",
        key=key,
        type=type,
        icon=icon,
        width=width,
    )


def _in_current_language(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return a function that runs `make` in the current language, in any thread."""
    here = language()

    def made() -> bytes:
        """Return the bytes of the file, then restore the thread's own language."""
        before = language()
        use(here)
        try:
            return make()
        finally:
            use(before)

    return made


def _put_many(key: str, widget: str) -> None:
    address.put_many(key, st.session_state[widget])


def _put_one(key: str, widget: str, clear: Sequence[str] = ()) -> None:
    address.clear(clear)
    address.put(key, st.session_state[widget] or "")


def _put_switch(key: str, widget: str, default: bool) -> None:
    on = st.session_state[widget]
    address.put(key, "" if on == default else "yes" if on else "no")
