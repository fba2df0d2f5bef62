"""Layers of a PDF that are switched off are named: their words are seen by no reader."""

from __future__ import annotations

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from kb.read import read


@pytest.mark.parametrize(
    ("plan", "named"),
    [("/OFF", ["Draft"]), ("/ON", []), ("base", ["Draft", "Final"]), ("base on", ["Final"]), ("none", [])],
)
def test_layers_that_are_switched_off_are_named(tmp_path, plan, named):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    layers = [
        writer._add_object(
            DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject(n)})
        )
        for n in ("Draft", "Final")
    ]
    choice = DictionaryObject()
    if plan.startswith("base"):
        choice[NameObject("/BaseState")] = NameObject("/OFF")
    if plan != "base":
        choice[NameObject("/ON" if plan == "base on" else plan if plan != "none" else "/ON")] = ArrayObject(layers[:1])
    if plan != "none":
        writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
            {NameObject("/OCGs"): ArrayObject(layers), NameObject("/D"): choice}
        )
    writer.write(tmp_path / "a.pdf")
    found = [problem.what for problem in read(tmp_path / "a.pdf").problems if "layers" in problem.what]
    assert len(found) == bool(named) and all(repr(name) in found[0] for name in named)
    assert not any(repr(name) in " ".join(found) for name in {"Draft", "Final"} - set(named))
