"""Labels as spaCy patterns. The notation, one label on one line:

    word        that word, in any case          WORD      capitals match as printed ("BIG" is not "big")
    word*       any word that begins so         a|b*      either
    ..3         up to three words between       =The Forum   the whole label as printed
    co-operate  hyphens may be printed or not

A label matches only whole words: "race" is never found inside "disgrace".
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

_GAP = re.compile(r"\.\.(\d)$")
_MOST_PHRASES = 40  # a label with more readings than this is matched as a pattern
_PREFIX = 3  # letters of the words that decide whether a pattern is tried at all


@lru_cache(maxsize=8)
def pipeline(language: str) -> Language:
    """Return spaCy's rules for a language (tokenizer and sentence ends, without a model); neutral rules for an unknown
    language."""
    try:
        nlp = spacy.blank(language)
    except ImportError:
        nlp = spacy.blank("xx")
    # Its own ends of sentences, not those of kb.read.sentences: rules ask whether two spans of tokens stand in one
    # sentence, and the figures of the tags (`kb eval tags`) are measured with these.
    nlp.add_pipe("sentencizer")
    return nlp


def compile_label(nlp: Language, label: str) -> list[list[dict[str, object]]]:
    """Return the Matcher patterns of a label: usually one; two when the tokenizer of this language may split at a
    hyphen."""
    exact = label.startswith("=")
    words = label.removeprefix("=").replace("’", "'").split()
    patterns = [_pattern(nlp, words, exact, split=True)]
    if any("-" in word and not _is_special(word) for word in words):
        patterns.append(_pattern(nlp, words, exact, split=False))
    return patterns


def _pattern(nlp: Language, words: list[str], exact: bool, split: bool) -> list[dict[str, object]]:
    """Return one Matcher pattern for the words of a label. `exact`: case must match; `split`: the tokenizer splits at
    hyphens."""
    tokens: list[dict[str, object]] = []
    for word in words:
        if gap := _GAP.match(word):
            tokens += [{"OP": "?"}] * int(gap.group(1))
        elif _is_special(word):
            tokens += _special(word)
        elif split:
            tokens += _split(nlp, word, exact)
        else:
            tokens.append(_token(word, exact))
    return tokens


def _is_special(word: str) -> bool:
    return "*" in word or "|" in word


def _special(word: str) -> list[dict[str, object]]:
    """Return the token conditions of a word with alternatives or an open ending, as a regular expression on complete
    tokens; hyphens are split as by the tokenizer."""
    tokens: list[dict[str, object]] = []
    parts = word.split("-") if "|" not in word else [word]
    for position, part in enumerate(parts):
        if position:
            tokens.append({"ORTH": "-", "OP": "?"})
        choices = [
            re.escape(choice.removesuffix("*").lower()) + (r"[\w'-]*" if choice.endswith("*") else "")
            for choice in part.split("|")
        ]
        tokens.append({"LOWER": {"REGEX": f"^(?:{'|'.join(choices)})$"}})
    return tokens


def _split(nlp: Language, word: str, exact: bool) -> list[dict[str, object]]:
    """Return the token conditions of a plain word, split as by the tokenizer, with its hyphens optional. `exact`: only
    the form as written matches."""
    tokens: list[dict[str, object]] = []
    for position, part in enumerate(word.split("-")):
        if position:
            tokens.append({"ORTH": "-", "OP": "?"})
        tokens += [_token(piece.text, exact) for piece in nlp.make_doc(part)]
    return tokens


def _token(text: str, exact: bool) -> dict[str, object]:
    """Return the Matcher's condition for one token: an abbreviation in capitals (two letters or more) must match
    exactly, any other word in any case."""
    if exact or (text.isupper() and len(text) > 1):
        return {"ORTH": text}
    return {"LOWER": text.lower()}


class LabelIndex:
    """Many labels, each under a key, that are all matched in one pass over a text.

    Plain labels use spaCy's PhraseMatcher. A label with an open ending, a gap or mixed capitals has a Matcher of its
    own, which is tried only on texts with a word of the same beginning: trying all patterns on all texts was seven
    times slower (26 ms against 3.5 ms per passage of the paper).
    """

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self._lower, self._exact = PhraseMatcher(nlp.vocab, attr="LOWER"), PhraseMatcher(nlp.vocab, attr="ORTH")
        self._patterns: list[tuple[frozenset[str], str, Matcher]] = []
        self._by_prefix: dict[str, list[int]] = defaultdict(list)

    def add(self, key: str, labels: Iterable[str]) -> None:
        """Add labels; `matches` reports them under `key`."""
        for label in (one for given in labels for one in _one_hyphenation(given)):
            plain = label.removeprefix("=").replace("’", "'")
            words = plain.split()
            exact = label.startswith("=") or all(word.isupper() and len(word) > 1 for word in words)
            readings = [] if any(_GAP.match(w) or w.endswith("*") or "*|" in w for w in words) else _readings(words)
            if exact:
                self._exact.add(key, [self.nlp.make_doc(plain)])
            elif readings and not any(_is_capital(token.text) for token in self.nlp.make_doc(plain)):
                self._lower.add(key, [self.nlp.make_doc(reading) for reading in readings])
            else:
                self._add_pattern(key, label, words)

    def _add_pattern(self, key: str, label: str, words: list[str]) -> None:
        matcher = Matcher(self.nlp.vocab)
        matcher.add(key, compile_label(self.nlp, label))
        anchors = [_prefixes(word) for word in words if not _GAP.match(word) and word[0].isalnum()]
        anchor = max(anchors, key=lambda prefixes: (-len(prefixes), min(map(len, prefixes))))
        for prefix in anchor:
            self._by_prefix[prefix].append(len(self._patterns))
        self._patterns.append((anchor, key, matcher))

    def matches(self, doc: Doc) -> list[tuple[str, int, int]]:
        """Return `(key, first token, last token + 1)` of every label found; matches may overlap."""
        strings = self.nlp.vocab.strings
        found = {
            (strings[key], a, b) for matcher in (self._lower, self._exact) if len(matcher) for key, a, b in matcher(doc)
        }
        tried = {number for prefix in _begin(doc) for number in self._by_prefix.get(prefix, ())}
        for number in tried:
            _, key, matcher = self._patterns[number]
            found |= {(key, a, b) for _, a, b in matcher(doc)}
        return sorted(found)

    def spans(self, doc: Doc) -> list[tuple[int, int]]:
        """Return the character spans of the labels found."""
        return [(doc[a].idx, doc[b - 1].idx + len(doc[b - 1])) for _, a, b in self.matches(doc)]

    def __len__(self) -> int:
        return len(self._lower) + len(self._exact) + len(self._patterns)


def _one_hyphenation(label: str) -> list[str]:
    """Split a label with hyphenated alternatives into several labels, because a hyphen makes one word three tokens."""
    for word in label.split():
        hyphenated = [choice for choice in word.split("|") if "-" in choice]
        if "|" in word and hyphenated:
            rest = "|".join(choice for choice in word.split("|") if "-" not in choice)
            return [one for new in [*hyphenated, rest] if new for one in _one_hyphenation(label.replace(word, new, 1))]
    return [label]


def _readings(words: list[str]) -> list[str]:
    """Return all plain forms of a label that has alternatives or hyphens; [] when there are too many."""
    choices = [word.split("|") for word in words]
    if any(len(c) > 1 for c in choices) and len(list(itertools.product(*choices))) > _MOST_PHRASES:
        return []
    texts = [" ".join(chosen) for chosen in itertools.product(*choices)]
    return list(dict.fromkeys(texts + [text.replace("-", " ") for text in texts]))


def _is_capital(text: str) -> bool:
    return text.isupper() and len(text) > 1


def _prefixes(word: str) -> frozenset[str]:
    """Return the first letters, up to three, with which each alternative of a word begins."""
    firsts = (re.split(r"[-'*]", choice.lower())[0] for choice in word.split("|"))
    return frozenset(first[:_PREFIX] for first in firsts)


def _begin(doc: Doc) -> set[str]:
    """Return the first one, two and three letters of every word of the text; cached on the text."""
    if "begin" not in doc.user_data:
        words = {token.lower_ for token in doc}
        doc.user_data["begin"] = {word[:n] for word in words for n in range(1, _PREFIX + 1)}
    return doc.user_data["begin"]
