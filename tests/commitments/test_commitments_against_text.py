"""Register and official text: what agrees, what does not, and whether a file is the stated document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from kb.commitments import against_text as check
from kb.commitments.against_text import EntryComparison, RegisterComparison, compare, identify, same_heading, upgrade
from kb.commitments.nearest import rankings
from kb.commitments.official import OfficialText
from kb.commitments.register import Instrument, load_instrument, load_register
from kb.errors import RefusedError
from kb.models import Document
from kb.structure import resolution, treaty
from kb.structure.division_names import language_of

TEXT = """# Convention on Quiet Streets of the Towns

### Article 1

Purpose

This Convention keeps the streets of towns quiet by night.

### Article 2

Duties of Parties

1. Each Party shall measure traffic noise in every street once a year.

2. Each Party shall publish the noise it has measured, so that residents can compare.

### Article 3

Committee

A committee of nine experts reads the reports.
"""
REGISTER = """# comment that stays
id: cqs
title: Convention on Quiet Streets of the Towns
short: CQS
symbol: X/1
adopted: '2001'
force: legal-obligation
force_note: Parties only.
url: https://example.org
entries:
  - id: cqs/art1
    identifier: CQS art. 1
    heading: Purpose
    statement: Night quiet in the streets of towns is what the treaty is for.
    kind: article
    force: legal-obligation
    duty_bearers: [state]
    verified: unverified
  - id: cqs/art2/1
    identifier: CQS art. 2(1)
    heading: Duties of Parties
    statement: "Every year parties measure the noise of traffic in all streets."  # own words
    kind: paragraph
    force: legal-obligation
    duty_bearers: [state]
  - id: cqs/art2/2
    identifier: CQS art. 2(2)
    heading: Duties of Parties
    statement: Parties publish measured noise for residents to compare.
    kind: paragraph
    force: legal-obligation
    duty_bearers: [state]
    note: last
"""


def text(of: str = TEXT) -> Document:
    return treaty.parse(of, document="cqs", title="CQS", file="x.md", sha256="a" * 64, short="CQS")


def register(of: str = REGISTER) -> Instrument:
    return Instrument.model_validate(yaml.safe_load(of))


def test_entries_that_agree_have_place_heading_and_nearest_passage() -> None:
    report = compare(register(), text())
    assert (report.agreeing, report.first, report.coverage) == (3, 3, 1.0)


def test_an_identifier_that_the_text_has_not_is_reported() -> None:
    report = compare(register(REGISTER.replace("art2/2", "art2/7")), text())
    assert report.findings[2].problems == ("CQS art. 2(2) is not in the text",)


def test_a_number_that_the_text_skips_is_reported_though_no_entry_has_it() -> None:
    few = REGISTER[: REGISTER.index("  - id: cqs/art2/2")]
    more = TEXT.replace("### Article 3", "4. Each Party shall plant trees.\n\n### Article 3")
    report = compare(register(few), text(more))
    assert report.agreeing == report.entries and report.absent == ("cqs/art2/3",)
    assert "cqs/art2/3: was something cut out?" in check.cut_out(report.absent)


def test_a_heading_that_differs_is_reported_with_both() -> None:
    report = compare(register(REGISTER.replace("heading: Purpose", "heading: Aims")), text())
    assert "register 'Aims', text 'Purpose'" in report.findings[0].problems[0]


def test_a_statement_that_belongs_elsewhere_is_reported() -> None:
    wrong = REGISTER.replace(
        "Night quiet in the streets of towns is what the treaty is for.",
        "Parties publish measured noise for residents to compare.",
    )
    finding = compare(register(wrong), text()).findings[0]
    assert finding.rank is not None and finding.rank > 1 and finding.nearest == "cqs/art2/2" and finding.remarks


def test_a_statement_nearest_to_the_heading_above_its_passage_needs_no_look() -> None:
    """An objective and the paragraph under it have one subject: of 242 statements of Beijing, 64 were reported for
    that."""
    report = compare(register(REGISTER), text())
    ids = [finding.id for finding in report.findings]
    above = {ids[1]: ids[0]}
    entry = register(REGISTER).entries[1]
    near_heading = check._finding(entry, entry.id, OfficialText.of(text()), [ids[0], ids[1], *ids[2:]], above)
    assert near_heading.rank == 2 and near_heading.rank_with_kin == 1 and not near_heading.remarks
    report = report.model_copy(update={"findings": (near_heading, *report.findings[2:])})
    assert (report.first, report.near) == (len(ids) - 2, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Purpose", "PURPOSE", True),
        ("Commitment 4: promoting social integration", "Commitment 4", True),
        ("A.1. Review policies", "Strategic objective A.1. Review policies", True),
        ("Health", "Education", False),
        ("Commitment 4: promoting social integration", "Commitment 5", False),
    ],
)
def test_headings_are_compared_without_labels(one: str, other: str, same: bool) -> None:
    assert same_heading(one, other) is same


def test_an_encoder_can_bring_up_a_passage_that_shares_no_word() -> None:
    texts = ["children play", "trucks are loud", "boats are slow"]
    vectors = {
        "lorry noise": (0, 1, 0),
        "children play": (1, 0, 0),
        "trucks are loud": (0, 1, 0),
        "boats are slow": (0, 0, 1),
    }
    import numpy as np

    order = rankings(["lorry noise"], texts, lambda each: np.array([vectors[text] for text in each], dtype=float))
    assert order[0][0] in (0, 1) and order[0].index(1) < order[0].index(2)


# --- ranges ---

PLAN = """Chapter I

