"""Comparing the log with exported files: a rewritten history no longer fits the exports and backups made before."""

from __future__ import annotations

import zipfile

import pytest
from sqlalchemy import insert, select
from workspace_toys import framework, judged

from kb.assessment.history import history
from kb.errors import DataError, InputError, RefusedError
from kb.log import open_workspace
from kb.log.against import against
from kb.log.anchor import anchor
from kb.log.backup import backup
from kb.log.noted import page_meta
from kb.log.proving import prove
from kb.log.signing import check_signature, make_key, signed
from kb.log.tables import DocumentRow
from kb.workspace.exchange import write_assessment

FRAMEWORK = framework()


@pytest.fixture
def left(land, tmp_path):
    """Return exported files: a backup, an assessment, a page and a zipped page with the mark; then add one more
    decision."""
    backup(land, tmp_path / "b.zip")
    write_assessment(land, "land", tmp_path / "a.json")
    (tmp_path / "page.html").write_text(f"<!doctype html><head>{page_meta(anchor(land).mark)}</head><body></body>")
    with zipfile.ZipFile(tmp_path / "page.docx", "w") as archive:
        archive.writestr("docProps/core.xml", f"<dc:identifier>{anchor(land).mark}</dc:identifier>")
    judged(land, "R2.a", {"gap": "x"}, by="Ana", expected=0)
    return [tmp_path / name for name in ("b.zip", "a.json", "page.html", "page.docx")]


def test_longer_log_still_holds_what_left_it(land, left):
    for file in left:
        found = against(land, file)
        assert found.holds and [head.sequence for head in found.heads] == [2], file
    assert against(land, left[1]).events == 2


@pytest.fixture
def rewritten(land, tmp_path):
    """Return the same history with another author and a recomputed chain, which is consistent in itself."""
    with open_workspace(f"sqlite:///{tmp_path / 'rewritten.sqlite'}") as ws:
        for event in history(land):
            ws.append(event.stream, event.kind, event.after, author="Eve", reason=event.reason, at=event.at)
        with land.reading() as reader, ws.writing() as writer:
            for row in reader.rows(select(DocumentRow.__table__)):
                writer.connection.execute(insert(DocumentRow).values(**row._mapping))
        yield ws


def test_history_written_anew_is_complete_and_yet_does_not_fit(left, rewritten):
    assert prove(rewritten).is_complete
    for file in left:
        found = against(rewritten, file)
        assert not found.holds and "written anew" in found.problems[0], file


def test_cut_history_is_found(left, tmp_path):
    with open_workspace(f"sqlite:///{tmp_path / 'short.sqlite'}") as short:
        assert "ends at event 0; the file saw event 2" in against(short, left[2]).problems[0]


def test_changed_event_of_an_assessment_is_reported_with_its_origin(land, left):
    text = left[1].read_text()
    left[1].write_text(text.replace(land.events()[1].hash, "0" * 64, 1))
    assert against(land, left[1]).problems


def test_file_without_a_mark_is_refused(land, tmp_path):
    (tmp_path / "x.txt").write_text("kb-log/2/none/never")
    for name in ("x.txt", "no-such-file"):
        with pytest.raises(InputError):
            against(land, tmp_path / name)


def test_signature_fits_one_mark_and_one_key(land, tmp_path):
    public, other = make_key(tmp_path / "key"), make_key(tmp_path / "other")
    text = signed(anchor(land), tmp_path / "key")
    assert check_signature(text, public, "f") == anchor(land)
    assert oct((tmp_path / "key").stat().st_mode & 0o777) == "0o600"
    with pytest.raises(DataError, match="does not fit"):
        check_signature(text, other, "f")
    for place in range(len(text) - 1):  # the last character is the end of the line
        changed = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]
        with pytest.raises(DataError):
            check_signature(changed, public, "f")
    with pytest.raises(RefusedError, match="key already"):
        make_key(tmp_path / "key")
    with pytest.raises(InputError, match="no public key"):
        check_signature(text, tmp_path / "key", "f")
