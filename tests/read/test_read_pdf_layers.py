"""Words of a PDF on an invisible layer are no text; replacement words that a file gives for printed ones are
reported."""

from __future__ import annotations

import io

import pytest
from make import pdf
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from kb.read import read

SEEN = "1. Every person has the right to a pension."
OFF = "2. Foreign residents are excluded."
AT = "BT /F1 11 Tf 60 600 Td"


def named(**entries):
    """Return a PDF dictionary."""
    return DictionaryObject({NameObject("/" + key): value for key, value in entries.items()})


def layered(drawing: str, *, plan: str = "/OFF", usage: dict | None = None) -> bytes:
    """Return a page with one visible line and `drawing`, in which `/L` is the layer, `/R` a rule over it (all on), `/N`
    the rule that it is off, `/F` a drawing on the layer and `/P` a plain one."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([[(60, 100, SEEN)]], drawing))))
    layer = writer._add_object(named(Type=NameObject("/OCG"), Name=TextStringObject("Draft"), **(usage or {})))
    rule = named(Type=NameObject("/OCMD"), OCGs=ArrayObject([layer]), P=NameObject("/AllOn"))
    negated = named(Type=NameObject("/OCMD"), VE=ArrayObject([NameObject("/Not"), layer]))
    resources = writer.pages[0]["/Resources"]
    resources[NameObject("/Properties")] = named(L=layer, R=writer._add_object(rule), N=writer._add_object(negated))
    resources[NameObject("/XObject")] = drawings = DictionaryObject()
    for name in ("F", "P"):
        form = DecodedStreamObject()
        form.set_data(f"BT /F1 11 Tf 60 600 Td ({OFF}) Tj ET".encode())
        form.update(named(Type=NameObject("/XObject"), Subtype=NameObject("/Form"), Resources=resources))
        form.update(named(BBox=writer.pages[0]["/MediaBox"]))
        if name == "F":
            form[NameObject("/OC")] = layer
        drawings[NameObject("/" + name)] = writer._add_object(form)
    choice = named(**{plan[1:]: ArrayObject([layer])})
    if usage:
        event = named(
            Event=NameObject("/Print"), OCGs=ArrayObject([layer]), Category=ArrayObject([NameObject("/Print")])
        )
        choice[NameObject("/AS")] = ArrayObject([event])
    writer.root_object[NameObject("/OCProperties")] = named(OCGs=ArrayObject([layer]), D=choice)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


HIDES = {
    "stretch": f"/OC /L BDC {AT} ({OFF}) Tj ET EMC",
    "inside a text": f"{AT} /OC /L BDC ({OFF}) Tj EMC ET",
    "rule": f"/OC /R BDC {AT} ({OFF}) Tj ET EMC",
    "nested": f"/OC /L BDC /Span <</Lang (en)>> BDC {AT} ({OFF}) Tj ET EMC EMC",
    "drawing with a layer": "/F Do",
    "drawing used on a layer": "/OC /L BDC /P Do EMC",
}


@pytest.mark.parametrize("way", HIDES)
def test_words_on_a_layer_that_is_switched_off_are_kept_apart_and_reported(read_bytes, way):
    pages = read_bytes(layered(HIDES[way]), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs] == [SEEN]
    assert [(p.kind, p.text) for p in pages.leftovers] == [("hidden", OFF)]
    assert any("'Draft'" in p.what and "kept apart" in p.what for p in pages.problems)
    assert [p.page for p in pages.problems if "does not show" in p.what] == [1]


@pytest.mark.parametrize("drawing", [f"/OC /N BDC {AT} ({OFF}) Tj ET EMC", "/P Do", f"{AT} ({OFF}) Tj ET"])
def test_words_that_no_layer_hides_stay_text(read_bytes, drawing):
    pages = read_bytes(layered(drawing), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs] == [SEEN, OFF] and not pages.leftovers


def test_a_figure_on_a_hidden_layer_never_joins_the_figure_that_is_seen(read_bytes):
    drawing = f"{AT} (The State pays 20) Tj /OC /L BDC (3) Tj EMC ( euros.) Tj ET"
    pages = read_bytes(layered(drawing), "a.pdf", ocr=False)
    assert "203" not in " ".join(p.text for p in pages.paragraphs)
    assert [(p.kind, p.text) for p in pages.leftovers] == [("hidden", "3")]


def test_words_under_those_that_are_seen_in_the_same_place_are_distinguished(read_bytes):
    """Two languages on two layers are printed one over the other, so the printed picture cannot decide."""
    drawing = f"/OC /L BDC {AT} ({OFF}) Tj ET EMC {AT} (2. Foreign residents are included.) Tj ET"
    pages = read_bytes(layered(drawing), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs] == [SEEN, "2. Foreign residents are included."]
    assert [p.text for p in pages.leftovers] == [OFF]


def test_one_drawing_used_on_and_off_the_layer_is_text_once(read_bytes):
    pages = read_bytes(layered("/OC /L BDC q 1 0 0 1 0 -200 cm /P Do Q EMC /P Do"), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs] == [SEEN, OFF]
    assert [(p.kind, p.text) for p in pages.leftovers] == [("hidden", OFF)]


def test_a_layer_that_is_printed_is_text(read_bytes):
    usage = {"Usage": named(Print=named(PrintState=NameObject("/ON")))}
    pages = read_bytes(layered(HIDES["stretch"], usage=usage), "a.pdf", ocr=False)
    assert [p.text for p in pages.paragraphs] == [SEEN, OFF] and not pages.leftovers


@pytest.mark.parametrize(
    ("given", "printed", "told"),
    [
        ("fifty per cent", "forty per cent", True),
        ("50", "40", True),
        ("fi", "fi", False),
        ("40", "40", False),
        ("offi\u00adce", "offi-ce", False),
    ],
)
def test_words_given_for_others_that_are_printed_are_named(read_bytes, given, printed, told):
    text = given.encode("utf-16-be").hex()
    drawing = (
        f"{AT} (The State pays ) Tj /Span <</ActualText <FEFF{text}>>> BDC ({printed}) Tj EMC ( of the costs.) Tj ET"
    )
    pages = read_bytes(pdf([[(60, 100, SEEN)]], drawing), "a.pdf", ocr=False)
    troubles = [p for p in pages.problems if "prints" in p.what]
    assert bool(troubles) == told
    if not told:
        assert not pages.leftovers and f"pays {printed} of" in pages.paragraphs[1].text
    if told:
        first, other = (set(a.split()) - set(b.split()) for a, b in ((given, printed), (printed, given)))
        assert troubles[0].page == 1 and all(word in troubles[0].what for word in first | other)
        assert [(p.kind, set(p.text.split()) & other) for p in pages.leftovers] == [("replaced", other)]
        assert any("not what the page prints" in note for p in pages.paragraphs for note in p.notes)


@pytest.mark.parametrize(
    ("plan", "named_layers"),
    [("/OFF", ["Draft"]), ("/ON", []), ("base", ["Draft", "Final"]), ("base on", ["Final"]), ("none", [])],
)
def test_layers_that_are_switched_off_are_named(tmp_path, plan, named_layers):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    groups = [
        writer._add_object(named(Type=NameObject("/OCG"), Name=TextStringObject(n), Hidden=BooleanObject(False)))
        for n in ("Draft", "Final")
    ]
    choice = DictionaryObject()
    if plan.startswith("base"):
        choice[NameObject("/BaseState")] = NameObject("/OFF")
    if plan != "base":
        choice[NameObject("/ON" if plan == "base on" else plan if plan != "none" else "/ON")] = ArrayObject(groups[:1])
    if plan != "none":
        writer.root_object[NameObject("/OCProperties")] = named(OCGs=ArrayObject(groups), D=choice)
    writer.write(tmp_path / "a.pdf")
    found = [problem.what for problem in read(tmp_path / "a.pdf").problems if "layers" in problem.what]
    assert len(found) == bool(named_layers) and all(repr(name) in found[0] for name in named_layers)
    assert not any(repr(name) in " ".join(found) for name in {"Draft", "Final"} - set(named_layers))
