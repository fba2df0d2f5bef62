"""Fixture of the reading tests: write bytes under a name and read them."""

from __future__ import annotations

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))


@pytest.fixture
def read_bytes(tmp_path, monkeypatch):
    """`read_bytes(data, name, **options)` gives Pages; the workspace is a folder of the test."""
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    from kb.read import read

    def run(data: bytes, name: str = "file", **options):
        file = tmp_path / name
        file.write_bytes(data)
        return read(file, **options)

    return run
