"""Citations, statistics, quotations: every form that the paper prints, and parentheses that are none of these."""

from __future__ import annotations

import pytest

from kb.tagging.mentions import citation_groups, citations, quotations, statistics


@pytest.fixture(scope="module")
def words(real):
    return real.mentions


@pytest.mark.parametrize(
    "text, expected",
    [
        ("(Fraser 2005)", [("Fraser", "2005")]),
        ("(Ferguson, Moser and Norton 2007)", [("Ferguson, Moser and Norton", "2007")]),
        ("(Bell et al 2002)", [("Bell et al", "2002")]),
        ("(du Toit and Neves 2007)", [("du Toit and Neves", "2007")]),
        ("(Dani and De Haan 2008)", [("Dani and De Haan", "2008")]),
        ("(Kabeer 2005a)", [("Kabeer", "2005a")]),
        ("(Evans, 2004)", [("Evans", "2004")]),
        ("(Fundar 2004 )", [("Fundar", "2004")]),
        ("(DFID  2005)", [("DFID", "2005")]),
        ("(Narayan cited in Moser and Clark 2001)", [("Narayan cited in Moser and Clark", "2001")]),
        ("(ILO 2000 cited in Kabeer 2008)", [("ILO 2000 cited in Kabeer", "2008")]),
        ("(Kabeer 2008; Cook, Heintz and Kabeer 2008)", [("Kabeer", "2008"), ("Cook, Heintz and Kabeer", "2008")]),
        ("(UNDESA 2005, Nelson 2007)", [("UNDESA", "2005"), ("Nelson", "2007")]),
        ("(Human Rights Watch 2004)", [("Human Rights Watch", "2004")]),
        ("(Sabates-Wheeler and Devereux)", [("Sabates-Wheeler and Devereux", "not given")]),
        ("(Global Coalition on Women and AIDS)", [("Global Coalition on Women and AIDS", "not given")]),
    ],
)
def test_citations(words, text, expected):
    assert [(m.value["authors"], m.value["year"]) for m in citations(f"Claim {text}.", words)] == expected


def test_a_page_is_kept(words):
    (only,) = citations("so said (World Bank 2006: 2).", words)
    assert only.value["page"] == "2" and only.text == "World Bank 2006: 2"


@pytest.mark.parametrize(
    "text",
    [
        "(WSSD)",
        "(gypsies)",
        "(one in three)",
        "(1995 - 2004)",
        "(eg federalism)",
        "(BIG)",
        "(Jaspev)",
        "(and also include those people)",
        "(including guarantees of realization)",
        "(July 2008)",
        "(Constitution 1973)",
        "(Act of 1998)",
        "(Employment Act 1998)",
    ],
)
def test_other_parentheses(words, text):
    assert citations(f"Claim {text}.", words) == [] and citation_groups(f"Claim {text}.", words) == []


def test_the_paper_has_140_citations_in_83_forms(words, root):
    text = " ".join((root / "corpus/background-paper/background-paper.txt").read_text(encoding="utf-8").split())
    found = citations(text, words)
    assert (len(found), len({m.text for m in found}), len(citation_groups(text, words))) == (140, 83, 136)


@pytest.mark.parametrize(
    "text, quantity, unit, whole",
    [
        ("67 percent of precarious jobs are theirs", "67", "percent", "precarious jobs"),
        ("around 51 per cent of employment in Latin America", "51", "percent", "employment"),
        ("between 20 and 44 per cent of men admit it", "between 20 and 44", "percent", "men"),
        (
            "between half and three-quarters of employment in cities",
            "between half and three-quarters",
            "share",
            "employment",
        ),
        ("one in five workers, in particular", "one in five", "share", "workers"),
        ("almost half of its unemployed.", "half", "share", "its unemployed"),
        ("over 800,000 estimated deaths", "800,000", "estimated deaths", None),
        ("3.8 million children live there", "3.8 million", "children", None),
        ("1.6 times higher", "1.6", "times", None),
        ("Twice as many whites", "Twice", "times", None),
        ("a pension for those over 65", "65", "years of age", None),
        ("people aged 15-24 read", "15-24", "years of age", None),
        ("six categories were named", "six", "categories", None),
        ("it cost US$ 12 million", "US$ 12 million", "money", None),
        ("from 22 million in 1985", "22 million", "not printed beside it", None),
    ],
)
def test_statistics(words, text, quantity, unit, whole):
    first = statistics(text.replace("US$ 12", "US$12"), words)[0]
    assert first.value["quantity"] in (quantity, quantity.replace("US$ 12", "US$12"))
    assert first.value["unit"] == unit and first.value.get("whole") == whole


@pytest.mark.parametrize(
    "text",
    [
        "In 2004 it was adopted",
        "Section two of this paper",
        "one of the best examples",
        "(UNDESA 2006)",
        "the Fourth Conference on Women",
    ],
)
def test_years_and_ordinals_are_no_statistics(words, text):
    assert statistics(text, words) == []


def test_a_hedge_is_kept(words):
    assert statistics("More than half the countries in Africa", words)[0].value["hedge"] == "More than"


def test_quotations_with_every_kind_of_mark():
    assert [m.text for m in quotations("as \"to create a society for all\". The 'unemployment trap' is")] == [
        '"to create a society for all"',
        "'unemployment trap'",
    ]
    assert quotations("a \"society for all ages' emphasized")[0].value["marks"] == "unmatched"
    assert quotations("the husband's and workers' rights") == []
