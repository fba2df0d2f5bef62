"""Collect what the corpus contains on one passage or register entry: official text, links, the paper's account, similar
wording."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from kb.citing.family import entry_of, family
from kb.citing.installed import open_citations
from kb.commitments.account import Account, PaperAccount, load_account
from kb.commitments.links import Link, links_at, links_of, load_links
from kb.commitments.parallels import Label, parallels
from kb.config import Settings
from kb.errors import KBError
from kb.models import Force, Model, Passage


class SimilarPassage(Model):
    """A passage of another document whose text is nearly the same."""

    id: str
    citation: str
    force: Force
    label: Label
    containment: float = Field(description="share of the shorter passage's word pairs that the other has")


class About(Model):
    """The information shown beside a passage or entry: official text, links, the paper's account and similar
    wording. Every field may be empty."""

    entry: str | None = Field(None, description="the register's entry that an official passage is the text of")
    official: tuple[Passage, ...] = Field((), description="verbatim official text of an entry, where it is here")
    missing: str = Field("", description="why an entry has no official text, or not all, and what to do")
    links: tuple[Link, ...] = ()
    account: tuple[Account, ...] = Field((), description="what the paper says of the entry, or what its lines speak of")
    alike: tuple[SimilarPassage, ...] = Field(
        (), description="near-duplicate and shared wording in other documents, nearest first"
    )


class Beside:
    """The citations, links and paper's account of the corpus, loaded once and used for many passages."""

    def __init__(self, settings: Settings) -> None:
        """Load citations, links and the paper's account. Raises DataError when the corpus is invalid."""
        self.citations = open_citations(settings)
        self.links = load_links(settings.corpus / "links")
        self.account = load_account(settings.corpus / "links" / "paper-account.yaml")

    def of(self, passage: Passage, everything: Iterable[Passage] = ()) -> About:
        """Return what the corpus contains on a passage; similar wording is searched for in the passages
        `everything`."""
        entry = entry_of(passage.id)
        official, missing = self._official(entry) if passage.kind in ("commitment", "procedural") else ((), "")
        return About(
            entry=entry if entry != passage.id else None,
            official=official,
            missing=missing,
            links=links_here(entry, passage, self.links),
            account=accounts_here(entry, passage, self.account),
            alike=alike(passage, everything) if everything else (),
        )

    def _official(self, entry: str) -> tuple[tuple[Passage, ...], str]:
        """Return two values: the passages of an entry's official text, and a reason why they cannot be shown ('' if
        they can)."""
        try:
            found = self.citations.resolve(entry)
        except KBError as error:
            return (), str(error)
        if found.passages and not found.missing:
            return found.passages, ""
        return found.passages, next((note for note in found.notes if "official text" in note), "")


def about(passage: Passage, everything: Iterable[Passage], settings: Settings) -> About:
    """Return what the corpus contains on a passage; similar wording is searched for in the passages `everything`.
    Raises DataError when the corpus is invalid."""
    return Beside(settings).of(passage, everything)


def links_here(entry: str, passage: Passage, links: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links from or to an entry, and those from the lines of a passage, each once."""
    links = tuple(links)
    at_lines = links_at(passage.document, passage.place.lines, links) if passage.place.lines else ()
    return tuple(dict.fromkeys((*links_of(entry, links), *at_lines)))


def accounts_here(entry: str, passage: Passage, account: PaperAccount) -> tuple[Account, ...]:
    """Return what the paper writes about an entry. For a passage of the paper itself, return what its lines say
    about any entry."""
    if passage.document != account.document:
        return account.about(entry)
    first, last = passage.place.lines or (0, 0)
    return tuple(one for one in account.accounts if one.lines[0] <= last and first <= one.lines[1])


def alike(passage: Passage, everything: Iterable[Passage]) -> tuple[SimilarPassage, ...]:
    """Return the passages of other instruments and of the paper whose text is nearly the same, nearest first.

    A register entry and the official text of the same number are not compared, because they are one commitment.
    """
    others = {other.id: other for other in everything if family(other.document) != family(passage.document)}
    found = parallels([passage], tuple(others.values()))
    return tuple(
        SimilarPassage(
            id=each.other,
            citation=others[each.other].citation,
            force=others[each.other].force,
            label=each.label,
            containment=each.containment,
        )
        for each in found
    )
