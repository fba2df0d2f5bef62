"""Fixture of the tests of reading: write bytes to a file of a given name and read it."""

from __future__ import annotations

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))


@pytest.fixture
def read_bytes(tmp_path, monkeypatch):
    """Return a function: `read_bytes(data, name, **options)` returns Pages. The workspace is a folder of the test."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    from kb.read import read

    def run(data: bytes, name: str = "file", **options):
        file = tmp_path / name
        file.write_bytes(data)
        return read(file, **options)

    return run
