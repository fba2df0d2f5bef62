"""Treaties: levels are read from printed numbers, one file may hold several instruments, and nothing is lost."""

from __future__ import annotations

import json
import re

import pytest

from kb.models import Document
from kb.structure.drafts import lost
from kb.structure.treaty import parse

TREATY = """# Convention on Quiet Streets

The Parties to this Convention,

(a) Recalling that noise harms sleep,

(b) Convinced that streets are for people,

Have agreed as follows:

## PART I General

### Article 1

Purpose

This Convention keeps streets quiet.

### Article 2

Duties of Parties

1. Each Party shall, within its means:

(a) Measure noise:

(i) By day;

(ii) By night;

(b) Publish what it measures.

2. Nothing in paragraph 1, (b) limits stricter law.

## PART II Final clauses

### Article 3 bis

The depositary keeps the text.

In witness whereof the undersigned have signed.
"""


def read(text: str, file: str = "x.md", language: str = "en") -> Document:
    return parse(text, document="cqs", title="CQS", file=file, sha256="0" * 64, language=language, short="CQS")


def by_id(document: Document) -> dict[str, str]:
    return {passage.id: passage.text for passage in document.passages}


def test_levels_come_from_the_printed_numbers() -> None:
    found = by_id(read(TREATY))
    assert found["cqs/preamble/b"] == "Convinced that streets are for people,"
    assert found["cqs/art2/1"] == "Each Party shall, within its means:"
    assert found["cqs/art2/1/a/ii"] == "By night;"
    assert found["cqs/art2/1/b"] == "Publish what it measures."


def test_an_article_is_its_own_words_or_else_its_heading() -> None:
    found = by_id(read(TREATY))
    assert found["cqs/art1"] == "This Convention keeps streets quiet."
    assert found["cqs/art1/heading"] == "Purpose"
    assert found["cqs/art2"] == "Duties of Parties"


def test_a_provision_carries_citation_number_parent_sections_and_line() -> None:
    passage = next(p for p in read(TREATY).passages if p.id == "cqs/art2/1/a/i")
    assert (passage.citation, passage.number, passage.parent) == ("CQS art. 2(1)(a)(i)", "i", "cqs/art2/1/a")
    assert passage.section == ("PART I General", "Article 2 Duties of Parties")
    assert passage.kind == "provision" and passage.force == "legal-obligation"
    assert TREATY.split("\n")[passage.place.lines[0] - 1] == "(i) By day;"


def test_a_reference_inside_a_sentence_opens_no_list() -> None:
    assert by_id(read(TREATY))["cqs/art2/2"] == "Nothing in paragraph 1, (b) limits stricter law."


def test_article_bis_and_the_closing_words_stand_by_themselves() -> None:
    found = by_id(read(TREATY))
    assert found["cqs/art3bis"].startswith("The depositary")
    assert found["cqs/closing"].startswith("In witness")


def test_a_gap_in_the_numbers_stays_a_gap() -> None:
    found = by_id(read("### Article 1\n\n1. One thing.\n\n3. A third thing.\n"))
    assert "cqs/art1/3" in found and "cqs/art1/2" not in found


def test_the_ninth_letter_is_no_roman_one() -> None:
    letters = "\n\n".join(f"({letter}) Item {letter};" for letter in "abcdefghij")
    assert {"cqs/art1/h", "cqs/art1/i", "cqs/art1/j"} <= set(
        by_id(read(f"### Article 1\n\nThe list is:\n\n{letters}\n"))
    )


def test_lists_that_run_on_inside_a_paragraph_are_cut() -> None:
    found = by_id(read("### Article 1\n\n1. A claim fails when: (a) it is late; (b) it is lost.\n"))
    assert found["cqs/art1/1"] == "A claim fails when:" and found["cqs/art1/1/b"] == "it is lost."


