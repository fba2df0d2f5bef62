"""The codebook: what each code means, when to use it and when not; and downloads for other programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from kb.coding import codebook_csv, codebook_qdc, codebook_skos
from kb.coding.codebook import Code, Codebook
from kb.coding.codebook_mark import write_marked
from kb.coding.own import OWN
from kb.coding.worklist import codes_in
from kb.files import scratch
from kb.i18n import language, t, tn
from kb.languages import MAIN
from kb.log.noted import own_mark
from kb.ui import accounts, markup, places, resources
from kb.ui.owncodes import book_for, group_name, show_begin
from kb.ui.widgets import download, pick

WRITERS: dict[str, tuple[str, Callable[[Codebook, Path], object]]] = {
    "REFI-QDA codebook": (".qdc", codebook_qdc.write_qdc),
    "SKOS, Turtle": (".ttl", codebook_skos.write_skos),
    "SKOS, JSON-LD": (".jsonld", lambda book, path: codebook_skos.write_skos(book, path, "jsonld")),
    "CSV": (".csv", codebook_csv.write_csv),
}


def page() -> None:
    """Draw the codebook page: the codes of one group, and the downloads."""
    book = book_for(accounts.author())
    st.title(places.name_of("codebook"))
    st.markdown(
        tn(
            "{n} code, with its meaning and an example. The files below open in other programs for coding.",
            "{n} codes, each with its meaning and an example. The files below open in other programs for coding.",
            sum(code.codable for code in book.codes),
        )
    )
    with st.container(horizontal=True):
        for words, (suffix, write) in WRITERS.items():
            download(
                words,
                partial(_bytes, book, suffix, write),
                f"codebook{suffix}",
                icon=":material/download:",
            )
    show_begin()
    st.header(t("Codes"))
    facets = [code.id for code in book.children(None)]
    facet = pick(t("Group of codes"), "facet", facets, partial(_group, book), default=facets[0])
    if facet == OWN:
        st.html(markup.line(t(book.by_id()[facet].definition)))
    else:
        if language() != MAIN:
            st.html(markup.line(t("Definitions and examples stand in English, the language of the codebook.")))
        st.html(markup.line(markup.InEnglish(book.by_id()[facet].definition)))
    for code in codes_in(book, facet):
        _code(code, facet)


def _group(book: Codebook, facet: str) -> str:
    """Return the name of a group of codes: the one of the app, or of the codebook where the app has none."""
    known = {OWN, *(one.name for one in resources.content().facets)}
    return group_name(facet) if facet in known else printed_name(book.by_id()[facet])


def printed_name(code: Code) -> str:
    """Return the name of a code in the language of the interface, or its own name if it has none in that language."""
    return code.labels.get(language(), code.name)


def _code(code: Code, facet: str) -> None:
    st.subheader(printed_name(code), anchor=code.id.replace("/", "-"))
    words: type[str] = str if facet == OWN else markup.InEnglish  # a person's own codes are in their own language
    st.html(
        markup.facts(
            [
                (t("Short name"), code.id.removeprefix(f"{facet}/")),
                (t("Definition"), words(code.definition)),
                (t("Include"), words(code.include)),
                (t("Exclude"), words(code.exclude)),
                (t("Typical example"), words(code.typical)),
                (t("Borderline example"), words(code.borderline)),
                (t("In other languages"), "; ".join(f"{tag}: {label}" for tag, label in named(code).items())),
            ]
        )
    )


def named(code: Code) -> dict[str, str]:
    """Return the names of a code by language code, without the name that `printed_name` shows."""
    return {tag: label for tag, label in {MAIN: code.name, **code.labels}.items() if label != printed_name(code)}


def _bytes(book: Codebook, suffix: str, write: Callable[[Codebook, Path], object]) -> bytes:
    mark = own_mark(resources.bench().log_mark)
    with scratch("codebook") as folder:
        return write_marked(write, book, folder / f"codebook{suffix}", mark).read_bytes()
