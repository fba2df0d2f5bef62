"""Draw a sample of passages to code, by facet and by uncertainty; the same seed gives the same sample."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from pydantic import Field

from kb.errors import InputError
from kb.models import WORDING_WORDS, Model, Passage


class DrawnPassage(Model):
    """One passage of a sample, with the stratum from which it was drawn and the machine's uncertainty."""

    passage: str
    stratum: str = Field(description="term of the facet, '(none)' for passages without one, '(all)' without a facet")
    uncertainty: float = Field(
        ge=0, le=1, description="1 at confidence 0.5, 0 where every tag is certain or none is given"
    )


class Sample(Model):
    """A random sample of passages, with all parameters that are needed to draw it again."""

    seed: int
    asked: int
    facet: str | None
    by_uncertainty: bool
    population: int
    strata: dict[str, int] = Field(description="passages of each stratum in the population")
    wordings: dict[str, int] = Field(
        default_factory=dict, description="passages of the population by whose words they are"
    )
    drawn_wordings: dict[str, int] = Field(default_factory=dict, description="the same of the passages drawn")
    drawn: tuple[DrawnPassage, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the drawn passages, in the order of drawing."""
        return tuple(one.passage for one in self.drawn)


def described(sample: Sample, index: str = "", document: str = "") -> dict[str, object]:
    """Return how a sample was drawn, as fields for the log of a session; the passages themselves are stored
    separately."""
    return {**sample.model_dump(mode="json", exclude={"drawn", "seed"}), "index": index, "document": document}


def uncertainty(passage: Passage, facet: str | None = None) -> float:
    """Return how uncertain the machine is about a passage, 0 to 1: the maximum of 1 - 2·|confidence - 0.5| over its
    tags by the machine (of `facet`, if given); 0 without such tags."""
    asked = [tag for tag in passage.tags if facet in (None, tag.facet) and not tag.origin.startswith("person:")]
    return max((1 - 2 * abs(tag.confidence - 0.5) for tag in asked), default=0.0)


def lot(seed: int, id: str) -> str:
    """Return the sort key of a passage in a random draw: a hash of seed and id, which does not depend on the
    platform or on other passages."""
    return hashlib.sha256(f"{seed}\x1f{id}".encode()).hexdigest()


def _strata(passages: Iterable[Passage], facet: str | None) -> dict[str, list[Passage]]:
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        terms = {tag.id for tag in passage.tags if tag.facet == facet and tag.state != "rejected"}
        for term in sorted(terms) or (["(none)"] if facet else ["(all)"]):
            found.setdefault(term, []).append(passage)
    return dict(sorted(found.items()))


def _wordings(passages: Iterable[Passage]) -> dict[str, int]:
    count = dict.fromkeys(WORDING_WORDS, 0)
    for passage in passages:
        count[passage.wording] += 1
    return count


def _ordered(passages: list[Passage], key: Callable[[Passage], tuple[float, str]]) -> list[Passage]:
    return sorted(passages, key=key)


def draw(
    passages: Iterable[Passage], size: int, *, facet: str | None = None, by_uncertainty: bool = False, seed: int = 0
) -> Sample:
    """Draw `size` passages, in turn one from each term of `facet`, so that rare terms are included; without a facet
    from all passages together.

    With `by_uncertainty`, the passages about which the machine is least certain come first; otherwise the order is
    random. Raises InputError for a size below 1.
    """
    if size < 1:
        raise InputError(f"A sample of {size} holds nothing.", do="Ask for one passage or more.")
    known = {passage.id: passage for passage in passages}
    strata = _strata(known.values(), facet)

    def key(passage: Passage) -> tuple[float, str]:
        """Return the sort key: negative uncertainty (0 if it is not used), then the random lot."""
        return (-uncertainty(passage, facet) if by_uncertainty else 0.0, lot(seed, passage.id))

    waiting = {term: _ordered(found, key) for term, found in strata.items()}
    drawn: dict[str, DrawnPassage] = {}
    while len(drawn) < min(size, len(known)):
        for term, queue in waiting.items():
            while queue and queue[0].id in drawn:
                queue.pop(0)
            if queue and len(drawn) < size:
                taken = queue.pop(0)
                drawn[taken.id] = DrawnPassage(
                    passage=taken.id, stratum=term, uncertainty=round(uncertainty(taken, facet), 4)
                )
    return Sample(
        wordings=_wordings(known.values()),
        drawn_wordings=_wordings(known[id] for id in drawn),
        seed=seed,
        asked=size,
        facet=facet,
        by_uncertainty=by_uncertainty,
        population=len(known),
        strata={term: len(found) for term, found in strata.items()},
        drawn=tuple(drawn.values()),
    )
