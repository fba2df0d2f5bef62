"""Web pages as a browser prints them: nothing printed is lost, nothing unprinted is quoted, no figure is changed."""

import pytest

from kb.errors import InputError

LAW = "Every municipality shall keep a register of accessible dwellings and publish it once a year."


def texts(pages, kind=None):
    return [p.text for p in pages.paragraphs if kind in (None, p.kind)]


def left(pages, kind):
    return [p.text for p in pages.leftovers if p.kind == kind]


@pytest.fixture
def page(read_bytes):
    """Return a function: `page(body, head)` reads a page with that body."""
    return lambda body, head="": read_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "a.html")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("rose to 5<sup>2</sup> per cent in 2011<sup><a href='#n3'>3</a></sup>.", "rose to 5² per cent in 2011³."),
        ("40 km<sup>2</sup> and 10<sup>-3</sup> of H<sub>2</sub>O", "40 km² and 10⁻³ of H₂O"),
        ("<span style='vertical-align: super'>7</span>", "⁷"),
        ("section 6<sup>(3)</sup> of 2013<sup>[4]</sup>", "section 6⁽³⁾ of 2013[⁴]"),
        (
            "the 1<sup>st</sup> of May, n<sup>o</sup> 5, la 2<sup>e</sup>, M<sup>me</sup> B.",
            "the 1st of May, no 5, la 2e, Mme B.",
        ),
        ("disability<sup>a</sup> since 2011<sup>b</sup>", "disabilityᵃ since 2011ᵇ"),
        ("2012<sup>*</sup>", "2012*"),
    ],
)
def test_raised_and_lowered_figures_are_never_joined_to_what_comes_before(page, markup, text):
    assert texts(page(f"<p>{markup}</p>")) == [text]


@pytest.mark.parametrize(
    "struck",
    [
        "<del>ten</del>",
        "<s>ten</s>",
        "<strike>ten</strike>",
        "<span style='text-decoration:line-through'>ten</span>",
        "<span style='color:red; TEXT-DECORATION-LINE : underline line-through'>ten</span>",
        "<span class='old new'>ten</span>",
        "<em id=gone>ten</em>",
    ],
)
def test_struck_out_text_is_left_over(page, struck):
    pages = page(
        f"<p>The fee is {struck} <ins>thirty</ins> shillings.</p>",
        "<style>.old{text-decoration:line-through}/* x */ p em#gone {color:red} #gone{text-decoration: line-through}</style>",
    )
    assert texts(pages) == ["The fee is thirty shillings."] and left(pages, "deleted") == ["ten"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<span hidden>secret words</span>",
        "<span style='display: none'>secret words</span>",
        "<span style='visibility:hidden'>secret words</span>",
        "<span class=x>secret words</span>",
        "<span style='font-size:0'>secret words</span>",
        "<span style='position:absolute;left:-9999px'>secret words</span>",
        "<noscript>secret words</noscript>",
        "<dialog>secret words</dialog>",
    ],
)
def test_hidden_text_is_left_over(page, hidden):
    pages = page(
        f"<p>The agency pays {hidden} within thirty days.</p>", "<style>.x, .y { display : none !important }</style>"
    )
    assert texts(pages) == ["The agency pays within thirty days."] and left(pages, "hidden") == ["secret words"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<span aria-hidden=true>thirty working</span> days", "The agency pays within thirty working days."),
        ("<i aria-hidden=true>arrow_back</i> 30 days", "The agency pays within 30 days."),
        ("<b aria-hidden=true>30</b> days", "The agency pays within 30 days."),
        (
            "<span><math><mi>x</mi></math><span aria-hidden=true>x squared</span></span> days",
            "The agency pays within x days.",
        ),
    ],
)
def test_what_only_screen_readers_skip_is_text_but_for_icons_and_second_formulas(page, markup, text):
    assert texts(page(f"<p>The agency pays within {markup}.</p>")) == [text]


def test_text_hidden_for_paper_or_until_a_button_opens_it_is_text(page):
    pages = page(
        f"<button aria-controls=a>Who may apply</button><div id=a hidden><p>{LAW}</p></div><main aria-hidden=true><p>{LAW}</p></main>"
        "<p class=q>Shown.</p>",
        "<style>@media print { .q { display:none } }</style>",
    )
    assert texts(pages) == ["Who may apply", LAW, LAW, "Shown."]
    assert texts(pages, "heading") == ["Who may apply"]


