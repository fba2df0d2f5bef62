"""A number and its noun agree in every interface: "1 remark", "2 remarks"."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kb
from kb.amounts import of_lines, run_of, some
from kb.i18n import line_span, speaking

ROOM = Path(kb.__file__).parent
NO_COUNT = {
    "is",
    "has",
    "says",
    "does",
    "as",
    "assess",
    "fits",
    "ms",
    "holds",
    "belongs",
    "words",
    "was",
    "runs",
    "occurs",
}
NO_COUNT |= {"differs", "names", "points", "stands", "answers", "shows", "reads", "needs", "meets", "takes", "opens"}
"""Words with an s at their end that count nothing after what stands before them; units without another form."""
COUNTED = re.compile(r"(?<![\w–./<]){[^{}]*} (?:(?:own|more|other|proposed|image) )?([a-z]{2,}s|criteria)\b")
FOLLOWS = re.compile(r"}} ([a-z]+s)\b")
"""The same in a template."""
ABOVE_ONE = {
    "a limit, or said of more than a limit": "api/answers.py passages, api/asked.py characters, engine/milvus/engine.py "
    "passages, evaluation/mapping.py words, export/xlsx.py characters, export/zips.py bytes, files.py bytes, "
    "http/guard.py bytes, http/guard.py characters, i18n/refusals.py characters, ids.py places, log/bounds.py "
    "characters, log/bounds.py values, mcp/strict.py characters, mcp/tools.py letters, read/archive.py bytes, "
    "read/archive.py files, read/assemble.py letters, read/child.py bytes, read/decode.py signs, read/face.py bytes, "
    "read/face.py pieces, read/formats/__init__.py bytes, read/formats/epub.py chapters, read/formats/html.py levels, "
    "read/formats/mail.py characters, read/formats/odt.py cells, read/formats/odt.py times, read/formats/pdf.py pages, "
    "read/formats/rtf.py levels, read/formats/table_text.py lines, read/formats/second_pdf.py pages, read/formats/second_pdf.py characters, "
    "read/guarded.py seconds, read/ocr.py pages, read/quality.py characters, search/query.py characters, "
    "sources/facts.py characters, sources/fetch.py bytes, sources/fetch.py seconds, sources/fetch.py times, "
    "coding/own.py characters, ui/export.py rows, ui/start.py passages",
    "said where there are two or more": "http/known.py times, log/proof.py times, read/formats/docx.py times, "
    "read/broken_rows.py rows",
    "parts of the framework, the register or the index, which are many": "engine/milvus/writer.py bytes, "
    "index/weights/q4.py weights, "
    "log/restore.py bytes, report/comparison.py criteria, report/front.py criteria, ui/assess.py criteria, "
    "ui/commitments.py entries, ui/commitments.py instruments, ui/matrix.py criteria, "
    "ui/promises.py passages, ui/report.py criteria, ui/start.py criteria, ui/start.py documents, ui/work.py passages, workspace/intake.py criteria",
    "with a tenth": "http/guard.py seconds",
    "no number stands there": "i18n/catalogue.py rows, ui/lawtext.py class",
}
"""Where a value stands before a word in the plural, and is never one: by reason, file and word."""
ALLOWED = {each.strip() for places in ABOVE_ONE.values() for each in places.split(",")}


def right(call: ast.expr) -> bool:
    """Return whether this calls one of the two functions that choose between one and many."""
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("some", "tn")


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every text in a module, with `{}` for values; texts given to `some` or `tn` are left
    out."""
    chosen = {id(part) for node in ast.walk(tree) if right(node) for given in node.args for part in ast.walk(given)}
    for node in ast.walk(tree):
        if id(node) in chosen:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = (
                part.value if isinstance(part, ast.Constant) else "" if right(part.value) else "{}"
                for part in node.values
            )
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def plural_alone(source: str, place: str) -> list[str]:
    """Return the places where a text puts a value before a plural noun: `f"{n} rows"` prints "1 rows"."""
    return [
        f"{place}:{line}: {found[0]}"
        for line, text in texts(ast.parse(source))
        for found in COUNTED.finditer(text)
        if found[1] not in NO_COUNT and f"{place} {found[1]}" not in ALLOWED
    ]


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ["remark"], "0 remarks"),
        (1, ["remark"], "1 remark"),
        (2, ["entry"], "2 entries"),
        (1, ["passage matches", "passages match"], "1 passage matches"),
        (7, ["passage matches", "passages match"], "7 passages match"),
    ],
)
def test_a_number_and_its_word_agree(count, words, said):
    assert some(count, *words) == said


def test_nothing_counts_in_the_plural_alone():
    found = [
        each
        for path in sorted(ROOM.rglob("*.py"))
        for each in plural_alone(path.read_text("utf-8"), path.relative_to(ROOM).as_posix())
    ]
    assert found == [], "write some(n, 'row') of kb.amounts, or tn(...) where the text is translated"


def test_no_page_of_the_server_counts_in_the_plural_alone():
    pages = sorted((ROOM / "http/templates").glob("*.html"))
    found = [f"{page.name}: {each[0]}" for page in pages for each in FOLLOWS.finditer(page.read_text("utf-8"))]
    assert pages and found == []


@pytest.mark.parametrize("line", ['f"{n} rows"', 't("{count} proposed passages", count=3)', 'f"{n} more pieces"'])
def test_the_rule_sees_a_plural_that_is_alone(line):
    assert plural_alone(line, "toy.py")


@pytest.mark.parametrize("line", ["f\"{some(n, 'row')} here\"", 'tn("{n} row", "{n} rows", n)', 'f"{who} has rows"'])
def test_the_rule_lets_the_right_ones_pass(line):
    assert not plural_alone(line, "toy.py")


def test_one_line_is_a_line_and_several_are_lines():
    assert of_lines((1486, 1486)) == "line 1486" and of_lines((4, 6)) == "lines 4–6" and of_lines() == ""
    assert of_lines((4, 6), (9, 9)) == "lines 4–6, 9" and of_lines((4, 4), (9, 9)) == "lines 4, 9"
    assert of_lines((53, 53), what="para") == "para 53" and run_of(7, 7) == "7"
    with speaking("fr"):
        assert (line_span((4, 4)), line_span((4, 6))) == ("ligne 4", "lignes 4–6")


LINES_BY_HAND = re.compile(r"\b[Ll]ines? {[^{}]*}–|lines\[0\]}}? ?–")
"""Lines from a first to a last that are written out where they are said, so that one of them is "lines 4–4"."""


@pytest.mark.parametrize("path", [*sorted(ROOM.rglob("*.py")), *sorted(ROOM.rglob("*.html"))], ids=str)
def test_lines_are_named_by_one_function(path):
    by_one = {"amounts.py", "i18n/locale.py", "structure/paper.py"}
    if str(path.relative_to(ROOM)) in by_one:
        return  # the function for each language; the paper's reader makes the citation that is kept in the index
    assert not LINES_BY_HAND.findall(path.read_text(encoding="utf-8"))
