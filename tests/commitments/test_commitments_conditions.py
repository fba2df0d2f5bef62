"""A statement keeps the conditions of the official text: "as appropriate", national law, freedom of expression,
parents' duties."""

import re

import pytest

from kb.commitments.register import load_instrument
from kb.sources.library import read_text

SENTENCE = re.compile(r"(?<=[.;]) (?=[A-Z])")
THEIRS = re.compile(
    r"as appropriate|(?:where|when|if) appropriate|as necessary|(?:where|when|if) necessary|as needed|upon request|to the extent possible"
    r"|(?:whenever|where|as far as) possible|parental|rights and duties|national (?:law|legislation)|freedom of expression|paragraph \d+",
    re.IGNORECASE,
)
OURS = re.compile(
    r"appropriate|necessary|need|request|possible|parent|law|freedom of expression|paragraph|consider|where|as far|within|constraints",
    re.IGNORECASE,
)
KNOWN = {
    "para147/l": "'as appropriate' stands in the clause before a semicolon",
    "para230/j": "the number is that of an article that is amended",
    "para233/a": "'whenever possible' stands at the head of the sentence",
    "para253/c": "'subject to national law' stands at the head of the sentence",
    "para285/b": "the family is said to be that of paragraph 29 one letter above",
}
"""Letters whose condition stands farther from their mark than is looked, each with where it is."""
NEAR = 260
"""Letters of a statement before the mark of a letter that are looked at."""


@pytest.mark.slow
def test_no_condition_of_an_action_paragraph_is_lost(root, shared):
    file = next((shared / "data" / "instruments" / "beijing").glob("*.pdf"))
    text = read_text(file, "beijing", title="", style="resolution", force="political-commitment", language="en")
    entries = {e.id: e for e in load_instrument(root / "corpus" / "commitments" / "beijing.yaml").entries}
    seen, lost = 0, []
    for passage in text.passages:
        match = re.search(r"(para\d+)/(\w)$", passage.id)
        entry = entries.get(f"beijing/{match[1]}") if match else None
        if not match or entry is None or not THEIRS.search(passage.text):
            continue
        seen += 1
        ours = next((s for s in SENTENCE.split(entry.statement) if f"({match[2]})" in s), entry.statement)
        if not OURS.search(ours.split(f"({match[2]})")[0][-NEAR:]) and match[0] not in KNOWN:
            lost.append(match[0])
    assert seen > 100 and lost == []