def test_much_hidden_text_is_a_problem_by_its_size(page):
    pages = page(f"<p>Shown.</p><div style='display:none'>{LAW * 3}</div>")
    assert any("the file hides text" in p.what for p in pages.problems)


def test_cells_keep_their_column_when_others_are_empty_or_merged(page):
    pages = page(
        "<table><tr><th>Action<th>Body<th colspan=2>When, cost</tr><tr><td rowspan=2>Ramps<td><td>2027<td></tr>"
        "<tr><td>Mayor<td><td>5</tr><tr><td><p>a</p><p>b</p><td><ol start=3><li>c<li>d</ol><td><td>e</tr></table>"
    )
    assert texts(pages) == [
        "Action | Body | When, cost |",
        "Ramps | | 2027 |",
        "| Mayor | | 5",
        "a b | 3. c 4. d | | e",
    ]


def test_lists_have_the_numbers_that_a_browser_prints(page):
    pages = page(
        "<style>.l{list-style-type:lower-roman}</style><ol type=a><li>one;<li>two;</ol><ol start=5><li>five.<li value=9>nine.</ol>"
        "<ol class=l><li>first<ol type=A start=3><li>deep</ol></ol><ol reversed><li>last<li>but one</ol>"
        "<ol><li>(a) has its own</ol><ol style='list-style:none'><li>bare</ol><ol><li><p>whole</p><p>more</p></ol>"
    )
    assert texts(pages) == [
        "a. one;",
        "b. two;",
        "5. five.",
        "9. nine.",
        "i. first",
        "C. deep",
        "2. last",
        "1. but one",
        "(a) has its own",
        "bare",
        "1. whole",
        "more",
    ]
    assert [p.number for p in pages.paragraphs[:4]] == ["a.", "b.", "5.", "9."]


def test_headings_in_buttons_summaries_and_roles_are_headings(page):
    pages = page(
        f"<h1>Allowance</h1><h2><button>Who can apply</button></h2><p>{LAW}</p><details><summary>How much</summary><p>{LAW}</p>"
        f"</details><div role=heading aria-level=2>When</div><p>{LAW}</p>"
    )
    assert texts(pages, "heading") == ["Allowance", "Who can apply", "How much", "When"]
    assert pages.paragraphs[2].section == ("Allowance", "Who can apply")


@pytest.mark.parametrize(
    "named",
    [
        "class='social-protection'",
        "class='policy-related content'",
        "id=social",
        "class=menu",
        "class='share capital'",
        "class='banner'",
        "id='sidebar'",
        "class='skip'",
        "class='footer-text'",
    ],
)
def test_nothing_is_thrown_out_for_what_its_class_is_called(page, named):
    pages = page(f"<h1>Plan</h1><div {named}><h2>Cash transfers</h2><p>{LAW}</p></div>")
    assert texts(pages) == ["Plan", "Cash transfers", LAW]


def test_what_is_made_of_links_is_left_over(page):
    pages = page(
        f"<nav><a href=x>Home</a></nav><div class=share><a href=f>On one network</a> <a href=g>On another</a></div><p>{LAW}</p>"
    )
    assert texts(pages) == [LAW] and left(pages, "leftover") == ["Home", "On one network On another"]


def test_form_fields_are_text_as_filled_in(page):
    pages = page(
        "<form><p><input type=checkbox checked> Wheelchair user</p><p><input type=radio> Blind</p><p>Name: <input value='Amina'></p>"
        "<p>Country: <select><option>Benin<option selected>Kenya</select></p><p><textarea>My own words</textarea></p>"
        "<input type=hidden value=token><input type=password value=word><input type=submit value=Send></form>"
    )
    assert texts(pages) == ["☑ Wheelchair user", "☐ Blind", "Name: Amina", "Country: Kenya", "My own words"]
    assert left(pages, "option") == ["Benin"] and left(pages, "button") == ["Send"]


def test_formulas_are_on_the_line(page):
    assert texts(
        page(
            "<p>It is <math><mi>B</mi><mo>=</mo><mfrac><mi>wage</mi><mn>2</mn></mfrac><msup><mi>x</mi><mn>2</mn></msup></math>.</p>"
        )
    ) == ["It is B = wage / 2 x^2 ."]


def test_notes_stand_under_the_mark_that_calls_them(page):
    pages = page(
        "<p>Nine in ten<sup id=r><a href='#n'>12</a></sup> work.</p><ol><li id=n>Census of 2011. <a href='#r'>↩</a></li></ol>"
    )
    assert [(p.kind, p.text, p.number, p.notes) for p in pages.paragraphs] == [
        ("paragraph", "Nine in ten¹² work.", None, ("12",)),
        ("note", "Census of 2011.", "12", ()),
    ]


