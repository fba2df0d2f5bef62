"""The printed page in the reader and in the workbench: an image, with the passages marked at their places."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from ui_reading import html_of, said

from kb.assessment import policies
from kb.assessment.proposals import store_run
from kb.config import settings
from kb.sources import keep
from kb.sources.library import document_of
from kb.ui import resources

FIRST = "Article 1. Registration of a birth is free of charge for every child."
SECOND = "Article 2. A board hears complaints and decides within thirty days."


def pdf(*lines: tuple[int, int, str]) -> bytes:
    """Return a PDF with a page for each line."""
    sys.path.append(str(Path(__file__).parents[1] / "read"))
    from make import pdf

    return pdf([[line] for line in lines])


@pytest.fixture
def act(live_kb, tmp_path, root):
    """Add a policy that was read from a PDF of two pages, with a proposal on its second page."""
    file = tmp_path / "act.pdf"
    file.write_bytes(pdf((72, 100, FIRST), (72, 300, SECOND)))
    library = settings().library
    record = keep.add_policy(
        file, library, id="act", title="Registration Act", country="KEN", language="en", status="in-force", date="2019"
    )
    document = document_of(record, library)
    ws = resources.workspace()
    policies.create_set(ws, "land", "Land", country="KEN", by="Ada Example")
    policies.add_policy(ws, "land", document, by="Ada Example", label="1", standing="in-force")
    one = next(one for one in document.passages if "A board hears" in one.text)
    row = {"rank": 1, "passage": one.id, "text": one.text, "citation": one.citation, "grade": "direct"}
    row |= {"confidence": 0.8, "type": "structural", "why": {"probe": "complaints"}}
    criteria = [
        {"id": c.id, "state": "proposed" if c.id == "R1.c" else "no-evidence-found", "nearest": []}
        | {"proposals": [row] if c.id == "R1.c" else []}
        for c in resources.framework().criteria()
    ]
    made = {"framework": {"version": resources.framework().version}, "method": {}, "criteria": criteria}
    store_run(ws, "land", policies.policy_set(ws, "land").policies[0].id, made)
    return document, record, library


def test_a_document_is_read_as_it_is_printed_with_the_chosen_passage_marked(open_page, act):
    document, _, _ = act
    second = next(one for one in document.passages if "A board hears" in one.text)
    page = html_of(open_page("read", **{"document": "land/act", "at": second.id, "as": "page"}))
    assert page.count('src="data:image/png;base64,') == 1 and "Page 2 of 2" in page
    (box,) = [one for one in second.place.boxes if one.page == 2]
    left = re.search(r'class="k-spot k-spot-here" style="left:([\d.]+)%', page).group(1)
    assert float(left) == pytest.approx(100 * box.x0 / 595, abs=0.1)
    assert "Page 2 as it is printed. Its words stand under “Text”." in page
    assert 'class="k-sheet"' not in page.split("</style>")[-1]


def test_the_pages_before_and_after_are_a_link_away_and_the_text_too(open_page, act):
    page = html_of(open_page("read", **{"document": "land/act", "as": "page", "page": "1"}))
    assert "as=page&amp;page=2" in page and "Previous page" not in page
    assert FIRST in html_of(open_page("read", document="land/act")), "the text is what is shown first"


def test_the_workbench_shows_the_printed_page_of_the_proposal(open_page, act):
    page = html_of(open_page("criterion", **{"set": "land", "criterion": "R1.c", "as": "page"}))
    assert "Page 2 of 2" in page and 'aria-label="Proposal 1"' in page and "k-spot-here" in page
    text = html_of(open_page("criterion", set="land", criterion="R1.c"))
    assert "as=page" in text and 'class="k-here"' in text


def test_a_page_that_is_not_there_is_named_and_the_text_is_shown(open_page, act):
    app = open_page("read", **{"document": "land/act", "as": "page", "page": "9"})
    assert "there is no page 9" in said(app) and FIRST in html_of(app)


def test_a_file_that_was_changed_or_is_gone_is_never_shown_as_the_printed_page(open_page, act):
    _, record, library = act
    (library / record.file).write_bytes(pdf((72, 100, "Another text.")))
    page = html_of(open_page("read", **{"document": "land/act", "as": "page"}))
    assert "data:image/png" not in page and FIRST in page
    (library / record.file).unlink()
    assert "data:image/png" not in html_of(open_page("read", **{"document": "land/act", "as": "page"}))
