"""What the background paper says of the instruments: existing lines, existing entries, and notes beside the words."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.commitments.account import PaperAccount, load_account
from kb.commitments.register import load_register
from kb.errors import DataError

SECTION_4 = range(
    753, 876
)  # first line below the heading "4. The international framework ..." to the end of "Disability"


@pytest.fixture(scope="module")
def account(root: Path) -> PaperAccount:
    return load_account(root / "corpus" / "links" / "paper-account.yaml")


@pytest.fixture(scope="module")
def paper(root: Path) -> list[str]:
    return (root / "corpus" / "background-paper" / "background-paper.txt").read_text(encoding="utf-8").split("\n")


def write(folder: Path, text: str) -> Path:
    path = folder / "account.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_entry_it_names_is_in_the_register(root: Path, account: PaperAccount) -> None:
    known = {entry.id for one in load_register(root / "corpus" / "commitments") for entry in one.entries}
    assert {name for place in account.accounts for name in place.entries} - known == set()


def test_no_line_of_section_4_with_a_sentence_goes_without_account(account: PaperAccount, paper: list[str]) -> None:
    headings = {
        "Copenhagen - social integration",
        "Beijing - gender equality",
        "Indigenous People",
        "Youth",
        "Aging",
        "Disability",
    }
    written = [line for line in SECTION_4 if paper[line - 1].strip() and paper[line - 1].strip() not in headings]
    assert [line for line in written if not account.at(line)] == []


@pytest.mark.parametrize(
    ("line", "entry", "word"),
    [
        (44, "wssd/c4", "Fraser"),
        (781, "wssd/c2", "Opinion"),
        (817, None, "out of date"),
        (847, "mipaa/intro", "Ageing"),
        (867, "crpd/art1", "official name"),
        (796, "wssd/c5", "Fourth World Conference"),
    ],
)
def test_the_loose_places_are_noted(account: PaperAccount, line: int, entry: str | None, word: str) -> None:
    places = account.at(line)
    assert any(word in place.note for place in places)
    assert entry is None or any(entry in place.entries for place in places)


def test_an_instrument_gathers_what_is_decided_about_its_entries(account: PaperAccount) -> None:
    assert {place.lines for place in account.about("crpd")} >= {(867, 868), (870, 872)}
    assert account.about("crpd/art33") == ()


def test_a_range_that_runs_backwards_is_refused_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "document: paper\naccounts:\n  - {lines: [9, 3], entries: [], says: a, note: b}\n")
    with pytest.raises(DataError, match=r"line 3.*run backwards"):
        load_account(path)


def test_places_out_of_order_are_refused(tmp_path: Path) -> None:
    places = "".join(f"  - {{lines: [{n}, {n}], entries: [], says: a, note: b}}\n" for n in (5, 2))
    with pytest.raises(DataError, match="order of the paper"):
        load_account(write(tmp_path, "document: paper\naccounts:\n" + places))
