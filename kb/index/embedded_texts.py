"""What of a passage is embedded: the whole under its heading, and its sentences two by two (and one by one, where the
words are this project's)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kb.models import Passage

_SENTENCE_END = re.compile(r"(?<=[.?!…;。！？])[\"'”’)]*\s+(?=[\"'“‘(¿¡]?[^\W\d_a-zà-ÿ])")
_NO_END = re.compile(
    r"(?:\bet al|\beg|\bie|\b[eE]\.g|\b[iI]\.e|\b[A-Z]|\bart|\bno|\bpara|\bp|\bArt|\bNo)\.$", re.UNICODE
)


def sentences(text: str) -> list[str]:
    """`text` cut at sentence ends, for embedding only; never after "et al.", "eg." or an initial."""
    parts: list[str] = []
    for part in _SENTENCE_END.split(text):
        if parts and _NO_END.search(parts[-1]):
            parts[-1] += " " + part
        else:
            parts.append(part)
    return [p for p in parts if p.strip()]


def under_heading(passage: Passage) -> str:
    """The passage under its nearest heading: a paragraph often takes its subject from there."""
    text = passage.normalised or passage.text
    heading = passage.section[-1] if passage.section and passage.kind != "heading" else ""
    return f"{heading}. {text}" if heading else text


def windows(passage: Passage, questions: Sequence[str] = ()) -> Sequence[str]:
    """Each sentence with the one after it; none for a passage of one sentence, whose whole says it all.

    A statement of the register tells the letters of a long paragraph in a sentence each: there every sentence counts
    alone as well (hit@5 on the development questions 302 to 303 of 316, on others 345 to 349 of 370). `questions` that
    the passage answers stand beside them; a passage of one sentence then counts as a window of its own.
    """
    found = sentences(passage.normalised or passage.text)
    alone = found if passage.wording == "own-words" and len(found) > 1 else []
    own = [*alone, *(" ".join(pair) for pair in pairwise(found))]
    return [*(own or [under_heading(passage)]), *questions] if questions else own
