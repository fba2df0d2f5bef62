"""A build step runs again if a file that it reads has changed, and for no other file."""

import json
import subprocess
import sys

import pytest

from kb.build import inputs as made_from
from kb.build.inputs import FILES, made_of
from kb.index.manifest import inputs_of

WATCH = """
import json, os, sys
opened, corpus = set(), os.path.realpath(sys.argv[1]) + os.sep

def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        path = os.path.realpath(os.fspath(arguments[0]))
        if path.startswith(corpus):
            opened.add(path[len(corpus):].replace(os.sep, "/"))

from kb.build import pipeline
from kb.config import settings
from kb.index.expansions import compile_expansions
from kb.index.names import compile_names
from kb.citing.promises import Promises
from kb.index import subjects
from kb.tagging.taxonomy import load

sys.addaudithook(watch)
now = settings()
documents = list(pipeline.all_documents(now))
taxonomy = load(now.corpus / "taxonomy")
compile_expansions(taxonomy), compile_names(taxonomy), Promises.of_corpus(now.corpus)
subjects.load_subjects(now.corpus), pipeline.identities(now)
print(json.dumps([len(documents), sorted(opened)]))
"""


@pytest.fixture(scope="module")
def corpus_inputs(root, tmp_path_factory):
    return inputs_of(root / "corpus", tmp_path_factory.mktemp("no") / "library")


def test_a_build_opens_no_file_of_the_corpus_that_its_steps_do_not_name(root, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(root / "corpus")],
        cwd=root, capture_output=True, text=True, check=True,
        env={"PATH": "", "HOME": str(tmp_path), "KB_CORPUS": str(root / "corpus"), "KB_WORKSPACE": str(tmp_path)},
    )  # fmt: skip
    documents, opened = json.loads(done.stdout)
    named = tuple(beginning for files in FILES.values() for beginning in files)
    assert documents >= 6 and {"sources.yaml", "taxonomy/group.yaml", "search/asked.yaml"} <= set(opened)
    assert [name for name in opened if not name.startswith(named)] == []


@pytest.mark.parametrize("name", ["app.yaml", "search/ranking.yaml", "probes/R1.yaml", "cues/en.yaml", "codes.yaml"])
def test_a_file_that_only_a_question_or_a_page_reads_makes_nothing_anew(corpus_inputs, name):
    changed = {**corpus_inputs, name: "other"}
    assert name in corpus_inputs and made_of(changed, ["m@1"], {}) == made_of(corpus_inputs, ["m@1"], {})


@pytest.mark.parametrize(
    "name", ["sources.yaml", "commitments/crpd.yaml", "taxonomy/group.yaml", "search/subjects.yaml", "models.yaml"]
)
def test_a_file_that_a_step_reads_makes_something_anew(corpus_inputs, name):
    changed = {**corpus_inputs, name: "other"}
    assert name in corpus_inputs and made_of(changed, ["m@1"], {}) != made_of(corpus_inputs, ["m@1"], {})
    assert made_of({**corpus_inputs, "library/policies/new.pdf": "1"}, ["m@1"], {}) != made_of(
        corpus_inputs, ["m@1"], {}
    )


def test_another_model_package_or_code_makes_something_anew(corpus_inputs, monkeypatch):
    before = made_of(corpus_inputs, ["m@1"], {"faiss-cpu": "1"})
    assert before != made_of(corpus_inputs, ["m@2"], {"faiss-cpu": "1"})
    assert before != made_of(corpus_inputs, ["m@1"], {"faiss-cpu": "2"})
    monkeypatch.setattr(made_from, "code_of", lambda step: f"other code of {step}")
    assert before != made_of(corpus_inputs, ["m@1"], {"faiss-cpu": "1"})
