"""One list of formats: what the commands read, what the app takes and what the words of both name is the same."""

from __future__ import annotations

import re

import pytest

from kb.cli.read import command
from kb.errors import InputError
from kb.read.detect import detect
from kb.read.formats import MODULES, NAMES, SUFFIXES
from kb.ui.resources import UPLOADS

TEXTS = {
    "csv": "right,holder\nschool,child\n",
    "tsv": "right\tholder\nschool\tchild\n",
    "md": "Every child goes to school.\n",
    "markdown": "Every child goes to school.\n",
    "txt": "Every child goes to school.\n",
    "html": "<p>Every child</p><p>goes to school.</p>",
    "htm": "<p>Every child</p><p>goes to school.</p>",
    "xhtml": "<p>Every child</p><p>goes to school.</p>",
    "xml": "<akomaNtoso><act><body/></act></akomaNtoso>",
    "json": '{"text": "Every child goes to school."}',
    "eml": "From: a@example.org\nSubject: Schools\n\nEvery child goes to school.\n",
    "rtf": r"{\rtf1 Every child goes to school.}",
    "pdf": "%PDF-1.7\n",
}


def test_every_format_that_is_read_has_suffixes_and_a_name_and_no_other_has():
    assert set(SUFFIXES) == set(MODULES)
    named = [kind for _, kinds in NAMES for kind in kinds]
    assert sorted(named) == sorted(MODULES)
    suffixes = [suffix for each in SUFFIXES.values() for suffix in each]
    assert len(suffixes) == len(set(suffixes)) and all(each == each.lower().strip(".") for each in suffixes)


@pytest.mark.parametrize("suffix", TEXTS)
def test_a_file_with_a_suffix_of_a_format_is_of_this_format(tmp_path, suffix):
    file = tmp_path / f"a.{suffix}"
    file.write_text(TEXTS[suffix], encoding="utf-8")
    assert suffix in SUFFIXES[detect(file)]


def test_the_app_takes_every_format_that_is_read():
    assert set(UPLOADS) == {suffix for each in SUFFIXES.values() for suffix in each}


def test_the_words_of_the_command_the_guide_and_the_refusal_name_every_format(root, tmp_path):
    image = tmp_path / "a.png"
    image.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(InputError) as refused:
        detect(image)
    guide = (root / "docs" / "assess.md").read_text(encoding="utf-8")
    paragraph = next(one for one in guide.split("\n\n") if one.startswith("PDF, Word"))
    for text in (command.help or "", paragraph, refused.value.do):
        words = " ".join(text.split())
        assert not [name for name, _ in NAMES if not re.search(rf"\b{re.escape(name)}\b", words)], words
