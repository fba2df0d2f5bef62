"""Coding, codebook, agreement and export pages."""

import re
from pathlib import Path

import pytest
from ui_reading import html_of, links_of, said

from kb.coding import agreement, analysis
from kb.coding.codes import add_code, change_session, codes_of, codings, open_session, reject_code
from kb.export.request import Request
from kb.i18n import speaking, use
from kb.ui import browser, export, owncodes, resources
from kb.ui.agreement import WHY_NOT
from kb.ui.project import header


def coder(open_page, name="Ada Example", **query):
    """Open the coding page with a name."""
    app = open_page("coding", document="mipaa", facet="group", n="20", **query)
    return app.text_input(key="by").set_value(name).run()


def passage_id(app):
    """Return the id of the shown passage, found by its place in the page's context."""
    from kb.ui.new_project import sampled

    ids = sampled(resources.searcher().index.folder.name, "mipaa", "group", 20, 0, False)
    return ids[int(app.query_params.get("at", "1")) - 1]


def test_coding_needs_a_name(open_page):
    assert "every code has a coder" in said(open_page("coding"))


def test_a_code_is_given_by_one_key_and_taken_back_by_the_same(open_page):
    app = coder(open_page)
    button = app.button(key="code-group-youth")
    button.click().run()
    given = codes_of(resources.workspace(), passage_id(app), viewer="Ada Example")
    assert [(one.code, one.coder, one.state) for one in given] == [("youth", "Ada Example", "added")]
    app.button(key="code-group-youth").click().run()
    assert codes_of(resources.workspace(), passage_id(app), viewer="Ada Example")[0].state == "withdrawn"


def test_the_first_nine_codes_have_a_digit_key(open_page):
    app = coder(open_page)
    keys = [button.proto.shortcut for button in app.button if (button.key or "").startswith("code-group")]
    assert keys[:9] == [str(n) for n in range(1, 10)] and not any(keys[9:])


def test_next_goes_to_the_next_passage_and_stays_in_the_address(open_page):
    app = coder(open_page)
    app.button(key="next").click().run()
    assert app.query_params["at"] == "2"


def test_the_machines_tags_stand_apart_and_can_be_hidden(open_page):
    shown = coder(open_page)
    assert "proposed by the register of commitments, 100% sure" in html_of(shown)
    hidden = coder(open_page, blind="yes")
    assert "the register of commitments" not in html_of(hidden) and "Hidden, as you asked." in said(hidden)


def test_rejecting_a_machine_tag_changes_a_persons_word_and_not_the_tag(open_page):
    app = coder(open_page)
    next(button for button in app.button if button.label == "Reject").click().run()
    id = passage_id(app)
    assert [one.state for one in codes_of(resources.workspace(), id, viewer="Ada Example")] == ["rejected"]
    assert all(tag.state == "proposed" for tag in resources.searcher().index.store.get(id).tags)


def test_words_that_do_not_stand_in_the_passage_are_refused_in_one_line(open_page):
    app = coder(open_page)
    next(one for one in app.text_input if one.label.startswith("Only for these words")).set_value("no such words").run()
    assert "do not stand in the passage" in app.error[0].value


def test_the_codebook_has_definitions_and_typical_examples_with_lines(open_page):
    page = html_of(open_page("codebook", facet="group"))
    assert "Definition" in page and "background paper, lines" in page


def test_an_export_previews_rows_with_force_and_says_how_it_is_made(open_page):
    app = open_page("export", q="older persons", what="results", document=["mipaa"])
    assert "Political commitment (not a treaty)" in html_of(app)
    assert "Query" in html_of(app) and "6 stated + 1 derived" in html_of(app)


def test_a_long_export_shows_its_first_rows_and_reads_no_others_before_it_is_asked_for(open_page, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 100)
    page = open_page("export", what="commitments", format="csv")
    assert "rows take a while" in said(page) and [b.label for b in page.button if b.label == "Make the file"]
    made = resources.taken(resources.bench(), Request(kind="commitments"), 100)
    assert len(made.rows) == resources.SHOWN < 100 < made.total


def test_references_are_offered_one_for_each_instrument_too(open_page):
    app = open_page("export", what="commitments", document=["crpd"], format="bibtex", layout="instruments")
    (box,) = (each for each in app.selectbox if each.label == "One reference")
    assert not app.exception and box.value == "instruments"
    assert box.options == ["for each passage", "for each instrument, with every place"]
    app.selectbox(key="pick-format").set_value("csv").run()
    assert not app.exception and not app.error, "the layout of one format is no layout of another"


def test_findings_without_an_assessment_are_one_plain_line(open_page):
    app = open_page("export", what="findings")
    assert not app.exception and "Findings belong to an assessment." in app.error[0].value


def test_counts_say_what_they_are_counts_of(open_page):
    app = open_page("analysis", document=["mipaa"], facet="group")
    assert re.search(r"<td>\d+ of (\d+)</td><td>[\d.]+%</td><td>0 of 0</td><td>\d+ of \1</td>", html_of(app)), (
        "all in our words"
    )
    assert "Older persons" in html_of(app)


def test_counts_are_made_once_for_a_state_of_index_and_log(open_page, monkeypatch):
    first, second = resources.passages_of("crpd")[:2]
    add_code(resources.workspace(), first, "sector", "health", by="Ada Example")
    made, counts = [], analysis.counts
    monkeypatch.setattr(analysis, "counts", lambda *given, **more: made.append(1) or counts(*given, **more))
    open_page("analysis", document=["crpd"], facet="sector").run()
    assert len(made) == 1, "a large index is not read anew for each drawing"
    add_code(resources.workspace(), second, "sector", "health", by="Ada Example")
    open_page("analysis", document=["crpd"], facet="sector")
    assert len(made) == 2


