"""The reader, the history in sentences, saved searches and the deletion of recorded drafts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from ui_reading import html_of, said

from kb.log.decisions import Event
from kb.report.history import sentence
from kb.ui import drafts, lawtext, saved

AT = datetime(2026, 11, 28, 9, 33, tzinfo=UTC)


def event(before, after) -> Event:
    """Return the event of a changed finding."""
    return Event(
        sequence=1,
        stream="finding/land/R1.a",
        version=2,
        kind="finding.decided",
        author="Ada Example",
        at=AT,
        effective=AT,
        before=before,
        after=after,
    )


def test_a_change_is_a_sentence_without_field_names_or_arrows():
    row = {"id": "1", "quotation": "Free of charge"}
    line = sentence(
        event(
            {"agreed_by": "", "status": "not-assessed", "evidence": []},
            {"agreed_by": "", "status": "partial", "evidence": [row]},
        )
    )
    assert "Ada Example decided “Partial” and took as evidence: “Free of charge”." in line
    assert "->" not in line and "_" not in line
    moved = sentence(event({"evidence": [row]}, {"evidence": [{"id": "2", "quotation": "Free of charge"}]}))
    assert "moved evidence: “Free of charge”" in moved


def test_what_a_person_says_that_evidence_is_is_told_and_is_no_change_of_nothing():
    row = {"id": "1", "quotation": "Free of charge", "type": None, "level": None, "machine_type": None}
    told = sentence(event({"evidence": [row]}, {"evidence": [row | {"type": "process", "level": "measure"}]}))
    assert "said of the evidence “Free of charge”: process, a measure" in told and "without a change" not in told
    gone = sentence(event({"evidence": [row | {"type": "process"}]}, {"evidence": [row]}))
    assert "said of the evidence “Free of charge”: nothing any more" in gone


def test_a_state_of_work_is_told_as_an_act_only_where_somebody_chose_it():
    decided = sentence(
        event({"status": "not-assessed", "workflow": "to-do"}, {"status": "partial", "workflow": "draft"})
    )
    assert decided.endswith("Ada Example decided “Partial”.")
    again = sentence(event({"status": "partial", "workflow": "agreed"}, {"status": "met", "workflow": "draft"}))
    assert "decided “Met”, before “Partial”" in again and "the former agreement counts no more" in again
    chosen = sentence(event({"workflow": "in-review"}, {"workflow": "draft"}))
    assert chosen.endswith("Ada Example set the state of work to “in work”.")


def test_a_document_is_read_at_the_passage_of_the_address_with_its_outline(open_page):
    page = html_of(open_page("read", document="crpd", at="crpd/art9/1/a", find="measures"))
    here = page[page.index('class="k-here"') :]
    assert here.index("This passage") < here.index('data-passage="crpd/art9/1/a"') and "<mark>measures</mark>" in page
    assert 'aria-label="Outline"' in page and "read?document=crpd&amp;at=" in page
    assert "In our words: not a quotation" in page, "the reader says whose words it shows"


def test_every_passage_of_a_document_is_in_the_reader_word_for_word(open_page):
    from kb.ui import resources

    page = html_of(open_page("read", document="mipaa"))
    for passage in resources.passages_of("mipaa")[: lawtext.WINDOW]:
        body = re.search(rf'data-passage="{re.escape(passage.id)}"[^>]*>(.*?)</(?:p|h2|h3)>', page, re.DOTALL).group(1)
        assert passage.text in unescape(re.sub(r"<[^>]+>", "", body))


@pytest.mark.parametrize(
    "query, words",
    [
        ({"document": "mipa"}, "nothing here is called “mipa”"),
        ({"document": "mipaa", "at": "mipaa/no"}, "has no passage 'mipaa/no'"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_else_is_opened(open_page, query, words):
    app = open_page("read", **query)
    assert words in said(app) and "k-sheet" not in html_of(app).split("<style>")[0]


def test_words_looked_for_are_marked_whatever_the_white_space_and_markup_of_a_text_is_shown():
    assert lawtext._found("A  right\nto <b>rest</b>", "right to") == (
        "A  <mark>right\nto</mark> &lt;b&gt;rest&lt;/b&gt;",
        1,
    )
    assert lawtext._found("a.c abc", "a.c") == ("<mark>a.c</mark> abc", 1)


def test_a_saved_search_says_what_is_new_since(open_page, live_kb):
    saved._save("older persons", "hybrid", {"document": ["mipaa"]})
    one = saved.searches()[0]
    assert len(one.found) > 3 and saved.news(one) == []
    assert saved.news(one.model_copy(update={"found": one.found[1:]})) == [one.found[0]]
    saved._drop("older persons", "hybrid", {"document": ["mipaa"]})
    assert saved.searches() == []


def test_a_draft_in_which_all_is_recorded_is_swept_and_one_with_other_words_stays(live_kb):
    drafts.keep("finding/land/R1.a", "a" * 32, "Ada", {"gap": "No budget."}, {"gap": ""})
    drafts.keep("finding/land/R1.a", "b" * 32, "Ada", {"gap": "Another thought."}, {"gap": ""})
    assert drafts.sweep("finding/land/R1.a", {"gap": "No budget.", "body": ""}) == 1
    assert [one.fields["gap"] for one in drafts.of("Ada")] == ["Another thought."]
