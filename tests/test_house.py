"""The house rules that a program can check: the direction of imports, the size of modules and functions, a docstring
for everything public."""

import ast
import hashlib
import itertools
import re
import subprocess
import sys
import tomllib
from functools import cache
from http import HTTPStatus
from pathlib import Path

import pytest
from vulture import Vulture

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MODULE, LONGEST_FUNCTION = 400, 60


def tracked():
    """Return the files under version control; skips the test without a repository."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def functions(tree):
    """Yield (function, class) of every function of a module ('' for no class), without functions inside functions."""
    for node in tree.body:
        for inner, owner in [(node, "")] + [
            (i, node.name) for i in getattr(node, "body", []) if isinstance(node, ast.ClassDef)
        ]:
            if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                yield inner, owner


def is_public(function, owner):
    return not function.name.startswith("_") and not owner.startswith("_")


@pytest.mark.slow
def test_imports_run_down_the_house():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_module_is_documented_and_short_enough(modules):
    assert [name for name, (text, _) in modules.items() if len(text.splitlines()) >= LONGEST_MODULE] == []
    silent = [name for name, (text, tree) in modules.items() if text.strip() and not ast.get_docstring(tree)]
    assert silent == [], "the module says nothing of itself"


def test_functions_are_short_enough(modules):
    lengths = {f"{name}: {f.name}": f.end_lineno - f.lineno + 1 for name, f, _ in all_functions(modules)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
    assert sorted(lengths.values())[len(lengths) // 2] < 12, "the middle one is longer than it was"


def all_functions(modules):
    """Yield (module, function, class) of every function of the program."""
    return [(name, f, owner) for name, (_, tree) in modules.items() for f, owner in functions(tree)]


def test_public_functions_have_a_docstring(modules):
    public = [(name, f) for name, f, owner in all_functions(modules) if is_public(f, owner)]
    silent = [f"{name}: {f.name}" for name, f in public if not ast.get_docstring(f) and not _is_protocol_part(f)]
    assert silent == [], "without a docstring"


def test_every_argument_and_result_has_a_type(modules):
    untyped = []
    for name, (_, tree) in modules.items():
        for f in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
            every = [*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs, f.args.vararg, f.args.kwarg]
            untyped += [f"{name}: {f.name}({a.arg})" for a in every if a and not a.annotation and a.arg not in BOUND]
            untyped += [] if f.returns else [f"{name}: {f.name}, its result"]
    assert untyped == [], "without a type"


BOUND = ("self", "cls")


def _is_protocol_part(function):
    """Return whether a method overrides one whose base describes it (`typing.override`, property setters)."""
    return any(ast.unparse(d).endswith((".setter", "override", "overload")) for d in function.decorator_list)


MACHINE = re.compile(r"(?<![\w.])/(?:work|home/\w+|root|Users/\w+|mnt|tmp/\w+)/|[A-Z]:\\\\Users")


def test_no_machine_paths_anywhere():
    paper = ROOT / "corpus" / "background-paper"
    texts = [p for p in tracked() if p != Path(__file__).resolve() and paper not in p.parents]
    found = [
        f"{p.relative_to(ROOT)}: {m[0]}"
        for p in texts
        for m in [MACHINE.search(p.read_bytes().decode("utf-8", "ignore"))]
        if m
    ]
    assert found == []


def test_every_file_has_a_name_that_a_person_gave_it():
    odd = [str(p.relative_to(ROOT)) for p in tracked() if not re.fullmatch(r"[\w.][\w.-]*", p.name)]
    assert odd == [], "left by a program: an output without a name, a copy"


def test_nothing_of_the_shared_data_is_committed(shared):
    theirs = {}
    for path in (p for p in (shared / "data").rglob("*") if p.is_file() and p.stat().st_size > 200):
        theirs.setdefault(path.stat().st_size, []).append(path)
    copies = [
        str(p.relative_to(ROOT))
        for p in tracked()
        for other in theirs.get(p.stat().st_size, [])
        if _digest(p) == _digest(other)
    ]
    assert copies == []


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_yaml_and_index_that_is_built_stays_out_of_version_control():
    inside = [str(p.relative_to(ROOT)) for p in tracked()]
    assert [
        name for name in inside if name.startswith(("indexes/", "workspace/")) and not name.endswith("README.md")
    ] == []


def test_what_is_pinned_is_in_the_lock_that_make_installs_from():
    lock = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.lock").read_text(encoding="utf-8"), re.MULTILINE))
    lock = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in lock.items()}
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(line for lines in project["optional-dependencies"].values() for line in lines)]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0]).lower() for line in asked} - {project["name"]}
    assert names - set(lock) == set(), "run make lock"
    pins = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins.items()}
    assert {n: v for n, v in pins.items() if lock.get(n, v) != v} == {}, "run make lock"


def test_types_are_checked_in_every_module():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert tool["packages"] == ["kb"] and "exclude" not in tool
    assert [part for part in tool.get("overrides", []) if part.get("ignore_errors")] == [], "mend the types"
    assert "-m mypy" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_number_has_its_reason_beside_it(modules):
    """Checks each module constant that is a number other than 0, 1 and 2: a comment on its line or above, or a
    docstring below."""
    found = {name: bare for name, (text, tree) in modules.items() if (bare := without_reason(text, tree.body))}
    assert found == {}, "without a reason"


def without_reason(text, body):
    """Return the lines of a module that name a number without a comment or docstring."""
    lines, bare = text.splitlines(), []
    for node, after in itertools.zip_longest(body, body[1:]):
        value = getattr(node, "value", None) if isinstance(node, ast.Assign | ast.AnnAssign) else None
        numbers = [n.value for n in ast.walk(value) if isinstance(n, ast.Constant)] if value is not None else []
        is_number = isinstance(value, ast.Constant | ast.BinOp | ast.UnaryOp) and all(
            isinstance(n, int | float) and not isinstance(n, bool) for n in numbers
        )
        below = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        beside = "#" in lines[node.lineno - 1] or lines[node.lineno - 2].startswith("#")
        if is_number and set(numbers) - {0, 1, 2} and not below and not beside:
            bare.append(lines[node.lineno - 1])
    return bare


PLAIN = {0, 1, 2, 3, 7, 8, 10, 12, 16, 24, 31, 60, 100, 127, 128, 255, 256, 365, 1000, 1024, 3600, 10**6, 10**9, 0.5}
"""Numbers that say what they are: counts of a few, bits and bytes, months and seconds, thousands, halves; and all that
only keeps a division from zero (a millionth and less)."""
OF_A_STANDARD = {
    **dict.fromkeys(["kb/http/app.py", "kb/http/guard.py", "kb/http/models.py"], lambda n: n in set(HTTPStatus)),
    **dict.fromkeys(["kb/sources/fetch.py", "kb/sources/headers.py"], lambda n: n in set(HTTPStatus)),
    "kb/errors.py": lambda n: n < 128,  # exit codes of a program
    "kb/index/weights/bert.py": lambda n: n == 15,  # the format of the weights: four bits each
    "kb/index/weights/graph.py": lambda n: n in (4, 15),
    "kb/index/weights/pieces.py": lambda n: isinstance(n, int),  # characters of Unicode, and places in the model's file
    "kb/log/tables.py": lambda n: n in (32, 40, 64, 200),  # characters of a column
    "kb/read/colours.py": lambda n: True,  # the matrices and white points of CSS Color 4
    "kb/read/counting.py": lambda n: isinstance(n, int),  # values of Roman and Latin letters
    "kb/read/formats/css_selectors.py": lambda n: n == sys.maxunicode + 1,
    "kb/read/layout/turning.py": lambda n: n in (90, 180, 270),  # degrees of a turned page, as PDF has them
    "kb/read/symbols.py": lambda n: isinstance(n, int),  # codes of characters in symbol fonts
}
"""Modules that hold a table which a standard or a file's format defines, and which of their numbers that excuses."""
SAID_BY_THEIR_CALL = {"Field", "FloatRange", "IntRange", "chr", "columns", "date", "divmod", "group", "option", "round"}
"""Calls whose numbers are described beside them, count figures, or part a screen."""


