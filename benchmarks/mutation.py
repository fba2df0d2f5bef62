"""Change the program at random, one place at a time, and check that the tests of the module fail: a seeded sample.

    python benchmarks/mutation.py [--sample 60] [--seed 1] [--only WORD]

Changes: comparisons, and/or, not, plus/minus, numbers, words, True/False, and returned values. Each is tested in a
copy, with the mirror tests of its module. Prints killed and survived for each module, and each survivor. Some survivors
change nothing that can be observed; the figure is of a sample. `benchmarks/mutants.py` uses faults that were chosen by
hand. This is our own code of about a hundred lines: a parser and a loop over few modules. No mutation library was
compared with it.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutants import COPIED, ROOT

EXPORT = [
    f"tests/export/test_export_{name}.py"
    for name in ("escaping", "exact", "formats", "promises", "wording", "readers", "book")
]
MIRRORS = {
    "kb/search/fusion.py": ["tests/search/test_search_fusion.py"],
    "kb/search/constraint.py": ["tests/search/test_search_constraint.py"],
    "kb/search/query.py": ["tests/search/test_search_query.py"],
    "kb/search/reorder.py": ["tests/search/test_search_reorder.py"],
    "kb/ids.py": ["tests/test_ids.py"],
    "kb/assessment/rules.py": [
        "tests/assessment/test_assessment_findings.py",
        "tests/assessment/test_assessment_promises.py",
    ],
    "kb/sources/verify.py": ["tests/sources/test_sources_verify.py"],
    "kb/export/html_.py": EXPORT,
    "kb/export/bibliography.py": EXPORT,
    "kb/export/csv_.py": EXPORT,
}
SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
SECONDS = 90  # a changed loop may never end; the slowest mirror takes a third of it on a busy machine


def changes(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, description of the change, changed source) for each place of `source` that can be changed."""
    tree, lines = ast.parse(source), source.encode().splitlines(keepends=True)
    starts = [sum(map(len, lines[:n])) for n in range(len(lines))]
    for node in _nodes(tree):
        new = _changed(node)
        if new is not None:
            begin, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
            old, data = source.encode()[begin:end], source.encode()
            put = new if isinstance(node, ast.Return) else f"({new})"
            yield node.lineno, f"{old.decode()[:60]} -> {put[:60]}", (data[:begin] + put.encode() + data[end:]).decode()


def _nodes(tree: ast.AST) -> Iterator:
    """Yield the nodes in order, without docstrings, annotations, imports and the parts of f-strings."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for node in value if isinstance(value, list) else [value]:
            is_words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if (
                isinstance(node, ast.AST)
                and not is_words
                and not isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr))
            ):
                yield node
                yield from _nodes(node)


def _changed(node: ast.AST) -> str | None:
    """Return the node's source after the change; None if this kind of node is not changed."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return ast.unparse(ast.Compare(node.left, [SWAPS[type(node.ops[0])]()], node.comparators))
    if isinstance(node, ast.BoolOp):
        return ast.unparse(ast.BoolOp(SWAPS[type(node.op)](), node.values))
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
        return ast.unparse(ast.BinOp(node.left, SWAPS[type(node.op)](), node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ast.unparse(node.operand)
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        return "return None"
    return None


def _constant(value: object) -> str | None:
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, (int, float)):
        return repr(value + 1)
    return repr("XX" + value) if isinstance(value, str) else None


def passes(folder: Path, tests: list[str]) -> bool | None:
    """Return whether `tests` pass on the copy in `folder`. They run in a forked process, which has already loaded the
    large libraries.

    None if they take too long: an endless loop is no proof that a test noticed the change.
    """
    child = os.fork()
    if not child:
        code = 70
        try:
            signal.alarm(SECONDS)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            os.chdir(folder)
            sys.path[:0] = [str(folder)]
            import pytest

            code = pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-m", "not slow", "-k", "not postgresql", *tests])
        finally:
            os._exit(int(code))
    status = os.waitpid(child, 0)[1]
    return None if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM else status == 0


def main() -> None:
    """Test the sample and print the table of killed and survived changes."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sample", type=int, default=60)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", default="", help="modules whose path holds this word")
    given = options.parse_args()
    import numpy  # noqa: F401 - loaded once, before the forks
    import pytest  # noqa: F401
    import sqlalchemy  # noqa: F401

    sys.dont_write_bytecode = True
    places = [
        (file, *one)
        for file in MIRRORS
        if given.only in file
        for one in changes((ROOT / file).read_text(encoding="utf-8"))
    ]
    sample = random.Random(given.seed).sample(places, min(given.sample, len(places)))
    counts: dict[str, Counter] = {file: Counter() for file in MIRRORS if given.only in file}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "copy"
        folder.mkdir()
        for part in COPIED:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / part, folder / part)
        for file in counts:
            if not passes(folder, MIRRORS[file]):
                raise SystemExit(f"the tests of {file} fail before anything is changed")
        for file, line, what, changed in sample:
            whole = (folder / file).read_text(encoding="utf-8")
            (folder / file).write_text(changed, encoding="utf-8")
            end = {True: "survived", False: "killed", None: "too slow"}[passes(folder, MIRRORS[file])]
            (folder / file).write_text(whole, encoding="utf-8")
            counts[file][end] += 1
            if end != "killed":
                print(f"{end}  {file}:{line}  {what}", flush=True)
    for file, count in counts.items():
        print(f"{file:28} killed {count['killed']:3}, survived {count['survived']:3}, too slow {count['too slow']:3}")
    killed = sum(count["killed"] for count in counts.values())
    print(f"killed {killed} of {len(sample)}: a sample, of {len(places)} places, seed {given.seed}")


if __name__ == "__main__":
    main()
