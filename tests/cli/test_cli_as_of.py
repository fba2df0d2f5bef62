"""States as of a day or an event, and who wrote them."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from kb.cli.main import root as program
from kb.errors import InputError, NotFound

ANA, BEN = ("--by", "Ana"), ("--by", "Ben")


def run(*words):
    """Run a command; return its output or raise its error."""
    ended = CliRunner().invoke(program, list(words))
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return ended.output


@pytest.fixture
def land(tmp_path, monkeypatch):
    """Create an assessment with one decision of Ana, for which Ben wrote the gap."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)
    run("policies", "create", "land", "Land", *ANA)
    run("findings", "set", "land", "R3.d", "--status", "no-evidence-found", "--rationale", "read all of it", *ANA)
    run("findings", "set", "land", "R3.d", "--gap", "no budget", "--seen", "1", *BEN)
    return tmp_path


@pytest.mark.parametrize("at", ["2025", "9999", "0"])
@pytest.mark.parametrize("road", [("findings", "list", "land", "--at"), ("findings", "show", "land", "R3.d", "--at")])
def test_the_number_of_no_event_is_refused_as_a_year_is(land, road, at):
    with pytest.raises(NotFound, match="no event"):
        run(*road, at)


@pytest.mark.parametrize("command", [("compare",), ("report", "compare")])
def test_a_comparison_refuses_it_too(land, command):
    with pytest.raises(NotFound, match="for a year give its last day, as 2025-12-31"):
        run(*command, "land", "land@2025")


def test_a_day_to_come_has_no_state(land):
    later = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    with pytest.raises(InputError, match="still to come"):
        run("findings", "list", "land", "--at", later)


def test_who_wrote_a_part_of_a_finding_is_named_beside_who_decided(land):
    shown = run("findings", "show", "land", "R3.d")
    assert "decided by: Ana" in shown and "last changed by: Ben" in shown
    run("report", "assessment", "land", "--out", str(land / "r.html"))
    page = (land / "r.html").read_text(encoding="utf-8")
    assert "<dt>Last changed by</dt><dd>Ben</dd>" in page


def test_a_double_assessment_that_was_only_opened_is_not_called_settled(land):
    run("double", "open", "land", "R1.c", "Ana", "Ben", "--by", "Cleo")
    run("report", "assessment", "land", "--out", str(land / "r.html"))
    page = (land / "r.html").read_text(encoding="utf-8")
    assert "asked two people to assess it apart" in page and "settled the two assessments" not in page


@pytest.mark.parametrize(
    ("format", "name"), [("csv", "a.xlsx"), ("xlsx", "a.csv"), ("docx", "a.html"), ("xlsx", "a.pdf"), ("docx", "a.doc")]
)
def test_an_export_is_what_its_name_says(land, format, name):
    with pytest.raises(InputError, match="is the name of"):
        run("export", "findings", "--set", "land", "--format", format, "--out", str(land / name))
    assert not (land / name).exists()


@pytest.mark.parametrize(
    "words",
    [
        ("actions", "add", "x", "T", "--finding", "land:R9.z"),
        ("actions", "add", "x", "T", "--commitment", "crpd/art28/22"),
        ("measures", "record", "land", "m", "--title", "T", "--commitment", "nosuch"),
    ],
)
def test_what_an_action_or_a_measure_serves_must_be_there(land, words):
    with pytest.raises(NotFound):
        run(*words, *ANA)
    assert run("actions", "list") == "" and run("measures", "list", "land") == ""


def test_doctor_reads_the_vectors_of_proposals_too(land):
    from kb.build.health import _cache
    from kb.config import settings

    there = settings()
    there.indexes.mkdir(parents=True, exist_ok=True)
    (there.indexes / "assess-vectors.sqlite").write_bytes(b"no database")
    assert any("assess-vectors" in check.detail and check.status == "broken" for check in _cache(there))