def test_a_number_in_a_function_has_its_reason_too(modules):
    """A comment in its statement or above it, or the docstring of its function: unit, why, and where it was measured or
    that it was chosen by eye. No complete module is exempt, except a table of an external standard."""
    frozen = "kb/log/migrations/"  # a step of the schema stays as it was written
    bare = {
        name: found
        for name, (text, tree) in modules.items()
        if not name.startswith(frozen) and (found := numbers_without_reason(text, tree, OF_A_STANDARD.get(name)))
    }
    assert bare == {}, "without a reason"
    unsaid = [name for name in OF_A_STANDARD if "\nNumbers: " not in (ast.get_docstring(modules[name][1]) or "")]
    assert unsaid == [], "which standard, is said in the docstring"


def numbers_without_reason(text, tree, standard=None):
    """Return (line, number) of each number of a module without a comment, a docstring or a standard that explains
    it."""
    lines = text.splitlines()
    wanted = ((node, above) for node, above in _numbers(tree) if not (standard and standard(node.value)))
    return sorted({(node.lineno, node.value) for node, above in wanted if not _has_reason(node, above, lines)})


def _numbers(tree):
    """Yield each number that needs a reason, with the nodes around it, outermost first."""
    waiting = [(tree, ())]
    while waiting:
        node, above = waiting.pop()
        is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if is_number and node.value not in PLAIN and abs(node.value) > 1e-6:
            yield node, above
        for child in ast.iter_child_nodes(node):
            in_index = isinstance(node, ast.Subscript) and child is node.slice
            in_call = isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in SAID_BY_THEIR_CALL
            if not (in_index or in_call):
                waiting.append((child, (*above, node)))


