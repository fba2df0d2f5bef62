"""Why a file was not read is told in the reader's language."""

import pytest

from kb.errors import InputError
from kb.i18n import speaking
from kb.read import read
from kb.ui.reasons import REASONS, reason


def test_each_sentence_is_one_that_the_program_says(root):
    places = [*(root / "kb" / "read").rglob("*.py"), *(root / "kb" / "workspace").glob("*.py")]
    said = "".join(file.read_text("utf-8") for file in [*places, root / "kb" / "assessment" / "policies.py"])
    assert [one for one in REASONS if one not in said] == []


@pytest.mark.parametrize("language", ["es", "fr"])
def test_each_is_translated(language):
    with speaking(language):
        assert [one for one in REASONS if reason(one) == one] == []


def test_a_damaged_file_is_refused_in_spanish_with_its_name(tmp_path):
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.4\nnothing")
    with pytest.raises(InputError) as refused:
        read(tmp_path / "plan.pdf")
    with speaking("es"):
        told = reason(str(refused.value))
    assert told.startswith("plan.pdf") and "PDF está dañado" in told and "Get the file" not in told


def test_what_is_not_known_stays_as_it_is():
    with speaking("fr"):
        assert reason("a thing of 3 bytes") == "a thing of 3 bytes"
