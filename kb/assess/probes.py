"""Load probes from corpus/probes. A probe describes what a provision relevant to a criterion looks like: required
terms, and a model sentence."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, RootModel, field_validator, model_validator

from kb.data import load_yaml
from kb.errors import DataError
from kb.languages import MAIN, is_main, with_probes
from kb.models import Model
from kb.text import sha256_of, sha256_text

Terms = tuple[str, ...]


def split_terms(text: str | Terms) -> Terms:
    """Split `a | b* | c d` into its terms; terms that are split already are returned unchanged."""
    return text if not isinstance(text, str) else tuple(term.strip() for term in text.split("|") if term.strip())


class ProbeWords(Model):
    """A probe in one language: its model sentence and terms."""

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
    """One form that evidence for a criterion takes, in every language of the project."""

    id: str = Field(pattern=r"^[a-z-]+$")
    means: str = Field(description="in words, for the reader of a proposal")
    polarity: Literal["supports", "contrary?"] = "supports"
    wordings: dict[str, ProbeWords] = Field(description="by language; in the data each stands under its code")

    @model_validator(mode="before")
    @classmethod
    def _by_language(cls, data: object) -> object:
        """Collect the wordings that the data give under language codes; every language with probes must be present."""
        if not isinstance(data, dict) or "wordings" in data:
            return data
        codes = with_probes()
        missing = [code for code in codes if code not in data]
        if missing:
            raise ValueError(
                f"{data.get('id')}: no wording in '{missing[0]}', which has probes (corpus/languages.yaml)"
            )
        rest = {name: value for name, value in data.items() if name not in codes}
        return {**rest, "wordings": {code: data[code] for code in codes}}

    def wording(self, language: str) -> ProbeWords:
        """Return the probe's wording in `language`, which must be one with probes (else KeyError)."""
        return self.wordings[language]


class ProbeFile(RootModel[dict[str, tuple[Probe, ...]]]):
    """One file of probes: criterion id to its probes."""


class SentenceFile(RootModel[dict[str, tuple[str, ...]]]):
    """The content of a file of model sentences: criterion id to made-up provisions in one language, which are
    embedded."""


class Probes(Model):
    """All probes and model sentences, with a hash that identifies this set."""

    by_criterion: dict[str, tuple[Probe, ...]]
    sentences: dict[str, dict[str, tuple[str, ...]]] = Field(
        default_factory=dict, description="further model sentences: language, criterion, sentences"
    )
    version: str = Field(description="first 12 characters of the sha256 over the files")

    def of(self, criterion: str) -> tuple[Probe, ...]:
        """Return the probes of a criterion. Raises DataError when it has none."""
        if not self.by_criterion.get(criterion):
            raise DataError(
                f"criterion {criterion} has no probe",
                where="corpus/probes",
                do=f"Write at least one probe for it, in each of: {', '.join(with_probes())}.",
            )
        return self.by_criterion[criterion]

    def phrases(self, criterion: str, language: str) -> list[str]:
        """Return the model sentences of a criterion that are embedded; for Spanish and French also those of other
        languages, in the same vector space. English has enough of its own: adding the others changed nothing."""
        languages = (language,) if is_main(language) else dict.fromkeys((language, *with_probes()))
        own = [probe.wording(one).say for one in languages for probe in self.of(criterion)]
        further = [s for one in dict.fromkeys((language, MAIN)) for s in self.sentences.get(one, {}).get(criterion, ())]
        return own + further


@lru_cache(maxsize=4)  # cached folders: one corpus, and those that tests build
def load_probes(folder: Path) -> Probes:
    """Load every probe file in `folder`, and the model sentences in the folder beside it.

    Raises DataError with file and entry when one is invalid, or when two files have the same criterion.
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
    more = [path for path in sorted((folder.parent / "sentences").glob("*.yaml")) if path.stem in with_probes()]
    sentences = {path.stem: load_yaml(path, SentenceFile).root for path in more}
    files += more
    return Probes(by_criterion=found, sentences=sentences, version=sha256_text("".join(map(sha256_of, files)))[:12])
