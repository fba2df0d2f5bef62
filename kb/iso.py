"""Codes of countries (ISO 3166-1 alpha-3) and languages (ISO 639) that a person may enter; any other code is
refused."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from kb.config import settings
from kb.data import load_yaml
from kb.errors import InputError
from kb.models import Model


class Codes(Model):
    """ISO codes of countries, areas and languages that the program accepts; the content of corpus/codes.yaml."""

    countries: frozenset[str] = Field(description="ISO 3166-1 alpha-3, officially assigned")
    areas: dict[str, str] = Field(description="code to name of the areas that are no State of the taxonomy")
    languages: frozenset[str] = Field(description="ISO 639-1")


def country_names(states: Mapping[str, str]) -> dict[str, str]:
    """Return code to name of every country that can be chosen, sorted by name: exactly the codes of ISO 3166-1.

    `states` has the names of States by code; States that no longer exist are left out.
    """
    codes = _codes(settings().corpus)
    found = {code: states.get(code) or codes.areas.get(code, code) for code in codes.countries}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def check_country(code: str) -> None:
    """Raise InputError for a code that is not in ISO 3166-1. Lower case and an empty code are accepted."""
    if code and code.upper() not in _codes(settings().corpus).countries:
        raise InputError(
            f"'{code}' is no country code.", do="Give the three letters of ISO 3166-1, e.g. KEN for Kenya, or none."
        )


def check_language(code: str) -> None:
    """Raise InputError for a code that is neither one of ISO 639-1 (two letters) nor of the form of ISO 639-3 (three
    lower-case letters; whether that code exists is not checked). An empty code is accepted."""
    if code and code not in _codes(settings().corpus).languages and not re.fullmatch(r"[a-z]{3}", code):
        raise InputError(
            f"'{code}' is no language code.",
            do="Give the two small letters of ISO 639-1, e.g. es for Spanish, or none.",
        )


@functools.cache
def _codes(corpus: Path) -> Codes:
    return load_yaml(corpus / "codes.yaml", Codes)
