"""Self-assessment: propose passages of a policy as evidence for every criterion of the framework. The entry point is
`propose`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.assess.models import CriterionProposals, Proposal, Proposals, Why

if TYPE_CHECKING:
    from kb.assess.calibrate import Calibrated
    from kb.assess.examples import Examples
    from kb.framework import Framework
    from kb.index.cache import VectorCache
    from kb.index.encoders import Encoder
    from kb.models import Document

__all__ = ["CriterionProposals", "Proposal", "Proposals", "Why", "propose"]


def propose(
    policy: Document,
    framework: Framework,
    *,
    encoder: Encoder | None = None,
    model: Calibrated | None = None,
    cache: VectorCache | None = None,
    decided: Examples | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Proposals:
    """Return ranked passages for every criterion of `framework`, or 'no evidence found' with the nearest passages.

    Without `encoder`, the one for the policy's language is loaded; `model` and `cache` default to those of the
    installation. `decided` are clauses that people confirmed or rejected: they change the ranking. `progress` is called
    with (embedded clauses, all clauses). Dependencies are imported only when this is called. Raises InputError for a
    policy without text, in a language without probes, or that is the source of the framework itself; DataError when
    data of the corpus is invalid.
    """
    from kb.assess.proposing import run

    return run(policy, framework, encoder=encoder, model=model, cache=cache, decided=decided, progress=progress)
