"""Information beside a passage: its relatives, links by lines, the paper's account, and similar wording with its
label."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.citing.about import about, accounts_here, alike, entry_of, family, links_here
from kb.commitments.account import load_account
from kb.commitments.links import load_links
from kb.config import settings
from kb.models import Passage, Place

LIST = "Facilitate the formulation of government policies on equality between women and men, develop strategies and evaluate them"


def passage(id: str, text: str = LIST, lines: tuple[int, int] | None = None, kind: str = "paragraph") -> Passage:
    return Passage(
        id=id,
        document=id.split("/")[0],
        text=text,
        force="observation",
        kind=kind,
        citation=id,
        place=Place(file="x.txt", sha256="a" * 64, lines=lines),
    )


def test_an_official_passage_knows_its_entry_in_every_language() -> None:
    assert (
        entry_of("crpd-text-es/art33/2") == entry_of("crpd-text/art33/2") == entry_of("crpd/art33/2") == "crpd/art33/2"
    )
    assert family("crpd-text-es") == family("crpd")


def test_like_wording_is_labelled_and_the_same_commitment_is_not_listed_twice() -> None:
    changed = LIST.replace("Facilitate", "Facilitating").replace("develop strategies", "the development of strategies")
    found = alike(passage("paper/p1"), [passage("beijing-text/para205/a", changed), passage("paper/p2")])
    assert [(each.id, each.label) for each in found] == [("beijing-text/para205/a", "near-duplicate")]
    assert alike(passage("beijing/H.2"), [passage("beijing-text/para205/a")]) == ()


def test_a_passage_of_the_paper_has_the_links_and_the_account_of_its_lines(root: Path) -> None:
    links, account = (
        load_links(root / "corpus" / "links"),
        load_account(root / "corpus" / "links" / "paper-account.yaml"),
    )
    here = passage("paper/s4/x", lines=(766, 773))
    assert "wssd/c4" in {link.target for link in links_here(here.id, here, links)}
    assert {entry for one in accounts_here(here.id, here, account) for entry in one.entries} >= {
        "wssd/poa/IV",
        "wssd/c4",
    }


def test_what_is_loose_is_noted_once_in_the_account_and_not_again_in_the_links(root: Path) -> None:
    account = load_account(root / "corpus" / "links" / "paper-account.yaml")
    assert account.document == "paper"
    assert [link for link in load_links(root / "corpus" / "links") if link.source == "paper" and link.note] == []


def test_an_entry_without_its_text_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path))
    found = about(passage("crpd/art33/2", kind="commitment"), [], settings())
    assert found.official == () and "kb fetch crpd" in found.missing
