"""A codebook file states the log position it was made from, and is the same codebook for other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.cli.codebook import _ENDINGS, _read, _writers
from kb.coding.codebook import Code, Codebook, guid_of
from kb.coding.codebook_mark import write_marked
from kb.log.noted import noted

MARK = f"kb-log/3/{'a' * 64}/2026-01-01T00:00:00.000000Z"
BOOK = Codebook(
    id="ours",
    title="Ours",
    version="1",
    codes=(Code(id="rights", guid=guid_of("ours", "rights"), name="Rights", definition=f"All of them, not {MARK}"),),
)


@pytest.mark.parametrize("format", [each for each in _ENDINGS if each != "two-columns"])
def test_the_mark_is_found_in_its_place_and_the_codebook_is_the_same(tmp_path: Path, format: str) -> None:
    file = write_marked(_writers()[format], BOOK, tmp_path / f"book{_ENDINGS[format]}", MARK)
    assert [found.mark for found in noted(file)] == [MARK]
    assert _read(file).codes == BOOK.codes and _read(file).history == BOOK.history


@pytest.mark.parametrize("format", _ENDINGS)
def test_without_a_log_and_in_two_columns_there_is_no_mark_whatever_a_definition_says(
    tmp_path: Path, format: str
) -> None:
    file = write_marked(_writers()[format], BOOK, tmp_path / f"book{_ENDINGS[format]}", "")
    plain = tmp_path / f"plain{_ENDINGS[format]}"
    _writers()[format](BOOK, plain)
    assert file.read_bytes() == plain.read_bytes() and not noted(file)
