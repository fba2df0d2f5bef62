"""Provisions are separated where they must not be joined, and a proposal's letters are those of its pieces of the
source."""

from __future__ import annotations

import numpy as np
import pytest
from assess_toys import policy

from kb.assess.provisions import provisions, source_pieces
from kb.assess.units import cut
from kb.assess.windows import text_of, windows
from kb.models import Pages
from kb.read import read
from kb.structure import parse
from kb.text import bare

FILES = {
    "argentina/LEY-26061.md": "es",
    "benin/code-enfant-benin.md": "fr",
    "zimbabwe/Marriages_Act_2022_(2).pdf": "en",
    "peru/DS-002-2014-MIMP.md": "es",
    "uruguay/UY-ley-19580.md": "es",
    "united-states/ncd-2011-progress-report.pdf": "en",
}


def _counts(*paragraphs):
    return list(provisions(policy("law", "en", *paragraphs).passages).values())


def test_an_article_ends_where_the_next_begins():
    first, more, second = _counts(
        "Article 1. Every child has a name.", "It is given at birth.", "Article 2. Schools are free."
    )
    assert first == more != second


def test_characters_that_nobody_sees_hide_no_article():
    first, second = _counts("\u200bArt\u00adicle 1. Every child has a name.", "\ufeffArticle 2. Schools are free.")
    assert first != second
    (unit,) = cut(
        policy("law", "en", "Every municipality shall pay le\u00adgal aid to all persons who ask for it there.")
    )
    assert "le\u00adgal" in unit.text, "what is proposed stays as the file has it"


def test_a_heading_ends_a_provision():
    before, _, after = _counts("Every child has a name.", "# Schools", "Schools are free.")
    assert before != after


def test_numbered_paragraphs_of_an_article_stay_together_and_numbered_sections_do_not():
    _, one, two = _counts("# Article 7. Schools", "1. Schools are free.", "2. Schools are open to all.")
    assert one == two
    one, two = _counts("1. Schools are free.", "2. Schools are open to all.")
    assert one != two


def test_paragraphs_that_are_counted_through_a_report_are_each_a_section():
    report = (
        "# 1. Minorities",
        "4. A law names them.",
        "5. A census was held.",
        "# 2. Women",
        "6. A code of 2006.",
        "7. A plan.",
    )
    _, four, five, _, six, seven = _counts(*report)
    assert len({four, five, six, seven}) == 4, "the headings are counted in a row of their own"
    plan = ("# 1. Schools", "1. They are free.", "2. They are open.", "# 2. Work", "1. It is paid.", "2. It is safe.")
    _, one, two, _, first, second = _counts(*plan)
    assert one == two != first == second, "a count that begins again below each heading is of its parts"


def test_an_article_printed_as_a_heading_is_text():
    long = (
        "# Article 9 " + "The school shall take every child of the district and shall ask for no fee at any time, " * 2
    )
    assert cut(policy("law", "en", long))[0].text.startswith("Article 9")


def test_wide_white_space_is_no_part_of_the_pieces(tmp_path):
    file = tmp_path / "law.md"
    file.write_text(
        "Every child  has a name\n   and a school near home. Every school is free and open to all children of the land.\n"
    )
    pages: Pages = read(file)
    units = cut(parse(pages, "generic", document="law", title="law", language="en"))
    pieces = source_pieces([part for unit in units for part in unit.parts])
    assert len(pieces) > 1 and bare("".join(pages.text[a:b] for a, b in pieces)) == bare(pages.text)


@pytest.mark.parametrize("name", sorted(FILES))
def test_what_is_proposed_from_a_real_policy_can_be_proved(shared, name):
    pages = read(shared / "data" / "policies" / name)
    policy_ = parse(pages, "generic", document="policy", title="policy", language=FILES[name])
    units = cut(policy_)
    for window in windows(units, np.random.default_rng(1).random(len(units)), keep=200):
        inside = units[window.first : window.last + 1]
        pieces = source_pieces([part for unit in inside for part in unit.parts])
        assert bare("".join(pages.text[a:b] for a, b in pieces)) == bare(text_of(units, window))
        assert len({unit.provision for unit in inside}) == 1
        assert len({p.section for u in inside for p in u.passages if p.kind != "heading"}) <= 1
