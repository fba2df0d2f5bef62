"""The export page: choose rows and format, preview the first rows, and download the file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

import streamlit as st

from kb.assessment.policies import policy_sets
from kb.coding.codes import sessions
from kb.export import BY_INSTRUMENT, FORMATS, LAYOUT_NAMES
from kb.export.collect import Bench
from kb.export.download import KINDS, name_of, options_of, packed
from kb.export.quotations import QUOTATIONS, quotations
from kb.export.request import FILTERED, Request
from kb.export.rows import Row
from kb.export.study import RATINGS, ratings_table
from kb.export.tables import table_zip
from kb.i18n import TranslatedLabels, language, line_span, t, tn
from kb.jobs.models import Given
from kb.languages import MAIN
from kb.report.blocks import translated_note
from kb.ui import address, markup, places, project, resources, shell, work
from kb.ui.accounts import author
from kb.ui.bar import criteria_in_english
from kb.ui.content import plain
from kb.ui.job_titles import ROWS_WORDS, file_words
from kb.ui.search import MODE_WORDS, beyond_matches, mode_here
from kb.ui.widgets import download, pick

AT_ONCE = 2_000
"""Rows of an export that is written while the person waits: up to here no format took more than some seconds."""
ALL = "-"
"""The query value for all assessments or coding sessions; ids begin with a letter or a digit."""


def page() -> None:
    """Draw the export page: the choice of rows and format, a preview, and the download."""
    viewer = author()
    st.title(places.name_of("export"))
    ways = t(
        "For people: {anchor}, or the report inside each {anchor2}. For programs and tables, choose below.",
        anchor=markup.anchor("brief", t("a brief on a group of people")),
        anchor2=markup.anchor("assess", t("assessment")),
    )
    st.html(f"<p>{ways}</p>")
    st.markdown(
        t(
            "Every row has its text, citation, place, hash, force and tags with their origin and state. "
            "The file says how it was made: query, filters, versions, date and licence."
        )
    )
    query, mode = address.value("q"), mode_here()
    filters = address.filters(facet.name for facet in resources.content().facets)
    kind = pick(t("What"), "what", list(KINDS), ROWS_WORDS.__getitem__)
    request = _request(kind, query, mode, filters)
    if kind in ("findings", "actions") and (why := criteria_in_english()):
        st.html(why)
    bench = resources.bench(viewer)
    taken = resources.taken(bench, request, AT_ONCE)
    _preview(taken.rows[: resources.SHOWN], taken.total)
    if kind == "results":
        beyond_matches(sum(resources.count_found(query, filters, mode)[1].values()), taken.total)
    with st.expander(t("What the file says about itself")):
        if language() != MAIN:
            st.html(markup.line(t("As it stands in the file: in English, for whoever is given it.")))
        st.html(markup.facts(taken.provenance.lines()))
    st.header(t("The file"))
    format = pick(t("Format"), "format", list(FORMATS), file_words, clear=("layout",))
    layout = _layout(format)
    if taken.total > AT_ONCE:
        _beside(request, viewer, format, layout, taken.total)
        return
    download(
        t("Download"),
        lambda: packed(
            taken.rows,
            kind,
            format,
            taken.provenance,
            **options_of(bench, format, layout),
        ),
        name_of(kind, format),
        type="primary",
        icon=":material/download:",
    )
    if kind == "codes":
        _tables_of_a_study(bench, request.session)


ITEMS = TranslatedLabels({"": "for each passage", BY_INSTRUMENT: "for each instrument, with every place"})
"""What one item of a file of references stands for."""


def _layout(format: str) -> str:
    """Draw the choice of a layout, if the format has one, and return it; '' for the usual layout."""
    if FORMATS[format].own == BY_INSTRUMENT:
        return pick(t("One reference"), "layout", list(ITEMS), ITEMS.__getitem__, default="")
    if not FORMATS[format].layouts:
        return ""
    return pick(
        t("Columns"), "layout", ["", *LAYOUT_NAMES], lambda name: name or t("as usual for the format"), default=""
    )


def _tables_of_a_study(bench: Bench, session: str | None) -> None:
    """Draw the downloads of two tables that statistics on a study need: one line per code given, and one per rating."""
    name = session or "codes"
    codes, ratings = f"{name}-codes.csv", f"{name}-ratings.csv"
    asked = (("--session", session), ("--viewer", bench.viewer))
    given = [word for option, value in asked if value for word in (option, value)]

    def again(command: str, file: str) -> str:
        """Return the shell command that makes the same table: `command` is the part after `kb`, `file` the table's
        name."""
        return shlex.join(["kb", *command.split(), *given, "--table", file])

    st.header(t("Tables for counting"))
    st.markdown(t("One line for each passage, coder and code; and every rating, of passages without a code too."))
    download(
        t("Codes, one a line (CSV)"),
        lambda: table_zip(bench, codes, QUOTATIONS, quotations(bench, session), again("codes list", codes)),
        f"{name}-codes.zip",
        "application/zip",
        key="codes-table",
    )
    download(
        t("Ratings, one a line (CSV)"),
        lambda: table_zip(bench, ratings, RATINGS, ratings_table(bench, session), again("agreement", ratings)),
        f"{name}-ratings.zip",
        "application/zip",
        key="ratings-table",
    )


def _beside(request: Request, viewer: str, format: str, layout: str, total: int) -> None:
    """Draw the button that lets a worker process write a long export; the file is offered under the bar when it is
    ready."""
    st.caption(
        t(
            "{total} rows take a while. The file is written beside the app; this page can be closed meanwhile.",
            total=total,
        )
    )
    if st.button(t("Make the file"), key="make-file", type="primary", icon=":material/download:"):
        with shell.errors_shown():
            given: Given = {"request": request.model_dump_json(), "viewer": viewer, "format": format, "layout": layout}
            work.ask("export", request.kind, given, by=viewer)
            st.rerun()


def _request(kind: str, query: str, mode: str, filters: dict[str, list[str]]) -> Request:
    """Return the request for an export. Query keys that this kind of rows does not use are listed, with a button to
    remove them."""
    chosen = _which(kind)
    idle = {} if kind in FILTERED else filters
    labels = resources.labels()
    only = [
        (labels.facet(name), ", ".join(labels.term(name, term) for term in terms))
        for name, terms in filters.items()
        if name not in idle
    ]
    st.html(
        markup.facts(
            [
                (t("Query"), query if kind == "results" else ""),
                (t("Look for"), MODE_WORDS[mode] if kind == "results" else ""),
                *only,
            ]
        )
    )
    unheeded = [*(["q"] if query and kind != "results" else []), *idle]
    if unheeded:
        st.warning(
            t(
                "The address also has {unheeded}, which does not narrow {kind}.",
                unheeded=", ".join(unheeded),
                kind=ROWS_WORDS[kind].lower(),
            ),
            icon=":material/warning:",
        )
        st.button(t("Let go of it"), on_click=address.clear, args=(unheeded,))
    ranked = {"mode": mode} if kind == "results" else {}
    pairs = tuple((name, term) for name, terms in filters.items() if name not in idle for term in terms)
    return Request(kind=kind, query=query if kind == "results" else "", filters=pairs, **chosen, **ranked)


def _which(kind: str) -> dict[str, str | None]:
    """Draw the choice of the assessment or coding session that this kind of rows needs; return it as keyword arguments
    of `Request`."""
    if kind in ("findings", "actions"):
        sets = {one.id: one.title for one in policy_sets(resources.workspace())}
        every = [ALL, *sets] if kind == "actions" else list(sets)
        chosen = pick(t("Assessment"), "set", every, lambda id: sets.get(id, t("All assessments"))) if sets else ALL
        return {"policy_set": None if chosen == ALL else chosen}
    if kind == "codes":
        held = {one.id: project.name_of(one) for one in sessions(resources.workspace())}
        chosen = pick(
            t("Coding project"),
            "session",
            [ALL, *held],
            lambda id: held.get(id, t("All")),
            default=None if held else ALL,
        )
        return {"session": None if chosen == ALL else chosen}
    return {}


SHOWN = TranslatedLabels({"action": "Action", "status": "Status", "rationale": "Rationale", "deadline": "Due"})
"""Fields of a row that the preview shows: findings and actions may have no text."""


def _preview(rows: Sequence[Row], total: int) -> None:
    st.header(t("First rows"))
    if not rows:
        st.markdown(t("There are no rows."))
        return
    st.markdown(
        tn("**{n} row** in all, ", "**{n} rows** in all, ", max(total, len(rows)))
        + (t("of which the first stand below.") if total > len(rows) else t("all of them below."))
    )
    cells = [
        (
            row.citation or row.id,
            *(_field_text(name, row) for name in SHOWN),
            t(row.force_words),
            _whose(row),
            row.words[:300] + ("…" if len(row.words) > 300 else ""),  # three lines of the preview
            _where(row),
            str(len(row.tags)),
            " ".join(map(_note, row.notes)),
        )
        for row in rows
    ]
    heads = (
        t("Citation"),
        *(words for _, words in SHOWN.items()),
        t("Force"),
        t("Whose words"),
        t("Text"),
        t("Place"),
        t("Tags"),
        t("Notes"),
    )
    shown = [
        n for n in range(len(heads)) if any(row[n] not in ("", "0") for row in cells)
    ]  # an empty column says nothing
    st.html(
        markup.table(
            tuple(heads[n] for n in shown),
            [tuple(row[n] for n in shown) for row in cells],
            tn(
                "The first row; the file holds all, with whole texts",
                "The first {n} rows; the file holds all, with whole texts",
                len(rows),
            ),
        )
    )


_SLUGS = re.compile(r"[a-z]+(-[a-z]+)*(, [a-z]+(-[a-z]+)*)*")


def _field_text(name: str, row: Row) -> str:
    """Return the field `name` of a row as text; a status is translated, text that a person wrote is unchanged."""
    value = str(row.fields.get(name) or "")
    return plain(value) if name == "status" and value else value


def _note(note: str) -> str:
    """Translate a note of an export row."""
    return (
        ", ".join(plain(one).lower() for one in note.split(", ")) if _SLUGS.fullmatch(note) else translated_note(note)
    )


def _where(row: Row) -> str:
    """Return the location of a row's text in its source, in the reader's language: file, page, lines, characters."""
    place = row.place
    if place is None:
        return ""
    parts = [place.file]
    parts += [t("page {page}", page=place.page)] if place.page else []
    parts += [line_span(place.lines)] if place.lines else []
    parts += [t("characters {first}–{last}", first=place.chars[0], last=place.chars[1])] if place.chars else []
    return ", ".join(parts)


def _whose(row: Row) -> str:
    """Return whose words the text of a row is; '' if it has no text."""
    return markup.WORDINGS[markup.wording_of(row.wording, row.may_quote)].partition(":")[0] if row.wording else ""
