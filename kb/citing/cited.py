"""The result of resolving a citation, and the errors for citations that cannot be resolved to one place."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, computed_field

from kb.commitments.register import Entry
from kb.errors import InputError, KBError, NotFound
from kb.models import Checked, Force, Model, Passage, Wording


class Cited(Model):
    """The place that a citation names, with its text or statement."""

    id: str
    identifier: str = Field(description="as one cites it")
    instrument: str
    title: str
    symbol: str
    date: str
    url: str
    force: Force
    author: str = Field("", description="as the source states it; empty for what States adopted")
    place: str | None = Field(None, description="the place alone, where it is known apart from the instrument's name")
    work_force: Force | None = Field(
        None, description="force of the whole document, where that of the place may be another"
    )
    entry: Entry | None = None
    passages: tuple[Passage, ...] = Field((), description="verbatim, where the official text is here")
    missing: tuple[str, ...] = Field(
        (), description="places that belong to it and are not in the official text that is here, as one cites them"
    )
    notes: tuple[str, ...] = ()
    also: tuple[Cited, ...] = Field(
        (), description="the other places, where a citation names several: 'arts. 19 and 28'"
    )

    @computed_field(  # type: ignore[prop-decorator]  # pydantic gives the property its type
        description="whose words the answer holds: 'verbatim' those in `passages`, 'own-words' only the "
        "entry's statement; None for neither"
    )
    @property
    def wording(self) -> Wording | None:
        """'verbatim' if the result contains official text, 'own-words' if it contains only this project's statement,
        None if it contains neither."""
        return "verbatim" if self.passages else "own-words" if self.entry else None

    @computed_field(  # type: ignore[prop-decorator]  # pydantic gives the property its type
        description="whether `passages` may be quoted as the words of the instrument; the statement of the "
        "entry never may"
    )
    @property
    def may_quote(self) -> bool:
        """Whether the result contains text that may be quoted as that of the source."""
        return bool(self.passages) and all(passage.may_quote for passage in self.passages)

    @computed_field(  # type: ignore[prop-decorator]  # pydantic gives the property its type
        description="how the words of the answer were checked; see Passage.verified"
    )
    @property
    def verified(self) -> Checked | None:
        """How the text of the result was checked; None when it contains none."""
        if self.passages:
            return "source" if self.may_quote else "unverified"
        return self.entry.verified if self.entry else None


class AnotherDocument(NotFound):
    """Raised for a citation of a document that is not installed, although its name resembles one that is."""


class Ambiguous(InputError):
    """Raised for a citation that may mean several places; `candidates` are their citations."""

    def __init__(self, typed: str, candidates: Sequence[str], how: str = "") -> None:
        self.candidates = tuple(candidates)
        do = f"Name each {how}: CEDAW/CRPD art. 12." if how else "Name the instrument and the place in full."
        super().__init__(f"'{typed}' may mean: {'; '.join(candidates)}.", do=do)


def another(typed: str, words: Sequence[str], meant: Sequence[str | None], here: Sequence[str]) -> KBError:
    """Return the error for a citation in which `words` show that another document is meant.

    `meant` has the installed instrument that it resembles, and for each word the instrument that the word names by
    itself (None for none); `here` are the names of installed documents. When every word names one, several were cited
    at once, and it is unclear which place belongs to which.
    """
    if all(meant):
        return Ambiguous(typed, list(dict.fromkeys(map(str, meant))), "with its own place, or one place for all")
    return AnotherDocument(
        f"'{typed}' names another document, by '{' '.join(words)}'; it is not here.",
        do=f"Here are: {', '.join(here)}. Name one alone to cite it.",
    )
