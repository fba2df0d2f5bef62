"""Join lines, removing a line-end hyphen where the document itself writes the word without one elsewhere.

Numbers: Chinese, Japanese and Korean characters start at 0x2E80 in Unicode: a line end between them is no space.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from kb.read.vocabulary import vocabulary as word_list

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_CHAIN = re.compile(r"[^\W\d_]-(?:to|of|the|by|in|and|or|à|en|la|t)-$", re.IGNORECASE)
"""A small word between two hyphens: "day-to-day", "out-of-school", "vis-à-vis", "a-t-il"; a printer breaks no word
there."""
_FIRST = re.compile(r"[^\W\d_]+")


class Compounds(BaseModel):
    """Parts of compound words that keep their hyphen: those `before` it and those `after` it."""

    model_config = ConfigDict(extra="forbid")

    before: frozenset[str]
    after: frozenset[str]


@functools.cache
def parts() -> Compounds:
    """Load and validate corpus/reading/hyphens.yaml, once."""
    return word_list("hyphens", Compounds)


def vocabulary(lines: Iterable[str]) -> Counter:
    """Count the unbroken words of all lines, case-folded; a hyphenated word is counted as one word and by its parts."""
    words: Counter = Counter()
    broken = False
    for line in lines:
        found = _WORD.findall(line.casefold())
        ends = line.endswith(("-", "\u00ad", "\u2010"))
        for word in found[int(broken) : len(found) - int(ends)]:
            words[word] += 1
            if "-" in word:
                words.update(word.split("-"))
        broken = ends
    return words


def join(before: str, after: str, words: Counter) -> str:
    """Join two lines to one text. A soft hyphen at the line's end is removed; `words` are the counts of `vocabulary`.

    A hard hyphen is removed when the document has the joined word more often than the hyphenated one. When it has
    neither, the hyphen is kept before a capital letter, after a word in capitals, between two words of the document,
    and in known compounds.
    """
    if before.endswith("\u00ad"):
        return before[:-1] + after
    if before.endswith("\u2010"):  # what browsers print for a soft hyphen
        before = f"{before[:-1]}-"
    last, first = _LAST.search(before), _FIRST.match(after)
    if before.endswith(("-", "–", "—", "/")) and not (last and first):
        return before + ("" if before[-2:-1].strip() and before[-1] in "-/" else " ") + after
    if not (last and first):
        # Unicode: Chinese, Japanese and Korean signs begin here
        cjk = before and after and ord(before[-1]) > 0x2E80 and ord(after[0]) > 0x2E80
        return before + ("" if cjk else " ") + after
    a, b = last.group(1).casefold(), first.group().casefold()
    kept, undone = words[f"{a}-{b}"], words[a + b]
    if not kept and not undone:
        upper = first.group()[0].isupper() or last.group(1).isupper()
        keep = (
            upper
            or bool(_CHAIN.search(before))
            or (words[a] > 0 and words[b] > 0)
            or a in parts().before
            or b in parts().after
        )
    else:
        keep = kept >= undone
    return before + after if keep else before[:-1] + after
