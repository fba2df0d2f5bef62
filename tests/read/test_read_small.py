"""Small marks of web pages, Markdown, mail, XML and Word that decide what is text and where a word ends."""

from __future__ import annotations

import pytest
from test_read_docx import p, word  # noqa: F401 - `word` is a fixture

from kb.errors import InputError

LAW = b"<p>The Minister shall publish an annual report on this plan in all regions of the country.</p>"


@pytest.mark.parametrize("display", ["block", "flex", "table-cell", "list-item"])
@pytest.mark.parametrize("place", [b"%s", b"<p>%s</p>"], ids=["in the body", "in a paragraph"])
def test_spans_that_a_style_sets_apart_are_never_joined(read_bytes, display, place):
    spans = b'<span style="display:%s">Section</span><span style="display:%s">Five rules</span>' % (
        (display.encode(),) * 2
    )
    pages = read_bytes(b"<html><body>" + place % spans + LAW + b"</body></html>", "a.html")
    assert "Section Five rules" in " ".join(each.text for each in pages.paragraphs)


def test_words_for_browsers_that_play_nothing_are_no_text(read_bytes):
    played = b"<p>Here<canvas>canvas words</canvas><video>video words</video> is a law.</p>"
    pages = read_bytes(b"<html><body>" + played + LAW + b"</body></html>", "a.html")
    assert pages.paragraphs[0].text == "Here is a law."
    assert [(each.kind, each.text) for each in pages.leftovers] == [
        ("fallback", "canvas words"),
        ("fallback", "video words"),
    ]


def test_markdown_with_line_ends_of_an_old_macintosh(read_bytes):
    pages = read_bytes(b"# Plan\r\rFirst rule of the plan.\r\rSecond rule.\r", "a.md")
    assert [(each.kind, each.text) for each in pages.paragraphs] == [
        ("heading", "Plan"),
        ("paragraph", "First rule of the plan."),
        ("paragraph", "Second rule."),
    ]


def test_underlined_titles_of_markdown_are_headings(read_bytes):
    text = b"Plan of Peace\n=============\n\nIts parts\n---------\n\nA sentence stays one.\n---\n\nAll may take part.\n"
    pages = read_bytes(text, "a.md")
    assert [(each.kind, each.level) for each in pages.paragraphs[:2]] == [("heading", 1), ("heading", 2)]
    assert [each.kind for each in pages.paragraphs[2:]] == ["paragraph", "paragraph"]


def test_every_struck_run_of_a_markdown_paragraph_is_named(read_bytes):
    pages = read_bytes(b"# Plan\n\nAid is ~~10~~ 20 or <del>30</del> 40 or <s>50</s> 60 euros for all.\n", "a.md")
    assert all(run in pages.problems[0].what for run in ("~~10~~", "<del>30</del>", "<s>50</s>"))


def mail(plain: str, page: str = "", flow: str = "") -> bytes:
    """Return a message with a plain part and, if given, a web page as its alternative."""
    head = "From: a@b.c\r\nSubject: A plan\r\nMIME-Version: 1.0\r\n"
    one = f"Content-Type: text/plain; charset=utf-8{flow}\r\n\r\n{plain}\r\n"
    if not page:
        return (head + one).encode()
    other = f"Content-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n"
    return f"{head}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n{one}--b\r\n{other}--b--\r\n".encode()


def test_what_only_the_page_of_a_mail_says_is_kept_and_named(read_bytes):
    pages = read_bytes(mail("The State pays.", "<p>The <b>State</b> pays.</p><p>It shall report.</p>"), "a.eml")
    assert [each.text for each in pages.paragraphs] == ["A plan", "The State pays."]
    assert ("other-form", "It shall report.") in [(each.kind, each.text) for each in pages.leftovers]
    assert any("It shall report." in each.what for each in pages.problems)
    same = read_bytes(mail("The State pays.", "<p>The State pays.</p>"), "b.eml")
    assert not same.problems and "other-form" not in [each.kind for each in same.leftovers]


@pytest.mark.parametrize(
    ("flow", "text"),
    [("; format=flowed; delsp=yes", "The State shall provide"), ("; format=flowed", "The State shall pro vide")],
)
def test_lines_that_a_mail_program_broke_are_joined_as_it_says(read_bytes, flow, text):
    pages = read_bytes(mail("The State shall pro \r\nvide housing.\r\n-- \r\nA. Writer", flow=flow), "a.eml")
    assert pages.paragraphs[1].text.startswith(text)
    assert not any("--A" in each.text for each in pages.paragraphs)


@pytest.mark.parametrize("xml", [b"<law><p>Something</p></law>", b"<rules>\n<rule>Something</rule>\n</rules>\n"])
def test_other_xml_without_a_declaration_is_refused_by_name(read_bytes, xml):
    with pytest.raises(InputError, match="XML of a kind that is not read"):
        read_bytes(xml, "a.xml")


def test_what_an_editor_remarks_in_akoma_ntoso_is_no_word_of_the_law(read_bytes):
    remark = '<remark type="editorial">[amended]</remark>'
    body = f"<section><num>1.</num><content><p>All may take part.{remark}</p></content></section>{remark}"
    law = f'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><body>{body}</body></act></akomaNtoso>'
    pages = read_bytes(law.encode(), "a.xml")
    assert [each.text for each in pages.paragraphs] == ["1. All may take part."]
    assert pages.paragraphs[0].notes == ("an editor remarks: [amended]",)
    assert [(each.kind, each.text) for each in pages.leftovers] == [("editorial", "[amended]")] * 2


def test_a_reading_over_a_word_is_put_in_brackets_wherever_word_puts_it(word):  # noqa: F811
    ruby = "<w:ruby><w:rt><w:r><w:t>kana</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase></w:ruby>"
    for inner in (ruby, f"<w:r>{ruby}</w:r>"):
        assert [each.text for each in word(p("", inner=inner)).paragraphs] == ["base(kana)"]