First things

1. One.

2. Two.

Chapter II

Second things

3. Three.
"""


def plan(first: int, last: int) -> Instrument:
    entry = {
        "id": "plan/ch/I",
        "identifier": "Plan ch. I",
        "heading": "I. First things",
        "statement": "One and two.",
        "kind": "chapter",
        "force": "political-commitment",
        "duty_bearers": ["state"],
        "range": {"first": first, "last": last, "of": "plan"},
    }
    head = {
        "id": "plan",
        "title": "Plan",
        "short": "Plan",
        "symbol": "Y",
        "adopted": "2000",
        "force": "political-commitment",
        "force_note": "none",
        "url": "",
    }
    return Instrument.model_validate(head | {"entries": [entry]})


@pytest.mark.parametrize(("first", "last", "agrees"), [(1, 2, True), (1, 3, False)])
def test_paragraph_ranges_are_compared_with_the_numbers_printed(first: int, last: int, agrees: bool) -> None:
    document = resolution.parse(PLAN, document="plan", title="Plan", file="x.md", sha256="b" * 64)
    finding = compare(plan(first, last), document).findings[0]
    assert finding.range_found == (1, 2) and finding.range_agrees is agrees
    assert bool(finding.problems) is not agrees


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("Listen (a) and answer (b).", None),
        ("Listen (a).", "letter (b) is not in the statement"),
        ("Listen (a), answer (b), wait (c).", "the statement names (c), which the text has not"),
        ("Listen and answer.", None),
    ],
)
def test_letters_of_a_paragraph_are_all_named_and_no_others(statement: str, problem: str | None) -> None:
    source = "Chapter I\n\nFirst things\n\n1. By Governments:\n\n(a) Listen;\n\n(b) Answer.\n"
    document = resolution.parse(source, document="plan", title="Plan", file="x.md", sha256="b" * 64)
    instrument = plan(1, 1)
    entry = instrument.entries[0].model_copy(update={"id": "plan/para1", "statement": statement, "kind": "paragraph"})
    finding = compare(instrument.model_copy(update={"entries": (entry,)}), document).findings[0]
    assert finding.problems == ((problem,) if problem else ())


def test_a_text_in_another_language_is_compared_by_identifiers_and_numbers_alone() -> None:
    spanish = text(TEXT.replace("Purpose", "Objeto").replace("Duties of Parties", "Deberes")).model_copy(
        update={"language": "es"}
    )
    report = compare(register(), spanish)
    assert (report.language, report.agreeing, report.first) == ("es", 3, 0)
    assert compare(register(REGISTER.replace("art2/2", "art2/7")), spanish).agreeing == 2


# --- writing ---


def test_the_marks_are_written_and_everything_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "cqs.yaml"
    path.write_text(REGISTER)
    assert upgrade(path, compare(register(), text())) == 3
    loaded = load_instrument(path)
    assert {(e.verified, e.verified_against) for e in loaded.entries} == {("official-text", "a" * 64)}
    old = [line for line in REGISTER.splitlines() if "verified:" not in line]
    assert [line for line in path.read_text().splitlines() if "verified" not in line] == old
    assert [each.name for each in tmp_path.iterdir()] == ["cqs.yaml"]


def test_writing_twice_changes_nothing_more(tmp_path: Path) -> None:
    path = tmp_path / "cqs.yaml"
    path.write_text(REGISTER)
    upgrade(path, compare(register(), text()))
    once = path.read_text()
    assert upgrade(path, compare(load_instrument(path), text())) == 0 and path.read_text() == once


def test_an_entry_that_disagrees_is_not_marked(tmp_path: Path) -> None:
    more = REGISTER.replace("heading: Purpose", "heading: Aims")
    path = tmp_path / "cqs.yaml"
    path.write_text(more)
    upgrade(path, compare(register(more), text()))
    assert [entry.verified for entry in load_instrument(path).entries] == [
        "unverified",
        "official-text",
        "official-text",
    ]


def test_an_incomplete_text_marks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cqs.yaml"
    path.write_text(REGISTER)
    with pytest.raises(RefusedError, match="33%"):
        upgrade(path, compare(register(), text(TEXT[: TEXT.index("### Article 2")])))
    assert path.read_text() == REGISTER


# --- is it what it claims to be ---


def test_the_document_itself_agrees() -> None:
    assert identify(register(), text(), source=TEXT).verdict == "agrees"


def test_another_document_with_articles_is_refused() -> None:
    other = (
        TEXT.replace("Quiet Streets of the Towns", "Long Bridges")
        .replace("Purpose", "Spans")
        .replace("Duties", "Piers")
    )
    claim = identify(register(), text(other), source=other)
    assert claim.verdict == "refused" and "does not name it" in claim.reasons[0]


def test_a_truncated_text_says_where_it_ends() -> None:
    cut = TEXT[: TEXT.index("2. Each Party")]
    claim = identify(register(), text(cut), source=cut)
    assert claim.verdict == "doubtful" and "CQS art. 2(2) to the end" in claim.reasons[0]


def test_a_draft_with_other_paragraph_numbers_is_reported() -> None:
    document = resolution.parse(PLAN, document="plan", title="Plan", file="x.md", sha256="b" * 64)
    claim = identify(plan(1, 4), document, source="The Plan itself, Plan, Y")
    assert claim.verdict == "doubtful" and "register 1-4, text 1-2" in " ".join(claim.reasons)


def test_another_language_is_refused_with_what_to_say() -> None:
    claim = identify(register(), text(), source=TEXT, language="es")
    assert claim.verdict == "refused" and "--language es" in claim.reasons[0]


# --- real texts ---


@pytest.fixture(scope="module")
def crpd(root: Path) -> Instrument:
    return load_instrument(root / "corpus" / "commitments" / "crpd.yaml")


@pytest.mark.parametrize(
    "file", ["crpd_en_nl_bwbv0004045.md", "crpd_en_zh_open-treaties.json", "crpd_en_zh_open-treaties.html"]
)
def test_every_entry_of_the_disability_convention_agrees_with_each_english_text(
    shared, crpd: Instrument, file: str
) -> None:
    source = (shared / "data" / "instruments" / "crpd" / file).read_text(encoding="utf-8")
    report = compare(crpd, treaty.parse(source, document="crpd", title="CRPD", file=file, sha256="c" * 64))
    assert [finding for finding in report.findings if not finding.agrees] == []


@pytest.mark.parametrize(
    ("file", "language", "verdict"),
    [
        ("crpd/crpd_en_nl_bwbv0004045.md", "en", "agrees"),
        ("crpd/crpd_es_ar_ley26378.md", "es", "agrees"),
        ("crpd/crpd_es_ar_ley26378.md", "en", "refused"),
        ("crpd/crpd_de_PARTIAL_fedlex.md", "de", "refused"),
        ("crpd/crpd_optional_protocol_en_nl.md", "en", "refused"),
        ("related_treaties/cedaw.en_zh.json", "en", "refused"),
        ("related_treaties/iccpr.en_zh.json", "en", "refused"),
    ],
)
def test_real_files_added_as_the_disability_convention(
    shared, root: Path, crpd: Instrument, file: str, language: str, verdict: str
) -> None:
    source = (shared / "data" / "instruments" / file).read_text(encoding="utf-8")
    document = treaty.parse(source, document="crpd", title="CRPD", file=file, sha256="c" * 64, language=language)
    words = " ".join(passage.text for passage in document.passages)[:20000] or source[:20000]
    claim = identify(
        crpd, document, load_register(root / "corpus" / "commitments"), source=source, language=language_of(words)
    )
    assert claim.verdict == verdict, claim.reasons


def test_a_draft_whose_articles_have_other_numbers_is_refused_with_an_example(shared, crpd: Instrument) -> None:
    source = (shared / "data" / "instruments" / "crpd" / "crpd_en_nl_bwbv0004045.md").read_text(encoding="utf-8")
    draft = re.sub(
        r"(?m)^(### (?:Article|Artikel)\s+)(\d+)", lambda at: f"{at[1]}{int(at[2]) + (int(at[2]) > 4)}", source
    )
    claim = identify(
        crpd, treaty.parse(draft, document="crpd", title="CRPD", file="draft.md", sha256="c" * 64), source=draft
    )
    assert claim.verdict == "refused" and "crpd/art6" in claim.reasons[1] and "draft" in claim.reasons[1]


def test_a_letter_of_an_objective_is_found_in_the_paragraph_that_holds_it() -> None:
    text = (
        "A. Priority direction I: Work\n\nIssue 1: Taking part\n\n"
        "21. Objective 1: Being heard by all.\n\nActions\n\n(a) Listen;\n\n(b) Answer.\n"
    )
    official = OfficialText.of(resolution.parse(text, document="mipaa", title="", file="x.md", sha256="d" * 64))
    assert official.has("mipaa/I.1/obj1/b") and official.words("mipaa/I.1/obj1/b") == "Answer."
    assert official.heading("mipaa/I.1/obj1/b") == "Objective 1: Being heard by all."


@pytest.mark.parametrize("name", ["crpd", "wssd", "beijing", "mipaa"])
def test_marks_can_be_written_into_every_shipped_register_and_change_nothing_else(
    root: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_text((root / "corpus" / "commitments" / f"{name}.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    before = load_instrument(path)
    findings = tuple(
        EntryComparison(id=entry.id, exists=True, range_agrees=True if entry.range else None)
        for entry in before.entries
    )
    upgrade(path, RegisterComparison(instrument=name, sha256="e" * 64, entries=len(findings), findings=findings))
    after = load_instrument(path)
    assert {entry.verified for entry in after.entries} == {"official-text"}
    assert all(entry.range.verified for entry in after.entries if entry.range)
    plain = {"verified": "unverified", "verified_against": None, "range": None}
    assert [e.model_copy(update=plain) for e in after.entries] == [e.model_copy(update=plain) for e in before.entries]
