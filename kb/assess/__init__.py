"""Self-assessment: from a policy to proposed evidence for every criterion. The face is `propose`."""
from kb.assess.models import CriterionProposals, Proposal, Proposals, Why

__all__ = ["CriterionProposals", "Proposal", "Proposals", "Why", "propose"]


def __getattr__(name: str):
    """`propose` is imported when it is first used: it brings numpy and the index with it, the models do not."""
    if name == "propose":
        from kb.assess.propose import propose

        return propose
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
