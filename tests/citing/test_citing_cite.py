"""Citations: sixty spellings, including ambiguous and wrong ones, and the formats that people must use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from corpus_citations import CORPUS, citations

from kb.citing.cite import Ambiguous, Citations
from kb.citing.cited import AnotherDocument
from kb.citing.names import load_names
from kb.errors import InputError, KBError, NotFound
from kb.structure.treaty import parse

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "citations.yaml").read_text(encoding="utf-8"))["citations"]
SECOND = yaml.safe_load((HERE / "citations_second.yaml").read_text(encoding="utf-8"))["citations"]
REPORTS = yaml.safe_load((HERE / "citations_reports.yaml").read_text(encoding="utf-8"))
THIRD = yaml.safe_load((HERE / "citations_third.yaml").read_text(encoding="utf-8"))
FOURTH = yaml.safe_load((HERE / "citations_fourth.yaml").read_text(encoding="utf-8"))
SIXTH = yaml.safe_load((HERE / "citations_sixth.yaml").read_text(encoding="utf-8"))
SEVENTH = yaml.safe_load((HERE / "citations_seventh.yaml").read_text(encoding="utf-8"))
EIGHTH = yaml.safe_load((HERE / "citations_eighth.yaml").read_text(encoding="utf-8"))
NINTH = yaml.safe_load((HERE / "citations_ninth.yaml").read_text(encoding="utf-8"))
ELEVENTH = yaml.safe_load((HERE / "citations_eleventh.yaml").read_text(encoding="utf-8"))
TENTH = yaml.safe_load((HERE / "citations_tenth.yaml").read_text(encoding="utf-8"))
TWELFTH = yaml.safe_load((HERE / "citations_twelfth.yaml").read_text(encoding="utf-8"))
THIRTEENTH = yaml.safe_load((HERE / "citations_thirteenth.yaml").read_text(encoding="utf-8"))
FOURTEENTH = yaml.safe_load((HERE / "citations_fourteenth.yaml").read_text(encoding="utf-8"))
FIFTEENTH = yaml.safe_load((HERE / "citations_fifteenth.yaml").read_text(encoding="utf-8"))
SIXTEENTH = yaml.safe_load((HERE / "citations_sixteenth.yaml").read_text(encoding="utf-8"))
FIFTH = yaml.safe_load((HERE / "citations_fifth.yaml").read_text(encoding="utf-8"))
CRPD = """### Article 33

National implementation and monitoring

1. States shall choose a focal point.

2. States shall keep a framework:

(a) that promotes;

