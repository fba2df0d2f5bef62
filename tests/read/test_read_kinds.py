"""The kind of a block by its appearance: a section of a law that begins with its own heading is a provision."""

from __future__ import annotations

import pytest

from kb.read.layout.blocks import LayoutBlock
from kb.read.layout.kinds import BodyPrint, kind_of
from kb.read.layout.lines import Line

PROSE = BodyPrint(size=10.0, bold=False)


def block(text: str, size: float = 10.0, confidence: float | None = None, bold: bool = False) -> LayoutBlock:
    """Return a block of one line at the left margin."""
    return LayoutBlock([Line([], 72, 100, 500, 112, size=size, bold=bold, text=text, confidence=confidence)])


@pytest.mark.parametrize("bold", [False, True])
def test_a_section_that_begins_with_its_heading_is_no_heading(bold):
    text = "5. Footpaths.—The authorities shall provide a clear way to all who use a wheel chair."
    assert kind_of(block(text, bold=bold), text, PROSE, 595) == "paragraph"
    assert kind_of(block("5. Footpaths.—General", bold=True), "5. Footpaths.—General", PROSE, 595) == "heading"


def test_lines_of_a_picture_are_large_only_where_they_are_much_larger():
    """The height that OCR gives a line is that of its letters."""
    text = "Persons in wheel chairs (all ages) cross first."
    assert kind_of(block(text, 12.5, confidence=0.99), text, PROSE, 595) == "paragraph"
    assert kind_of(block("Rights of citizens", 15.0, confidence=0.99), "Rights of citizens", PROSE, 595) == "heading"
    assert kind_of(block("Rights of citizens", 12.5), "Rights of citizens", PROSE, 595) == "heading"
