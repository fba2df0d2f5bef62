"""The library: a file and its record are stored together, verified by hash, and never half written."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import DataError, InputError, NotFound, RefusedError
from kb.sources.keep import add_policy, add_text, holding
from kb.sources.library import (
    CHANGE_NOTE,
    checked,
    document_of,
    documents,
    files,
    find,
    records,
    texts_of,
    unreadable,
)
from kb.sources.manifest import Source
from kb.sources.seals import seal_known
from kb.text import sha256_of

CRPD = Source(
    id="crpd", title="Convention", cite_as="CRPD", date="2006", force="legal-obligation", licence="UN", style="treaty"
)
TEXT = "# Convention\n\n### Article 1\n\nPurpose\n\nThe purpose is equality for all of the people.\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "from-the-web.md"
    path.write_text(TEXT)
    return path


def test_a_text_is_copied_with_its_record(file: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    record = add_text(file, CRPD, library, origin="https://example.org/crpd")
    assert (library / "official" / "crpd.md").read_text() == TEXT
    assert records(library) == (record,)
    assert (record.force, record.style, record.origin) == ("legal-obligation", "treaty", "https://example.org/crpd")


def test_the_same_bytes_twice_change_nothing(file: Path, tmp_path: Path) -> None:
    assert add_text(file, CRPD, tmp_path / "l") == add_text(file, CRPD, tmp_path / "l")


def test_another_text_needs_replace(file: Path, tmp_path: Path) -> None:
    add_text(file, CRPD, tmp_path / "l")
    file.write_text(TEXT + "\nMore.\n")
    with pytest.raises(RefusedError, match="another text"):
        add_text(file, CRPD, tmp_path / "l")
    add_text(file, CRPD, tmp_path / "l", replace=True)
    assert len(records(tmp_path / "l")) == 1


def test_each_language_has_its_own_place(file: Path, tmp_path: Path) -> None:
    add_text(file, CRPD, tmp_path / "l")
    other = tmp_path / "es.md"
    other.write_text("### Artículo 1\n\nEl propósito de la convención es la igualdad.\n")
    assert add_text(other, CRPD, tmp_path / "l", language="es").file == "official/crpd.es.md"
    assert find(tmp_path / "l", "crpd", "es") != find(tmp_path / "l", "crpd", "en")


def test_a_file_without_a_record_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "l" / "official").mkdir(parents=True)
    (tmp_path / "l" / "official" / "crpd.md").write_text(TEXT)
    assert records(tmp_path / "l") == ()


def test_a_changed_or_missing_file_is_reported(file: Path, tmp_path: Path) -> None:
    record = add_text(file, CRPD, tmp_path / "l")
    (tmp_path / "l" / record.file).write_text("other")
    with pytest.raises(DataError, match="has changed"):
        checked(record, tmp_path / "l")
    (tmp_path / "l" / record.file).unlink()
    with pytest.raises(DataError, match="missing"):
        checked(record, tmp_path / "l")


def test_a_text_is_read_in_its_style(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("kb.read")
    record = add_text(file, CRPD, tmp_path / "l")
    document = document_of(record, tmp_path / "l", short="CRPD")
    passage = next(p for p in document.passages if p.id == "crpd/art1")
    assert (passage.citation, passage.place.file) == ("CRPD art. 1", "official/crpd.md")


def test_in_the_index_an_official_text_is_no_register_entry(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("kb.read")
    add_text(file, CRPD, tmp_path / "l")
    document = next(documents(tmp_path / "l", "official-text"))
    assert document.id == "crpd-text" and "crpd-text/art1" in {p.id for p in document.passages}
    assert {p.document for p in document.passages} == {"crpd-text"}
    assert {(tag.facet, tag.id) for p in document.passages for tag in p.tags} == {("instrument", "crpd")}


def test_a_policy_is_stored_with_country_date_and_standing(file: Path, tmp_path: Path) -> None:
    record = add_policy(file, tmp_path / "l", country="ken", title="Ageing policy", date="2009-02", status="in-force")
    assert (record.id, record.country, record.force) == ("ken-ageing-policy", "KEN", "national-measure")


def test_a_policy_is_found_by_its_state(file: Path, tmp_path: Path) -> None:
    add_policy(file, tmp_path / "l", country="ken", title="Ageing policy", date="2009-02", status="in-force")
    (found,) = documents(tmp_path / "l")
    assert {(tag.facet, tag.id) for passage in found.passages for tag in passage.tags} == {("country", "KEN")}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"country": "Kenya"}, "no country code"),
        ({"date": "May"}, "no date"),
        ({"title": " "}, "title"),
        ({"status": "old"}, "no standing"),
    ],
)
def test_a_policy_without_its_facts_is_refused(file: Path, tmp_path: Path, wrong: dict[str, str], words: str) -> None:
    facts = {"country": "KEN", "title": "T", "date": "2009", "status": "draft"} | wrong
    with pytest.raises(InputError, match=words):
        add_policy(file, tmp_path / "l", **facts)


def test_missing_and_empty_files_are_reported(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        add_text(tmp_path / "none.pdf", CRPD, tmp_path / "l")
    (tmp_path / "empty.pdf").touch()
    with pytest.raises(InputError, match="empty"):
        add_text(tmp_path / "empty.pdf", CRPD, tmp_path / "l")


def edited(library: Path, record, old: str, new: str) -> None:
    """Change the record of a text by hand, as with an editor."""
    path = library / f"{record.file}.record.json"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(("old", "new"), [("in-force", "repealed"), ("2009-02", "2019-02"), ("Ageing", "Aging")])
def test_a_record_that_was_edited_by_hand_is_named_and_its_text_is_left_out(
    file: Path, tmp_path: Path, old: str, new: str
) -> None:
    library = tmp_path / "l"
    record = add_policy(file, library, country="KEN", title="Ageing policy", date="2009-02", status="in-force")
    assert unreadable(library) == ()
    edited(library, record, old, new)
    assert [(f.id, "altered outside this program" in f.what) for f in unreadable(library)] == [(record.id, True)]
    assert "kb remove" in unreadable(library)[0].do and records(library) == ()
    assert len(files(library)) == 2, "both go into a backup, so that somebody can look at them"
    for use in (
        lambda: find(library, record.id),
        lambda: texts_of(library, record.id),
        lambda: list(documents(library)),
    ):
        with pytest.raises(DataError, match="altered outside"):
            use()


def test_a_record_without_a_seal_is_not_used_and_a_build_that_knew_it_seals_it(file: Path, tmp_path: Path) -> None:
    library = tmp_path / "l"
    record = add_text(file, CRPD, library)
    path = library / f"{record.file}.record.json"
    edited(library, record, f'"{record.seal}"', '""')
    (fault,) = unreadable(library)
    assert "without a seal" in fault.what and "kb build" in fault.do and records(library) == ()
    with pytest.raises(DataError, match="without a seal"):
        find(library, "crpd")
    known = {f"library/{record.file}.record.json": sha256_of(path)}
    assert seal_known(library, {}) == () and records(library) == (), "nothing vouches for it"
    assert seal_known(library, dict.fromkeys(known, "0" * 64)) == (), "it was altered since the last build"
    assert seal_known(library, known) == (f"{record.file}.record.json",) and records(library) == (record,)
    assert seal_known(library, known) == (), "a seal is set once"


def test_files_that_were_put_aside_are_named(file: Path, tmp_path: Path) -> None:
    library = tmp_path / "l"
    record = add_text(file, CRPD, library)
    (library / "official" / "stray.md").write_text("Article 1")
    with holding(library):
        pass
    (fault,) = unreadable(library)
    assert fault.file.startswith(".orphans/") and fault.file.endswith("stray.md") and "kb add" in fault.do
    assert library / record.file in files(library) and not any(".orphans" in str(path) for path in files(library))


def test_a_file_whose_record_was_deleted_is_named(file: Path, tmp_path: Path) -> None:
    library = tmp_path / "l"
    record = add_text(file, CRPD, library)
    (library / f"{record.file}.record.json").unlink()
    (fault,) = unreadable(library)
    assert fault.file == record.file and "has no record" in fault.what and "backup" in fault.do
    (tmp_path / CHANGE_NOTE).write_text("{}")
    assert unreadable(library) == (), "a file comes before its record while it is added"


def test_a_text_that_took_another_ones_place_stays_with_its_damaged_record(file: Path, tmp_path: Path) -> None:
    library = tmp_path / "l"
    add_text(file, CRPD, library)
    file.write_text(TEXT + "\nMore.\n")
    newer = add_text(file, CRPD, library, replace=True)
    (library / "official" / "crpd.md.record.json").write_text("{")
    assert library / newer.file in files(library)
