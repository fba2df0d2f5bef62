"""Choose the texts of a passage that are embedded: the whole passage under its heading, and pairs of its sentences (in
this project's own statements, single sentences too)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kb.models import Passage
from kb.read.sentences import EMBEDDED, sentence_texts


def under_heading(passage: Passage) -> str:
    """Return the text of a passage after its nearest heading, which often names the subject: "Heading. Text"."""
    text = passage.normalised or passage.text
    heading = passage.section[-1] if passage.section and passage.kind != "heading" else ""
    return f"{heading}. {text}" if heading else text


def parts_to_embed(passage: Passage, questions: Sequence[str] = ()) -> Sequence[str]:
    """Return the texts to embed in addition to the whole passage: each sentence joined with the next one. Empty for a
    passage of one sentence.

    In a statement of the register each sentence sums up one letter of a long paragraph, so each sentence alone is also
    included (hit@5 rises from 302 to 303 of 316 development questions, from 345 to 349 of 370 others). `questions` that
    the passage answers are added; a passage of one sentence is then included too.
    """
    found = sentence_texts(passage.normalised or passage.text, EMBEDDED)
    alone = found if passage.wording == "own-words" and len(found) > 1 else []
    own = [*alone, *(" ".join(pair) for pair in pairwise(found))]
    return [*(own or [under_heading(passage)]), *questions] if questions else own
