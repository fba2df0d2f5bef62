"""Prompts for the three kinds of users: people who write programmes, who assess policies, and who code texts."""

from __future__ import annotations

_ALWAYS = (
    "Use the tools of kb. Quote only `text` where `may_quote` is true, each time with its citation and force; say of a "
    "`statement` that it is the knowledge base's own wording. Where `absent` is true, say that nothing there says it."
)


def quote_for_a_programme(subject: str) -> str:
    """Find what States promised on `subject`, to be quoted in a programme or a speech."""
    return (
        f"Find what States have committed to on: {subject}\n{_ALWAYS}\nList treaty obligations, political commitments "
        f"and expert "
        "recommendations apart. Check every quotation with validate_citation before you give it."
    )


def assess_a_policy(assessment: str) -> str:
    """Prepare an assessment for the person who decides, from the passages that a machine proposed as evidence.
    `assessment` is its id, e.g. kenya."""
    return (
        f"Prepare the assessment '{assessment}' for the person who decides.\n{_ALWAYS}\nFor each criterion give the "
        f"proposed "
        "passages word for word, and what a person would need to see to call it met. Do not say whether it is met, do "
        "not "
        "score, do not compare countries."
    )


def code_for_a_study(research_question: str) -> str:
    """Collect passages for a coding study on `research_question`, with everything that is needed to cite them."""
    return (
        f"Collect passages for this research question: {research_question}\n{_ALWAYS}\nGive identifier, words, whose "
        f"words they "
        "are, citation and force for each; keep passages in our own words in a list of their own. Coding is the "
        "coders' work."
    )
