"""Update the catalogues of kb/i18n (`make words`): add new texts of the code without a translation, and remove texts
that the code no longer has. Reads the code only."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the checkout it stands in, wherever kb is installed
FOLDER = ROOT / "kb" / "i18n"
HEAD = """# What the program says in another language. Write the translations; the rest is kept by `make words`.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"

"""
Text = str | tuple[str, str]
"""A text, or one for a single thing and one for several."""
CONTEXT = "refusal"
"""As in kb/i18n/refusals.py, which knows them again."""


def refused(root: Path = ROOT) -> set[str]:
    """Return the texts of errors: those in the code under `root`, and those of the library that validates values."""
    from kb.i18n.refusals import OTHERS

    sys.path.insert(0, str(ROOT / ".ci"))
    from refusals import refusals

    return {*refusals(root), *OTHERS}


def texts(root: Path = ROOT) -> set[Text]:
    """Return the texts of the interface and the reports: those in the code, in corpus/app.yaml, and the labels of
    choices."""
    return {*_in_code(root), *_in_data(root), *_of_choices()}


def _in_code(root: Path) -> Iterator[Text]:
    """Yield the texts in calls of t, tn and later, and the values of TranslatedLabels."""
    for path in sorted((root / "kb").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "kb.i18n" in source:
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield from _given(node.func.id, [_constant(one) for one in node.args], node)


def _given(name: str, given: list[str], node: ast.Call) -> Iterator[Text]:
    if name in ("t", "later") and given[:1] and given[0]:
        yield given[0]
    elif name == "tn":
        yield given[0], given[1]
    elif name == "TranslatedLabels" and isinstance(node.args[0], ast.Dict):
        yield from filter(None, map(_constant, node.args[0].values))


def _constant(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _in_data(root: Path) -> Iterator[str]:
    from kb.framework import load as load_framework
    from kb.ui.content import load_content

    yield load_framework(root / "corpus" / "framework").notice
    content = load_content(root / "corpus")
    for example in content.examples:
        yield example.query
    for force in content.forces:
        yield from (force.heading, force.about)
    for facet in content.facets:
        yield from (facet.title, *facet.labels.values())


def _of_choices() -> Iterator[str]:
    """Yield the labels of what a person can choose: forces, statuses, kinds of evidence, states of work."""
    from kb.assessment import models
    from kb.plan.models import Action
    from kb.ui.content import plain

    yield from _of_lists()
    for slug in (*get_args(models.EvidenceType), *get_args(models.Confidence), *_values(Action, "repeat")):
        yield plain(slug)


def _of_lists() -> Iterator[str]:
    """Yield the labels of each Worded enumeration."""
    from kb.assess.models import Grade
    from kb.assessment.models import EvidenceLevel, EvidenceRole, Status, Workflow
    from kb.jobs.models import Step
    from kb.models import Force, Standing
    from kb.plan.models import ActionStatus, MeasureStatus
    from kb.workspace.access import Role

    people = (Status, Workflow, EvidenceRole, EvidenceLevel, ActionStatus, MeasureStatus, Role)
    lists = (Force, Standing, Grade, *people, Step)
    for kind in lists:
        for member in kind:
            texts = (member.words, *(getattr(member, name, "") for name in ("brief", "shown")))
            yield from filter(None, texts)


def _values(model: type, field: str) -> tuple[str, ...]:
    return tuple(filter(None, get_args(model.model_fields[field].annotation)))


def update(path: Path, wanted: set[Text], refusals: set[str]) -> tuple[int, int]:
    """Rewrite a catalogue with exactly the texts `wanted` and `refusals`; existing translations are kept. Return the
    number of texts, and how many are not translated."""
    if path.exists():
        with path.open("rb") as file:
            held = read_po(file, locale=path.stem)
    else:
        held = Catalog(locale=path.stem)
    made = Catalog(locale=path.stem)
    empty = 0
    texts: list[tuple[Text, str | None]] = [(text, None) for text in sorted(wanted, key=_first)]
    english = path.stem == "en"  # has the next steps that a page words otherwise than a terminal, and no other text
    for text, context in [*texts, *((text, CONTEXT) for text in sorted(refusals))]:
        known = held.get(_first(text), context)
        if english and not (known and known.string):
            continue
        said = known.string if known else ""
        empty += not (said if isinstance(said, str) else all(said))
        made.add(text, said, context=context)
    rows = BytesIO()
    write_po(rows, made, width=120, no_location=True, omit_header=True)
    path.write_bytes(HEAD.format(language=path.stem, plural=made.plural_forms).encode() + rows.getvalue())
    return len(made), empty


def _first(text: Text) -> str:
    return text if isinstance(text, str) else text[0]


if __name__ == "__main__":
    from kb.languages import is_main, of_interface

    for code in of_interface():
        catalogue, wanted = FOLDER / f"{code}.po", set() if is_main(code) else texts()
        print("==> {}: {} texts, {} not translated".format(catalogue.name, *update(catalogue, wanted, refused())))
