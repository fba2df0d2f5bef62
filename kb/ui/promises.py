"""Draw what this project promises, and the versions of data and programs behind its answers."""

from __future__ import annotations

import streamlit as st

from kb.i18n import later, t
from kb.models import Force
from kb.ui import markup, resources

_PROMISES = (
    (
        later("Verbatim and located"),
        later(
            "A quotation is the source's own words, with file, lines and hash. A statement in this "
            "project's words says so, and so does every fact that nobody has checked."
        ),
    ),
    (
        later("The machine proposes, people decide"),
        later(
            "Tags, links and evidence are proposals until a named person confirms "
            "them. No machine sets a status. Silence means: no evidence found in the "
            "documents supplied."
        ),
    ),
    (
        later("Force is never blurred"),
        later(
            "What binds, what was promised and what an expert advised stand apart, in words, on "
            "every hit and in every export. There is no score and no ranking of countries."
        ),
    ),
)


def show_promises() -> None:
    """Draw the three promises side by side, and the versions."""
    st.header(t("Three promises"))
    for column, (title, text) in zip(st.columns(3), _PROMISES):
        with column.container(border=True):
            st.subheader(t(title))
            st.markdown(t(text))
    show_versions()


def show_versions() -> None:
    """Draw the documents of the index and the versions it was built from."""
    index = resources.searcher().index
    framework, made = resources.framework(), index.manifest
    st.header(t("What answers here"))
    listed = resources.searcher().engine.count(None, resources.searcher().shown).get("document", {})
    titles = [
        (head["title"], _force_words(head["force"]), _many(head["passages"], listed.get(head["id"], 0)))
        for head in index.store.documents()
    ]
    st.html(markup.table((t("Document"), t("Force"), t("Passages")), titles, t("Documents in this index")))
    st.html(
        f'<details class="k-fold"><summary>{t("Versions, to tell others what answered")}</summary>'
        + markup.facts(
            [
                (t("Framework"), f"{framework.id} {framework.version}: {framework.size_shown()}"),
                (t("Criteria"), str(framework.criteria_count)),
                (
                    t("Index"),
                    t(
                        "{name}, built {built} UTC, {passages} passages",
                        name=index.folder.name,
                        built=f"{made.built:%Y-%m-%d %H:%M}",
                        passages=made.passages,
                    ),
                ),
                (t("Models"), ", ".join(f"{space.encoder}" for space in made.spaces.values())),
                (
                    t("Program"),
                    ", ".join(
                        f"{name} {made.packages[name]}"
                        for name in ("kb", "tantivy", "faiss-cpu")
                        if name in made.packages
                    ),
                ),
            ]
        )
        + "</details>"
    )


def _many(passages: int, listed: int) -> str:
    """Return a number of passages; where searches and their counts list fewer (`listed`), with the number of those that
    are shown within another."""
    return (
        t("{passages}, {parts} within another", passages=passages, parts=passages - listed)
        if passages > listed
        else str(passages)
    )


def _force_words(force: str) -> str:
    """Return the force with its symbol, for a table."""
    return f"{Force(force).sign} {t(Force(force).words)}"
