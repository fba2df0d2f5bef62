"""What every page has: the look, and an error as one plain line with what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import streamlit as st

from kb.config import held
from kb.errors import IndexError_, KBError
from kb.extras import EXTRA_OF, install
from kb.i18n import t
from kb.i18n.refusals import in_words, translated
from kb.ui import browser

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_WRONG = "kb-wrong"
"""What was refused for one field: its key, the words, and what stood in it then."""
_STYLE = Path(__file__).with_name("style.css")


@contextmanager
def page(path: str = "") -> Iterator[None]:
    """Around the page of that path: its look, and what is shown when the page cannot be."""
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
    """The title of the browser's window: where one is, from the inside out."""
    st.set_page_config(page_title=" · ".join([*(part for part in parts if part), t("Social integration")]))


def no_index(error: IndexError_) -> None:
    """The page that is shown when nothing can be searched yet."""
    st.header(t("There is nothing to search yet"))
    st.warning(_not_ready(error), icon=":material/build:")
    st.markdown(
        t("The index is made from the sources in `corpus/` and takes a few minutes. The page can be closed meanwhile.")
    )
    if st.button(t("Build the index"), key="build-index", type="primary"):
        from kb.ui import work

        with errors_shown():
            work.ask("build", t("The index"), {}, by="")
            st.rerun()
    st.markdown(t("Or in a terminal, in the project's folder:"))
    st.code("kb build", language=None)
    st.markdown(t("Then reload this page. What people decided is kept apart and is not touched."))


def _not_ready(error: IndexError_) -> str:
    """What lacks, and the next step, without the path of a folder."""
    return t("Not ready: {what} {do}", what=translated(error.what), do=translated(error.do))


def show_error(error: KBError) -> None:
    """An error as one line; where there is no index, without the path of its folder, which helps nobody here."""
    if isinstance(error, IndexError_):
        st.warning(_not_ready(error), icon=":material/build:")
        return
    st.error(in_words(error), icon=":material/error:")


def wrong(field: str, error: KBError) -> KBError:
    """The error as one of that field of a form, beside which it is said: `raise wrong("title", InputError(…))`."""
    error.field = field
    return error


@contextmanager
def at(field: str) -> Iterator[None]:
    """Around a check of one field: what is refused is wrong there, and is said there."""
    try:
        yield
    except KBError as error:
        raise wrong(field, error)


@contextmanager
def errors_shown(keys: Mapping[str, str] | None = None) -> Iterator[None]:
    """Around one act: an error is shown where it happened and the rest of the page stays.

    `keys` are the widgets of a form by the names of their fields: what is wrong with one of them is shown beside it
    (`show_wrong`), in the run that follows.
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
        st.session_state[_WRONG] = (key, in_words(error), st.session_state.get(key))
        st.rerun()


def show_wrong(key: str, where: DeltaGenerator | ModuleType = st) -> None:
    """What is wrong with a field, below it, until something else stands there."""
    held, words, value = st.session_state.get(_WRONG, ("", "", None))
    if held == key and st.session_state.get(key) == value:
        where.error(words, icon=":material/error:")


def wrong_in(keys: Iterable[str]) -> str:
    """What is wrong with one of these fields; '' where nothing is."""
    held, words, value = st.session_state.get(_WRONG, ("", "", None))
    return words if held in set(keys) and st.session_state.get(held) == value else ""
