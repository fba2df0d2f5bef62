"""Errors are shown in the reader's language, with their next step: every sentence of the code is in the catalogues, and
is recognised with its values inserted."""

from __future__ import annotations

import importlib.util
import re
import string
import sys
from pathlib import Path
from pprint import pformat

import pytest
from babel.messages.pofile import read_po

from kb import cli
from kb.data import load_yaml
from kb.errors import InputError, KBError, NotFound, RefusedError
from kb.framework import Framework
from kb.framework import load as load_framework
from kb.i18n import speaking
from kb.i18n.catalogue import FOLDER
from kb.i18n.refusals import CONTEXT, OTHERS, in_words, translated
from kb.languages import of_interface
from kb.read import read

OPTION = re.compile(r"(?<![\w-])--[a-z]")
OF_A_TERMINAL = re.compile(r"\bkb [a-z]+|\bKB_[A-Z]+|\bpip |\bmake (?:install|artefacts)|\bulimit\b")
WHO = {
    "en": "hoever looks after this program",
    "es": "uien se ocupa de este programa",
    "fr": "a personne qui s’occupe de ce programme",
}
"""What stands before a command that a page names: it is for one person, and the page has no button for it."""
LANGUAGES = [language for language in of_interface() if language != "en"]


@pytest.fixture(scope="module")
def code(root):
    """Return the module that reads the sentences from the code."""
    sys.path.insert(0, str(root / ".ci"))
    spec = importlib.util.spec_from_file_location("ci_refusals", root / ".ci" / "refusals.py")
    sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[spec.name])
    return sys.modules[spec.name]


@pytest.fixture(scope="module")
def said(code, root):
    """Return the texts of errors."""
    return {*code.refusals(root), *OTHERS}


def held(language: str) -> dict[str, str]:
    """Return the error texts of a catalogue with their translations."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.context == CONTEXT}


def filled(text: str, letters: str = "pqxzvjkw") -> str:
    """Return a sentence with a value inserted at each place."""
    names = [name for _, name, _, _ in string.Formatter().parse(text) if name]
    values = {name: letters[at % len(letters)] * 3 for at, name in enumerate(names)}
    return text.format(**{**values, "n": "7"})  # what is called n is a count


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_refusal_and_no_next_step_is_left_without_a_translation(language, said):
    catalogue = held(language)
    assert sorted(said - catalogue.keys()) == sorted(catalogue.keys() - said) == [], "run: make words"
    assert [text for text, words in catalogue.items() if not words] == []


def test_the_code_tells_of_every_refusal_what_it_says(code, root):
    assert [place.where for place in code.places(root) if not place.texts] == [], (
        "write its words where it is raised, or where they are given to it"
    )


def test_rooms_that_are_left_out_are_there(code, root):
    for name in (*code.OUTSIDE, *code.YET):
        folder, _, start = name.rpartition("/")
        assert [path for path in (root / "kb" / folder).glob(f"{start}*")], name


@pytest.mark.parametrize("language", of_interface())
def test_a_page_names_no_option_and_no_command_but_to_who_looks_after_the_program(language, said):
    commands = {path.stem for path in Path(cli.__file__).parent.glob("*.py")}
    with speaking(language):
        shown = {text: translated(filled(text)) for text in said}
    wrong = {text: words for text, words in shown.items() if OPTION.search(words)}
    for text, words in shown.items():
        for found in OF_A_TERMINAL.finditer(words):
            is_one = not found[0].startswith("kb ") or found[0][3:] in commands
            if is_one and WHO[language] not in words[: found.start()]:
                wrong[text] = words
    assert wrong == {}, pformat(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_known_again_with_its_values(language, said):
    catalogue = held(language)
    with speaking(language):
        wrong = [text for text in said if translated(filled(text)) == filled(text) != filled(catalogue[text])]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_are_shown_unchanged(language, said):
    with speaking(language):
        for text in said:
            told_so = translated(filled(text))
            assert [one for one in ("ppp", "qqq", "xxx") if one in filled(text) and one not in told_so] == [], text


def test_an_error_is_shown_with_its_place_and_its_next_step():
    error = NotFound("There is no action 'a1'.", do="See: kb actions list")
    with speaking("es"):
        assert in_words(error) == "No hay ninguna acción «a1». Mire la lista de acciones."
    assert in_words(error) == "There is no action 'a1'. Look at the list of actions."
    assert str(error) == "There is no action 'a1'. See: kb actions list", "in a terminal"


def test_a_refusal_has_its_place_behind_it():
    error = RefusedError("Settling needs a reason.", where="kenya R3.d", do="Say why this and not the other.")
    with speaking("fr"):
        assert in_words(error) == "Trancher demande une raison. Dites pourquoi ceci et pas l’autre. (kenya R3.d)"


def test_a_message_that_was_kept_as_one_line_is_known_by_its_parts():
    kept = str(InputError("the PDF is damaged and cannot be opened", where="plan.pdf", do="Get the text again."))
    assert kept == "plan.pdf: the PDF is damaged and cannot be opened. Get the text again."
    with speaking("es"):
        assert translated(kept).startswith("plan.pdf: el PDF está dañado")
        assert translated(kept).endswith(". Consiga el texto de nuevo.")


def test_a_refusal_inside_another_is_shown_too():
    inner = "The assessment holds what this workspace does not know: There is no action 'a1'."
    with speaking("es"):
        assert translated(inner).endswith("no conoce: No hay ninguna acción «a1».")


def test_a_wrong_criterion_of_an_address_is_reported(root):
    with pytest.raises(NotFound) as refused:
        load_framework(root / "corpus" / "framework").criterion("R99.z")
    with speaking("es"):
        assert in_words(refused.value).startswith("no hay ningún criterio «R99.z» en el marco")
        assert in_words(refused.value).endswith("Los identificadores tienen la forma R3.d o D7.a.")


def test_a_file_of_the_data_is_refused_with_the_place_of_the_entry(tmp_path):
    (tmp_path / "framework.yaml").write_text("id: 3\n", encoding="utf-8")
    with pytest.raises(KBError) as refused:
        load_yaml(tmp_path / "framework.yaml", Framework)
    with speaking("fr"):
        words = in_words(refused.value)
    assert "ligne 1, " in words and words.endswith("Corrigez l’entrée et chargez-la de nouveau.")


def test_words_that_stand_where_there_is_no_value_do_not_hide_the_value(said):
    assert {"Policies are: none yet.", "Policies are: {policies}."} <= said
    with speaking("es"):
        assert translated("Policies are: kenya, chile.") == "Las políticas son: kenya, chile."


def test_what_is_not_known_stays_as_it_is():
    with speaking("fr"):
        assert translated("a thing of 3 bytes") == "a thing of 3 bytes"
        assert in_words(KBError("a thing", do="Do a thing.")) == "a thing. Do a thing."
    assert translated("") == ""


def test_words_that_a_person_gave_are_not_translated():
    with speaking("es"):
        assert "«Field of barley»" in translated("There is no policy 'Field of barley' in 'Plans for all'.")


def test_a_damaged_file_is_refused_in_spanish_with_its_name(tmp_path):
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.4\nnothing")
    with pytest.raises(InputError) as refused:
        read(tmp_path / "plan.pdf")
    with speaking("es"):
        words = in_words(refused.value)
    assert words.startswith("plan.pdf") and "PDF está dañado" in words and "Get the file" not in words
