"""Choices whose state is the address: what is chosen can be linked to. What the address does not name is never
guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from kb.errors import NotFound
from kb.i18n import language, t, use
from kb.ui import address, markup, shell

MOST = 60
"""Choices that are listed one by one where the address names none: the criteria of the framework and some more."""


def choose(
    label: str, key: str, options: Sequence[str], words: Callable[[str], str] = str, placeholder: str | None = None
) -> list[str]:
    """Any number of options, kept under `key` of the address. What the address names and nobody knows stops the
    page."""
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
    """One option, kept under `key` of the address; another choice takes the keys `clear` out of it.

    Where the address names none, `default` counts and stands in the box; without a default the page asks and stops.
    A name that is not among the options always stops the page: another one is never shown in its place.
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
    """Say what is missing or unknown, list what there is, and draw nothing else."""
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
    """A line of text, kept under `key` of the address."""
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
    """On or off, kept under `key` of the address as 'yes' or 'no' where it is not what it is by default."""
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
    """A button that saves a file; `data` may be a function, called when it is pressed.

    The page is not drawn anew for it: Streamlit forgets, at the end of a redraw, how the file of the page before it is
    made, and a file that was asked for in that moment never came. It is made in a thread that knows no page: it speaks
    the language that this page speaks now."""
    st.download_button(
        label,
        _spoken(data) if callable(data) else data,
        name,
        kind,
        on_click="ignore",
        key=key,
        type=type,
        icon=icon,
        width=width,
    )


def _spoken(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """The same, in the language spoken now, in whatever thread it is called."""
    here = language()

    def made() -> bytes:
        """The bytes of the file; the thread's own language is put back."""
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