def test_embedded_pages_are_a_problem_and_pictures_words_a_leftover(page):
    pages = page(f"<p>{LAW}</p><iframe src=x></iframe><img alt='A ramp' src=y>")
    assert [p.what for p in pages.problems] == ["embedded pages or files that were not read: 1"] and left(
        pages, "alt"
    ) == ["A ramp"]


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "us-ascii", "ISO_8859-1", "windows-1252"])
def test_latin1_is_read_as_browsers_read_it(read_bytes, label):
    data = (
        f"<html><head><meta charset={label}></head><body><p>The “plan” – women’s – costs €5…</p></body></html>".encode(
            "cp1252"
        )
    )
    assert texts(read_bytes(data, "a.html")) == ["The “plan” – women’s – costs €5…"]


def test_one_broken_byte_does_not_spoil_a_page_of_utf8(read_bytes):
    data = (
        b"<html><head><meta charset=utf-8></head><body><p>"
        + "Protección de niños y señoras. ".encode() * 3
        + b"\xe9.</p></body></html>"
    )
    pages = read_bytes(data, "a.html")
    assert (
        pages.paragraphs[0].text.startswith("Protección de niños")
        and "1 byte could not be decoded" in pages.problems[0].what
    )


@pytest.mark.parametrize(
    "data",
    [
        b"<div class=a><h1>Equality Act</h1><p>Text of it.</p></div>",
        b"<!-- saved -->\n<h1>Equality Act</h1>\n<p>Text of it.</p>",
        b"<section><h1>Equality Act</h1><p>Text of it.</p></section>",
        b"<p></p><h1>Equality Act</h1>Text of it.",
    ],
)
def test_a_part_of_a_page_is_a_page(read_bytes, data):
    pages = read_bytes(data, "part.txt")
    assert pages.type == "html" and texts(pages) == ["Equality Act", "Text of it."]


def test_words_that_begin_with_a_bracket_are_text(read_bytes):
    assert read_bytes(b"<The minister> shall decide.", "a.txt").type == "text"
    assert read_bytes(b"<div align=center>\n\n# Title\n\n</div>\n\nText.", "a.md").type == "markdown"


def test_page_that_is_nested_too_deep_for_the_parser_is_refused_not_read_as_empty(read_bytes):
    page = b"<div>" * 20_000 + b"text of the law" + b"</div>" * 20_000
    with pytest.raises(InputError, match="nested too deep"):
        read_bytes(page, "deep.html")


def test_template_that_the_page_does_not_show_is_left_over(read_bytes):
    pages = read_bytes(
        b"<p>Article 1. Every resident has a pension.</p><template><p>Article 2. None.</p></template>", "a.html"
    )
    assert [p.text for p in pages.paragraphs] == ["Article 1. Every resident has a pension."]
    assert [(p.kind, p.text) for p in pages.leftovers] == [("hidden", "Article 2. None.")]


def test_letters_of_an_index_stand_below_the_line_and_words_stay(read_bytes):
    page = b"<p>The sum x<sub>i</sub> and a<sub>n+1</sub> and H<sub>max</sub>, a<sub>words below</sub>.</p>"
    assert (
        read_bytes(page, "a.html").paragraphs[0].text
        == "The sum x\u1d62 and a\u2099\u208a\u2081 and H\u2098\u2090\u2093, awords below."
    )


@pytest.mark.parametrize(
    ("css", "mark"),
    [
        ("", "<span style='vertical-align:5px;font-size:70%'>3</span>"),
        ("", "<span style='position:relative;top:-0.5em;font-size:80%'>3</span>"),
        ("", "<a href='#n'><small>3</small></a>"),
        (".fn{position:relative;bottom:4pt}", "<span class=fn>3</span>"),
    ],
)
def test_a_figure_that_a_length_raises_is_no_digit(page, css, mark):
    texts = [
        p.text for p in page(f"<style>{css}</style><p>Coverage in 2011{mark} rose.</p><p id=n>3 Census.</p>").paragraphs
    ]
    assert texts[0] == "Coverage in 2011³ rose."


@pytest.mark.parametrize("style", ["vertical-align:middle", "vertical-align:1px", "position:relative;top:-40px"])
def test_what_is_hardly_moved_or_moved_elsewhere_stays_on_its_line(page, style):
    assert page(f"<p>There are <span style='{style}'>3</span> bodies.</p>").paragraphs[0].text == "There are 3 bodies."
