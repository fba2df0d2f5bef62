"""The register of the disability convention: complete, tagged, in our own words, and with the identifiers of the
text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kb.commitments.register import Entry, Instrument, load_instrument

FOLDER = Path("data") / "instruments" / "crpd"
SECTORS = {
    "basic-services",
    "health",
    "education",
    "housing",
    "social-protection",
    "decent-work",
    "personal-security",
    "public-finance",
    "public-administration",
    "civil-registration",
    "justice",
    "land-agriculture",
}
PROCESSES = {"recognition", "redistribution", "representation"}
LONGEST_SHARED_RUN = 12  # words; more than that in one row is the text's wording, not ours


@pytest.fixture(scope="module")
def crpd(root: Path) -> Instrument:
    return load_instrument(root / "corpus" / "commitments" / "crpd.yaml")


@pytest.fixture(scope="module")
def by_id(crpd: Instrument) -> dict[str, Entry]:
    return {entry.id: entry for entry in crpd.entries}


@pytest.fixture(scope="module")
def official(shared: Path) -> dict:
    """Return the complete English text as data; it has headings but no paragraph numbers."""
    return json.loads((shared / FOLDER / "crpd_en_zh_open-treaties.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def printed(shared: Path) -> dict[int, list[str]]:
    """Return article number to its printed lines, from the copy with numbers and letters."""
    text = (shared / FOLDER / "crpd_en_nl_bwbv0004045.md").read_text(encoding="utf-8")
    parts = re.split(r"^### Article +(\d+) *$", text, flags=re.MULTILINE)
    return {int(number): body.splitlines() for number, body in zip(parts[1::2], parts[2::2], strict=True)}


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def addresses(article: int, lines: list[str]) -> list[str]:
    """Return the ids that follow from the printed labels '1.', 'a)', '(ii)'; a roman numeral counts as a letter only if
    a letter is next."""
    ids, paragraph, letter = [], f"crpd/art{article}", ""
    for line in lines:
        label = re.match(r"\(?(\d+)[.]\s|\(?([a-z]+)\)\s", line)
        if label is None:
            continue
        number, mark = label.groups()
        if number:
            paragraph, letter = f"crpd/art{article}/{number}", ""
            ids.append(paragraph)
        elif len(mark) == 1 and mark == (chr(ord(letter[-1]) + 1) if letter else "a"):
            letter = f"{paragraph}/{mark}"
            ids.append(letter)
        else:
            ids.append(f"{letter}/{mark}")
    return ids


def test_all_articles_and_recitals_stand_in_order(crpd: Instrument) -> None:
    articles = [entry.id for entry in crpd.entries if entry.kind == "article"]
    recitals = [entry.id for entry in crpd.entries if entry.kind == "preamble"]
    assert articles == [f"crpd/art{number}" for number in range(1, 51)]
    assert recitals == ["crpd/preamble"] + [f"crpd/preamble/{letter}" for letter in "abcdefghijklmnopqrstuvwxy"]


def test_identifier_and_kind_follow_from_the_id(crpd: Instrument) -> None:
    for entry in crpd.entries:
        first, *rest = entry.id.removeprefix("crpd/").split("/")
        name = "preamble " if first == "preamble" else "art. " + first.removeprefix("art")
        assert entry.identifier == ("CRPD " + name + "".join(f"({part})" for part in rest)).strip()
        if first != "preamble":
            kinds = {"article"} if not rest else {"paragraph"} if rest[-1].isdigit() else {"letter", "sub-letter"}
            assert entry.kind in kinds, entry.id


def test_machinery_and_reasons_are_procedural_and_the_rest_is_not(crpd: Instrument) -> None:
    for entry in crpd.entries:
        machinery = entry.kind == "preamble" or int(re.match(r"crpd/art(\d+)", entry.id).group(1)) >= 34
        assert entry.procedural is machinery, entry.id


def test_every_commitment_says_who_owes_what_to_whom_in_which_field(crpd: Instrument) -> None:
    for entry in crpd.entries:
        assert entry.force == "legal-obligation"
        assert "persons-with-disabilities" in entry.groups
        assert entry.verified == "unverified" or entry.verified_against
        if not entry.procedural:
            assert len(words(entry.statement)) >= 8, entry.id
            assert "state" in entry.duty_bearers
            assert entry.sectors or entry.processes, entry.id
            assert set(entry.sectors) <= SECTORS and set(entry.processes) <= PROCESSES, entry.id


def test_no_two_statements_are_the_same(crpd: Instrument) -> None:
    seen: dict[str, str] = {}
    for entry in crpd.entries:
        assert seen.setdefault(entry.statement, entry.id) == entry.id


@pytest.mark.parametrize(
    ("entry", "limit"),
    [
        ("crpd/art4/2", "Progressive realization"),
        ("crpd/art24", "progressive realization"),
        ("crpd/art28/2/d", "progressive realization"),
        ("crpd/art27/1/i", "undue burden"),
        ("crpd/art9/2/e", "Appropriate measures"),
        ("crpd/art31/2", "as appropriate"),
        ("crpd/art33/2", "as appropriate"),
        ("crpd/art32/1/a", "could include"),
    ],
)
def test_limits_are_reported(by_id: dict[str, Entry], entry: str, limit: str) -> None:
    assert limit in by_id[entry].scope


@pytest.mark.parametrize(
    ("entry", "term"),
    [
        ("crpd/art9/2/e", "sign language interpreters"),
        ("crpd/art9/2/d", "Braille"),
        ("crpd/art12/2", "legal capacity"),
        ("crpd/art4/3", "representative organizations"),
        ("crpd/art19/b", "personal assistance"),
        ("crpd/art2", "Reasonable accommodation"),
        ("crpd/art33/1", "focal points"),
        ("crpd/art31/2", "disaggregated"),
    ],
)
def test_words_that_people_search_for_are_there(by_id: dict[str, Entry], entry: str, term: str) -> None:
    assert term in by_id[entry].statement


def test_headings_are_those_of_the_official_text(by_id: dict[str, Entry], printed: dict[int, list[str]]) -> None:
    assert set(printed) == set(range(1, 51))
    for number, lines in printed.items():
        heading = next(line.removeprefix("####").strip() for line in lines if line.startswith("####"))
        assert by_id[f"crpd/art{number}"].heading == heading


def test_every_printed_number_and_letter_has_its_entry_and_no_other(
    crpd: Instrument, printed: dict[int, list[str]]
) -> None:
    for number in range(1, 34):
        ours = [entry.id for entry in crpd.entries if entry.id.startswith(f"crpd/art{number}/")]
        assert ours == addresses(number, printed[number])


def test_the_second_copy_has_as_many_blocks_as_we_have_entries(crpd: Instrument, official: dict) -> None:
    for number, article in enumerate(
        official["articles"][2:33], start=3
    ):  # articles 1 and 2 hold unnumbered paragraphs
        below = [entry for entry in crpd.entries if entry.id.startswith(f"crpd/art{number}/")]
        opening = not any(entry.kind == "paragraph" for entry in below)
        blocks = [block for block in article["content_en"].split("\n\n") if block.strip()]
        assert len(blocks) == len(below) + opening, number


def test_statements_are_not_the_official_wording(crpd: Instrument, official: dict) -> None:
    text = official["preamble_en"] + " ".join(article["content_en"] for article in official["articles"])
    theirs = runs(text, LONGEST_SHARED_RUN)
    copied = {entry.id for entry in crpd.entries if runs(entry.statement, LONGEST_SHARED_RUN) & theirs}
    assert copied == set()
