"""HTML within Markdown: what a page does not show is no text; what it shows, and code, stays."""

from __future__ import annotations

import pytest

SECRET = "Foreign residents are excluded from every pension under this Act."


def read(read_bytes, body: str):
    return read_bytes(f"# Act\n\n1. Every person has a right.\n\n{body}\n\n4. Seen by all.\n".encode(), "a.md")


@pytest.mark.parametrize(
    "body",
    [
        f"<!-- {SECRET} -->",
        f"<!--\n\n2. {SECRET}\n\n-->",
        f"<div hidden>\n\n2. {SECRET}\n\n</div>",
        f"<div style='display:none'>\n\n<div>\n\n2. {SECRET}\n\n</div>\n\n</div>",
        f"<p style='color:#fff'>{SECRET}</p>",
        f"<font color=white>{SECRET}</font>",
    ],
)
def test_paragraphs_in_hidden_html_are_kept_apart_and_reported(read_bytes, body):
    pages = read(read_bytes, body)
    assert [p.text for p in pages.paragraphs] == ["Act", "1. Every person has a right.", "4. Seen by all."]
    assert SECRET in " ".join(p.text for p in pages.leftovers if p.kind == "hidden")
    assert any("hides text" in p.what for p in pages.problems)


def test_hidden_words_inside_a_paragraph_are_no_text(read_bytes):
    pages = read(read_bytes, f"2. The agency pays <span style='display:none'>{SECRET}</span> at once.")
    assert "2. The agency pays at once." in [p.text for p in pages.paragraphs]
    assert any(SECRET in p.text for p in pages.leftovers if p.kind == "hidden")
    assert any("hides text" in p.what for p in pages.problems)


@pytest.mark.parametrize(
    "body",
    [
        f"<p style='color:#333'>{SECRET}</p>",
        f"`<!-- {SECRET} -->`",
        f"```\n<div hidden>\n{SECRET}\n</div>\n```",
        f"2 < 3 and {SECRET}",
        f"<details><summary>More</summary>\n\n{SECRET}\n\n</details>",
    ],
)
def test_what_is_shown_and_what_is_code_stays(read_bytes, body):
    pages = read(read_bytes, body)
    assert SECRET in " ".join(p.text for p in pages.paragraphs)
    assert not any("hides" in p.what for p in pages.problems)


@pytest.mark.parametrize(
    "head", ["<style>p{color:red}</style>", "<link rel=stylesheet href=a.css>", "<script>1</script>"]
)
def test_a_page_that_begins_with_its_styles_is_a_page(read_bytes, head):
    pages = read_bytes(f"{head}<p>{SECRET}</p>".encode(), "a.html")
    assert pages.type == "html" and [p.text for p in pages.paragraphs] == [SECRET]


def test_a_text_of_brackets_under_the_name_of_markdown_is_markdown(read_bytes):
    assert read_bytes(b"[[[[ a link that never ends and some words", "a.md").type == "markdown"
