"""No English text in page code: everything that a page shows goes through kb.i18n, so that a catalogue can translate
it."""

from __future__ import annotations

import ast
import re

import pytest
from ui_reading import said

from kb import i18n
from kb.assessment import policies
from kb.assessment.models import STATUS_WORDS, Status
from kb.assessment.review import reasons
from kb.commitments.links import KIND_WORDS
from kb.languages import MAIN, of_interface
from kb.models import FORCE_WORDS
from kb.ui import browser, checks, export, markup, places, resources
from kb.ui.waiting import WaitingText

SHOWN = {
    "title",
    "header",
    "subheader",
    "markdown",
    "caption",
    "text",
    "write",
    "info",
    "warning",
    "error",
    "success",
    "badge",
    "button",
    "link_button",
    "radio",
    "download_button",
    "download",
    "checkbox",
    "toggle",
    "selectbox",
    "multiselect",
    "text_input",
    "text_area",
    "number_input",
    "date_input",
    "slider",
    "file_uploader",
    "expander",
    "popover",
    "status",
    "spinner",
    "progress",
    "metric",
    "segmented_control",
    "pills",
    "tabs",
    "page_link",
    "form_submit_button",
    "link",
    "pick",
    "choose",
    "typed",
    "switch",
    "line",
    "area",
    "select",
    "many",
    "number",
    "check",
    "day",
    "submit",
    "facts",
    "notes",
    "table",
    "grid",
    "attempt",
}
"""Calls that show what they are given: Streamlit's, and those of this room."""
NAMES = {"help", "placeholder", "label", "captions", "caption", "show_spinner"}
"""Keywords whose value is shown."""
SENTENCE = re.compile(r"[A-Z]\w+|[A-Za-z]+ [a-z]{2,}|\([a-z]{3,}\)")
"""A capital at the beginning of a word, two words, or one in brackets: no key, slug or address is so."""
TEXT = re.compile(r">([^<>{}]*[A-Za-z]{2,}[^<>{}]*)<")
"""Words between two tags."""


def docstrings(tree: ast.Module) -> set[int]:
    """Return the ids of the nodes that are documentation and not shown."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def given(tree: ast.Module) -> list[ast.expr]:
    """Return the arguments of calls that show them."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found += node.args[:2] if name in SHOWN else []
            found += [each.value for each in node.keywords if each.arg in NAMES]
    return found


def instead(tree: ast.Module) -> list[ast.expr]:
    """Return the expressions that replace a missing text or are inserted into one: after `or`, on either side of a
    condition, as the default of `get`, as the text of a link, and as a value for t and tn."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            found += node.values[1:]
        elif isinstance(node, ast.IfExp):
            found += [node.body, node.orelse]
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found += node.args[1:] if name in ("anchor", "get") else []
            found += [each.value for each in node.keywords] if name in ("t", "tn") else []
        elif isinstance(node, ast.Return) and node.value is not None:
            found.append(node.value)
    return found


def english(node: ast.expr) -> str:
    """Return the English text in a node; '' for none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if SENTENCE.search(node.value) else ""
    if isinstance(node, ast.JoinedStr):
        words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        return words if SENTENCE.search(re.sub(r"<[^<>]*>", "", words)) else ""
    return ""


