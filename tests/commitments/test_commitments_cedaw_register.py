"""A fifth instrument by data only: the women's convention, its places, its force, its links."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.citing.cite import Citations
from kb.citing.names import load_names
from kb.commitments.against_text import compare
from kb.commitments.links import load_links
from kb.commitments.register import Instrument, load_instrument, load_register
from kb.sources.manifest import load_manifest
from kb.structure import treaty


@pytest.fixture(scope="module")
def cedaw(root: Path) -> Instrument:
    return load_instrument(root / "corpus" / "commitments" / "cedaw.yaml")


def test_it_binds_its_parties_and_its_substantive_articles_are_one_to_sixteen_eighteen_and_twenty_four(
    cedaw: Instrument,
) -> None:
    assert {entry.force for entry in cedaw.entries} == {"legal-obligation"}
    articles = {int(entry.id.split("/")[1].removeprefix("art")) for entry in cedaw.entries if not entry.procedural}
    assert articles == {*range(1, 17), 18, 24}
    assert "women-girls" in cedaw.entries[1].groups


def test_every_entry_agrees_with_the_english_text(cedaw: Instrument, shared: Path) -> None:
    file = shared / "data" / "instruments" / "related_treaties" / "cedaw.en_zh.json"
    text = treaty.parse(
        file.read_text(encoding="utf-8"), document="cedaw", title="CEDAW", file=file.name, sha256="c" * 64
    )
    assert [(finding.id, finding.problems) for finding in compare(cedaw, text).findings if not finding.agrees] == []


@pytest.fixture(scope="module")
def citations(root: Path) -> Citations:
    return Citations(
        load_register(root / "corpus" / "commitments"),
        load_names(root / "corpus"),
        lambda id: None,
        load_manifest(root / "corpus").sources,
    )


@pytest.mark.parametrize(
    ("typed", "id", "entry"),
    [
        ("CEDAW art. 11(2)(b)", "cedaw/art11/2/b", "cedaw/art11/2"),
        ("CEDAW, article 16 (1)", "cedaw/art16/1", "cedaw/art16/1"),
        ("Women's Convention, art. 5", "cedaw/art5", "cedaw/art5"),
        ("article 14 (2) (g) of CEDAW", "cedaw/art14/2/g", "cedaw/art14/2"),
    ],
)
def test_a_letter_that_a_statement_names_is_a_place(citations: Citations, typed: str, id: str, entry: str) -> None:
    found = citations.resolve(typed)
    assert found.id == id and found.entry is not None and found.entry.id == entry


def test_links_lead_to_it_from_the_platform(root: Path) -> None:
    ends = {link.target for link in load_links(root / "corpus" / "links") if link.source.startswith("cedaw/")}
    assert {"beijing/I.2", "beijing/F.5", "crpd/art12"} <= ends
