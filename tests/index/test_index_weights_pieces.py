"""The fast tokenizer gives the ids of the `tokenizers` library, for any text."""

import packing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import IndexError_
from kb.index.weights import checkpoint, pieces, q4

TEXTS = [
    "older women",
    "query: older  womens\tpensions",
    "oldér wo",
    "老年 老",
    "𓀀𓀁 x ~ ～",
    "",
    "   ",
    "o\u200bl\x07d",
    "ﬁnd ½ ﷺ",
]
ALPHABET = st.sampled_from([*"oldersw :~é老年x～½\u0301\u200b\t\u00a0▁", "women", "older", "𓀀"])


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Return both tokenizers over the toy pieces."""
    folder = tmp_path_factory.mktemp("pieces")
    packing.write(folder / "toy.bin")
    read = q4.read(folder / "toy.bin")
    pieces.write(read.pieces, folder)
    return pieces.PieceTokenizer(folder, 400).encode, lambda text: checkpoint.tokenizer(read.pieces).encode(text).ids


@pytest.mark.parametrize("text", TEXTS)
def test_both_give_the_same_ids(both, text):
    ours, theirs = both
    assert ours("query: " + text) == theirs("query: " + text)


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(ALPHABET, max_size=30))
def test_both_give_the_same_ids_for_any_text(both, parts):
    ours, theirs = both
    assert ours("query: " + "".join(parts)) == theirs("query: " + "".join(parts))


def test_a_text_that_is_too_long_is_cut_and_keeps_its_end_sign(tmp_path):
    packing.write(tmp_path / "toy.bin")
    pieces.write(q4.read(tmp_path / "toy.bin").pieces, tmp_path)
    assert pieces.PieceTokenizer(tmp_path, 4).encode("older older older older") == [0, 5, 5, 2]


def test_a_missing_or_cut_list_is_reported(tmp_path):
    with pytest.raises(IndexError_, match="the word pieces of the query encoder cannot be read. Run: kb build"):
        pieces.PieceTokenizer(tmp_path, 8)
    (tmp_path / pieces.FILE).write_bytes(b"\x93NUMPY half")
    with pytest.raises(IndexError_, match="cannot be read"):
        pieces.PieceTokenizer(tmp_path, 8)