def test_no_page_hands_english_to_what_shows_it(root):
    found = []
    for path in sorted((root / "kb" / "ui").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [f"{path.name}:{node.lineno}: {words}" for node in given(tree) if (words := english(node))]
    assert found == [], "write t(…) around it, see kb/i18n"


NO_PAGE = {
    "door.py": "answers before there is a page",
    "bar.py": "'Code' names a door and is translated where it is drawn",
}
"""Modules of the room whose words are not those of a page, or are translated later, and why."""


def test_no_english_stands_in_for_a_word_that_is_missing(root):
    found = []
    for path in sorted((root / "kb" / "ui").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = [node for node in instead(tree) if isinstance(node, ast.Constant)]
        found += [f"{path.name}:{node.lineno}: {said}" for node in words if (said := english(node))]
    assert [one for one in found if one.partition(":")[0] not in NO_PAGE] == [], "write t(…) around it, see kb/i18n"


def test_no_english_stands_between_two_tags_of_html_in_page_code(root):
    found = []
    for path in sorted((root / "kb" / "ui").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        explained = docstrings(tree)
        for node in ast.walk(tree):
            if id(node) in explained:
                continue
            if isinstance(node, ast.JoinedStr):
                words = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = node.value
            else:
                continue
            found += [f"{path.name}:{node.lineno}: {text}" for text in TEXT.findall(words)]
    assert found == [], "write {t(…)} in its place, see kb/i18n"


def test_words_that_the_style_sheet_shows_are_there_in_every_language(root):
    styles = (root / "kb" / "ui" / "style.css").read_text(encoding="utf-8")
    said = {one.strip() for one in re.findall(r"([^{}]+)\{[^}]*content: \"[^\"]*[a-z]{2,}[^\"]*\"", styles)}
    said = {re.sub(r"/\*.*?\*/", "", one, flags=re.DOTALL).strip() for one in said}
    plain = {one for one in said if "html[lang=" not in one}
    for language in of_interface():
        if language != MAIN:
            assert not {one for one in plain if f'html[lang="{language}"] {one}' not in said}, language


@pytest.mark.parametrize(
    "source, caught",
    [
        ('st.title("A page")', True),
        ('st.button(f"Open {x}")', True),
        ('st.text_input("x", help="Why it is so")', True),
        ('st.title(t("A page"))', False),
        ('pick(t("Facet"), "facet", [])', False),
    ],
)
def test_the_test_itself_catches_what_it_must(source, caught):
    assert any(english(node) for node in given(ast.parse(source))) == caught


@pytest.mark.parametrize(
    "source, caught",
    [
        ('x = who or "Somebody else"', True),
        ('t("{who} wrote", who=who or "somebody else")', True),
        ('known.get(one, "legal status unknown")', True),
        ('markup.anchor(to, "a document")', True),
        ('x = "Two words" if y else ""', True),
        ('x = " (proposed)" if y else ""', True),
        ('x = who or t("Somebody else")', False),
        ('x = one or "in-force"', False),
    ],
)
def test_what_stands_in_for_a_word_is_caught_too(source, caught):
    assert any(english(node) for node in instead(ast.parse(source))) == caught


def test_no_page_writes_a_reason_in_a_persons_name(root) -> None:
    """What a person did is told by the history; the reason beside it is what the person typed, or nothing. Only the
    sample states why it is added and removed."""
    written = [
        f"{file.name}:{call.lineno}"
        for file in sorted((root / "kb" / "ui").glob("*.py"))
        if file.name != "sample.py"
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "reason"
        and isinstance(word.value, ast.Constant | ast.JoinedStr)
        and ast.unparse(word.value) != "''"
    ]
    assert written == []


def test_what_is_said_while_one_waits_is_in_the_language_of_who_waits():
    words = WaitingText("Searching…")
    with i18n.speaking("fr"):
        assert str(words) == "Recherche en cours…"
    assert str(words) == "Searching…"


@pytest.mark.parametrize(
    ("spoken", "words"),
    [("es", "Los criterios están en inglés"), ("fr", "Les critères sont en anglais"), ("en", "")],
)
@pytest.mark.parametrize("name", [*dict(places.ASSESSMENT), "export"])
def test_a_page_with_criteria_says_why_they_are_in_english(open_page, monkeypatch, name, spoken, words):
    monkeypatch.setattr(browser, "speak", lambda: i18n.use(spoken))
    policies.create_set(resources.workspace(), "land", "Land", by="Ada Example")
    with i18n.speaking(spoken):
        shown = said(open_page(name, set="land", **({"what": "findings"} if name == "export" else {})))
    assert (words or "The criteria stand in English") in shown if words else "The criteria stand" not in shown


def test_the_first_rows_of_an_export_are_told_in_the_readers_language(open_page, monkeypatch):
    monkeypatch.setattr(browser, "speak", lambda: i18n.use("es"))
    policies.create_set(resources.workspace(), "land", "Land", by="Ada Example")
    with i18n.speaking("es"):
        findings = said(open_page("export", set="land", what="findings"))
        passages = said(open_page("export", what="passages"))
    assert "No evaluado" in findings and "Not assessed" not in findings
    assert ".txt, líneas " in passages and ".txt, lines " not in passages
    for words in FORCE_WORDS.values():
        assert f">{words}<" not in passages


def test_the_note_of_a_piece_of_evidence_is_told_in_words():
    with i18n.speaking("es"):
        assert export._note("supports, instrument") != "supports, instrument"
        assert export._note("A person's own note.") == "A person's own note."


WHY = {"cue": "operative provision; reports what was done; conditional", "against": ["excludes somebody", "pension*"]}


@pytest.mark.parametrize("spoken", ["es", "fr"])
def test_why_a_passage_is_proposed_is_said_in_the_readers_language(spoken):
    with i18n.speaking(spoken):
        said = " ".join(reasons(WHY))
    assert "pension*" in said, "a word of the text stays"
    for word in ("provision", "reports", "somebody", "conditional;"):
        assert word not in said


@pytest.mark.parametrize("spoken", ["es", "fr"])
def test_links_and_the_outline_of_the_register_have_no_english_word_of_ours(open_page, spoken, monkeypatch):
    monkeypatch.setattr(browser, "speak", lambda: i18n.use(spoken))
    with i18n.speaking(spoken):
        page = said(open_page("passage", id="crpd/art8"))
        entry = said(open_page("commitments", id="crpd/art8"))
        outline = open_page("commitments", instrument="cedaw")
    for words in (*KIND_WORDS.values(), "proposed", "editors"):
        assert f" {words} " not in page.replace(",", " ,") and f"> {words} <" not in entry, words
    labels = {one.label for one in outline.multiselect}
    assert labels and not labels & {"For which groups", "Who must act", "Checked", "Kind of entry"}
    assert not [one.placeholder for one in outline.multiselect if one.placeholder == "any"]
    assert "; procedural" not in said(outline)


def test_english_notes_of_the_register_are_marked_as_english():
    note = "Scope: States parties only."
    with i18n.speaking("es"):
        assert markup.notes([note]).count('Alcance (en inglés): <span lang="en">States parties only.</span>') == 1
        assert '<span lang="en">Words out of place.</span>' in markup.notes(["Words out of place."])
    assert "lang=" not in markup.notes([note])


@pytest.mark.parametrize(
    ("page", "query", "marked"),
    [
        ("commitments", {"instrument": "crpd"}, "Binds States parties only"),
        ("commitments", {"id": "crpd/art33/2"}, "In accordance with their legal and administrative systems"),
        ("codebook", {"facet": "actor"}, "Actors that a passage names"),
        ("search", {"q": "older persons", "mode": "lexical"}, "Political commitment, not binding in law"),
    ],
)
def test_texts_of_the_corpus_say_that_they_are_english_where_the_page_is_not(
    open_page, monkeypatch, page, query, marked
):
    def drawn(spoken: str) -> str:
        monkeypatch.setattr(browser, "speak", lambda: i18n.use(spoken))
        with i18n.speaking(spoken):
            return "".join(one.proto.body for one in open_page(page, **query).get("html"))

    mark = f'<span lang="en">{marked}'
    assert mark in drawn("fr")
    assert mark not in drawn("en") and marked in drawn("en")


@pytest.mark.parametrize(("spoken", "said"), [("en", "“"), ("es", "«"), ("fr", "«\N{NO-BREAK SPACE}")])
def test_a_remark_of_the_checks_names_a_status_by_its_words(spoken, said):
    with i18n.speaking(spoken):
        words = checks._words(
            i18n.t("Marked '{status}' without evidence that supports it.", status=Status.COMMITMENT_ONLY)
        )
        assert said + i18n.t(STATUS_WORDS[Status.COMMITMENT_ONLY]) in words and "commitment-only" not in words


@pytest.mark.parametrize(
    ("spoken", "name", "force"),
    [("fr", "Personnes âgées", "Statut juridique"), ("en", "Older persons", "Legal status")],
)
def test_a_code_has_one_name_on_every_page(open_page, monkeypatch, spoken, name, force):
    monkeypatch.setattr(browser, "speak", lambda: i18n.use(spoken))
    with i18n.speaking(spoken):
        coding = open_page("coding", session="-", document="mipaa", facet="group")
        coding.text_input(key="by").set_value("Ada Example").run()
        book = open_page("codebook", facet="group")
    assert any(one.label.startswith(name) for one in coding.button), [one.label for one in coding.button]
    assert name in said(book)
    assert force in next(one for one in book.selectbox if one.key == "pick-facet").options


def test_what_stands_in_an_empty_field_is_translated(root):
    found = [
        f"{path.name}:{each.value.lineno}"
        for path in sorted((root / "kb" / "ui").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for each in node.keywords
        if each.arg == "placeholder" and isinstance(each.value, ast.Constant) and each.value.value
    ]
    assert found == []


@pytest.mark.parametrize(
    ("spoken", "said_so"), [("en", "56% 12.5%"), ("es", "56\xa0% 12,5\xa0%"), ("fr", "56\xa0% 12,5\xa0%")]
)
def test_shares_are_written_as_the_language_writes_them(spoken, said_so):
    with i18n.speaking(spoken):
        assert f"{i18n.percent(0.56)} {i18n.percent(0.125, 1)}" == said_so


def test_no_page_writes_a_share_by_the_rules_of_english_alone(root):
    held = [path.name for path in (root / "kb" / "ui").glob("*.py") if re.search(r":\.\d%\}", path.read_text("utf-8"))]
    assert held == []


@pytest.mark.parametrize(("spoken", "head"), [("es", "Código dado"), ("fr", "Code donné")])
def test_a_column_of_codes_is_not_called_by_the_verb_of_the_menu(open_page, monkeypatch, spoken, head):
    monkeypatch.setattr(browser, "speak", lambda: i18n.use(spoken))
    with i18n.speaking(spoken):
        assert f">{head}<" in said(open_page("analysis", document=["mipaa"], facet="group"))
