"""The frame of every page: its style, and errors shown as one line with what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import streamlit as st

from kb.config import held
from kb.errors import IndexError_, KBError, RefusedError
from kb.extras import EXTRA_OF, install
from kb.i18n import t
from kb.i18n.refusals import in_words, translated
from kb.ui import browser

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_WRONG = "kb-wrong"
"""Session key of a refused field: its widget key, the message, and its value at that time."""
_STYLE = Path(__file__).with_name("style.css")


@contextmanager
def page(path: str = "") -> Iterator[None]:
    """Wrap the drawing of a page: set its style and show errors that stop it."""
    st.set_page_config(layout="wide")
    st.html(_STYLE)
    browser.attend(path)
    try:
        with held():
            yield
    except IndexError_ as error:
        no_index(error)
    except KBError as error:
        show_error(error)
    except ModuleNotFoundError as error:
        extra = EXTRA_OF.get((error.name or "").partition(".")[0], "app")
        st.error(
            t(
                "This page needs the package “{name}”, which is not installed. "
                "Whoever looks after this program runs: {command}",
                name=error.name,
                command=install(extra),
            ),
            icon=":material/error:",
        )


def title(*parts: str) -> None:
    """Set the window title from its parts, most specific first."""
    st.set_page_config(page_title=" · ".join([*(part for part in parts if part), t("Social integration")]))


def no_index(error: IndexError_) -> None:
    """Draw the page that is shown while there is no index."""
    st.header(t("There is nothing to search yet"))
    st.warning(_not_ready(error), icon=":material/build:")
    st.markdown(
        t("The index is made from the sources in `corpus/` and takes a few minutes. The page can be closed meanwhile.")
    )
    if st.button(t("Build the index"), key="build-index", type="primary"):
        from kb.ui import work

        with errors_shown():
            work.ask("build", "index", {}, by="")
            st.rerun()
    st.markdown(t("Or in a terminal, in the project's folder:"))
    st.code("kb build", language=None)
    st.markdown(t("Then reload this page. What people decided is kept apart and is not touched."))


def _not_ready(error: IndexError_) -> str:
    """Return what is missing and the next step, without the path of a folder."""
    return t("Not ready: {what} {do}", what=translated(error.what), do=translated(error.do))


def show_error(error: KBError) -> None:
    """Draw an error as one line; a missing index without the path of its folder."""
    if isinstance(error, IndexError_):
        st.warning(_not_ready(error), icon=":material/build:")
        return
    st.error(in_words(error), icon=":material/error:")


def drop_place(error: KBError) -> None:
    """Remove the location from a refusal: it consists of identifiers, and the page where the button stands says where
    one is. Other errors keep theirs, which may be a file or a line."""
    if isinstance(error, RefusedError):
        error.where = ""


def wrong(field: str, error: KBError) -> KBError:
    """Attach the name of a form's field to the error, which is then shown beside it: `raise wrong("title",
    InputError(…))`."""
    error.field = field
    return error


@contextmanager
def at(field: str) -> Iterator[None]:
    """Attach `field`, the name of a form's field, to any KBError that the block raises."""
    try:
        yield
    except KBError as error:
        raise wrong(field, error)


@contextmanager
def errors_shown(keys: Mapping[str, str] | None = None) -> Iterator[None]:
    """Show an error that is raised in the block, and keep the rest of the page.

    `keys` maps the fields of a form to its widgets: an error of one field is shown beside it (`show_wrong`) in the next
    run.
    """
    browser.speak()
    if keys is not None:
        st.session_state.pop(_WRONG, None)
    try:
        yield
    except KBError as error:
        key = (keys or {}).get(error.field)
        if key is None:
            show_error(error)
            return
        mark_wrong(key, error)
        st.rerun()


def mark_wrong(key: str, error: KBError) -> None:
    """Store the error of the field with the widget key `key`; `show_wrong` draws it below the field in the next run."""
    browser.speak()  # where a press is answered before the page is drawn
    st.session_state[_WRONG] = (key, in_words(error), st.session_state.get(key))


def show_wrong(key: str, where: DeltaGenerator | ModuleType = st) -> None:
    """Draw the error of the field with the widget key `key` below it, until its value changes."""
    held, words, value = st.session_state.get(_WRONG, ("", "", None))
    if held == key and st.session_state.get(key) == value:
        where.error(words, icon=":material/error:")


def wrong_in(keys: Iterable[str]) -> str:
    """Return the error of one of these fields; '' if there is none."""
    held, words, value = st.session_state.get(_WRONG, ("", "", None))
    return words if held in set(keys) and st.session_state.get(held) == value else ""
