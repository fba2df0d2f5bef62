"""Part, force and duty-bearer: a report never has the force of what it reports."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text, fields, part",
    [
        ("1. Establish social justice.", {"kind": "recommendation"}, "recommendation"),
        ("See a website.", {"kind": "footnote"}, "footnote"),
        ("Helsinki 2008", {"kind": "title"}, "front-matter"),
        ("Section two of this paper sets out concepts.", {}, "roadmap"),
        ("Mainstreaming can be understood as a process.", {}, "definition"),
        ("In Chile, for example, it was debated.", {}, "case-example"),
        ("It rose by 5 percent, 6 percent and 7 percent.", {}, "evidence"),
        ("The concept has been criticized.", {}, "critique"),
        (
            "The summit met.",
            {"section": ("4. The international framework for promoting social integration",)},
            "framework",
        ),
        ("Trust grows.", {}, "argument"),
        ("The provision of evidence is an argument for a definition.", {}, "argument"),
    ],
)
def test_document_part(tagged, text, fields, part):
    assert tagged(text, **fields).part == part


@pytest.mark.parametrize(
    "text, force",
    [
        ("Mainstreaming requires a clear mandate.", "expert-recommendation"),
        ("Links with sectors need to be created.", "expert-recommendation"),
        ("These bodies should be effective.", "expert-recommendation"),
        ("Violence rose in cities.", "observation"),
        ("It refers to the values that need to be in place.", "observation"),
        ("The convention prohibits discrimination.", "observation"),
        ("External financing would have required new taxes.", "observation"),
        ('It said that "the community must treat rights equally".', "observation"),
    ],
)
def test_force_inside_an_experts_paper(tagged, text, force):
    assert tagged(text).force == force


@pytest.mark.parametrize("force", ["legal-obligation", "political-commitment", "national-measure"])
def test_other_documents_keep_their_force(tagged, force):
    assert tagged("Violence rose in cities.", force=force).force == force
    assert tagged("Plans should be funded.", force=force).force == force


def test_reported_law_is_no_law(tagged):
    passage = tagged("States parties shall protect the rights of persons with disabilities, the convention says.")
    assert passage.force != "legal-obligation"


def test_who_owes(tagged):
    assert tagged("Employers should train workers.").duty_bearer == "employers"
    assert tagged("Local governments need to consult.").duty_bearer == "local-government"
    assert tagged("Redress should be accessible.").duty_bearer == "state"
    assert tagged("Employers trained workers.").duty_bearer is None


def test_who_owes_in_other_documents(tagged):
    assert tagged("Equality is guaranteed.", force="legal-obligation").duty_bearer == "state"
    assert tagged("Employers shall keep records.", force="national-measure").duty_bearer == "employers"
    assert tagged("The council has five members.", force="national-measure").duty_bearer is None
    assert (
        tagged("Los empleadores deberán informar.", force="national-measure", language="es").duty_bearer == "employers"
    )
    assert (
        tagged("L'employeur est tenu d'informer.", force="national-measure", language="fr").duty_bearer == "employers"
    )


def test_a_provision_is_a_rule(tagged):
    assert tagged("The council has five members.", kind="provision", force="national-measure").part == "provision"