(b) that monitors.
"""


@pytest.fixture(scope="module")
def bare() -> Citations:
    return citations()


@pytest.fixture(scope="module")
def with_text() -> Citations:
    return citations(crpd=parse(CRPD, document="crpd", title="CRPD", file="crpd.md", sha256="0" * 64, short="CRPD"))


def test_sixty_spellings_ten_of_them_ambiguous_or_wrong() -> None:
    hard = [case for case in CASES if "id" not in case]
    assert len(CASES) == 60 and len(hard) >= 10


@pytest.mark.parametrize(
    "case", [c for c in (*CASES, *SECOND) if "id" in c and "missed" not in c], ids=lambda c: c["typed"]
)
def test_a_citation_leads_to_its_place(bare: Citations, case: dict) -> None:
    found = bare.resolve(case["typed"])
    assert found.id == case["id"]
    if found.instrument not in ("paper",) and "/" in found.id:
        assert found.entry is not None and found.entry.id == case.get("entry", case["id"])


@pytest.mark.parametrize("case", [c for c in REPORTS["right"] if "pending" not in c], ids=lambda c: c["typed"][:80])
def test_a_spelling_of_reports_leads_to_all_its_places(bare: Citations, case: dict) -> None:
    found = bare.resolve(case["typed"])
    assert [found.id, *(each.id for each in found.also)] == case["ids"]
    assert not [note for note in found.notes if "understood" in note or "not used" in note or "not answered" in note]


@pytest.mark.parametrize(
    "case",
    [
        *FIFTH["right"],
        *SIXTH["right"],
        *SEVENTH["right"],
        *EIGHTH["right"],
        *NINTH["right"],
        *TENTH["right"],
        *ELEVENTH["right"],
        *TWELFTH["right"],
        *THIRTEENTH["right"],
        *FOURTEENTH["right"],
        *FIFTEENTH["right"],
        *SIXTEENTH["right"],
    ],
    ids=lambda c: c["typed"],
)
def test_every_place_of_a_list_or_range_is_answered(bare: Citations, case: dict) -> None:
    found = bare.resolve(case["typed"])
    assert [found.id, *(each.id for each in found.also)] == case["ids"]
    assert not [note for note in found.notes if "not used" in note or "not answered" in note]


@pytest.mark.parametrize("case", [*FOURTEENTH["noted"], *FIFTEENTH["noted"]], ids=lambda c: c["typed"])
def test_words_beside_a_place_are_named_and_change_nothing(bare: Citations, case: dict) -> None:
    found = bare.resolve(case["typed"])
    assert [found.id, *(each.id for each in found.also)] == case["ids"]
    assert any("not used" in note for note in found.notes)


@pytest.mark.parametrize(
    "case", [*THIRTEENTH["partly"], *FOURTEENTH["partly"], *FIFTEENTH["partly"]], ids=lambda c: c["typed"]
)
def test_of_a_list_with_another_document_what_is_here_is_answered_and_the_other_is_named(
    bare: Citations, case: dict
) -> None:
    found = bare.resolve(case["typed"])
    assert [found.id, *(each.id for each in found.also)] == case["ids"]
    assert any(note.startswith("not answered") for note in found.notes)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("CRPD artcile 12", "'artcile' was read as 'article'."),
        ("Convention on the Rights of Persons with Disabilites, art 7", "'Disabilites' was read as 'Disabilities'."),
    ],
)
def test_a_slip_that_was_corrected_is_named(bare: Citations, typed: str, read: str) -> None:
    assert read in bare.resolve(typed).notes


@pytest.mark.parametrize("typed", ["CEDAW general recommendation No. 35, para. 24", "Observación general 2, párr. 12"])
def test_what_a_committee_publishes_on_a_treaty_is_called_another_document(bare: Citations, typed: str) -> None:
    with pytest.raises(AnotherDocument, match="(?i)general"):
        bare.resolve(typed)


@pytest.mark.parametrize("case", TWELFTH["noted"], ids=lambda c: c["typed"])
def test_what_is_answered_by_less_than_was_typed_says_so(bare: Citations, case: dict) -> None:
    found = bare.resolve(case["typed"])
    assert [found.id, *(each.id for each in found.also)] == case["ids"]
    assert any(case["note"] in note for note in found.notes)


def test_a_list_of_issues_and_objectives_keeps_each_objective_with_its_issue(bare: Citations) -> None:
    found = bare.resolve("MIPAA, Issue I.4, Objective 1; Issue I.7, Objective 2")
    assert [found.id, *(each.id for each in found.also)] == ["mipaa/I.4/obj1", "mipaa/I.7/obj2"]


@pytest.mark.parametrize("case", FIFTH["noted"], ids=lambda c: c["typed"])
def test_what_an_answer_does_not_use_is_named(bare: Citations, case: dict) -> None:
    found = bare.resolve(case["typed"])
    assert found.id == case["id"] and not found.also
    assert any(case["word"] in note and "not used" in note for note in found.notes)


@pytest.mark.parametrize("typed", [*FIFTH["refused"], *SIXTH["refused"], *SEVENTH["refused"], *EIGHTH["refused"]])
def test_a_place_without_a_part_an_open_range_and_a_plan_of_another_are_refused(bare: Citations, typed: str) -> None:
    with pytest.raises(KBError):
        bare.resolve(typed)


def test_where_one_place_of_several_instruments_is_in_some_of_them_the_others_are_named(bare: Citations) -> None:
    found = bare.resolve("CRPD, CEDAW and BPfA para 12")
    assert found.id == "beijing/para12"
    assert sum("not answered" in note for note in found.notes) == 2


@pytest.mark.parametrize(
    ("typed", "answered", "absent"),
    [
        ("CRPD arts 5, 99", ["crpd/art5"], "'article 99' of 'CRPD arts 5, 99'"),
        ("CRPD art. 5(1), (2) and (9)", ["crpd/art5/1", "crpd/art5/2"], "'article 5(9)' of"),
        ("Copenhagen commitments 4, 5, 99", ["wssd/c4", "wssd/c5"], "'commitment 99' of"),
        ("CRPD arts 5, 7; D7", ["crpd/art5", "crpd/art7"], "'D7'"),
    ],
)
def test_a_list_names_the_one_that_is_not_there_and_no_other(
    bare: Citations, typed: str, answered: list[str], absent: str
) -> None:
    found = bare.resolve(typed)
    assert [found.id, *(each.id for each in found.also)] == answered
    told = [note for note in found.notes if note.startswith("not answered")]
    assert len(told) == 1 and absent in told[0]


@pytest.mark.parametrize("id", ["crpd/art5/99", "crpd/art5/1/x/y", "crpd/art33/2~3", "crpd/art99", "beijing/H.2/xyz"])
def test_an_identifier_of_what_is_not_there_is_not_answered_by_its_parent(bare: Citations, id: str) -> None:
    with pytest.raises(NotFound, match="in the official text"):
        bare.resolve(id)


def test_an_identifier_is_found_in_any_case_and_says_where_only_what_is_above_it_is_known(bare: Citations) -> None:
    assert bare.resolve("crpd/ART5").id == "crpd/art5"
    found = bare.resolve("wssd/c4/b")
    assert found.id == "wssd/c4" and any("no place of its own" in note for note in found.notes)


def test_several_known_instruments_are_never_called_another_document(bare: Citations) -> None:
    with pytest.raises(Ambiguous) as told:
        bare.resolve("CEDAW art. 2 and CRPD")
    assert set(told.value.candidates) == {"CEDAW", "CRPD"}


def test_a_name_of_declaration_and_platform_together_asks_where_both_have_the_paragraph(bare: Citations) -> None:
    with pytest.raises(Ambiguous):
        bare.resolve("BDPfA para 14")
    assert bare.resolve("BDPfA para 206(f)").id == "beijing/para206/f"


@pytest.mark.parametrize(
    ("typed", "id", "told"),
    [
        ("BPfA para 58 ff.", "beijing/para58", "'ff' is no part"),
        ("BPfA para 58 f.", "beijing/para58", "'f.' is no part"),
        ("CRPD (n 12) art 12", "crpd/art12", "'n 12' is a note or a page"),
        ("CRPD art. 12 p. 3", "crpd/art12", "'p. 3' is a note or a page"),
        ("A/CONF.177/20/Rev.1, p. 58", "beijing", "'p. 58' is a note or a page"),
    ],
)
def test_notes_pages_and_what_follows_are_named_though_a_title_holds_their_letters(
    bare: Citations, typed: str, id: str, told: str
) -> None:
    found = bare.resolve(typed)
    assert found.id == id and any(told in note for note in found.notes)


def test_no_word_is_both_filler_and_the_mark_of_another_document() -> None:
    names = load_names(CORPUS)
    assert not {word.lower() for word in names.filler} & {word.lower() for word in names.other}


@pytest.mark.parametrize(
    "typed",
    [
        *REPORTS["other"],
        *SIXTH["other"],
        *SEVENTH["other"],
        *EIGHTH["other"],
        *NINTH["other"],
        *TENTH["other"],
        *ELEVENTH["other"],
        *TWELFTH["other"],
        *THIRTEENTH["other"],
        *FOURTEENTH["other"],
        *FIFTEENTH["other"],
        *SIXTEENTH["other"],
    ],
)
def test_another_document_is_never_answered_for(bare: Citations, typed: str) -> None:
    with pytest.raises(NotFound):
        bare.resolve(typed)


@pytest.mark.parametrize("case", [c for c in CASES if "candidates" in c], ids=lambda c: c["typed"])
def test_an_ambiguous_one_lists_what_it_may_mean(bare: Citations, case: dict) -> None:
    with pytest.raises(Ambiguous) as told:
        bare.resolve(case["typed"])
    assert sorted(told.value.candidates) == sorted(bare.cite(id) for id in case["candidates"])


@pytest.mark.parametrize("case", [c for c in (*CASES, *SECOND) if "wrong" in c], ids=lambda c: c["typed"])
def test_a_wrong_one_is_not_found_and_says_what_is_near(bare: Citations, case: dict) -> None:
    with pytest.raises(NotFound) as told:
        bare.resolve(case["typed"])
    assert told.value.do


def test_without_the_text_the_answer_says_how_to_get_it(bare: Citations) -> None:
    found = bare.resolve("CRPD art. 33(2)")
    assert not found.passages and "official text not installed: kb fetch crpd" in found.notes
    assert found.entry and found.entry.statement


def test_with_the_text_the_answer_is_verbatim_with_all_below(with_text: Citations) -> None:
    found = with_text.resolve("CRPD art. 33(2)")
    assert [p.text for p in found.passages] == ["States shall keep a framework:", "that promotes;", "that monitors."]


def test_with_the_text_a_place_it_does_not_have_is_wrong(with_text: Citations) -> None:
    with pytest.raises(NotFound, match=r"no 'CRPD art\. 33\(9\)' in the official text"):
        with_text.resolve("CRPD art. 33(9)")


def test_the_optional_protocol_is_not_the_convention(bare: Citations) -> None:
    with pytest.raises(NotFound):
        bare.resolve("CRPD Optional Protocol, art. 1")
    text = CRPD + "\n## Optional Protocol\n\n### Article 1\n\nA person may complain.\n\n### Article 2\n\nIn time.\n"
    both = citations(
        crpd=parse(CRPD.replace("33", "1") + text, document="crpd", title="CRPD", file="x.md", sha256="0" * 64)
    )
    assert both.resolve("CRPD art. 1").id == "crpd/art1"


def test_a_text_in_another_language_says_so() -> None:
    spanish = parse(
        "### Artículo 3\n\nLos principios de la Convención son estos.\n",
        document="crpd",
        title="CRPD",
        file="x.md",
        sha256="0" * 64,
        language="es",
    )
    assert "the text that is here is in Spanish" in " ".join(citations(crpd=spanish).resolve("CRPD art. 3").notes)


def test_unverified_numbers_and_statements_are_reported(bare: Citations) -> None:
    notes = " ".join(bare.resolve("PoA para 66").notes)
    assert "not verified" in notes and "unverified" in notes


def test_no_words_are_no_citation(bare: Citations) -> None:
    with pytest.raises(InputError):
        bare.resolve("  ")


# --- formats ---

styles = pytest.importorskip("kb.citing.styles")
pytest.importorskip("citeproc")


def test_plain_and_csl_styles_name_place_symbol_and_year(bare: Citations) -> None:
    found = bare.resolve("CRPD art. 33(2)")
    assert styles.format_citation(found) == (
        "CRPD art. 33(2), Convention on the Rights of Persons with Disabilities (A/RES/61/106), 2006"
    )
    for style in ("oscola", "apa", "chicago"):
        text = styles.format_citation(found, style)
        assert (
            "Convention on the Rights of Persons with Disabilities" in text and "art. 33(2)" in text and "2006" in text
        )


def test_bibtex_is_read_back_by_a_bibtex_library(bare: Citations) -> None:
    import bibtexparser

    entry = bibtexparser.parse_string(styles.format_citation(bare.resolve("BPfA H.2"), "bibtex")).entries[0]
    assert entry["number"] == "A/CONF.177/20/Rev.1" and entry["note"] == "H.2" and entry["author"] == "{United Nations}"


def test_ris_is_read_back_by_a_ris_library(bare: Citations) -> None:
    import rispy

    record = rispy.loads(styles.format_citation(bare.resolve("paper R4(b)"), "ris"))[0]
    assert record["year"] == "2008" and "recommendation 4(b)" in record["notes"][0]


def test_csl_json_is_an_item(bare: Citations) -> None:
    item = json.loads(styles.format_citation(bare.resolve("CRPD art. 5"), "csl-json"))[0]
    assert item["type"] == "treaty" and item["issued"] == {"date-parts": [[2006, 12, 13]]}


def test_an_unknown_format_lists_those_there_are(bare: Citations) -> None:
    with pytest.raises(InputError, match="no citation format 'mla'"):
        styles.format_citation(bare.resolve("CRPD art. 5"), "mla")


def test_a_number_that_is_not_understood_is_never_dropped(bare: Citations) -> None:
    with pytest.raises(NotFound, match="'99' was not understood") as told:
        bare.resolve("CRPD art. 5, 99 and more")
    assert "Without it the citation is CRPD art. 5" in (told.value.do or "")


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("Beijing Declaration para 39", "Beijing Declaration has paragraphs 1 to 38"),
        ("BPfA para 362", "BPfA, para. 1 to BPfA para 361"),
        ("MIPAA para 133", "MIPAA, para. 1 to MIPAA, para 132"),
        ("Madrid Political Declaration art. 20", "art. 19"),
        ("CRPD art. 12(9)", "CRPD art. 12(1); CRPD art. 12(2)"),
        ("CRPD art. 19(q)", "CRPD art. 19(a); CRPD art. 19(b); CRPD art. 19(c)"),
        ("CRPD art. 10(2)", "is not divided"),
        ("CEDAW art. 2(h)", "CEDAW art. 2(a)"),
        ("CRPD art. 99999999999999999999", "CRPD art. 1 to CRPD art. 50"),
        ("CRPD art. 12A", "CRPD art. 1 to CRPD art. 50"),
    ],
)
def test_a_number_that_a_complete_text_does_not_have_is_refused_with_what_there_is(
    bare: Citations, typed: str, there: str
) -> None:
    with pytest.raises(NotFound) as told:
        bare.resolve(typed)
    assert there in (told.value.do or "")


def test_where_no_complete_text_was_read_the_parent_is_answered_and_that_is_reported(bare: Citations) -> None:
    found = bare.resolve("Copenhagen Declaration, commitment 6 (y)")
    assert found.id == "wssd/c6" and "has no place of its own here" in " ".join(found.notes)


@pytest.mark.parametrize("typed", ["CRPD art. 33-31", "BPfA paras 60–58", "CRPD art. 28(2)(c)-(a)", "BPfA paras 1-361"])
def test_a_range_that_runs_backwards_or_too_far_is_refused_completely(bare: Citations, typed: str) -> None:
    with pytest.raises(InputError, match="runs backwards|more than 60 places"):
        bare.resolve(typed)


@pytest.mark.parametrize("case", (*THIRD["right"], *FOURTH["right"]), ids=lambda c: c["typed"])
def test_a_spelling_of_the_third_set_leads_to_all_its_places(bare: Citations, case: dict) -> None:
    found = bare.resolve(case["typed"])
    assert [found.id, *(each.id for each in found.also)] == case["ids"]


@pytest.mark.parametrize("typed", (*THIRD["refused"], *FOURTH["other"]))
def test_what_is_not_there_or_is_another_document_is_refused(bare: Citations, typed: str) -> None:
    with pytest.raises(KBError):
        bare.resolve(typed)


def test_every_letter_of_a_lettered_statement_is_a_place(bare: Citations) -> None:
    lettered = [id for id in bare.entries if id.startswith("beijing/para") and "(a)" in bare.entries[id].statement]
    assert len(lettered) > 50
    for id in lettered:
        assert bare.resolve(f"BPfA {id.removeprefix('beijing/').replace('para', 'para ')}(a)").id == f"{id}/a"


def test_an_instrument_that_is_not_here_is_no_other(bare: Citations) -> None:
    with pytest.raises(NotFound, match="ICERD"):
        bare.resolve("ICERD art. 14")


def test_a_letter_that_the_paper_does_not_print_is_reported_missing(bare: Citations) -> None:
    with pytest.raises(NotFound, match="recommendation 5.* has no such part"):
        bare.resolve("paper, recommendation 5 (d)")


def test_words_kept_for_finding_are_in_no_answer(bare: Citations) -> None:
    helped = next(entry for entry in bare.entries.values() if entry.also)
    found = bare.resolve(helped.id)
    assert found.entry is not None and helped.also not in found.model_dump_json()


def test_what_is_refused_is_quoted_as_it_was_typed():
    with pytest.raises(NotFound, match="'CRPD, CEDAW and CRC, art. 3' names another document, by 'CRC'"):
        citations().resolve("CRPD, CEDAW and CRC, art. 3")


def test_a_title_that_is_not_printed_there_decides_nothing():
    with pytest.raises(Ambiguous):
        citations().resolve("MIPAA, Issue 4: Access to water")
    with pytest.raises(KBError):
        citations().resolve("MIPAA action 45")
