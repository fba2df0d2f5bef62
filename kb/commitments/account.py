"""The paper's statements on the instruments: which lines refer to which register entries, and where they are
imprecise."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from kb.data import load_yaml
from kb.models import Model


class Account(Model):
    """What the paper says of an instrument at one place, in our own words, and where that is imprecise."""

    lines: tuple[int, int] = Field(description="first and last line of the paper, 1-based and inclusive")
    entries: tuple[str, ...] = Field(
        description="ids of the register; empty where the paper speaks of something outside it"
    )
    says: str = Field(min_length=1, description="what the place says, in our own words")
    wording: Literal["own-words"] = Field(
        "own-words", description="whose words `says` and `note` are: always this project's"
    )
    note: str = Field(
        min_length=1, description="where it is loose or what it leaves out: shown beside it, never instead of it"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Account:
        if not 1 <= self.lines[0] <= self.lines[1]:
            raise ValueError(f"lines {self.lines[0]}-{self.lines[1]} run backwards or begin before line 1")
        return self


class PaperAccount(Model):
    """All accounts of what the paper says of the instruments, in the order of its lines."""

    document: str = Field(description="id of the document whose lines are meant")
    accounts: tuple[Account, ...]

    @model_validator(mode="after")
    def _ordered(self) -> PaperAccount:
        starts = [account.lines for account in self.accounts]
        if starts != sorted(starts):
            raise ValueError("accounts do not stand in the order of the paper's lines")
        return self

    def about(self, entry: str) -> tuple[Account, ...]:
        """Return the accounts of one register entry (or instrument) and of all entries below it, such as 'wssd/c4' or
        'crpd'."""
        return tuple(
            account
            for account in self.accounts
            if any(one == entry or one.startswith(entry + "/") for one in account.entries)
        )

    def at(self, line: int) -> tuple[Account, ...]:
        """Return the accounts whose lines include `line` (1-based)."""
        return tuple(account for account in self.accounts if account.lines[0] <= line <= account.lines[1])


def load_account(path: Path) -> PaperAccount:
    """Load the accounts from one YAML file (corpus/links/paper-account.yaml). Raises DataError with file, line and
    entry."""
    return load_yaml(path, PaperAccount)
