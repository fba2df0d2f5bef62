"""One changed byte, or a missing second half, in every file under indexes/, workspace/ and corpus/: `kb doctor` names
it."""

from __future__ import annotations

import dataclasses
import random
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "workspace"))

import workspace_toys as toys
from building import toy_job
from click.testing import CliRunner
from workspace_toys import judged

from kb import whole_file
from kb.assessment import policies
from kb.build import health
from kb.build.job import build
from kb.cli.main import root as program
from kb.config import settings
from kb.errors import IndexError_
from kb.index import live, onnx_query
from kb.index.cache import VectorCache, problems
from kb.index.manifest import inputs_of
from kb.index.weights import sums
from kb.log import open_workspace
from kb.sources.keep import add_policy
from kb.workspace.condition import examine_workspace

FRAMEWORK = toys.framework()


@pytest.fixture(scope="module")
def home(tmp_path_factory, root):
    return made_home(tmp_path_factory.mktemp("home"), root)


def made_home(folder, root):
    """Create a home with a corpus, a library, two builds of them, an exported encoder, vectors and decisions."""
    shutil.copytree(root / "corpus", folder / "corpus")
    now = dataclasses.replace(
        settings(),
        home=folder,
        corpus=folder / "corpus",
        indexes=folder / "indexes",
        workspace=folder / "workspace",
        database_url=f"sqlite:///{folder / 'workspace/workspace.sqlite'}",
    )
    (folder / "act.txt").write_text("Pension Act\n\nArticle 1\n\nEvery resident is entitled to a basic pension.\n")
    add_policy(folder / "act.txt", now.library, country="KEN", title="Pension Act", date="2018", status="in-force")
    with open_workspace(now.database_url) as ws:
        policies.create_set(ws, "land", "Land", by="Ana")
        policies.add_policy(ws, "land", toys.document(), by="Ana", label="2018", standing="in-force", dated="2018")
        judged(ws, "R2.a", {"status": "partial", "rationale": "because"}, by="Ana", expected=0)
    for _ in range(2):
        job = toy_job(now.indexes)
        job.inputs = inputs_of(now.corpus, now.library)
        build(job)
    encoder = now.indexes / "models" / "toy-1"
    encoder.mkdir(parents=True)
    (encoder / "model.onnx").write_bytes(b"a model" * 100)
    (encoder / "tokenizer.json").write_bytes(b'{"a": "tokenizer"}')
    sums.write(encoder)
    return now


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Leave out the checks that read the corpus and the models of packages, which could only find more."""
    monkeypatch.setattr(health, "identities", lambda settings: ["toy@1"])
    for part in ("_corpus", "_models", "_extras"):
        monkeypatch.setattr(health, part, lambda *_: [])


def broken(now):
    return [
        f"{check.what}: {check.detail}"
        for check in (*health.examine(now), *examine_workspace(now))
        if check.status == "broken"
    ]


def flipped(path, place=None):
    data = path.read_bytes()
    place = len(data) // 2 if place is None else place
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def cut(path):
    return path.read_bytes()[: path.stat().st_size // 2]


@pytest.mark.parametrize("damage", [flipped, cut])
def test_every_damaged_file_is_named_by_doctor(home, damage):
    assert broken(home) == []
    files = [
        path
        for folder in (home.indexes, home.workspace, home.corpus)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.stat().st_size
    ]
    kinds = {path.relative_to(home.home).parts[0] for path in files}
    assert kinds == {"indexes", "workspace", "corpus"} and len(files) > 40
    unnamed, unlike = [], []
    for path in files:
        whole = path.read_bytes()
        path.write_bytes(damage(path))
        found = broken(home)
        path.write_bytes(whole)
        for tail in ("-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)
        name = str(path.relative_to(home.home))
        unnamed += [name] if not found else []
        told = " ".join(found)
        unlike += (
            [f"{name}: {told}"]
            if found and not any(part in told for part in (path.name, path.stem, path.parent.name))
            else []
        )
    assert (unnamed, unlike) == ([], [])
    assert broken(home) == []


@pytest.mark.parametrize("name", ["workspace/workspace.sqlite", "indexes/vectors.sqlite"])
def test_a_flipped_byte_anywhere_in_a_database_is_named_whether_it_holds_something_or_not(home, name):
    path = home.home / name
    whole, dice = path.read_bytes(), random.Random(name)
    empty = [place for place in range(len(whole)) if not whole[place]]
    places = [*range(0, 100, 4), *dice.sample(range(len(whole)), 15), *dice.sample(empty, 15)]  # 100: the header
    unnamed = []
    for place in places:
        path.write_bytes(flipped(path, place))
        found = broken(home)
        path.write_bytes(whole)
        for tail in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + tail).unlink(missing_ok=True)
        unnamed += [] if any(path.stem in words for words in found) else [place]
    assert unnamed == []
    assert broken(home) == []


@pytest.mark.parametrize("sealed", [True, False])
def test_a_library_record_changed_by_hand_is_named_as_altered(home, sealed):
    (path,) = (home.library / "policies").glob("*.record.json")
    whole = path.read_text()
    seal = next(line for line in whole.splitlines() if '"seal"' in line)
    path.write_text(whole.replace("in-force", "repealed").replace(seal, seal if sealed else '  "seal": ""'))
    found = [words for words in broken(home) if words.startswith("library:")]
    path.write_text(whole)
    assert len(found) == 1 and "altered outside" in found[0] and path.name in found[0]
    assert broken(home) == []


def test_every_flipped_byte_of_a_manifest_and_of_the_pointer_is_named(home):
    folder = live.current(home.indexes)
    for path in (
        folder / "manifest.sha256",
        home.indexes / "current",
        home.indexes / "models/toy-1/model.sha256",
        folder / "manifest.json",
    ):
        whole = path.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 150)):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with pytest.raises(IndexError_):
                live.open_index(home.indexes, home.corpus)
                onnx_query.prove(home.indexes / "models/toy-1")
        path.write_bytes(whole)


def test_build_names_the_vectors_that_were_damaged_and_computes_them_anew(home, tmp_path):
    indexes, said = tmp_path / "indexes", []
    shutil.copytree(home.indexes, indexes)
    cache = VectorCache(indexes / "vectors.sqlite")
    key, vector = cache._db.execute("select key, vector from vectors").fetchone()
    with cache._db:
        cache._db.execute("update vectors set vector = ? where key = ?", (bytes([vector[0] ^ 1]) + vector[1:], key))
    cache.close()
    build(toy_job(indexes, say=said.append))
    assert any("1 vector in vectors.sqlite did not fit the checksum" in line for line in said)
    again = VectorCache(indexes / "vectors.sqlite")
    mended = again._db.execute("select vector from vectors where key = ?", (key,)).fetchone()[0]
    again.close()
    assert np.array_equal(np.frombuffer(mended, np.float32), np.frombuffer(vector, np.float32))


def test_build_writes_the_file_of_vectors_anew_where_a_byte_that_holds_nothing_was_changed(home, tmp_path):
    indexes = tmp_path / "indexes"
    shutil.copytree(home.indexes, indexes)
    path = indexes / "vectors.sqlite"
    data = path.read_bytes()
    path.write_bytes(flipped(path, len(data) - 4096 + data[-4096:].index(bytes(64)) + 32))
    assert problems(path) == [
        "vectors.sqlite or vectors.sqlite.sha256 was changed since the file was closed, "
        "if only in bytes that hold nothing"
    ]
    build(toy_job(indexes))
    assert problems(path) == [] and whole_file.seal_of(path).exists()


READS = {
    "cite": ("commitments/crpd.yaml", ["cite", "CRPD art. 33(2)"]),
    "export": ("commitments/crpd.yaml", ["export", "commitments", "--preview", "1"]),
    "search": ("search/ranking.yaml", ["search", "older persons", "--mode", "lexical"]),
    "sources": ("sources.yaml", ["sources"]),
    "codebook": ("taxonomy/group.yaml", ["codebook", "check"]),
    "checks": ("bills.yaml", ["checks", "land"]),
    "propose": ("probes/R3.yaml", ["policies", "propose", "nowhere", "none"]),
    "assess": ("probes/R3.yaml", ["assess", "no-such-file.txt"]),
}


@pytest.mark.parametrize("case", READS)
def test_a_command_says_that_the_corpus_behind_it_was_changed(home, monkeypatch, case):
    for name, path in (("KB_CORPUS", home.corpus), ("KB_INDEXES", home.indexes), ("KB_WORKSPACE", home.workspace)):
        monkeypatch.setenv(name, str(path))
    name, ask = READS[case]
    assert "changed since" not in CliRunner().invoke(program, ask).stderr
    file = home.corpus / name
    whole = file.read_bytes()
    file.write_bytes(whole + b"# one more line\n")
    try:
        assert name in CliRunner().invoke(program, ask).stderr
    finally:
        file.write_bytes(whole)
