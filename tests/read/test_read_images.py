"""Pages of a PDF as images: words are printed at the places that the reader records."""

from __future__ import annotations

import io

import pytest
from make import pdf

from kb.errors import InputError
from kb.read import read
from kb.read.images import WIDE, page_image

LINES = [(72, 100, "Article 1. Registration of a birth is free of charge."), (300, 500, "Article 2. A board decides.")]


def turned(degrees: int) -> bytes:
    """Return a file of two pages that are shown rotated by `degrees`."""
    return pdf([LINES, [(72, 100, "Page two.")]]).replace(b"/MediaBox", b"/Rotate %d /MediaBox" % degrees)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_all_ink_of_a_page_is_inside_the_places_that_the_reader_gives(tmp_path, degrees):
    from PIL import Image

    file = tmp_path / "act.pdf"
    file.write_bytes(turned(degrees))
    drawn = page_image(file, 1)
    assert drawn.pages == 2 and (drawn.width > drawn.height) == (degrees in (90, 270))
    image = Image.open(io.BytesIO(drawn.data)).convert("L")
    assert image.width == pytest.approx(WIDE, abs=1)
    boxes = [box for one in read(file).paragraphs for box in one.boxes if box.page == 1]
    assert len(boxes) == 2
    scale, rest = image.width / drawn.width, image.copy()
    for box in boxes:
        area = [round(scale * side) for side in (box.x0 - 2, box.y0 - 2, box.x1 + 2, box.y1 + 2)]
        assert min(image.crop(area).getdata()) < 100, "there is print in the box"
        rest.paste(255, area)
    assert min(rest.getdata()) == 255, "and none beside the boxes"


@pytest.mark.parametrize("page, words", [(0, "there is no page 0"), (3, "there is no page 3: the file has 2")])
def test_a_page_that_is_not_there_is_named(tmp_path, page, words):
    file = tmp_path / "act.pdf"
    file.write_bytes(turned(0))
    with pytest.raises(InputError, match=words):
        page_image(file, page)


@pytest.mark.parametrize("content", [b"", b"no pdf at all", turned(0)[:300]])
def test_a_broken_file_is_one_clear_error(tmp_path, content):
    file = tmp_path / "act.pdf"
    file.write_bytes(content)
    with pytest.raises(InputError, match="cannot be drawn|has no size|there is no page"):
        page_image(file, 1)


def test_a_scan_is_sent_in_fewer_bytes(tmp_path):
    import random

    from PIL import Image

    noise = Image.frombytes("RGB", (900, 1200), random.Random(1).randbytes(900 * 1200 * 3))
    file = tmp_path / "scan.pdf"
    noise.save(file, "PDF")
    drawn = page_image(file, 1)
    assert drawn.kind == "image/jpeg" and Image.open(io.BytesIO(drawn.data)).width == pytest.approx(WIDE, abs=1)
