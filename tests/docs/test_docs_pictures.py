"""The pictures of the documentation show the present app: they are taken in a real browser, from the pages that they
show.

The test takes each again and searches the words that its page mentions. With `KB_PICTURES=1` the files under docs/ are
written: `KB_PICTURES=1 .venv/bin/python -m pytest tests/docs/test_docs_pictures.py`.
"""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "ui"))
from ui_driving import Served, body, open_browser, shows, visit

from kb.framework import load as load_framework
from kb.log.store import open_workspace
from kb.workspace import sample

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = {
    "app": ("search?q=older+persons", "Political commitment"),
    "overview": ("matrix?set=sampleland", "(our addition)"),
    "workbench": ("criterion?set=sampleland&criterion=R3.a", "What counts"),
    "coding": ("read?document=paper&session=-&facet=group&at=paper/r5", "Promoting Social Integration"),
}
"""Name of the file to the page, and words that stand in it."""
SIZE = (1440, 900)
"""Width and height of a picture in pixels: a desk's screen, as wide as the site shows a picture at its largest."""


def test_every_picture_of_a_page_is_one_of_these_and_each_is_described():
    named = re.findall(r"!\[([^]]*)\]\(([^)]+\.png)\)", "".join(page.read_text("utf-8") for page in DOCS.glob("*.md")))
    assert {file for _, file in named} == {f"{name}.png" for name in PICTURES}
    assert all(len(words) > 20 for words, _ in named), "who cannot see it is told what it shows"
    assert all((DOCS / file).exists() for _, file in named)


@pytest.mark.slow
def test_each_picture_is_taken_of_the_page_as_it_is(root, tmp_path):
    from PIL import Image

    (tmp_path / "app").mkdir()
    app = Served(root, tmp_path / "app", before=with_sample(root))
    browser = open_browser(tmp_path / "profile")
    try:
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": SIZE[0], "height": SIZE[1], "deviceScaleFactor": 1, "mobile": False},
        )
        for name, (page, words) in PICTURES.items():
            visit(browser, app.address + page)
            shows(browser, words)
            assert "Traceback" not in body(browser)
            picture = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
            assert picture.size == SIZE and len(picture.getcolors(maxcolors=SIZE[0] * SIZE[1])) > 50, f"{name} is empty"
            if os.environ.get("KB_PICTURES"):
                picture.quantize(128).save(DOCS / f"{name}.png", optimize=True)  # 128 colours: text stays sharp
    finally:
        browser.quit()
        app.stop()


def with_sample(root):
    """Return a function that adds the sample assessment to the workspace of an app before it starts."""

    def put(app) -> None:
        with open_workspace(f"sqlite:///{app.workspace / 'workspace.sqlite'}") as ws:
            corpus = root / "corpus"
            sample.add(ws, load_framework(corpus / "framework"), corpus, sample.load_sample(corpus))

    return put
