"""The measured tables of docs/quality.md are what their command makes of the stored figures, not written by hand."""

from __future__ import annotations

import importlib.util
import json
from datetime import date

import pytest


@pytest.fixture
def quality(root):
    """Return the module benchmarks/quality.py."""
    spec = importlib.util.spec_from_file_location("quality", root / "benchmarks" / "quality.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_kept_figures_make(quality):
    text = quality.PAGE.read_text(encoding="utf-8")
    assert quality.page(text) == text, "run: .venv/bin/python benchmarks/quality.py"
    assert quality.main(["--check"]) == 0


def test_every_kept_set_says_when_with_what_and_how_it_was_divided(quality):
    kept = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in quality.KEPT.glob("*.json")}
    assert kept.keys() <= {*quality.MEASURES, "proposals"} and {"search_heldout", "proposals"} <= kept.keys()
    text = quality.PAGE.read_text(encoding="utf-8")
    for name, held in kept.items():
        assert date.fromisoformat(held["date"]) and held["rows"], name
        assert held["command"] in text and held["date"] in text
        assert ("index" in held and "with" in held) or "table" in held
    assert all(asked.folds and asked.command.startswith("kb eval --set ") for asked in quality.MEASURES.values())


def test_another_figure_or_a_line_by_hand_is_noticed(quality, tmp_path, monkeypatch):
    text = quality.PAGE.read_text(encoding="utf-8")
    assert quality.page(text.replace("<!-- end of measured -->", "By hand.\n<!-- end of measured -->")) == text
    for path in quality.KEPT.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    held = json.loads((tmp_path / "search_heldout.json").read_text(encoding="utf-8"))
    held["rows"][0]["nDCG@10"] = 0.123
    (tmp_path / "search_heldout.json").write_text(json.dumps(held), encoding="utf-8")
    monkeypatch.setattr(quality, "KEPT", tmp_path)
    assert "| 0.123 |" in quality.page(text)


@pytest.mark.parametrize(
    ("value", "cell"), [(0.5, "0.5"), (0.0, "0"), (12, "12"), ("  en", "· en"), ("a|b_c", "a\\|b\\_c"), ("", "")]
)
def test_cells_are_read_as_they_were_measured(quality, value, cell):
    assert quality._cell(value) == cell
