"""Words that look like a sign of a tag and are none. Each case occurred in the background paper, or is its counterpart
that counts."""

from __future__ import annotations

import pytest

SIGNS = [  # text, facet, term: the text is about the term
    ("Discrimination on the basis of race and ethnicity shapes hiring.", "group", "ethnic-racial-minorities"),
    ("Older people are abused.", "group", "older-persons"),
    ("Programmes support young men.", "group", "youth"),
    ("A Basic Income Grant (BIG) was debated.", "policy_instrument", "basic-income-grant"),
    ("AIDS is a disease.", "group", "people-with-hiv"),
    ("Labour force participation has risen.", "sector", "decent-work"),
    ("Participation in decision-making is a human right.", "process", "representation"),
    ("Workers need dispute arbitration.", "policy_instrument", "dispute-resolution"),
    ("Recognition of diversity promotes respect.", "process", "recognition"),
    ("Support to rural smallholders requires irrigation.", "sector", "land-agriculture"),
    ("Disability is a human rights issue.", "group", "persons-with-disabilities"),
    ("The rights of indigenous peoples are protected.", "group", "indigenous-peoples"),
]
TRAPS = [  # text, facet, term: the text is not
    ("AIDS is a disease and not a disgrace.", "group", "ethnic-racial-minorities"),
    ("We embrace everyone.", "group", "ethnic-racial-minorities"),
    ("Support to rural smallholders requires irrigation.", "group", "older-persons"),
    ("A range of stakeholders met the shareholders.", "group", "older-persons"),
    ("Illiteracy was higher for people aged 15-24.", "group", "older-persons"),
    ("All age groups are equally worthy.", "group", "older-persons"),
    ("They found engagement, language, wages and villages encouraging.", "group", "older-persons"),
    ("A politics of the recognition of difference (Young 1990).", "group", "youth"),
    ("Long hours are common (Green 2008; Brown 2006; Miller 2005).", "group", "youth"),
    ("Labour markets are widely recognized as central.", "process", "recognition"),
    ("They lack the recognized qualifications.", "process", "recognition"),
    ("It has long been the case; analysis has long recognized this.", "process", "recognition"),
    ("The recognition of the land rights of the poor raised output.", "process", "recognition"),
    ("Equal recognition before the law is legal capacity.", "process", "recognition"),
    ("Households hide unpaid, unrecognized household labour.", "process", "recognition"),
    ("Labour force participation has increased.", "process", "representation"),
    ("Mother tongue teaching raises school participation in general.", "process", "representation"),
    ("Women are over-represented in the worst paid jobs.", "process", "representation"),
    ("It is rooted in social patterns of representation and communication.", "process", "representation"),
    ("Vote-centric systems tend to represent winners.", "process", "representation"),
    ("The MDG target is distribution neutral.", "process", "redistribution"),
    ("It brings more equal redistribution of resources and power.", "process", "redistribution"),
    ("The Universal Declaration lists universal rights.", "policy_instrument", "universal-provision"),
    ("Police are targeting groups of suspects.", "policy_instrument", "targeting"),
    ("One of the biggest barriers is bigotry.", "policy_instrument", "basic-income-grant"),
    ("A big step forward.", "policy_instrument", "basic-income-grant"),
    ("It becomes an arbitrary stab into poverty.", "policy_instrument", "dispute-resolution"),
    ("The tool aids planners who are ill prepared.", "group", "people-with-hiv"),
    ("They still form a numerical minority.", "group", "ethnic-racial-minorities"),
    ("Growth persists in non-indigenous populations.", "group", "indigenous-peoples"),
    ("The disadvantaged are heard.", "group", "persons-with-disabilities"),
    ("Work in the non-agricultural sector grows.", "sector", "land-agriculture"),
    ("Insecurity of income and a baseline of security matter.", "sector", "personal-security"),
    ("The Ministry of National Security was asked.", "sector", "personal-security"),
    ("The French conflict over headscarves shows it.", "sector", "personal-security"),
    ("Tensions between conflicting processes remain.", "sector", "personal-security"),
    ("Social justice is the goal.", "sector", "justice"),
    (
        "Per capita income is lower, controlling for location, education, occupation and dependency ratio.",
        "sector",
        "education",
    ),
    ("Households spend their income.", "sector", "housing"),
    ("They gain access to the benefits of economic development.", "sector", "social-protection"),
    ("People choose to recognize themselves in several groups.", "process", "recognition"),
    ("Poor future prospects drive them.", "group", "people-in-poverty"),
    ("Crime rose (UNDESA 2006; World Bank 2008).", "actor", "world-bank"),
    ("Programmes helped to redress those disparities.", "right", "remedy"),
    ("The husbands right to hit is denounced.", "right", "freedom-from-violence"),
]


@pytest.mark.parametrize("text, facet, term", SIGNS)
def test_a_sign_is_found(ids, text, facet, term):
    assert term in ids(text, facet)


@pytest.mark.parametrize("text, facet, term", TRAPS)
def test_a_trap_is_passed_over(ids, text, facet, term):
    assert term not in ids(text, facet)


def test_marshall_says_nothing_that_binds(tagged):
    assert tagged("Writing about social class, T.H. Marshall describes opportunity.").force == "observation"


def test_a_single_half_cue_is_a_mention_and_no_tag(tagged):
    passage = tagged("Income fell, while stigma was reported once.")
    assert "recognition" not in {t.id for t in passage.tags}
    assert ("process", "recognition") in {
        (m.value["facet"], m.value["id"]) for m in passage.mentions if m.kind == "term"
    }


def test_a_heading_lifts_a_half_cue(ids):
    text = "Public consultation was held."
    assert "representation" not in ids("Stigma and a consultation.", "process")
    assert "representation" in ids(
        text.replace("Public c", "C"), "process", section=("5.1 Cross-cutting processes", "Representation")
    )
