"""Labels for people: forces, facets and terms."""

import pytest

from kb.commitments.documents import MARKS, OWN_WORDS
from kb.i18n import use
from kb.tagging.taxonomy import load
from kb.ui.content import ScreenLabels, load_content, plain
from kb.ui.markup import notes
from kb.ui.quote import quotable


@pytest.fixture(scope="module")
def content(root):
    """Return the content of corpus/app.yaml."""
    return load_content(root / "corpus")


@pytest.fixture(scope="module")
def labels(root, content):
    """Return the labels of the real taxonomy."""
    return ScreenLabels(content, load(root / "corpus" / "taxonomy"), {"crpd": "Disability convention"})


@pytest.mark.parametrize(
    "facet, term, words",
    [
        ("group", "older-persons", "Older persons"),
        ("document", "crpd", "Disability convention"),
        ("country", "KEN", "Kenya"),
        ("verified", "unverified", "Not yet checked"),
        ("kind", "list-item", "List item"),
        ("nowhere", "some-slug", "Some slug"),
    ],
)
def test_terms_are_shown_by_their_labels_and_unknown_ones_as_words(labels, facet, term, words):
    assert labels.term(facet, term) == words


def test_a_facet_that_nobody_named_is_called_by_its_name(labels):
    assert labels.facet("policy_tool") == plain("policy_tool") == "Policy tool"


def test_examples_can_be_searched(content, live_kb):
    from kb.search import search

    for example in content.examples:
        search(example.query, mode="lexical")


def test_what_is_copied_has_quotation_marks_citation_force_and_limits():
    assert quotable("A right.", "T, art. 1", "legal-obligation", ["Scope: parties only"], wording="verbatim") == (
        "“A right.”\n— T, art. 1\nForce: Legal obligation (States parties only)\nScope: parties only"
    )


def test_the_programs_own_notes_are_copied_in_the_language_of_the_reader_and_our_statement_stays():
    use("fr")
    try:
        copied = quotable("A right.", "T", "observation", [OWN_WORDS, MARKS["official-text"]], wording="own-words")
        shown = notes([OWN_WORDS, "Scope: parties only"])
    finally:
        use("en")
    assert "A right." in copied and "Note : L’identifiant" in copied.replace("'", "’")
    assert "Identifier and heading" not in copied and OWN_WORDS not in shown and "Énoncé dans les mots" in shown
    assert "parties only" in shown, "what an entry says of itself is data"


def test_words_that_are_not_the_sources_are_copied_without_quotation_marks_and_say_so():
    own = quotable("A right.", "T, art. 1", "legal-obligation", wording="own-words")
    assert own.startswith("A right. [Statement in own words, not a quotation]") and "“" not in own
    assert quotable("A right.", "T", "observation", wording="unchecked").startswith(
        "A right. [Not checked against the source]"
    )


def test_the_scope_of_an_entry_is_named_in_the_readers_language():
    use("fr")
    try:
        copied = quotable("A right.", "T", "observation", ["Scope: parties only"], wording="verbatim")
    finally:
        use("en")
    assert copied.endswith("Champ d’application (en anglais) : parties only") and "Scope" not in copied