def test_a_persons_codes_are_counted_apart_from_the_machines(open_page):
    app = coder(open_page)
    app.button(key="code-group-youth").click().run()
    page = html_of(open_page("analysis", document=["mipaa"], facet="group", side="person"))
    assert '<th scope="row">Youth</th><td>all</td><td>1 of ' in page


def test_words_are_shown_in_their_context(open_page):
    app = open_page("analysis", document=["mipaa"], words="pension*")
    assert "occurrences" in said(app) and "“pension*” in context" in html_of(app)


def test_the_codebook_names_a_code_of_ones_own_and_coding_offers_it_for_a_passage(open_page):
    page = open_page("codebook")
    assert "A code of your own" in said(page)
    page.button(key="begin-own").click().run()
    assert "A code needs a name." in page.error[0].value
    for page in (coder(open_page), coder(open_page, session="-")):
        assert "Give a code of your own" in html_of(page) and "facet=own" in html_of(page)
    named = coder(open_page)
    named.query_params["facet"] = "own"
    named.session_state[owncodes.NAMED] = "housing cost"
    named.run()
    assert named.text_input(key=owncodes.FIELD).value == "housing cost"
    named.button(key="give-own").click().run()
    given = codings(resources.workspace(), session="", viewer="Ada Example")
    assert [(one.facet, one.code) for one in given] == [("own", "housing-cost")]


def test_what_differs_between_coders_leads_to_its_passage_by_its_words(open_page):
    passage = next(p for p in resources.searcher().index.store.passages("mipaa") if ">" in p.citation or p.section)
    ws = resources.workspace()
    open_session(ws, "round", ["Ada", "Ben"], codebook="1", by="Ada", blind=False, sample=[passage.id])
    add_code(ws, passage, "group", "youth", by="Ada", session="round")
    add_code(ws, passage, "group", "older-persons", by="Ben", session="round")
    page = open_page("agreement", session="round")
    settle = [label for label in links_of(page) if label.startswith("Settle: ")]
    assert settle and not any("\\\\" in label for label in settle), "escaped once, for the sign that Markdown reads"


def two_who_differ(passage, **asked) -> None:
    """Open the round "one-two", called “First round”, in which Ada gives a code that Ben rejects."""
    ws = resources.workspace()
    one = open_session(ws, "one-two", ["Ada", "Ben"], codebook="1", by="Ada", sample=[passage.id], **asked)
    change_session(ws, one.id, {"title": "First round"}, by="Ada", expected=one.version)
    add_code(ws, passage, "group", "youth", by="Ada", session="one-two")
    reject_code(ws, passage, "group", "youth", by="Ben", session="one-two")


def test_our_words_that_name_a_disagreement_are_marked_as_ours(open_page):
    passages = resources.searcher().index.store.passages("mipaa")
    two_who_differ(next(one for one in passages if one.wording == "own-words"), blind=False)
    settle = [label for label in links_of(open_page("agreement", session="one-two")) if label.startswith("Settle: ")]
    assert settle and all(": In our words: not a quotation: " in label for label in settle)


def test_a_code_of_another_coder_is_told_in_a_sentence(open_page):
    passage = resources.passages_of("mipaa")[0]
    two_who_differ(passage, blind=False)
    app = open_page("coding", session="-", facet="group", id=passage.id)
    app.session_state["by"] = "Cleo"
    page = html_of(app.run())
    assert "Ada gave Youth" in page and "Ben rejected Youth" in page


def test_a_project_to_export_is_offered_by_its_title(open_page):
    two_who_differ(resources.passages_of("mipaa")[0])
    app = open_page("export", what="codes", session="one-two")
    assert "First round" in app.selectbox(key="pick-session").options, "and not by its identifier"


@pytest.mark.parametrize(("language", "between"), [("es", "; "), ("fr", " ; ")])
def test_figures_of_agreement_have_the_readers_decimal_sign(open_page, monkeypatch, language, between):
    monkeypatch.setattr(browser, "speak", lambda: use(language))
    ws, passages = resources.workspace(), resources.passages_of("mipaa")[:4]
    open_session(
        ws, "one-two", ["Ada", "Ben"], codebook="1", by="Ada", sample=[one.id for one in passages], blind=False
    )
    for n, passage in enumerate(passages):
        add_code(ws, passage, "group", "youth", by="Ada", session="one-two")
        add_code(ws, passage, "group", "older-persons" if n == 1 else "youth", by="Ben", session="one-two")
    try:
        page = html_of(open_page("agreement", session="one-two"))
    finally:
        use("en")
    figures = re.sub(r"<[^>]+>", " ", " ".join(re.findall(r"<td.*?</td>", page, re.DOTALL)))
    assert re.search(rf"\d,\d{{3}} \[-?\d,\d{{3}}{between}\d,\d{{3}}\]", figures), "values with their intervals"
    assert not re.findall(r"\d\.\d", figures) and "undefined" not in figures


def test_every_reason_without_a_value_is_in_the_catalogues():
    made = Path(agreement.__file__).read_text(encoding="utf-8")
    reasons = {*re.findall(r'\.estimate\([^\n]*, "([^"]+)"\)', made), *re.findall(r'value=None, why="([^"]+)"', made)}
    assert reasons == set(WHY_NOT) and len(reasons) == 5


def test_one_passage_coded_is_said_in_the_singular(open_page):
    passage = resources.passages_of("mipaa")[0]
    two_who_differ(passage, blind=False)
    for language, words in (("es", "Ada: 1 de 1 codificado · "), ("fr", "Ada : 1 sur 1 codé · ")):
        with speaking(language):
            assert words in header("one-two")
