"""Damaged and foreign files: every importer names the file, ends with its own exit code instead of a fault of the
program, and imports nothing."""

from __future__ import annotations

import io
import json
import os
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from kb_commands import program, ran
from test_cli_research import document
from toy_bench import use_toy_index

from kb.errors import KBError

BY = ("--by", "A. Officer")
ACT = "Pension Act\n\nArticle 1\n\nEvery resident is entitled to a basic pension from the age of sixty-five.\n"


@pytest.fixture
def kb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> Callable[..., str]:
    """Return a function that runs a command in its own workspace over a toy index and raises its error."""
    monkeypatch.setenv("KB_HOME", str(root))
    monkeypatch.setenv("KB_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("KB_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    use_toy_index(monkeypatch, document())

    return ran


def samples(kb: Callable[..., str], folder: Path) -> dict[str, tuple[Path, tuple[object, ...]]]:
    """Return name to (a valid file, the command that imports it), for each importer."""
    (folder / "act.txt").write_text(ACT, encoding="utf-8")
    kb("policies", "create", "land", "Land", "--country", "KEN", *BY)
    kb("policies", "add", "land", folder / "act.txt", "--id", "act", "--standing", "in-force", "--date", "2018", *BY)
    kb("backup", folder / "good.zip")
    (folder / "proof.zip").write_bytes((folder / "good.zip").read_bytes())
    kb("assessment", "export", "land", folder / "good.json")
    kb("codes", "add", "toy/p0", "group:older-persons", "--by", "A. Coder", "--span", "0-5")
    made: dict[str, tuple[Path, tuple[object, ...]]] = {
        "backup": (folder / "good.zip", ("restore", "{file}", "--force")),
        "backup as proof": (folder / "proof.zip", ("findings", "prove", "--against", "{file}")),
        "assessment": (folder / "good.json", ("assessment", "import", "{file}", "--as", "copy", *BY)),
    }
    for name, suffix in (("qdpx", ".qdpx"), ("csv", ".csv"), ("jsonl", ".jsonl"), ("web-annotation", ".jsonld")):
        file = folder / f"codes{suffix}"
        kb("export", "codes", "--format", name, "--out", file)
        made[f"codes {name}"] = (file, ("codes", "import", "{file}"))
    from kb.cli.codebook import _here
    from kb.coding.codebook import save

    book = _here()
    save(
        book.model_copy(update={"codes": tuple(code for code in book.codes if code.parent is None)[:4]}),
        folder / "small.yaml",
    )
    for name, suffix in (
        ("qdc", ".qdc"),
        ("csv", ".csv"),
        ("turtle", ".ttl"),
        ("jsonld", ".jsonld"),
        ("yaml", ".yaml"),
    ):
        file = folder / f"book{suffix}"
        kb("codebook", "export", "--from", folder / "small.yaml", "--format", name, "--out", file)
        made[f"codebook {name}"] = (file, ("codebook", "check", "{file}"))
    return made


def damages(good: bytes, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the file cut, changed, emptied, replaced by another kind, and nested without end."""
    yield "empty", b""
    yield "a byte", b"\x00"
    yield "noise", dice.randbytes(2000)
    yield "cut in half", good[: len(good) // 2]
    yield "last byte lost", good[:-1]
    yield "first byte lost", good[1:]
    yield "twice", good + good
    yield "UTF-16", good.decode("utf-8", "replace").encode("utf-16")
    yield "zeros inside", good[: len(good) // 3] + bytes(64) + good[len(good) // 3 + 64 :]
    for text in (
        "null",
        "[]",
        "{}",
        "5",
        '"x"',
        "[[]]",
        '[{"a": 1}]',
        "[" * 100_000,
        '{"a":' * 50_000,
        "<a/>",
        "<a>" * 50_000,
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "a: &x [*x, *x]",
        "- " * 20_000,
        "\ufeff",
        "9" * 5000,
        'id,label\n"',
        "Infinity",
        '{"format": null, "events": 1}',
    ):
        yield f"text {text[:12]!r}", text.encode()
    for place in dice.sample(range(len(good)), min(30, len(good))):
        yield (
            f"byte {place} flipped",
            good[:place] + bytes([good[place] ^ (1 << dice.randrange(8))]) + good[place + 1 :],
        )
    yield from _zips(good, dice)
    yield from _values(good)


def _values(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield JSON with the right keys and values of wrong types, one after the other."""
    try:
        whole = json.loads(good)
    except ValueError:
        return
    if isinstance(whole, dict):
        for key in whole:
            for wrong in (None, 5, "x", [], {}, [None], {"a": None}):
                yield f"{key} is {wrong!r}", json.dumps({**whole, key: wrong}).encode()


def _zips(good: bytes, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield archives without a member, with an empty or random one, with names that leave the folder, and packed or
    encrypted in other ways."""
    if not good.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name in members:
        yield f"without {name}", _zip({each: body for each, body in members.items() if each != name})
        yield f"{name} empty", _zip({**members, name: b""})
        yield f"{name} noise", _zip({**members, name: dice.randbytes(500)})
        yield f"{name} null", _zip({**members, name: b"null"})
    yield "a member that climbs", _zip({**members, "../outside": b"x", "/outside": b"x", "library/../../outside": b"x"})
    yield (
        "unknown packing",
        re.sub(rb"(PK\x03\x04.{4}|PK\x01\x02.{6}).{2}", lambda found: found[1] + b"\x63\x00", good, flags=re.DOTALL),
    )
    yield (
        "locked",
        re.sub(rb"(PK\x03\x04.{2}|PK\x01\x02.{4}).{2}", lambda found: found[1] + b"\x01\x00", good, flags=re.DOTALL),
    )


def _zip(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return made.getvalue()


IMPORTERS = [
    "backup",
    "backup as proof",
    "assessment",
    "codes qdpx",
    "codes csv",
    "codes jsonl",
    "codes web-annotation",
    "codebook qdc",
    "codebook csv",
    "codebook turtle",
    "codebook jsonld",
    "codebook yaml",
]


@pytest.mark.parametrize("importer", IMPORTERS)
def test_a_damaged_file_is_never_a_fault_of_the_program(kb: Callable[..., str], tmp_path: Path, importer: str) -> None:
    file, command = samples(kb, tmp_path)[importer]
    good, dice = file.read_bytes(), random.Random(importer)
    faults = []
    for name, content in damages(good, dice):
        file.write_bytes(content)
        try:
            kb(*(str(file) if part == "{file}" else part for part in command))
        except KBError as error:
            if error.exit_code not in (2, 3, 5, 6, 7):
                faults.append(f"{name}: {error!r}")
        except Exception as error:
            faults.append(f"{name}: {type(error).__name__}: {str(error)[:100]}")
        assert not (tmp_path.parent / "outside").exists()
    assert faults == []


DOORS = [
    ("read", "{file}"),
    ("add", "{file}", "--as", "crpd"),
    ("add", "{file}"),
    ("assess", "{file}"),
    ("policies", "add", "land", "{file}", *BY),
    ("restore", "{file}", "--force"),
    ("assessment", "import", "{file}", "--as", "copy", *BY),
    ("findings", "prove", "--against", "{file}"),
    ("findings", "anchor", "--key", "{file}"),
    ("codes", "import", "{file}"),
    ("codes", "merge", "{file}", "--by", "A. Lead"),
    ("codebook", "check", "{file}"),
    ("codebook", "export", "--from", "{file}", "--format", "csv", "--out", "book.csv"),
    ("search", "--queries", "{file}"),
    ("learn", "import", "{file}"),
    ("reproduce", "{file}"),
    ("method", "--eval", "{file}"),
    ("report", "assessment", "land", "--template", "{file}", "--out", "r.docx"),
]
"""Every command that reads a file that a person names."""


@pytest.mark.parametrize("command", DOORS, ids=lambda command: " ".join(map(str, command[:2])))
def test_every_door_for_a_file_says_what_a_pipe_or_a_folder_is_and_waits_for_nobody(kb, tmp_path, command):
    kb("policies", "create", "land", "Land", "--country", "KEN", *BY)
    pipe, folder, ending = (
        tmp_path / "words",
        tmp_path / "texts",
        {"codes": ".qdpx", "codebook": ".yaml", "reproduce": ".docx"},
    )
    pipe = pipe.with_suffix(ending.get(command[0], ".txt"))
    os.mkfifo(pipe)
    folder.mkdir()
    for path, said in (
        (pipe, "pipe"),
        (folder, "folder|is a directory"),
        (tmp_path / f"none{pipe.suffix}", "[Nn]o such file|does not exist|[Tt]here is no file"),
    ):
        result = CliRunner().invoke(program, [str(each).replace("{file}", str(path)) for each in command])
        told = f"{result.output} {result.exception}"
        assert re.search(said, told), (command, told)
        assert (
            result.exit_code in (2, 6) or isinstance(result.exception, KBError) and result.exception.exit_code in (2, 6)
        )
    assert pipe.is_fifo() and not any((tmp_path / "workspace").rglob("library/*/*"))