def test_plain_text_broken_at_a_fixed_width_is_joined() -> None:
    lines = "\n".join(
        ["Article 1", "Purpose", ""]
        + [
            "1. The Parties shall keep the streets of their towns quiet by night and shall",
            "publish once a year what they have measured in each of the towns concerned so",
            "that the people who live there can see what has been done and what has not yet",
            "been done in the streets in which they live.",
            "",
            "2. The Parties shall meet once a year in order to compare what they have found",
            "and to agree on what is to be done next, in the light of what they have found.",
            "",
            "3. The Parties shall write down what they agree on, and shall give it to all the",
            "people concerned.",
        ]
    )
    found = by_id(read(lines, "x.txt"))
    assert found["cqs/art1/1"].endswith("in which they live.")
    assert [i for i in found if re.search(r"art1/\d$", i)] == ["cqs/art1/1", "cqs/art1/2", "cqs/art1/3"]


LAW = """##### ARTICULO 1º — Apruébase el Convenio de las calles que figura en el anexo y que forma parte de esta ley.

##### ARTICULO 2º — Comuníquese.

### Anexo I

Convenio de las calles

##### Artículo 1º

Propósito

El propósito del Convenio es que las calles de las ciudades sean tranquilas.

##### Artículo 2

1. Las Partes medirán el ruido de las calles.

2. Las Partes publicarán los datos que midan en las calles.

##### Artículo 3

El depositario conserva el texto de este Convenio.

### Anexo II

Protocolo facultativo del Convenio

##### Artículo 1

Toda persona puede presentar una comunicación al comité.
"""


def test_the_law_the_convention_and_its_protocol_each_have_an_article_1() -> None:
    found = by_id(read(LAW, language="es"))
    assert found["cqs/act/art1"].startswith("Apruébase")
    assert found["cqs/art1"].startswith("El propósito")
    assert found["cqs/op/art1"].startswith("Toda persona")


BILINGUAL = json.dumps(
    {
        "treaty_zh": "安靜街道公約",
        "treaty_en": "Convention on Quiet Streets",
        "total_articles": 1,
        "preamble_zh": "本公約締約國，",
        "preamble_en": "The Parties,\n\nHave agreed:",
        "articles": [
            {
                "article": "十二",
                "title_zh": "義務",
                "title_en": "Duties",
                "content_zh": '1.締約國應：（a）測量"噪音"；（b）公布結果。\n2.本條不限制其他法律。',
                "content_en": 'Parties shall:\n\nMeasure "noise";\n\nPublish results.\n\nOther law is not limited.',
            }
        ],
    },
    ensure_ascii=False,
    indent=1,
)


def test_numbers_that_one_language_lacks_are_read_from_the_other_and_marked() -> None:
    document = read(BILINGUAL, "x.json")
    assert by_id(document)["cqs/art12/1/b"] == "Publish results."
    assert by_id(document)["cqs/art12/2"] == "Other law is not limited."
    passage = next(p for p in document.passages if p.id == "cqs/art12/1/b")
    assert "parallel" in passage.notes[0]


def test_paragraphs_that_do_not_answer_one_to_one_get_no_borrowed_number() -> None:
    broken = BILINGUAL.replace("\\n\\nOther law is not limited.", "")
    assert [i for i in by_id(read(broken, "x.json")) if "art12/" in i] == ["cqs/art12/heading"]


def test_each_language_of_a_bilingual_file_is_read_alone_and_the_other_is_left_over() -> None:
    chinese = read(BILINGUAL, "x.json", "zh")
    assert by_id(chinese)["cqs/art12/1/a"] == '測量"噪音"；'
    assert "Publish results." in [leftover.text for leftover in chinese.leftovers if leftover.kind == "other-language"]


@pytest.mark.parametrize(
    ("text", "file", "language"),
    [(TREATY, "x.md", "en"), (LAW, "x.md", "es"), (BILINGUAL, "x.json", "en"), (BILINGUAL, "x.json", "zh")],
)
def test_passages_and_leftovers_rebuild_the_source(text: str, file: str, language: str) -> None:
    assert lost(read(text, file, language), text) == []


