"""The form that begins a coding project: named coders, each with a share of a sample."""

from __future__ import annotations

import streamlit as st

from kb.coding import codes
from kb.coding.models import Session
from kb.coding.sample import draw
from kb.errors import InputError
from kb.i18n import later, t, tn
from kb.text import slug
from kb.ui import address, resources
from kb.ui.form import Form
from kb.ui.owncodes import facets, group_name
from kb.ui.shell import at, wrong
from kb.ui.waiting import WaitingText


@st.cache_data(show_spinner=WaitingText(later("Drawing the sample…")), max_entries=20)  # samples of some projects
def sampled(index: str, document: str, facet: str, size: int, seed: int, unsure: bool) -> list[str]:
    """Return the ids of a sample of passages of a document; the same arguments give the same sample. `unsure` draws
    those first of which the machine is least certain."""
    passages = [p for p in resources.searcher().index.store.passages(document) if p.kind not in ("heading", "title")]
    return list(draw(passages, size, facet=facet, by_uncertainty=unsure, seed=seed).ids)


def show_begin_project(by: str, *, opened: bool) -> None:
    """Draw the form for a new project, unfolded if `opened`: named coders, each with a share of a sample."""
    documents, labels = list(resources.searcher().index.manifest.documents), resources.labels()
    with st.expander(t("Begin a project for several coders"), expanded=opened):
        form = Form(
            "new-session",
            # a first sample for one sitting, a fifth of it by two people; chosen by eye
            {"title": "", "names": "", "document": None, "facet": None, "size": 40, "double": 0.2, "blind": True},
            by=by,
        )
        title = form.line("title", t("Name of the project"))
        names = form.line("names", t("Coders"), placeholder=t("names, with commas between them"))
        document = form.select("document", t("Document to code"), documents, lambda id: labels.term("document", id))
        facet = form.select("facet", t("Codes to use"), facets(), group_name)
        size = form.number("size", t("Passages"), st, 1, 1000)
        # tenths are fine enough for a share
        double = form.number("double", t("Share of the passages that two people code (0 to 1)"), st, 0.0, 1.0, step=0.1)
        blind = form.tick("blind", t("Coders do not see each other's codes until it is closed"))
        if form.submit(t("Open the project"), type="primary", disabled=not by):
            with form.recording():
                made = _open(by, title, names, document, facet, size, double, blind)
                address.clear(["facet", "document", "at"])
                address.put("session", made.id)
                st.session_state["kb-did"] = tn(
                    "“{title}” is open, with {n} passage. Yours are below.",
                    "“{title}” is open, with {n} passages. Yours are below.",
                    len(made.sample),
                    title=title,
                )


def _missing(field: str) -> InputError:
    """Return the error shown beside the empty form field `field`."""
    fill = t("Fill it in.")
    return {
        "title": InputError(t("The project has no name."), do=fill),
        "names": InputError(t("No coder is named."), do=fill),
        "document": InputError(t("No document is chosen."), do=t("Choose one from the list.")),
        "facet": InputError(t("No codes are chosen."), do=t("Choose them from the list.")),
        "size": InputError(t("The number of passages is missing."), do=fill),
        "double": InputError(t("The share that two people code is missing."), do=fill),
    }[field]


def _every() -> list[Session]:
    """Return every project, including archived and deleted ones, whose names are also taken."""
    return [*codes.sessions(resources.workspace()), *codes.sessions(resources.workspace(), removed=True)]


def _open(
    by: str,
    title: str,
    names: str,
    document: str | None,
    facet: str | None,
    size: float | None,
    double: float | None,
    blind: bool,
) -> Session:
    """Select `size` passages of the document at random and open a coding session for the coders in `names` (separated
    by commas), who do not see each other's codes if `blind`. `double` is the share of passages (0 to 1) that two people
    code. Raises InputError, at its field, for what is missing, for coders named twice and for a name that another
    project has."""
    asked = {
        "title": title.strip(),
        "names": names.strip(" ,"),
        "document": document,
        "facet": facet,
        "size": size,
        "double": None if double is None else str(double),  # 0 is an answer
    }
    for field, given in asked.items():
        if not given:
            raise wrong(field, _missing(field))
    assert document and facet and size and double is not None  # as just checked
    coders = [one.strip() for one in names.split(",") if one.strip()]
    if len({one.casefold() for one in coders}) < len(coders):
        raise wrong("names", InputError(t("A coder is named twice."), do=t("Name each coder once.")))
    id = slug(title) or "project"
    if id.casefold() in {one.id.casefold() for one in _every()}:
        taken = t("There is already a project with this name or a similar one.")
        raise wrong("title", InputError(taken, do=t("Choose another name.")))
    ids = sampled(resources.searcher().index.folder.name, document, facet, int(size), 0, False)
    how = {
        "asked": int(size),
        "facet": facet,
        "document": document,
        "by_uncertainty": False,
        "index": resources.searcher().index.folder.name,
    }
    with at("title"):  # all else was checked above
        made = codes.open_session(
            resources.workspace(),
            id,
            coders,
            codebook=resources.codebook().version,
            by=by,
            blind=blind,
            sample=ids,
            double=double,
            drawn=how,
        )
    named = {"title": title.strip()}
    return (
        made
        if made.id == title.strip()
        else codes.change_session(resources.workspace(), made.id, named, by=by, expected=made.version)
    )
