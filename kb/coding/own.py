"""Codes of a researcher's own: a group beside those of the taxonomy, whose codes come to be when they are given."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

from kb.coding.codebook import Code, Codebook, code_id, guid_of, in_tree_order
from kb.coding.models import Coding
from kb.errors import InputError
from kb.i18n import later
from kb.text import NOT_XML, squeeze

OWN = "own"
"""The facet of such codes; no facet of the taxonomy is called so."""
TOP = "Own codes"
"""The name of the group in a codebook, and in files for other programs."""
ABOUT = later("Codes that people of this workspace gave while they read; their names are theirs.")
LONGEST = 80
"""Characters of a name: it stands on a button and in a column of every table."""


def own_code(name: str) -> str:
    """The code that is stored for a name: spaces become hyphens, and a hyphen of the name becomes %2D, so that the name
    can be restored exactly. Raises InputError for an empty name or one that is too long."""
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
    """The code of a name of any length, as `own_code` writes it: another program's names are taken as they are."""
    return "-".join(code_id(word).replace("-", "%2D") for word in name.split())


def own_name(code: str) -> str:
    """The name of a code that a coder made, as people read it."""
    return unquote(code.replace("-", " "))


def tag_path(facet: str, code: str) -> str:
    """Where a tag stands in a codebook: facet and term as a path; one of a researcher's own by its name, however an
    older file wrote it."""
    return f"{OWN}/{coded(own_name(code))}" if facet == OWN else code_id(facet, code)


def with_own(book: Codebook, codings: Iterable[Coding]) -> Codebook:
    """The codebook with the own codes that were given in these codings, after all others."""
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
