"""The registers of Copenhagen, Beijing and Madrid: complete by their outlines, tagged, and explicit about what is not
checked."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from kb.commitments.against_text import RegisterComparison, compare
from kb.commitments.register import Entry, Instrument, load_instrument, load_register
from kb.read import read
from kb.sources.library import read_text
from kb.sources.manifest import load_manifest

NAMES = ("wssd", "beijing", "mipaa")
LONGEST_SHARED_RUN = 12  # words; more than that in one row is the text's wording, not ours
FOLDERS = {"beijing": "beijing", "mipaa": "madrid"}
FRAGMENTS = {"wssd": "copenhagen_1995", "beijing": "beijing_1995", "mipaa": "madrid_2002"}


@pytest.fixture(scope="module")
def registers(root: Path) -> dict[str, Instrument]:
    return {name: load_instrument(root / "corpus" / "commitments" / f"{name}.yaml") for name in NAMES}


@pytest.fixture(scope="module")
def entries(registers: dict[str, Instrument]) -> dict[str, Entry]:
    return {entry.id: entry for instrument in registers.values() for entry in instrument.entries}


def of_kind(instrument: Instrument, kind: str) -> list[str]:
    return [entry.id for entry in instrument.entries if entry.kind == kind]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def test_copenhagen_has_its_ten_commitments_in_order(registers: dict[str, Instrument]) -> None:
    assert of_kind(registers["wssd"], "commitment") == [f"wssd/c{number}" for number in range(1, 11)]


def test_copenhagen_letters_are_only_those_that_were_read(registers: dict[str, Instrument]) -> None:
    assert of_kind(registers["wssd"], "action") == ["wssd/c6/a", "wssd/c6/b"]


def test_copenhagen_programme_has_five_chapters_with_their_sections(registers: dict[str, Instrument]) -> None:
    sections = Counter(
        entry.parent for entry in registers["wssd"].entries if re.fullmatch(r"wssd/poa/[IV]+\.[A-G]", entry.id)
    )
    assert sections == {"wssd/poa/I": 2, "wssd/poa/II": 4, "wssd/poa/III": 5, "wssd/poa/IV": 7, "wssd/poa/V": 4}


def test_beijing_has_twelve_areas_with_52_objectives_and_the_note_counts_them_alike(
    registers: dict[str, Instrument],
) -> None:
    beijing = registers["beijing"]
    per_area = Counter(entry.parent for entry in beijing.entries if entry.kind == "objective")
    assert of_kind(beijing, "area") == [f"beijing/{letter}" for letter in "ABCDEFGHIJKL"]
    assert sum(per_area.values()) == 52
    stated = {f"beijing/{letter}": int(number) for letter, number in re.findall(r"\b([A-L]) (\d)\b", beijing.note)}
    assert stated == dict(per_area)


def test_madrid_has_eight_six_and_four_issues_under_three_directions(registers: dict[str, Instrument]) -> None:
    madrid = registers["mipaa"]
    assert of_kind(madrid, "priority-direction") == ["mipaa/I", "mipaa/II", "mipaa/III"]
    issues = Counter(entry.parent for entry in madrid.entries if entry.kind == "issue")
    assert issues == {"mipaa/I": 8, "mipaa/II": 6, "mipaa/III": 4}
    assert of_kind(madrid, "declaration-article") == [f"mipaa/pd/{number}" for number in range(1, 20)]


def test_a_madrid_issue_is_never_cited_without_its_direction(registers: dict[str, Instrument]) -> None:
    for entry in registers["mipaa"].entries:
        if entry.kind in ("issue", "objective", "action"):
            _, issue, *_ = entry.id.split("/")
            assert entry.identifier.startswith(f"MIPAA, Issue {issue}")


def test_every_entry_is_a_political_commitment_with_a_bearer_a_statement_and_facets(entries: dict[str, Entry]) -> None:
    for entry in entries.values():
        assert entry.force == "political-commitment", entry.id
        assert entry.duty_bearers and entry.scope, entry.id
        assert 15 <= len(entry.statement.split()) <= (600 if entry.kind in ("paragraph", "objective") else 75), entry.id
        assert entry.procedural or entry.sectors or entry.processes, entry.id


def test_duty_bearers_and_facets_are_slugs_of_the_taxonomy(entries: dict[str, Entry], root: Path) -> None:
    for facet, field in (
        ("group", "groups"),
        ("sector", "sectors"),
        ("process", "processes"),
        ("actor", "duty_bearers"),
    ):
        path = root / "corpus" / "taxonomy" / f"{facet}.yaml"
        if not path.exists():
            pytest.skip(f"the taxonomy has no {facet}.yaml yet")
        slugs = {term["id"] for term in yaml.safe_load(path.read_text(encoding="utf-8"))["terms"]}
        for entry in entries.values():
            assert set(getattr(entry, field)) <= slugs, (entry.id, field)


def test_copenhagen_whose_text_is_not_known_here_claims_nothing_of_it(registers: dict[str, Instrument]) -> None:
    copenhagen = registers["wssd"].entries
    assert {entry.verified for entry in copenhagen} <= {"secondary", "unverified"}
    assert not any(entry.verified_against or (entry.range and entry.range.verified) for entry in copenhagen)
    assert not any(instrument.url_verified for instrument in registers.values())


def test_what_was_read_in_an_official_text_names_the_file_it_was_read_in(entries: dict[str, Entry]) -> None:
    read = [entry for entry in entries.values() if entry.verified == "official-text"]
    assert read and all(re.fullmatch(r"[0-9a-f]{64}", entry.verified_against or "") for entry in read)
    assert all(entry.range.verified for entry in read if entry.range)
    assert not any("unverified" in f"{entry.statement} {entry.deadline} {entry.note}".lower() for entry in read)


def test_what_is_recalled_says_so_in_the_words_that_people_read(entries: dict[str, Entry]) -> None:
    for entry in entries.values():
        if "Topics" in entry.statement:
            assert "Topics (unverified):" in entry.statement, entry.id
        if entry.deadline and entry.kind != "action" and entry.verified != "official-text":
            assert "unverified" in entry.deadline, entry.id
        if entry.kind == "declaration-article" and entry.verified == "unverified":
            assert entry.statement.startswith("From memory, unverified:"), entry.id


def test_ranges_of_children_stay_inside_their_parent_and_siblings_do_not_overlap(entries: dict[str, Entry]) -> None:
    last: dict[str | None, int] = {}
    for entry in entries.values():
        if entry.range is None:
            continue
        above = entries[entry.parent].range if entry.parent else None
        if above and above.of == entry.range.of:
            assert above.first <= entry.range.first and entry.range.last <= above.last, entry.id
        if entry.parent:
            assert entry.range.first > last.get(entry.parent, 0), entry.id
            last[entry.parent] = entry.range.last


def test_beijing_headings_and_ranges_are_those_of_the_projects_notes(entries: dict[str, Entry], shared: Path) -> None:
    notes = (shared / "domain" / "instruments.md").read_text(encoding="utf-8")
    listed = {
        number: (heading, int(first), int(last or first))
        for number, heading, first, last in re.findall(r"\b([A-L]\.\d) ([A-Z][^;]+?) (\d+)(?:-(\d+))?[;.]", notes)
    }
    objectives = {
        entry.id.removeprefix("beijing/"): entry
        for entry in entries.values()
        if entry.kind == "objective" and entry.id.startswith("beijing/")
    }
    assert objectives.keys() == listed.keys()
    for number, entry in objectives.items():
        assert entry.range is not None
        heading, first, last = listed[number]
        heading = heading.replace(
            "CEDAW", "the Convention on the Elimination of All Forms of Discrimination against Women"
        )
        assert (entry.range.first, entry.range.last) == (first, last), number
        assert "".join(words(entry.heading)[2:]) == "".join(words(heading)), (
            number
        )  # the text prints "life-long", "girl child"


def test_secondary_headings_of_beijing_a_to_d_stand_in_the_page_that_was_read(
    entries: dict[str, Entry], shared: Path
) -> None:
    page = "".join(words(fragment(shared, "beijing")))
    for entry in entries.values():
        if re.fullmatch(r"beijing/[A-D]\.\d", entry.id):
            assert "".join(words(entry.heading.split(" ", 1)[1])) in page, entry.id


@pytest.mark.parametrize("name", NAMES)
def test_statements_are_our_own_words(name: str, registers: dict[str, Instrument], shared: Path) -> None:
    theirs = runs(fragment(shared, name), LONGEST_SHARED_RUN) | runs(official(shared, name), LONGEST_SHARED_RUN)
    for entry in registers[name].entries:
        shared_runs = runs(entry.statement, LONGEST_SHARED_RUN) & (theirs | runs(entry.heading, LONGEST_SHARED_RUN))
        assert not shared_runs, entry.id


TEXTS = {"beijing": "en", "mipaa": "es"}


@pytest.fixture(scope="module", params=sorted(TEXTS))
def report(request: pytest.FixtureRequest, registers: dict[str, Instrument], shared: Path) -> RegisterComparison:
    """Return the comparison of a register with the complete official text, if it is available."""
    name = request.param
    file = next((shared / "data" / "instruments" / FOLDERS[name]).glob("*.pdf"))
    text = read_text(file, name, title="", style="resolution", force="political-commitment", language=TEXTS[name])
    return compare(registers[name], text)


def test_every_entry_agrees_with_the_official_text_in_identifier_heading_number_and_letters(
    report: RegisterComparison,
) -> None:
    assert [(finding.id, finding.problems) for finding in report.findings if not finding.agrees] == []


def test_the_hash_of_the_official_text_is_in_every_entry(
    report: RegisterComparison, registers: dict[str, Instrument]
) -> None:
    assert {entry.verified_against for entry in registers[report.instrument].entries} == {report.sha256}


def test_every_action_paragraph_of_the_platform_and_every_objective_of_the_plan_has_its_statement(
    registers: dict[str, Instrument],
) -> None:
    areas = [entry.range for entry in registers["beijing"].entries if entry.kind == "objective" and entry.range]
    wanted = {number for part in areas for number in range(part.first, part.last + 1)} | set(range(290, 362))
    assert wanted <= {e.range.first for e in registers["beijing"].entries if e.kind == "paragraph" and e.range}
    objectives = [e for e in registers["mipaa"].entries if e.kind == "objective"]
    letters = [letter for e in objectives for letter in re.findall(r"\(([a-z])\)", e.statement)]
    assert (len(objectives), len(letters)) == (35, 239)  # as printed in the Spanish text


def official(shared: Path, name: str) -> str:
    """Return the words of the complete text in the register's language; '' if it is not available."""
    if name != "beijing":
        return ""
    return read(next((shared / "data" / "instruments" / name).glob("*.pdf"))).text


def fragment(shared: Path, name: str) -> str:
    folder = shared / "data" / "instruments" / "fragments_1995_2002"
    return (folder / f"{FRAGMENTS[name]}_fragments.md").read_text(encoding="utf-8")


def test_an_address_is_in_the_list_of_sources_and_nowhere_else(root: Path) -> None:
    manifest = load_manifest(root / "corpus")
    for instrument in load_register(root / "corpus" / "commitments"):
        source = manifest.get(instrument.id)
        assert (instrument.url, instrument.url_verified) == (source.url, False)
        raw = (root / "corpus" / "commitments" / f"{instrument.id}.yaml").read_text(encoding="utf-8")
        assert not raw.startswith("url:") and "\nurl:" not in raw