def _has_reason(node, above, lines):
    """Return whether a comment or docstring explains a number: see `test_a_number_in_a_function_has_its_reason_too`."""
    statement = next(each for each in reversed(above) if isinstance(each, ast.stmt))
    is_block = hasattr(statement, "body")
    first, last = (node.lineno, node.lineno) if is_block else (statement.lineno, statement.end_lineno)
    beside = any("#" in line for line in lines[first - 1 : last])
    over = first > 1 and lines[first - 2].lstrip().startswith("#")
    below = last < len(lines) and lines[last].lstrip().startswith('"""')
    function = next((e for e in reversed(above) if isinstance(e, ast.FunctionDef | ast.AsyncFunctionDef)), None)
    told = (ast.get_docstring(function) or "") if function else ""
    written = {str(node.value), f"{node.value:,}", f"{node.value:.0%}"}
    return beside or over or below or any(each in told for each in written)


def test_the_rules_see_what_breaks_them():
    text = "LIMIT = 17\nBESIDE = 5  # five fingers\n\n\ndef said(a): ...\n"
    tree = ast.parse(text)
    assert without_reason(text, tree.body) == ["LIMIT = 17"]
    within = "def near(a):\n    if a < 17:  # fingers\n        return a * 0.3\n    # by eye\n    return a * 0.4\n"
    assert numbers_without_reason(within, ast.parse(within)) == [(3, 0.3)]
    whole = '"""Shares.\n\nNumbers: chosen by eye.\n"""\n\n\ndef near(a):\n    return a * 0.3\n'
    assert numbers_without_reason(whole, ast.parse(whole)) == [(8, 0.3)], "a paragraph over a module excuses nothing"
    assert numbers_without_reason(whole, ast.parse(whole), lambda n: n == 0.3) == []
    assert [(f.name, owner) for _, f, owner in all_functions({"toy.py": (text, tree)})] == [("said", "")]
    with pytest.raises(AssertionError, match=r"toy\.py: said"):
        test_public_functions_have_a_docstring({"toy.py": (text, tree)})
    with pytest.raises(AssertionError, match=r"toy\.py: said\(a\)"):
        test_every_argument_and_result_has_a_type({"toy.py": (text, tree)})
    with pytest.raises(AssertionError, match=r"toy\.py"):
        test_a_module_is_documented_and_short_enough({"toy.py": (text, tree)})


ROOMS_WITHOUT_ANY = (
    "api assess assessment build citing cli coding commitments engine evaluation export http i18n index jobs learning log "
    "mcp plan read report search sources structure tagging ui warm workspace"
)


