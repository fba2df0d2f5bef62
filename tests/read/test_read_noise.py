"""Contents lists and lists of references are recognised."""

from kb.read.noise import is_reference, looks_like_contents, looks_like_references

TEXT = (
    "Every State Party shall submit its report in 2012 and 2016, and it shall be discussed at the 5th and 7th sessions."
)


def test_contents_lists():
    assert looks_like_contents(
        "Contents\nIntroduction ........ 3\nRights ........ 7\nDuties ........ 12\nBudget ....... 20"
    )
    assert looks_like_contents("1. Purpose\n1.1 Scope\n1.2 Terms\n2. Rights\n2.1 Work\n2.2 School")
    assert not looks_like_contents(TEXT)


def test_lists_of_references():
    assert looks_like_references(
        "Sen, A. (1999). Development as Freedom. Oxford University Press. Rawls, J. (1971). A Theory of "
        "Justice. Harvard University Press."
    )
    assert is_reference("Sen, A. (1999). Development as Freedom.") and not is_reference("The Commission shall meet.")
    assert not looks_like_references(TEXT)
