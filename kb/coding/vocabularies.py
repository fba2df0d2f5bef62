"""Map codes to terms of other vocabularies: SDG targets, UNBIS subject categories, EuroVoc microthesauri."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from kb.coding.codebook import Code, Codebook
from kb.data import load_yaml
from kb.errors import DataError
from kb.models import Model

FILE = "vocabularies.yaml"
"""Name of the file below the corpus."""


class OtherVocabulary(Model):
    """A vocabulary of another organisation, and the file from which its identifiers were taken."""

    id: Literal["sdg", "unbis", "eurovoc"]
    title: str
    base: str = Field(description="what an identifier's address begins with")
    keeper: str = Field(description="who publishes it")
    relation: Literal["relatedMatch", "seeAlso"] = Field(description="of SKOS between concepts, of RDF Schema else")
    read_in: str = Field(description="file in which the identifiers were read")
    verified: bool = Field(description="whether that file is a publication of the keeper")
    addresses: dict[str, str] | None = Field(
        None,
        description="notation to the end of its address, where that was read; None: identifiers are addresses' ends",
    )

    def address(self, identifier: str) -> str:
        """Return the web address of an identifier; '' if it is unknown."""
        end = identifier if self.addresses is None else self.addresses.get(identifier, "")
        return f"{self.base}{end}" if end else ""


class MappedCode(Model):
    """One code with its identifiers in each vocabulary, and their official labels where known."""

    code: str
    sdg: tuple[str, ...] = ()
    unbis: dict[str, str] = Field(default_factory=dict)
    eurovoc: dict[str, str] = Field(default_factory=dict)

    def places(self) -> Iterator[tuple[str, str, str]]:
        """Yield (vocabulary, identifier, label) for each identifier; the label may be ''."""
        yield from (("sdg", each, "") for each in self.sdg)
        yield from (("unbis", each, label) for each, label in self.unbis.items())
        yield from (("eurovoc", each, label) for each, label in self.eurovoc.items())


class Vocabularies(Model):
    """Other vocabularies, and the codes that correspond to their terms; the content of corpus/vocabularies.yaml."""

    vocabularies: tuple[OtherVocabulary, ...] = ()
    codes: tuple[MappedCode, ...] = ()


class Mapping(Model):
    """One code and its identifier in one vocabulary. The correspondence is this project's judgement."""

    code: str = Field(description="path of the code: facet/term")
    vocabulary: str = Field(description="sdg, unbis or eurovoc")
    identifier: str = Field(description="as the vocabulary prints it")
    label: str = Field("", description="in the vocabulary's words, where it was read")
    address: str = Field("", description="empty where it was not read")
    relation: str = Field(description="relatedMatch of SKOS, or seeAlso of RDF Schema")
    verified: bool = Field(description="whether the identifier was read in a publication of the keeper")
    read_in: str = Field(description="where the identifier was read")


def load_vocabularies(corpus: Path) -> Vocabularies:
    """Read vocabularies.yaml in the folder `corpus`; return empty Vocabularies if there is no such file. Raises
    DataError for an invalid file."""
    path = corpus / FILE
    return load_yaml(path, Vocabularies) if path.exists() else Vocabularies()


def mappings(held: Vocabularies) -> Iterator[Mapping]:
    """Yield one Mapping per code and identifier. Raises DataError for a vocabulary that the file does not describe."""
    known = {one.id: one for one in held.vocabularies}
    for placed in held.codes:
        for name, identifier, label in placed.places():
            if name not in known:
                raise DataError(f"{placed.code}: there is no vocabulary '{name}'.", where=FILE, do="Describe it.")
            of = known[name]  # type: ignore[index]
            yield Mapping(
                code=placed.code,
                vocabulary=name,
                identifier=identifier,
                label=label,
                address=of.address(identifier),
                relation=of.relation,
                verified=of.verified,
                read_in=of.read_in,
            )


def with_mappings(book: Codebook, held: Vocabularies) -> Codebook:
    """Return the codebook with the addresses of matching terms of other vocabularies. Raises DataError for a code
    that the codebook does not have."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    codes = book.by_id()
    for one in mappings(held):
        if one.code not in codes:
            raise DataError(f"there is no code '{one.code}'.", where=FILE, do="Mend the name of the code.")
        if one.address:
            own = found.setdefault(one.code, {})
            own[one.relation] = (*own.get(one.relation, ()), one.address)
    changed = tuple(
        Code.model_validate({**dict(code), "relations": {**code.relations, **found[code.id]}})
        if code.id in found
        else code
        for code in book.codes
    )
    return book.model_copy(update={"codes": changed})
