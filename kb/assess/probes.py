"""Probes: what a provision that bears on a criterion looks like, as data under corpus/probes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, RootModel, field_validator

from kb.data import load_yaml
from kb.errors import DataError
from kb.models import Model
from kb.text import sha256_of, sha256_text

LANGUAGES = ("en", "es", "fr")
Terms = tuple[str, ...]


def split_terms(text: str | Terms) -> Terms:
    """`a | b* | c d` as its terms."""
    return text if not isinstance(text, str) else tuple(term.strip() for term in text.split("|") if term.strip())


class Wording(Model):
    """A probe in one language."""

    say: str = Field(description="a model sentence, for the dense leg")
    need: tuple[Terms, ...] = Field(min_length=1, description="groups; a passage meets a group by any of its terms")
    plus: Terms = Field((), description="terms that speak for it")
    against: Terms = Field((), alias="not", description="terms that speak against it")

    @field_validator("need", mode="before")
    @classmethod
    def _groups(cls, value: list[str]) -> tuple[Terms, ...]:
        return tuple(split_terms(group) for group in value)

    @field_validator("plus", "against", mode="before")
    @classmethod
    def _terms(cls, value: str) -> Terms:
        return split_terms(value)


class Probe(Model):
    """One shape that evidence takes, in every language of the project."""

    id: str = Field(pattern=r"^[a-z-]+$")
    means: str = Field(description="in words, for the reader of a proposal")
    polarity: Literal["supports", "contrary?"] = "supports"
    en: Wording
    es: Wording
    fr: Wording

    def wording(self, language: str) -> Wording:
        """The probe in `language`, one of LANGUAGES."""
        return getattr(self, language)


class ProbeFile(RootModel[dict[str, tuple[Probe, ...]]]):
    """One file of probes: criterion id to its probes."""


class SentenceFile(RootModel[dict[str, tuple[str, ...]]]):
    """Model sentences: criterion id to made-up provisions in one language, for the dense leg."""


class Probes(Model):
    """All probes with a hash that names this set of them."""

    by_criterion: dict[str, tuple[Probe, ...]]
    sentences: dict[str, dict[str, tuple[str, ...]]] = Field(
        default_factory=dict, description="further model sentences: language, criterion, sentences"
    )
    version: str = Field(description="first 12 characters of the sha256 over the files")

    def of(self, criterion: str) -> tuple[Probe, ...]:
        """Probes of a criterion. Raises DataError where none is written yet."""
        if not self.by_criterion.get(criterion):
            raise DataError(
                f"criterion {criterion} has no probe",
                where="corpus/probes",
                do="Write at least one probe for it, in English, Spanish and French.",
            )
        return self.by_criterion[criterion]

    def said(self, criterion: str, language: str) -> list[str]:
        """What the dense leg looks for; for Spanish and French also what is said in the other languages, which they
        share a space with. English has sentences enough: the others' changed nothing there."""
        languages = ("en",) if language == "en" else (language, *(one for one in LANGUAGES if one != language))
        own = [probe.wording(one).say for one in languages for probe in self.of(criterion)]
        further = [s for one in dict.fromkeys((language, "en")) for s in self.sentences.get(one, {}).get(criterion, ())]
        return own + further


@lru_cache(maxsize=4)
def load_probes(folder: Path) -> Probes:
    """Every probe file in `folder`, with the model sentences beside it.

    Raises DataError with file and entry, also where two files claim one criterion.
    """
    found: dict[str, tuple[Probe, ...]] = {}
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise DataError("no probe file here", where=str(folder), do="Restore corpus/probes from the repository.")
    for path in files:
        for criterion, probes in load_yaml(path, ProbeFile).root.items():
            if criterion in found:
                raise DataError(
                    f"criterion {criterion} has probes in another file too",
                    where=str(path),
                    do="Keep one entry for it.",
                )
            found[criterion] = probes
    more = [path for path in sorted((folder.parent / "sentences").glob("*.yaml")) if path.stem in LANGUAGES]
    sentences = {path.stem: load_yaml(path, SentenceFile).root for path in more}
    files += more
    return Probes(by_criterion=found, sentences=sentences, version=sha256_text("".join(map(sha256_of, files)))[:12])
