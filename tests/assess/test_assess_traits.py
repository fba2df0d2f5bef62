"""The kind of sentence that a unit is, by the cue lists that the project ships."""

from __future__ import annotations

import pytest
from assess_toys import policy

from kb.assess.cues import load_cues
from kb.assess.terms import TermIndex
from kb.assess.traits import OPERATIVE, traits
from kb.assess.units import cut

SENTENCES = [
    (
        "en",
        "The Minister shall establish a fund for the education of children of poor families.",
        OPERATIVE,
        "mode_shall",
    ),
    ("en", "The Poor Relief Act of 1920 is hereby repealed with effect from the first of January.", "repeal", None),
    ("en", "In this Act, “child” means a person who has not reached the age of eighteen years.", "definition", None),
    (
        "en",
        "The Government will consider a scheme for older persons subject to the availability of funds.",
        OPERATIVE,
        "tense_conditional",
    ),
    ("es", "Derógase la ley de asistencia social de 1950 y toda otra norma que se le oponga.", "repeal", None),
    (
        "es",
        "El organismo deberá resolver la solicitud y otorgar la prestación en el plazo de treinta días.",
        OPERATIVE,
        "mode_shall",
    ),
    (
        "fr",
        "L'article 4 de la loi du 3 mai 1990 sur les pensions est remplacé par le texte suivant.",
        "amendment",
        None,
    ),
    (
        "fr",
        "Toute personne qui remplit les conditions de la présente loi a droit à une allocation.",
        OPERATIVE,
        "mode_entitlement",
    ),
]


def _traits(root, language, text):
    cues = load_cues(root / "corpus" / "cues", language)
    units = cut(policy("law", language, text), cues.abbreviations)
    return traits(units, cues, TermIndex([u.text for u in units]), TermIndex([u.context for u in units]))


@pytest.mark.parametrize("language, text, kind, flag", SENTENCES)
def test_kind_and_modality(root, language, text, kind, flag):
    found = _traits(root, language, text)
    assert found.kinds == (kind,)
    assert flag is None or found.flags[flag][0] == 1
    assert found.flags["inert"][0] == (kind in {"repeal", "amendment"})


def test_a_note_at_the_end_of_a_provision_does_not_make_it_a_note(root):
    text = "Every worker is paid a monthly sum for each child in the worker's care. (Section substituted by Act 12 of 1999.)"
    assert _traits(root, "en", text).kinds == (OPERATIVE,)


def test_the_reason_says_kind_and_modality_in_words(root):
    words = _traits(root, "en", "Every child has the right to free and compulsory education near home.").words(0)
    assert words.startswith("operative provision") and "right" in words
