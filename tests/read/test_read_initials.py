"""Drop capitals: the large letter is put before its word, and the lines beside it keep their order."""

from __future__ import annotations

from make import pdf, prose

from kb.read import read_here
from kb.read.layout.initials import joined
from kb.read.layout.words import PageWord


def _word(text: str, x: float, top: float, height: float = 10.0) -> PageWord:
    return PageWord(text, x, top, x + 5 * len(text), top + height, 0)


def test_a_paragraph_with_a_drop_capital_reads_as_printed(tmp_path) -> None:
    rows = [
        (72, 110, "E", 30),
        *prose(95, 100, "very employer with more than fifty workers shall"),
        *prose(95, 114, "reserve one post in twenty for persons with disabilities"),
        *prose(72, 128, "and report on it once a year to the minister of labour of the republic."),
    ]
    (tmp_path / "a.pdf").write_bytes(pdf([rows]))
    texts = [p.text for p in read_here(tmp_path / "a.pdf", ocr=False).paragraphs]
    assert " ".join(texts).startswith("Every employer with more than fifty workers shall reserve one post in twenty")


def test_a_letter_that_is_a_word_stays_one_and_a_mark_of_a_section_stays_apart() -> None:
    rest = [_word("council", 20, 14), _word("meets", 80, 14), _word("council", 10, 50), _word("now", 50, 50)]
    assert joined([_word("A", 10, 10, 24), *rest])[0].text == "A council"
    title = [_word("A", 10, 10, 24), _word("Access", 20, 14), _word("to", 80, 14), _word("work", 100, 14)]
    assert [w.text for w in joined(title)] == ["A", "Access", "to", "work"]