@pytest.mark.parametrize("room", ROOMS_WITHOUT_ANY.split())
def test_nothing_in_these_rooms_is_of_any_type(modules, room):
    """Inside them too: the content of a search, a log of decisions and an assessment has exact types. Where a library
    itself accepts anything, a comment on the line says so."""
    found = [
        f"{name}:{node.lineno}"
        for name, (text, tree) in modules.items()
        if name.startswith(f"kb/{room}/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "Any" and "#" not in text.splitlines()[node.lineno - 1]
    ]
    assert found == []


def test_the_doors_between_rooms_say_what_they_take_and_give(modules):
    """A name that one room imports from another (a door) has no `Any` in its parameters and results, its fields and
    public methods. (`object` is for values of truly any type; a mapping read from JSON is a `Mapping[str, object]`.)"""
    trees = {module_name(name): tree for name, (_, tree) in modules.items()}
    doors = doors_between(trees)
    assert len(doors) > 500, "the rule sees the doors"
    assert [f"{module}: {name}" for module, name in sorted(doors) if has_any(trees[module], name)] == []


def module_name(path):
    """Return the module name of a path: 'kb/log/store.py' gives 'kb.log.store'."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def doors_between(trees):
    """Return (module, name) of each function, class or constant that a module of another room imports; the module is
    the one that defines it."""
    room = lambda module: module.split(".")[1] if "." in module else module
    found = set()
    for module, tree in trees.items():
        inside, alias = lambda other, here=module: room(other) == room(here), {}
        for node in ast.walk(tree):
            for name in node.names if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kb") else ():
                if f"{node.module}.{name.name}" in trees:
                    alias[name.asname or name.name] = f"{node.module}.{name.name}"
                elif made := origin(trees, node.module, name.name):
                    found |= set() if inside(made[0]) else {made}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in alias:
                made = origin(trees, alias[node.value.id], node.attr)
                found |= {made} if made and not inside(made[0]) else set()
    return found


def origin(trees, module, name):
    """Return the module that defines a name which `module` offers, following re-exports; None if it is not ours."""
    seen = set()
    while module in trees and (module, name) not in seen:
        seen.add((module, name))
        handed = imported_by(trees[module]).get(name)
        if handed is None or handed[0] == module:
            return module, name
        module, name = handed
    return None


@cache
def imported_by(tree):
    """Return name in a module to (module, name) that it was imported from."""
    return {
        each.asname or each.name: (node.module, each.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }


def has_any(tree, name):
    """Return whether `Any` is in the types of what a module's `name` takes, returns or holds."""
    return any(
        isinstance(part, ast.Name) and part.id == "Any"
        for node in tree.body
        for told in _told_by(node, name)
        for part in ast.walk(told)
    )


def _told_by(node, name):
    """Return the annotations that a user of an imported name sees: of a function, of a class's fields and public
    methods, of a constant."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        yield from (a.annotation for a in arguments if a is not None and a.annotation is not None)
        yield from [node.returns] if node.returns else []
    elif isinstance(node, ast.ClassDef) and node.name == name:
        for part in node.body:
            own = getattr(part, "name", None) or ast.unparse(getattr(part, "target", ast.Name("_")))
            if not own.startswith("_") or own in ("__init__", "__call__"):
                yield from _told_by(part, own)
    elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name:
        yield node.annotation
    elif isinstance(node, ast.Assign) and name in map(ast.unparse, node.targets):
        yield node.value


@pytest.mark.slow
def test_every_dependency_is_imported_and_every_import_is_a_dependency():
    deptry = [sys.executable, "-m", "deptry", ".", "--no-ansi"]
    done = subprocess.run(deptry, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "-m deptry" in (ROOT / "Makefile").read_text(encoding="utf-8")


CALLED_BY_NAME = {
    "__getattr__": "Python, where a module lacks a name",
    "_recital": "kb.structure.treaty_reader, by the kind of a token",
    "downgrade": "Alembic",
    "format_commands": "click, to print the help of a group",
    "on_files": "mkdocs",
    "read_annotations": "IMPORTS of kb.export",
    "read_jsonl": "IMPORTS of kb.export",
    "read_qdpx": "IMPORTS of kb.export",
}
CALLED_BY_THEIR_DECORATOR = [
    "@*validator*",
    "@*command*",
    "@*serializer*",
    "@check*",
    "@*.tool*",
    "@*.get*",
    "@*.head*",
]


@pytest.mark.slow
def test_every_function_is_called_by_the_program():
    """Not only by its tests: a function that no command, page, benchmark or other function reaches is offered publicly
    or removed."""
    found = Vulture(ignore_decorators=CALLED_BY_THEIR_DECORATOR)
    found.scavenge([str(ROOT / name) for name in ("kb", "app.py", ".ci", "benchmarks", "docs/hooks.py")])
    unused = [each for each in found.get_unused_code() if each.typ in ("function", "method", "property", "class")]
    assert [f"{each.filename}: {each.name}" for each in unused if each.name not in CALLED_BY_NAME] == []
    assert set(CALLED_BY_NAME) == {each.name for each in unused}, "no longer needed in the list"


def test_a_python_process_imports_nothing_from_the_folder_where_one_works(modules):
    """`-P`: a person's file json.py beside the documents is no module of the program."""
    starts = [
        (name, source[at:][:60])
        for name, (source, _) in modules.items()
        for at in (found.start() for found in re.finditer(r"\[\s*sys\.executable,", source))
    ]
    assert len(starts) >= 8
    assert [(name, text) for name, text in starts if not re.match(r'\[\s*sys\.executable,\s*"-P"', text)] == []


LOADED_BY_NAME = {
    "kb/export/": {"write", "describe", "write_bibtex", "write_csl", "write_ris"},
    "kb/export/importing": {"read_annotations", "read_csv", "read_jsonl", "read_qdpx"},
    "kb/build/merging": {"main"},
    "kb/evaluation/mapping": {"rows"},
    "kb/http/several": {"create"},
    "kb/log/migrations/": {"downgrade", "upgrade"},
    "kb/read/formats/": {"read"},
    "kb/read/": {"main"},
    "kb/sources/second": {"main"},
    "kb/start": {"main"},
    "kb/structure/": {"parse"},
    "kb/ui/": {"page"},
}
"""Beginning of a module's path to functions that its users find by name: in a table of formats, pages or styles, as the
start of a process, or as the step of a migration."""
FOR_TESTS_AND_PROGRAMS = {
    "kb/assessment/proposals.py: proposals": "the present proposals, for whoever uses the package",
    "kb/coding/agreement.py: alpha": "the plain measure, which tests compare with another library",
    "kb/coding/agreement.py: kappa": "as alpha",
    "kb/search.py: search": "the face of the room, for programs",
    "kb/sources/keep.py: add_policy": "the part of the one door that reads nothing, for small tests",
    "kb/sources/keep.py: add_text": "as add_policy",
}


@pytest.mark.slow
def test_every_public_name_is_reached_by_its_own_name(modules):
    """What vulture cannot see: a function that shares its name with another one. A public name of a module is used in
    it, or imported by another module of the program, a benchmark or a script."""
    others = [ROOT / "app.py", *(p for name in (".ci", "benchmarks", "docs") for p in (ROOT / name).glob("*.py"))]
    texts = {name: tree for name, (_, tree) in modules.items()}
    texts |= {str(p.relative_to(ROOT)): ast.parse(p.read_text(encoding="utf-8")) for p in others}
    assert unreached({module_name(name): tree for name, tree in texts.items()}) - set(FOR_TESTS_AND_PROGRAMS) == set()


def unreached(trees):
    """Return `path: name` of each public function and class that no module reaches by its own name."""
    used = set()
    for module, tree in trees.items():
        alias = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for name in node.names:
                    alias[name.asname or name.name] = f"{node.module}.{name.name}"
                    is_face = module in ("kb", "kb.api")
                    if is_face or f"{module}.__init__" not in trees:
                        used |= {origin(trees, node.module, name.name)}
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add((module, node.id))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in alias:
                used.add(origin(trees, alias[node.value.id], node.attr))
    return {
        f"{module.replace('.', '/')}.py: {node.name}"
        for module, tree in trees.items()
        for node in tree.body
        if module.startswith("kb.") and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and not node.decorator_list and (module, node.name) not in used
        if not any(
            module.replace(".", "/").startswith(path) and node.name in names for path, names in LOADED_BY_NAME.items()
        )
    }


def test_names_of_test_files_are_unique():
    files = [p.name for p in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(files) == sorted(set(files))
