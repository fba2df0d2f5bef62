"""What of a passage is embedded: the whole under its heading, and its sentences two by two (and one by one, where the
words are this project's)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kb.models import Passage
from kb.read.sentences import EMBEDDED, sentence_texts


def under_heading(passage: Passage) -> str:
    """The passage under its nearest heading: a paragraph often takes its subject from there."""
    text = passage.normalised or passage.text
    heading = passage.section[-1] if passage.section and passage.kind != "heading" else ""
    return f"{heading}. {text}" if heading else text


def parts_to_embed(passage: Passage, questions: Sequence[str] = ()) -> Sequence[str]:
    """Each sentence with the one after it; none for a passage of one sentence, whose whole says it all.

    A statement of the register tells the letters of a long paragraph in a sentence each: there every sentence counts
    alone as well (hit@5 on the development questions 302 to 303 of 316, on others 345 to 349 of 370). `questions` that
    the passage answers stand beside them; a passage of one sentence then counts as a window of its own.
    """
    found = sentence_texts(passage.normalised or passage.text, EMBEDDED)
    alone = found if passage.wording == "own-words" and len(found) > 1 else []
    own = [*alone, *(" ".join(pair) for pair in pairwise(found))]
    return [*(own or [under_heading(passage)]), *questions] if questions else own
