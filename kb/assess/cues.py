"""Load cues of legal prose by language from corpus/cues: kinds of sentence, modality, tense, actors, money."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from kb.data import load_yaml
from kb.errors import InputError
from kb.models import Model

Terms = tuple[str, ...]


class Cues(Model):
    """Cue lists of one language, loaded from corpus/cues; terms have the notation of probes."""

    language: str
    abbreviations: Terms = Field(description="words after which a full stop ends no sentence, and single letters")
    kinds: dict[str, Terms] = Field(description="kinds of sentence that implement nothing, in order of precedence")
    modality: dict[str, Terms]
    tense: dict[str, Terms]
    negation: Terms
    actors: dict[str, Terms]
    money: Terms
    operation: Terms = Field(description="cues that something has been done")
    outcome: Terms = Field(description="cues that a result is stated")
    creation: Terms = Field(description="cues that a body or programme is set up")
    provision: Terms = Field(description="verbs of giving, paying, protecting, supervising")


@lru_cache(maxsize=8)
def load_cues(folder: Path, language: str) -> Cues:
    """Load the cues of a language. Raises InputError when the language has none, DataError when the file is invalid."""
    path = folder / f"{language}.yaml"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yaml")))
        raise InputError(f"no cues for language '{language}'", where=str(folder), do=f"Languages are: {known}.")
    return load_yaml(path, Cues)
