"""Self-assessment: propose passages of a policy as evidence for every criterion of the framework. The entry point is
`propose`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.assess.models import CriterionProposals, Proposal, Proposals, Why

if TYPE_CHECKING:
    from kb.assess.proposing import propose

__all__ = ["CriterionProposals", "Proposal", "Proposals", "Why", "propose"]


def __getattr__(name: str) -> object:
    """Import `propose` on first access: who only reads proposals need not wait for numpy and the encoders."""
    if name == "propose":
        from kb.assess import proposing

        return proposing.propose
    raise AttributeError(name)
