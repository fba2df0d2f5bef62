"""Tagging loads no torch."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from kb.tagging.light import without_torch
with without_torch():
    import spacy
    import thinc.compat
print("torch" in sys.modules, thinc.compat.has_torch)
"""


@pytest.mark.slow
def test_spacy_is_imported_without_torch_and_leaves_it_to_be_found():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"], done.stderr


def test_what_is_hidden_is_found_again(monkeypatch):
    from kb.tagging.light import without_torch

    monkeypatch.delitem(sys.modules, "torch", raising=False)
    with without_torch(), pytest.raises(ImportError):
        import torch  # noqa: F401
    assert "torch" not in sys.modules