def test_the_round_trip_check_sees_a_lost_paragraph() -> None:
    document = read(TREATY)
    short = document.model_copy(update={"passages": document.passages[1:]})
    assert lost(short, TREATY)


# --- real files ---

CRPD = [
    ("crpd_en_zh_open-treaties.json", "en"),
    ("crpd_en_zh_open-treaties.json", "zh"),
    ("crpd_en_zh_open-treaties.html", "en"),
    ("crpd_en_nl_bwbv0004045.md", "en"),
    ("crpd_en_nl_bwbv0004045.md", "nl"),
    ("crpd_es_ar_ley26378.md", "es"),
]
ARTICLES = {
    "cedaw": 30,
    "crc": 54,
    "icescr": 31,
    "iccpr": 53,
    "icerd": 25,
    "cat": 33,
    "udhr": 30,
    "refugee": 46,
    "op-icescr": 22,
}


def real(shared, path: str, document: str, language: str) -> tuple[Document, str]:
    text = (shared / "data" / "instruments" / path).read_text(encoding="utf-8")
    return parse(text, document=document, title=document, file=path, sha256="0" * 64, language=language), text


def articles(document: Document) -> list[str]:
    return [s.id.split("art")[1] for s in document.sections if re.fullmatch(rf"{document.id}/art\w+", s.id)]


@pytest.mark.parametrize(("file", "language"), CRPD)
def test_the_disability_convention_is_complete_in_every_source(shared, file: str, language: str) -> None:
    document, text = real(shared, f"crpd/{file}", "crpd", language)
    assert articles(document) == [str(n) for n in range(1, 51)]
    letters = [p.number for p in document.passages if re.fullmatch(r"crpd/preamble/[a-z]", p.id)]
    assert "".join(letters) == "abcdefghijklmnopqrstuvwxy"
    assert lost(document, text) == []


def test_the_sources_of_the_convention_agree_on_every_number(shared) -> None:
    found = []
    for file, language in CRPD:
        if language in ("en", "es"):
            document, _ = real(shared, f"crpd/{file}", "crpd", language)
            found.append({p.id for p in document.passages if re.match(r"crpd/(art|preamble/.$)", p.id)})
    assert all(each == found[0] for each in found) and len(found[0]) > 300


@pytest.mark.parametrize(("treaty", "count"), ARTICLES.items())
def test_other_treaties_parse_to_their_known_number_of_articles(shared, treaty: str, count: int) -> None:
    document, text = real(shared, f"related_treaties/{treaty}.en_zh.json", treaty, "en")
    assert articles(document) == [str(n) for n in range(1, count + 1)]
    assert lost(document, text) == []


def third_article(chinese: str, english: str) -> str:
    """Return a bilingual source with one article, numbered 三."""
    words = {"title_zh": "", "title_en": "", "content_zh": chinese, "content_en": english}
    return json.dumps({"articles": [{"article": "三", **words}]}, ensure_ascii=False)


def test_numbers_that_cannot_be_read_across_are_reported() -> None:
    text = third_article(
        "一  第一。二  第二：（子）甲；（丑）乙。三  第三。", "First sentence and second as one: (a) this; (b) that."
    )
    letter = next(p for p in read(text, "x.json").passages if p.id == "cqs/art3/a")
    assert "letters may belong to a numbered paragraph" in letter.notes[0]


def test_chinese_ordinals_are_numbers() -> None:
    text = third_article("一  第一。二  第二：（子）甲；（丑）乙。", "First.\nSecond:\nthis;\nthat.")
    assert by_id(read(text, "x.json"))["cqs/art3/2/b"] == "that."
    assert by_id(read(text, "x.json", "zh"))["cqs/art3/2/a"] == "甲；"
