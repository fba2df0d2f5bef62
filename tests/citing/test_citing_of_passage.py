"""A selected passage has a citation, whatever kind of document it is from."""

import pytest

from kb.citing.cite import Citations
from kb.citing.names import load_names
from kb.citing.of_passage import cited_of
from kb.citing.styles import FORMATS, format_citation, plain
from kb.commitments.register import load_register
from kb.config import settings
from kb.models import Passage, Place


@pytest.fixture(scope="module")
def citations():
    corpus = settings().corpus
    return Citations(load_register(corpus / "commitments"), load_names(corpus))


def passage(id, force, citation, **more):
    """Return a passage of a file."""
    place = Place(file="a.md", sha256="0" * 64, chars=(0, 5))
    document = id.partition("/")[0]
    return Passage(
        id=id, document=document, text="Words", kind="commitment", force=force, citation=citation, place=place, **more
    )


@pytest.mark.parametrize("text", ["beijing-text", "beijing-text-es"])
def test_an_official_passage_is_cited_as_its_place_in_the_instrument_with_the_symbol(citations, text):
    picked = passage(f"{text}/para206/f", "political-commitment", "BPfA, para. 206(f), official text")
    cited = cited_of(picked, citations)
    assert plain(cited) == (
        "BPfA, para. 206(f), Beijing Declaration and Platform for Action (A/CONF.177/20/Rev.1), 1995"
    )
    assert cited.passages == (picked,) and cited.id == "beijing/para206/f"


def test_an_entry_in_our_words_gives_no_words_of_the_instrument(citations):
    entry = passage("crpd/art33/2", "legal-obligation", "CRPD art. 33(2)", wording="own-words", verified="unverified")
    assert cited_of(entry, citations).wording == "own-words"


def test_an_entry_based_on_paragraphs_names_them_and_no_year_is_repeated(citations):
    entry = passage("mipaa/I.7/obj2", "political-commitment", "MIPAA, Issue I.7, Objective 2", wording="own-words")
    cited = cited_of(entry, citations)
    assert plain(cited) == (
        "MIPAA, Issue I.7, Objective 2, Political Declaration and Madrid International Plan of Action on Ageing, 2002 "
        "(A/CONF.197/9), plan para 53"
    )
    assert "plan para 53" in format_citation(cited, "oscola") and "plan para 53" in format_citation(cited, "apa")


@pytest.mark.parametrize("style", FORMATS)
def test_a_policy_is_cited_in_every_style_and_no_error_is_in_a_citation(citations, style):
    law = passage("ken-care-act/s3", "national-measure", "Care Act, sec. 3")
    written = format_citation(cited_of(law, citations, "Care Act", "2024-05-01"), style)
    assert "Care Act" in written and "2024" in written or style in ("plain", "oscola") and "Care Act" in written
    assert "no instrument" not in written


def test_a_law_whose_id_holds_the_name_of_a_treaty_is_never_cited_as_that_treaty(citations):
    law = passage("ken-crpd/art12", "national-measure", "Implementation Act, art. 12")
    assert cited_of(law, citations, "Implementation Act").instrument == "ken-crpd"


def test_the_id_of_an_official_passage_is_a_citation_of_its_place(citations):
    assert citations.resolve("beijing-text/para206").id == "beijing/para206"
