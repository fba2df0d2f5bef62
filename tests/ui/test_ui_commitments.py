"""Commitments: the outline, one entry, and who promised what."""

from ui_reading import html_of, links_of, said

from kb.ui import markup


def test_the_outline_filters_and_keeps_the_headings_above(open_page):
    app = open_page("commitments", instrument="crpd", group=["women-girls"])
    assert "CRPD art. 6(2): Women with disabilities" in html_of(app)
    assert "CRPD art. 9(1)(a)" not in html_of(app)
    assert "of 258 entries" in html_of(app)


def test_a_filter_that_nothing_passes_says_so(open_page):
    app = open_page("commitments", instrument="crpd", force=["political-commitment"])
    assert "No entry passes these filters" in app.info[0].value


def test_an_entry_says_what_is_checked_and_how_to_get_the_official_text(open_page):
    app = open_page("commitments", id="wssd/c4")
    assert "◆" in html_of(app) and "Political commitment (not a treaty)" in html_of(app)
    assert "The official text is not here. Add a file" in said(app) and "kb fetch" not in said(app)
    assert "address not checked" in said(app)
    assert "What the background paper says of it" in said(app)


def test_what_a_register_was_checked_against_is_said_on_the_outline_and_on_the_entry(open_page):
    for page in ({"instrument": "crpd"}, {"id": "crpd/art9"}):
        assert "not against a file of the United Nations" in html_of(open_page("commitments", **page))


def test_an_entry_has_its_citation_in_every_format(open_page):
    app = open_page("commitments", id="crpd/art33/2")
    assert [tab.label for tab in app.tabs] == ["Plain", "OSCOLA", "APA", "Chicago", "BibTeX", "RIS", "CSL-JSON"]
    assert any(block.value.startswith("CRPD art. 33(2)") for block in app.code)


def test_links_of_an_entry_are_proposals_with_their_reason(open_page):
    page = html_of(open_page("commitments", id="wssd/c4"))
    assert "R1" in page and "proposed, by the editors of the register" in page


def test_an_unknown_entry_is_one_plain_line(open_page):
    assert "The register has no entry 'crpd/art99'." in open_page("commitments", id="crpd/art99").error[0].value


def test_each_cell_of_the_matrix_opens_its_entries(open_page):
    page = html_of(open_page("promised"))
    assert 'href="commitments?instrument=mipaa&amp;group=older-persons&amp;procedural=no"' in page
    assert "(not a treaty)" in page, "the force stands in the column"


def test_the_matrix_and_the_outline_count_alike(open_page):
    from kb.commitments.browse import who_promised_what
    from kb.ui import resources

    ids = who_promised_what(resources.register())["older-persons"]["mipaa"]
    page = html_of(open_page("commitments", instrument="mipaa", group=["older-persons"], procedural=["no"]))
    every = next(one for one in resources.register() if one.id == "mipaa").entries
    assert f"{len(ids)} of {len(every)} entries" in page


def test_an_outline_nests_and_closes_every_list():
    made = markup.outline([(0, "a"), (1, "b"), (2, "c"), (1, "d"), (0, "e")], open=True)
    for tag in ("ul", "li", "details", "summary", "div"):
        assert made.count(f"<{tag}") == made.count(f"</{tag}>"), tag


def test_a_passage_page_shows_place_tags_and_the_way_to_copy(open_page):
    app = open_page("passage", id="paper/r4/b")
    assert "1855–1856" in html_of(app) and "background-paper.txt" in html_of(app)
    assert any("disadvantaged groups" in block.value and "Force: " in block.value for block in app.code)
    assert links_of(app)["What it is a part of"] == "id=paper%2Fr4"


def test_own_words_are_never_copied_as_a_quotation(open_page):
    app = open_page("passage", id="crpd/art9/1/a")
    copied = next(block.value for block in app.code if "Force: " in block.value)
    assert "not a quotation" in copied and not copied.startswith("“")


def test_the_official_text_stands_on_the_entry_with_its_place_once_it_is_added(open_page, root):
    from kb.config import settings
    from kb.sources.keep import add_text
    from kb.sources.manifest import load_manifest

    text = (
        "# Convention on the Rights of Persons with Disabilities\n\n### Article 33\n\nNational implementation and monitoring\n\n"
        "1. Parties choose a focal point.\n\n2. Parties keep a framework that watches over it.\n"
    )
    file = settings().library.parent / "crpd.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    source = load_manifest(root / "corpus").get("crpd")
    add_text(file, source, settings().library)
    file.write_text("ARTÍCULO 33\n\n2. Un marco.\n", encoding="utf-8")
    add_text(file, source, settings().library, language="es")
    page = said(open_page("commitments", id="crpd/art33/2"))
    assert "Parties keep a framework that watches over it." in page and "Un marco" not in page
    assert "official/crpd.md" in page and "of the file" in page
    assert "Links" in page and "R3.d" in page and "Scope:" in page and "Checked against (sha256)" in page


def test_like_wording_is_shown_with_its_label_and_force(open_page):
    page = said(open_page("commitments", id="wssd/c4"))
    assert "Nearly the same words" in page and "Shared wording, 4" in page and "(not agreed by States)" in page


def test_a_passage_of_the_paper_shows_what_it_says_of_the_instruments_and_where_it_is_loose(open_page):
    page = said(open_page("passage", id="paper/s4/disability/p1"))
    assert "The background paper and the instruments" in page and "That it binds only States parties" in page
