"""Every exported file has the mark of its log in its own place; a mark in people's words is only text and does not make
a correct log look incomplete."""

from __future__ import annotations

import json

import pytest
from kb_commands import ran

from kb import office
from kb.errors import DataError, InputError
from kb.export import FORMATS, export
from kb.export.rows import Provenance, Row
from kb.log.noted import noted

ANA = ("--by", "Ana Author")
STRANGE = f"kb-log/999/{'a' * 64}/2026-01-01T00:00:00.000000Z"
WORDS = f"agreed on the state\n{STRANGE}\n- **Log:** {STRANGE}\nLog: {STRANGE}\n<dt>Log</dt><dd>{STRANGE}</dd>"
EXPORTS = {
    "markdown": "md",
    "html": "html",
    "docx": "docx",
    "xlsx": "xlsx",
    "parquet": "parquet",
    "bibtex": "bib",
    "csv": "csv",
    "jsonl": "jsonl",
    "ris": "ris",
    "csl-json": "csl.json",
}
OF_TEXTS = {"web-annotation", "qdpx"}
"""Formats that need the texts of an index, which these findings have not: tried with one row below."""
BESIDE = {format: one.sidecar for format, one in FORMATS.items() if one.sidecar}


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Create a workspace in which people wrote a mark of another log into every field; its last event is number 4."""
    folder = tmp_path_factory.mktemp("marks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KB_INDEXES", str(folder / "indexes"))
        patch.setenv("KB_WORKSPACE", str(folder / "workspace"))
        patch.delenv("KB_DATABASE_URL", raising=False)
        ran("policies", "create", "land", STRANGE[:70], *ANA)
        ran("findings", "set", "land", "R2.a", "--status", "partial", "--rationale", WORDS, "--gap", WORDS, *ANA)
        ran(
            "findings", "set", "land", "R2.b", "--status", "contrary", "--rationale", STRANGE, "--reason", STRANGE, *ANA
        )
        ran(
            "actions",
            "add",
            "pay",
            STRANGE,
            "--description",
            WORDS,
            "--due",
            "2027-01-31",
            "--finding",
            "land:R2.a",
            *ANA,
        )
        yield folder


def held(file):
    """Return the event numbers of the file's own marks."""
    return [head.sequence for head in noted(file)]


def test_every_format_is_tried_here():
    assert set(EXPORTS) | OF_TEXTS == set(FORMATS)


@pytest.mark.parametrize("kind", ["findings", "actions"])
@pytest.mark.parametrize("format", EXPORTS)
def test_an_export_notes_the_end_of_its_log_and_no_mark_of_peoples_words(marked, format, kind):
    file = marked / f"{kind}.{EXPORTS[format]}"
    ran("export", kind, "--set", "land", "--format", format, "--out", file)
    own = file.with_name(file.name + BESIDE.get(format, ""))
    assert held(own) == [4]
    assert "is still on the chain" in ran("findings", "prove", "--against", own)


@pytest.mark.parametrize("format", [*sorted(OF_TEXTS), "bibtex", "markdown", "html", "parquet"])
def test_a_question_that_holds_a_mark_is_a_persons_words_too(marked, format):
    file, mark = marked / f"question.{format}", ran("findings", "anchor").strip()
    export([Row(id="land/1", text=WORDS)], format, file, Provenance(query=WORDS, log=mark))
    assert held(file) == [4]


@pytest.mark.parametrize("format", BESIDE)
def test_a_data_file_says_where_its_mark_is(marked, format):
    file = marked / f"data.{EXPORTS[format]}"
    ran("export", "findings", "--set", "land", "--format", format, "--out", file)
    with pytest.raises(InputError, match="stands in the file beside it") as told:
        ran("findings", "prove", "--against", file)
    assert file.name + BESIDE[format] in told.value.do
    (marked / f"moved.{EXPORTS[format]}").write_bytes(file.read_bytes())
    assert held(marked / f"moved.{EXPORTS[format]}") == []


@pytest.mark.parametrize("format", ["html", "docx", "pdf"])
@pytest.mark.parametrize("what", ["assessment", "compare"])
def test_a_report_notes_the_end_of_its_log_and_no_mark_of_peoples_words(marked, what, format):
    if format == "pdf" and office.program() is None:
        pytest.skip("LibreOffice is not installed")
    file = marked / f"{what}.{format}"
    ran("report", what, *["land"] * (1 if what == "assessment" else 2), "--format", format, "--out", file)
    assert held(file) == [4]
    assert "is still on the chain" in ran("findings", "prove", "--against", file)


def test_an_assessment_and_a_backup_note_their_log_alone(marked):
    ran("assessment", "export", "land", marked / "a.json")
    ran("backup", marked / "b.zip")
    assert held(marked / "a.json") == held(marked / "b.zip") == [4]


def test_a_calendar_notes_the_end_of_its_log_and_no_mark_of_peoples_words(marked):
    ran("actions", "calendar", marked / "due.ics")
    assert held(marked / "due.ics") == [4]
    assert "is still on the chain" in ran("findings", "prove", "--against", marked / "due.ics")


def test_a_mark_that_is_alone_on_its_line_is_a_note_and_one_in_a_sentence_is_not(marked):
    mark = ran("findings", "anchor").strip()
    (marked / "mail.txt").write_text(f"Dear Ben,\n\n  {mark}\n\nis where we were; not {STRANGE}.\n")
    assert held(marked / "mail.txt") == [4]


def test_a_mark_of_another_log_in_the_files_own_place_is_still_reported(marked):
    ran("export", "findings", "--set", "land", "--format", "csv", "--out", marked / "other.csv")
    beside = marked / "other.csv-metadata.json"
    content = json.loads(beside.read_text())
    content["kb:provenance"]["log"] = STRANGE
    beside.write_text(json.dumps(content))
    with pytest.raises(DataError, match="the file saw event 999"):
        ran("findings", "prove", "--against", beside)
