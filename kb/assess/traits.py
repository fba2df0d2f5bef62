"""Classify units by cue lists: the kind of sentence, and how strongly it commits; the same for every criterion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kb.assess.cues import Cues
from kb.assess.terms import TermIndex
from kb.assess.units import PolicyUnit
from kb.i18n import later
from kb.text import visible

OPERATIVE = "operative provision"
_QUOTED = re.compile(r"^\s*[\"“«]")
_OPENS_WITH = {"editor-note"}
"""A note by the editor at the end of a provision does not make the provision a note."""
OPENING = 12
"""Words that count as the opening of a unit."""
INERT = {"editor-note", "form-instruction", "repeal", "transitional", "preamble", "amendment", "staff", "accounts"}
"""Kinds of sentence that provide nothing to anybody."""
_NOTE = {"note", "footnote", "editor-note", "reference"}

KIND_WORDS = {
    "editor-note": later("editor's note"),
    "form-instruction": later("instruction of a form"),
    "repeal": later("repeal"),
    "transitional": later("transitional or final clause"),
    "definition": later("definition"),
    "preamble": later("preamble or recital"),
    "amendment": later("amendment of another law"),
    "penalty": later("penal provision"),
    "staff": later("rule on staff or meetings"),
    "accounts": later("rule on accounts"),
    "problem": later("description of a problem"),
    OPERATIVE: later("operative provision"),
}
MODALITY_WORDS = {
    "shall": later("binds ('shall')"),
    "entitlement": later("grants a right or entitlement"),
    "may": later("permits ('may')"),
    "should": later("recommends or encourages"),
    "will": later("announces an intention"),
    "past": later("reports what was done"),
}


@dataclass(frozen=True)
class Traits:
    """Cue features of all units: `flags[name]` is float32 [units]; `kinds[i]` is the kind of sentence of unit i."""

    kinds: tuple[str, ...]
    flags: dict[str, np.ndarray]

    def words(self, number: int) -> str:
        """Describe the kind of sentence of the unit at position `number`, and its strongest modality."""
        modes = [text for name, text in MODALITY_WORDS.items() if self.flags[f"mode_{name}"][number]]
        kind = KIND_WORDS.get(self.kinds[number], self.kinds[number])
        extra = [later("conditional")] if self.flags["tense_conditional"][number] else []
        return "; ".join([kind, *modes[:2], *extra])


def traits(units: Sequence[PolicyUnit], cues: Cues, table: TermIndex, above: TermIndex) -> Traits:
    """Compute the traits of units; `table` has the words of each, `above` those of its headings and list lead-in."""
    openings = TermIndex([" ".join(unit.text.split()[:OPENING]) for unit in units])
    kind_hits = {
        kind: (openings if kind in _OPENS_WITH else table).any(terms) | _heading_kind(above, kind, terms)
        for kind, terms in cues.kinds.items()
    }
    kinds = tuple(_kind(unit, i, kind_hits) for i, unit in enumerate(units))
    flags: dict[str, np.ndarray] = {f"kind_{kind.replace('-', '_')}": hits for kind, hits in kind_hits.items()}
    flags.setdefault("kind_amendment", np.zeros(len(units), dtype=bool))
    notes = np.array([unit.first.kind in _NOTE for unit in units])
    flags["inert"] = notes | np.any([hits for kind, hits in kind_hits.items() if kind in INERT], axis=0)
    flags |= {f"mode_{name}": table.any(terms) for name, terms in cues.modality.items()}
    flags["mode_shall"] = flags["mode_shall"] | above.any(cues.modality["shall"]) & ~flags["mode_may"]
    flags |= {f"tense_{name}": table.any(terms) for name, terms in cues.tense.items()}
    flags |= {f"actor_{name}": table.any(terms) for name, terms in cues.actors.items()}
    flags |= {
        name: table.any(getattr(cues, name))
        for name in ("negation", "money", "operation", "outcome", "creation", "provision")
    }
    flags["number"] = np.array([any(c.isdigit() for c in unit.text) for unit in units])
    flags["quoted"] = np.array([bool(_QUOTED.match(visible(unit.text))) for unit in units])
    flags["item"] = np.array([bool(unit.lead) for unit in units])
    return Traits(kinds, {name: np.asarray(value, dtype=np.float32) for name, value in flags.items()})


def _heading_kind(above: TermIndex, kind: str, terms: Sequence[str]) -> np.ndarray:
    """Return whether the heading of each unit gives it this kind: bool [units]. Applies only to definitions, repeals
    and transitional provisions; other kinds are not inherited from headings."""
    if kind not in {"definition", "repeal", "transitional"}:
        return np.zeros(len(above), dtype=bool)
    return above.any(terms)


def _kind(unit: PolicyUnit, number: int, hits: dict[str, np.ndarray]) -> str:
    if unit.first.kind in _NOTE:
        return "editor-note"
    return next((kind for kind, found in hits.items() if found[number]), OPERATIVE)
