"""Commentary between the provisions of an official text is never part of a provision."""

from __future__ import annotations

import pytest

from kb.structure.drafts import lost
from kb.structure.resolution import parse as parse_resolution
from kb.structure.treaty import parse as parse_treaty


@pytest.mark.parametrize(
    "label",
    [
        "Commentary",
        "Commentary:",
        "Commentary on article 1",
        "Comentario.",
        "Note de la rédaction :",
        "[Editor's note]",
    ],
)
def test_remarks_on_an_article_are_left_over(label: str) -> None:
    text = f"Article 1\n\nWells\n\nStates shall dig wells.\n\n{label}\n\nThe drafters had springs in mind.\n\nArticle 2\n\nStates shall keep them clean.\n"
    document = parse_treaty(text, document="t", title="T", file="t.md", sha256="0" * 64)
    assert not [p for p in document.passages if "drafters" in p.text]
    assert [p.id for p in document.passages if p.id in ("t/art1", "t/art2")] == ["t/art1", "t/art2"]
    assert "The drafters had springs in mind." in [
        each.text for each in document.leftovers if each.kind == "commentary"
    ]
    assert lost(document, text) == []


def test_remarks_on_a_paragraph_end_where_the_next_number_begins() -> None:
    text = "1. Wells are dug.\n\nCommentary: springs were meant.\n\nThey still are.\n\n2. Wells are kept clean.\n"
    document = parse_resolution(text, document="r", title="R", file="r.md", sha256="0" * 64)
    assert {p.id: p.text for p in document.passages} == {
        "r/para1": "Wells are dug.",
        "r/para2": "Wells are kept clean.",
    }
    assert lost(document, text) == []


def test_a_sentence_that_begins_with_the_word_is_text() -> None:
    text = "Article 1\n\nWells\n\nCommentary on wells is published by the Committee and sent to every State Party that asks for it.\n"
    document = parse_treaty(text, document="t", title="T", file="t.md", sha256="0" * 64)
    assert any(p.text.startswith("Commentary on wells") for p in document.passages)


def test_remarks_between_the_letters_of_an_article_take_none_of_them_away() -> None:
    lines = [
        "Article 1",
        "Wells",
        "States shall dig:",
        "Comment: the list is long.",
        "(a) deep wells;",
        "Commentary. Springs were meant.",
        "They still are.",
        "(b) wide wells.",
        "Explanatory notes",
        "The drafters thought of:",
        "(a) rivers;",
        "(b) seas;",
        "(c) lakes.",
    ]
    text = "\n\n".join(lines)
    document = parse_treaty(text, document="t", title="T", file="t.md", sha256="0" * 64)
    provisions = {p.id: p.text for p in document.passages if p.id.startswith("t/art1/") and p.kind == "provision"}
    assert provisions == {"t/art1/a": "deep wells;", "t/art1/b": "wide wells."}
    assert lost(document, text) == []
