"""A researcher's own codes: a facet in addition to those of the taxonomy, whose codes exist as soon as they are
given."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

from kb.coding.codebook import Code, Codebook, code_id, guid_of, in_tree_order
from kb.coding.models import Coding
from kb.errors import InputError
from kb.i18n import later
from kb.text import NOT_XML, squeeze

OWN = "own"
"""The facet of such codes; no facet of the taxonomy has this name."""
TOP = "Own codes"
"""The name of the group in a codebook, and in files for other programs."""
ABOUT = later("Codes that people of this workspace gave while they read; their names are theirs.")
LONGEST = 80
"""Most characters of a name: it is shown on a button and in a column of every table."""


def own_code(name: str) -> str:
    """Return the code that is stored for a name that a person typed: spaces become hyphens, and a hyphen in the name
    becomes %2D, so that `own_name` restores the name.

    Raises InputError for an empty name or one longer than LONGEST.
    """
    words = squeeze(NOT_XML.sub(" ", name))
    if not words:
        raise InputError("A code needs a name.", do="Write one or a few words, e.g. housing cost.")
    if len(words) > LONGEST:
        raise InputError(
            f"The name of the code has {len(words)} characters, more than {LONGEST}.",
            do="Name it in a few words; say in the memo what it means.",
        )
    return coded(words)


def coded(name: str) -> str:
    """Return the same code as `own_code`, without a limit of length: names from other programs may be longer."""
    return "-".join(code_id(word).replace("-", "%2D") for word in name.split())


def own_name(code: str) -> str:
    """Return the name from which `own_code` made the code."""
    return unquote(code.replace("-", " "))


def tag_path(facet: str, code: str) -> str:
    """Return the codebook id of a tag: 'facet/term'. For a person's own code the name is normalised, since older
    files wrote it in other ways."""
    return f"{OWN}/{coded(own_name(code))}" if facet == OWN else code_id(facet, code)


def with_own(book: Codebook, codings: Iterable[Coding]) -> Codebook:
    """Return the codebook with the own codes of these codings added at its end."""
    given = dict.fromkeys(one.code for one in codings if one.facet == OWN and one.state != "withdrawn")
    if not given:
        return book
    top = Code(
        id=OWN,
        guid=guid_of(book.id, OWN),
        name=TOP,
        definition=ABOUT,
        codable=False,
    )
    own = [
        Code(id=path, guid=guid_of(book.id, path), parent=OWN, name=own_name(code))
        for code in sorted(given, key=str.casefold)
        for path in [f"{OWN}/{code}"]
    ]
    return book.model_copy(update={"codes": in_tree_order((*book.codes, top, *own))})
